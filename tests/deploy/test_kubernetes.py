"""The Kubernetes manifests: right by their schemas, and fitting to one another and to the image."""

from __future__ import annotations

import re

import pytest
import yaml

from tests.deploy.conftest import DEPLOY, judged_by

FOLDER = DEPLOY / "kubernetes"
FILES = sorted(FOLDER.rglob("*.yaml"))
MANIFESTS = {path.relative_to(FOLDER).as_posix(): yaml.safe_load(path.read_text()) for path in FILES}
DEPLOYMENT = MANIFESTS["deployment.yaml"]["spec"]
PODS = {name: MANIFESTS[name]["spec"]["template"]["spec"] for name in ("deployment.yaml", "migrate/job.yaml")}
LABELS = DEPLOYMENT["template"]["metadata"]["labels"]
[CONTAINER] = PODS["deployment.yaml"]["containers"]


@pytest.mark.parametrize("name", PODS)
def test_pods_fit_the_restricted_standard(name):
    pod = PODS[name]
    [container] = pod["containers"]

    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert {"cpu", "memory"} <= set(container["resources"]["requests"])
    assert "memory" in container["resources"]["limits"]


@pytest.mark.parametrize("name", PODS)
def test_pods_run_as_the_user_of_the_image(name):
    [user] = re.findall(r"^USER ([1-9]\d*):", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)[:1]

    assert PODS[name]["securityContext"]["runAsUser"] == int(user)


def test_a_broken_database_takes_a_pod_out_of_service_but_does_not_restart_it():
    assert CONTAINER["livenessProbe"]["httpGet"]["path"] == "/healthz"
    assert CONTAINER["readinessProbe"]["httpGet"]["path"] == "/readyz"


def test_an_update_never_leaves_fewer_replicas():
    assert DEPLOYMENT["strategy"]["rollingUpdate"] == {"maxSurge": 1, "maxUnavailable": 0}
    assert "replicas" not in DEPLOYMENT, "the autoscaler's business"


def test_with_an_update_there_are_no_more_replicas_than_slack_allows_sockets():
    assert MANIFESTS["hpa.yaml"]["spec"]["maxReplicas"] + 1 <= 10


def test_everything_points_at_the_same_pods():
    selectors = [
        DEPLOYMENT["selector"]["matchLabels"],
        MANIFESTS["service.yaml"]["spec"]["selector"],
        MANIFESTS["pdb.yaml"]["spec"]["selector"]["matchLabels"],
        MANIFESTS["networkpolicy.yaml"]["spec"]["podSelector"]["matchLabels"],
        *(
            spread["labelSelector"]["matchLabels"]
            for spread in PODS["deployment.yaml"]["topologySpreadConstraints"]
        ),
    ]

    assert all(selector.items() <= LABELS.items() for selector in selectors)
    assert (
        MANIFESTS["hpa.yaml"]["spec"]["scaleTargetRef"]["name"]
        == MANIFESTS["deployment.yaml"]["metadata"]["name"]
    )
    assert MANIFESTS["migrate/job.yaml"]["spec"]["template"]["metadata"]["labels"] != LABELS


def test_every_manifest_is_applied_or_called_an_example():
    applied = {
        (FOLDER / folder / name).resolve()
        for folder in (".", "migrate")
        for name in MANIFESTS[f"{folder}/kustomization.yaml".removeprefix("./")]["resources"]
    }
    left = {path for path in FILES if path.resolve() not in applied and path.name != "kustomization.yaml"}

    assert {path.name for path in left} == {"ingress.example.yaml", "secret.example.yaml"}


def test_the_example_secret_holds_none():
    assert set(MANIFESTS["secret.example.yaml"]["stringData"].values()) == {""}


def test_only_what_the_platforms_call_is_let_in():
    [rule] = MANIFESTS["ingress.example.yaml"]["spec"]["rules"]

    assert {(path["path"], path["pathType"]) for path in rule["http"]["paths"]} == {
        ("/line/webhook", "Exact"),
        ("/slack/events", "Exact"),
        ("/media", "Prefix"),
        ("/setup", "Prefix"),
    }


@pytest.mark.parametrize("folder", [".", "migrate"])
def test_kustomize_builds_it(folder):
    judged = judged_by("kubectl", "kustomize", FOLDER / folder)

    assert judged.returncode == 0, judged.stderr
    assert "image: registry.example.jp/madoguchi:" in judged.stdout


@pytest.mark.parametrize("version", ["1.30", "1.37"])
def test_the_schemas_of_kubernetes_have_nothing_to_say(version):
    files = [path for path in FILES if path.name != "kustomization.yaml"]

    judged = judged_by("kubernetes-validate", "--strict", "-k", version, *files)

    assert judged.returncode == 0, judged.stdout + judged.stderr
