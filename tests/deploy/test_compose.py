"""compose.yaml: one box, one box with HTTPS, or several replicas; each service shut in."""

from __future__ import annotations

import json
import shutil

import pytest
import yaml

from tests.deploy.conftest import DEPLOY, judged_by

SERVICES = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
OURS = ("madoguchi", "replica", "migrate", "tools")


def of_profiles(*profiles):
    return {name for name, service in SERVICES.items() if set(service["profiles"]) & set(profiles)}


@pytest.mark.parametrize(
    ("profiles", "services"),
    [
        (["box"], {"madoguchi"}),
        (["box", "https"], {"madoguchi", "caddy"}),
        (["scale"], {"postgres", "migrate", "replica", "caddy"}),
    ],
)
def test_a_profile_starts_what_it_needs(profiles, services):
    assert of_profiles(*profiles) == services


def test_the_example_settings_choose_one_box():
    assert "COMPOSE_PROFILES=box\n" in (DEPLOY / "env.example").read_text()


@pytest.mark.parametrize("name", OURS)
def test_our_containers_can_neither_write_nor_gain_rights(name):
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"]


def test_only_caddy_is_reachable_from_outside():
    ports = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}

    assert set(ports) == {"madoguchi", "caddy"}
    assert all(port.startswith("127.0.0.1:") for port in ports["madoguchi"])


def test_only_postgresql_is_shared_by_several_processes():
    assert SERVICES["replica"]["deploy"]["replicas"] == 2
    assert SERVICES["replica"]["environment"]["MADOGUCHI_DATABASE_URL"].startswith("postgresql://")
    assert "data:/var/lib/madoguchi" in SERVICES["madoguchi"]["volumes"]
    assert "volumes" not in SERVICES["replica"]


def test_replicas_start_when_the_database_is_migrated():
    assert SERVICES["migrate"]["command"] == ["db", "upgrade"]
    assert SERVICES["replica"]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert SERVICES["migrate"]["depends_on"]["postgres"] == {"condition": "service_healthy"}


def test_caddy_finds_one_box_and_replicas_by_the_same_name():
    upstream = SERVICES["caddy"]["environment"]["MADOGUCHI_UPSTREAM"]

    for name in ("madoguchi", "replica"):
        assert SERVICES[name]["networks"]["default"]["aliases"] == [upstream]


def test_no_secret_is_written_in_the_file():
    assert SERVICES["postgres"]["environment"]["POSTGRES_PASSWORD"] == "${POSTGRES_PASSWORD:-}"


@pytest.mark.parametrize("profile", ["box", "box,https", "scale", "tools"])
def test_docker_compose_reads_it(tmp_path, profile):
    for name in ("compose.yaml", "Caddyfile", "env.example"):
        shutil.copy(DEPLOY / name, tmp_path)
    settings = (tmp_path / "env.example").read_text().replace("PROFILES=box", f"PROFILES={profile}")
    (tmp_path / ".env").write_text(settings)

    judged = judged_by("docker-compose", "config", "--format", "json", cwd=tmp_path)

    assert judged.returncode == 0, judged.stderr
    assert set(json.loads(judged.stdout)["services"]) == of_profiles(*profile.split(","))
