"""What the service loads only when it is needed."""

from __future__ import annotations

import subprocess
import sys

from bot.app.prober import LateProber
from bot.core.providers import Provider


def test_name_service_and_certificates_are_not_loaded_with_the_service():
    program = "import sys, bot.app; print(*({'dns', 'cryptography'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.split() == []


async def test_a_provider_without_servers_is_looked_at_without_finding_anything():
    prober = LateProber()

    assert await prober.look(Provider(id="example", name="例", servers=())) == []
