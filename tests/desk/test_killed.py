"""Nothing is acknowledged before it is saved, and nothing saved is lost: held against kill -9."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from random import Random

ROOT = Path(__file__).parents[2]
LIVES = 6
EVENTS_A_LIFE = 2_000


def shop(database, platform, first, count):
    command = [sys.executable, "-m", "tests.desk.shop_process", database, platform, first, count]
    return subprocess.Popen(list(map(str, command)), cwd=ROOT, stdout=subprocess.PIPE, text=True)


def killed_after(acknowledged, process):
    """Let *process* acknowledge so many events, kill it, and return all that it has acknowledged."""
    seen = [process.stdout.readline().strip() for _ in range(acknowledged)]
    process.kill()
    rest, _ = process.communicate()
    # A line without its end was being written when the process died: it has not reached the platform.
    return seen + [line.strip() for line in rest.splitlines(keepends=True) if line.endswith("\n")]


def test_every_acknowledged_event_is_answered_exactly_once_whenever_the_process_is_killed(tmp_path):
    chance = Random(20260401)
    database, platform = tmp_path / "shop.sqlite3", tmp_path / "platform"
    platform.touch()

    acknowledged = []
    for life in range(LIVES):
        process = shop(database, platform, life * EVENTS_A_LIFE, EVENTS_A_LIFE)
        acknowledged += killed_after(chance.randrange(1, 300), process)
    survivor = shop(database, platform, 0, 0)
    survivor.communicate()

    assert survivor.returncode == 0
    delivered = [line.split(" ") for line in platform.read_text().splitlines()]
    ids = [send_id for _, send_id, _ in delivered]
    assert len(ids) == len(set(ids))
    assert {f"to-{event}" for event in acknowledged} <= set(ids)
    for lane in {lane for lane, _, _ in delivered}:
        of_lane = [send_id for each, send_id, _ in delivered if each == lane]
        assert of_lane == sorted(of_lane)
