#!/bin/sh
# Where systemd runs the service: `sudo madoguchi COMMAND…` with the service's own user, settings and folders.
# sudo install -m 755 deploy/madoguchi-command.sh /usr/local/bin/madoguchi
exec systemd-run --quiet --collect --wait --pipe --service-type=exec \
  --uid=madoguchi --gid=madoguchi --working-directory=/var/lib/madoguchi \
  --property=EnvironmentFile=/etc/madoguchi/env --property=StateDirectory=madoguchi --property=StateDirectoryMode=0700 \
  --property=CacheDirectory=madoguchi --property=CacheDirectoryMode=0700 \
  --property=UMask=0077 --setenv=XDG_CACHE_HOME=/var/cache \
  --setenv=MADOGUCHI_DATA_DIR=/var/lib/madoguchi --setenv=PYTHONDONTWRITEBYTECODE=1 \
  /opt/madoguchi/.venv/bin/madoguchi "$@"
