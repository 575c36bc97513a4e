"""The dashboard asks for what there is."""

from __future__ import annotations

import json
import re
from pathlib import Path

from bot.watching.metrics import Metrics
from bot.watching.watch import Watch

DEPLOY = Path(__file__).parents[2] / "deploy"


def exposed():
    """Every metric and its labels, once something of each kind has happened."""
    metrics = Metrics()
    watch = Watch(metrics)
    watch.heard("line", "said", "heard")
    watch.understood("clear", "faq")
    watch.sent("line", "delivered", 0.1)
    watch.worked("remind", "done")
    metrics.acks.labels("/line/webhook", "200").observe(0.01)
    metrics._tickets.labels("waiting").set(1)
    text = metrics.exposed().decode()
    found = {}
    for name, labels in re.findall(r"^(\w+)(?:\{(.*?)\})? ", text, re.MULTILINE):
        found.setdefault(name, set()).update(re.findall(r"(\w+)=", labels))
    return found


def test_every_metric_and_label_of_the_dashboard_exists():
    dashboard = json.loads((DEPLOY / "grafana-dashboard.json").read_text(encoding="utf-8"))
    asked = " ".join(target["expr"] for panel in dashboard["panels"] for target in panel["targets"])
    there = exposed()

    named = set(re.findall(r"\b((?:madoguchi|process)_\w+)", asked))
    grouped = {
        label.strip() for labels in re.findall(r"by \(([^)]*)\)", asked) for label in labels.split(",")
    }
    assert len(named) >= 15
    assert named - there.keys() == set()
    assert grouped - set().union(*there.values()) == set()


def test_every_metric_is_explained_in_the_howto():
    howto = (DEPLOY.parent / "docs" / "howto-observe.md").read_text(encoding="utf-8")

    ours = {
        re.sub(r"_(total|bucket|count|sum|created)$", "", name)
        for name in exposed()
        if name.startswith("madoguchi_")
    }
    assert {name for name in ours if name not in howto} == set()
