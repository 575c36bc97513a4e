"""The image: what goes in, what stays out, and who runs it."""

from __future__ import annotations

import re
import tomllib

import pytest

from tests.deploy.conftest import DEPLOY, TOP, judged_by

DOCKERFILE = DEPLOY / "Dockerfile"
NEEDS_A_COMPILER = re.compile(r"\b(gcc|g\+\+|build-essential|python3-dev|make)\b")


@pytest.fixture(name="stages")
def _stages():
    """The instructions of each stage, by its name; a continued line is one."""
    text = re.sub(r"^\s*#.*\n", "", DOCKERFILE.read_text(), flags=re.MULTILINE)
    stages = {"": []}
    name = ""
    for line in filter(None, text.replace("\\\n", " ").splitlines()):
        if start := re.fullmatch(r"FROM (\S+) AS (\S+)", line):
            name = start[2]
            stages[name] = []
        stages[name].append(line)
    return stages


def words(stages, instruction):
    return [line.partition(" ")[2] for line in stages if line.startswith(f"{instruction} ")]


def test_python_is_pinned_to_a_minor_version_that_we_support(stages):
    [default] = words(stages[""], "ARG")
    minor = re.fullmatch(r"PYTHON=python:(3\.\d+)-slim-\w+", default)
    project = tomllib.loads((TOP / "pyproject.toml").read_text())["project"]

    assert minor
    assert f"Programming Language :: Python :: {minor[1]}" in project["classifiers"]


def test_the_service_is_what_is_built_when_no_stage_is_named(stages):
    assert list(stages)[-1] == "service"
    assert stages["service"][0] == "FROM base AS service"


def test_everything_installed_has_a_hash_or_comes_from_what_had_one(stages):
    installs = [
        command
        for line in words(stages["build"], "RUN")
        for command in line.split("&&")
        if re.search(r"\bpip\b.* (install|wheel) ", command)
    ]

    assert len(installs) == 4
    for command in installs:
        assert "--require-hashes" in command or "--no-index" in command or "--no-deps" in command


def test_nothing_that_builds_is_in_the_image_that_runs(stages):
    running = "\n".join(stages["base"] + stages["service"])

    assert not NEEDS_A_COMPILER.search(running)
    assert "apt-get" not in running
    assert "pip uninstall --yes" in running
    assert "--without-pip /opt/madoguchi" in "\n".join(stages["build"])
    assert re.findall(r"COPY .*", running) == ["COPY --from=build /opt/madoguchi /opt/madoguchi"]


@pytest.mark.parametrize("stage", ["base", "tools"])
def test_it_runs_as_a_numbered_user_who_is_not_root(stages, stage):
    user = words(stages[stage], "USER")[-1]

    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", user)


def test_its_health_is_the_page_that_says_the_process_is_alive(stages):
    [health] = words(stages["service"], "HEALTHCHECK")

    assert "'/healthz'" in health
    assert " CMD [" in health, "without a shell"


def test_what_is_copied_is_there_and_is_let_through_to_the_builder(stages):
    copied = [source for line in words(stages["build"], "COPY") for source in line.split()[:-1]]
    ignore = (TOP / ".dockerignore").read_text().splitlines()

    assert {"bot", "intents", "providers", "requirements.lock"} <= set(copied)
    assert all((TOP / source).exists() for source in copied)
    assert {f"!{source}" for source in copied} == {line for line in ignore if line.startswith("!")}
    assert "*" in ignore
    assert "**/.env*" in ignore


def test_hadolint_has_nothing_to_say():
    judged = judged_by("hadolint", DOCKERFILE)

    assert (judged.returncode, judged.stdout) == (0, "")
