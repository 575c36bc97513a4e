"""deploy/ and the program name the same settings, pages and commands."""

from __future__ import annotations

import re

import pytest

from bot.app import make_app
from bot.cli.main import COMMANDS
from bot.settings import Settings
from tests.deploy.conftest import DEPLOY, judged_by

FILES = [path for path in DEPLOY.rglob("*") if path.is_file()]
SETTINGS = {name.upper() for name in Settings.model_fields}
FOR_TESTS_ONLY = {"LINE_API_BASE_URL", "LINE_DATA_API_BASE_URL", "SLACK_API_BASE_URL"}
OF_COMPOSE = {"MADOGUCHI_DOMAIN", "MADOGUCHI_UPSTREAM", "MADOGUCHI_UPSTREAM_PORT"}


def of(path):
    return path.relative_to(DEPLOY).as_posix()


@pytest.mark.parametrize("path", FILES, ids=of)
def test_every_setting_named_in_deploy_exists(path):
    named = set(re.findall(r"\b(?:MADOGUCHI|LINE|SLACK)_[A-Z0-9_]+\b", path.read_text()))

    assert named <= SETTINGS | OF_COMPOSE


def test_the_example_settings_name_every_setting():
    named = set(re.findall(r"^#?([A-Z_]+)=", (DEPLOY / "env.example").read_text(), re.MULTILINE))

    assert SETTINGS - FOR_TESTS_ONLY <= named


def test_the_example_settings_hold_no_secret():
    for line in (DEPLOY / "env.example").read_text().splitlines():
        name, _, value = line.partition("=")
        assert not value or not re.search("SECRET|TOKEN|PASSWORD", name), name


@pytest.mark.parametrize(
    "path", ["Caddyfile", "Dockerfile", "kubernetes/deployment.yaml", "kubernetes/ingress.example.yaml"]
)
def test_every_page_named_in_deploy_exists(path):
    pages = {route.path for route in make_app(Settings(_env_file=None)).routes}
    lines = [line for line in (DEPLOY / path).read_text().splitlines() if not line.lstrip().startswith("#")]
    named = set(re.findall(r"/(?:healthz|readyz|line/\w+|slack/\w+)", "\n".join(lines)))

    assert named
    assert named <= pages


def test_every_command_named_in_deploy_exists():
    unit = (DEPLOY / "madoguchi.service").read_text()
    compose = (DEPLOY / "compose.yaml").read_text()
    image = (DEPLOY / "Dockerfile").read_text()
    named = {
        *re.findall(r"^ExecStart=\S+/madoguchi (\w+)", unit, re.MULTILINE),
        *re.findall(r"/madoguchi (backup) ", (DEPLOY / "madoguchi-backup.service").read_text()),
        *re.findall(r"^\s+command: \[(\w+)", compose, re.MULTILINE),
        *re.findall(r'^CMD \["(\w+)"\]', image, re.MULTILINE),
    }

    assert named == {"serve", "db", "backup"}
    assert named <= set(COMMANDS)


def test_caddy_lets_in_what_the_platforms_call_and_no_more():
    named = re.findall(r"^\s*path (.+)$", (DEPLOY / "Caddyfile").read_text(), re.MULTILINE)

    assert named == ["/line/webhook /slack/events", "/healthz /media/* /setup/*"]


def test_caddy_reads_its_file():
    judged = judged_by("caddy", "validate", "--adapter", "caddyfile", "--config", DEPLOY / "Caddyfile")

    assert judged.returncode == 0, judged.stderr


def test_the_unit_is_shut_in():
    judged = judged_by(
        "systemd-analyze", "security", "--offline=true", "--threshold=20", DEPLOY / "madoguchi.service"
    )

    assert judged.returncode == 0, judged.stdout[-200:] + judged.stderr


@pytest.mark.parametrize("name", ["madoguchi.service", "madoguchi-backup.service", "madoguchi-backup.timer"])
def test_systemd_reads_the_unit(tmp_path, name):
    """With a program that is there: systemd asks for it too."""
    for path in DEPLOY.glob("madoguchi*.*"):
        unit = path.read_text().replace("/opt/madoguchi/.venv/bin/madoguchi serve", "/bin/true")
        (tmp_path / path.name).write_text(unit)

    judged = judged_by("systemd-analyze", "verify", "--man=no", tmp_path / name)

    assert (judged.returncode, judged.stdout + judged.stderr) == (0, "")


@pytest.mark.parametrize(
    "line",
    [
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "PrivateTmp=yes",
        "StateDirectory=madoguchi",
        "User=madoguchi",
    ],
)
def test_the_unit_says(line):
    assert f"\n{line}\n" in (DEPLOY / "madoguchi.service").read_text()
