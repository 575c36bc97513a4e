"""What the tests of deploy/ share: its files, and the outside programs that judge them where they are installed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
DEPLOY = TOP / "deploy"


def judged_by(program, *arguments, **options):
    """What *program* says; skips where it is not on the PATH (tools.txt installs all but systemd's)."""
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"{program} is not installed")
    return subprocess.run(
        [found, *map(str, arguments)], capture_output=True, text=True, check=False, **options
    )
