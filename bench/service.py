"""`python -m bench.service [SECTION…]`: the whole service under load, next to a null handler and bare tables.

The real process (`madoguchi serve`) gets signed webhooks and answers through the real LINE SDK; the load and the stand-in
of LINE are processes of their own on the same machine. Rates are only worth comparing within one run. At the end all goals
stand in one table, those that were missed first. A section that fails is told and leaves the others alone.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import threading
import time
import traceback
from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean, median
from typing import TYPE_CHECKING, Any

from bench import bare_tables
from bench.goals import Measured, cost, table
from bench.growing import grow
from bench.load import Plan
from bench.parts import parts
from bench.processes import SECRET, Acknowledged, load, null_handler, postgresql, serving, stand_in
from bot.store import schema
from bot.store.engine import open_engine

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.processes import Served, StandIn

DRAIN_SECONDS = 60.0
WARM_UP = 300
FLOOR_SECONDS = 3.0
FLAT_MEGABYTES = 5.0

Lines = Sequence[Measured]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one load, which was `plans`."""

    plans: Sequence[Plan]
    acknowledged: Sequence[Acknowledged]
    answered: Mapping[int, float]
    pushed: int
    twice: int
    cpu: float
    loop_cpu: float

    @property
    def done_a_second(self) -> float:
        """From the first webhook to the last accepted reply."""
        began = min(each.sent for each in self.acknowledged)
        return len(self.answered) / (max(self.answered.values()) - began)

    @property
    def microseconds(self) -> float:
        """CPU of the servers, an event."""
        return self.cpu / len(self.acknowledged) * 1e6

    @property
    def lost(self) -> int:
        """Acknowledged, and never answered by its own reply token."""
        return sum(each.status == 200 and each.number not in self.answered for each in self.acknowledged)

    @property
    def refused(self) -> int:
        return sum(each.status != 200 for each in self.acknowledged)

    @property
    def out_of_order(self) -> int:
        """Replies that were accepted before an earlier one of the same user."""
        latest: dict[int, int] = defaultdict(lambda: -1)
        wrong = 0
        for number in self.answered:
            user = self._user_of(number)
            wrong += number < latest[user]
            latest[user] = max(number, latest[user])
        return wrong

    def acks(self) -> Sequence[float]:
        """Milliseconds from webhook to answer."""
        return [(each.at - each.sent) * 1e3 for each in self.acknowledged]

    def replies(self) -> Sequence[float]:
        """Milliseconds from webhook to accepted reply."""
        return [
            (self.answered[each.number] - each.sent) * 1e3
            for each in self.acknowledged
            if each.number in self.answered
        ]

    def _user_of(self, number: int) -> int:
        plan = next(plan for plan in self.plans if plan.first <= number < plan.first + plan.events)
        return plan.user_of(number)


def under_load(plans: Sequence[Plan], platform: StandIn, servers: Sequence[Served]) -> Outcome:
    """Carry out all *plans* at once, and wait until everything is answered."""
    cpu = sum(each.cpu() for each in servers)
    loop_cpu = sum(each.main_thread_cpu() for each in servers)
    before = platform.accepted()
    with ThreadPoolExecutor(len(plans)) as pool:
        acknowledged = [each for share in pool.map(load, plans) for each in share]
    expected = len(before.replies) + before.pushes + sum(plan.events for plan in plans)
    platform.wait_for(expected, seconds=DRAIN_SECONDS)
    first = min(plan.first for plan in plans)
    accepted = platform.accepted()
    return Outcome(
        plans=plans,
        acknowledged=acknowledged,
        answered={number: at for number, at in accepted.replies.items() if number >= first},
        pushed=accepted.pushes - before.pushes,
        twice=accepted.refused - before.refused,
        cpu=sum(each.cpu() for each in servers) - cpu,
        loop_cpu=sum(each.main_thread_cpu() for each in servers) - loop_cpu,
    )


def saturated(asked: argparse.Namespace, folder: Path) -> Lines:
    """As many as it can on SQLite, next to the bare tables and the null handler."""
    floors = [bare_tables.sqlite_floor(folder / "before.sqlite3", seconds=FLOOR_SECONDS)]
    with null_handler(folder) as served:
        plan = Plan(port=served.port, secret=SECRET, events=asked.events)
        cpu = served.cpu()
        acks = load(plan)
        cpu = (served.cpu() - cpu) / asked.events * 1e6
    null = asked.events / (max(each.at for each in acks) - min(each.sent for each in acks))
    _line("null handler: acks/s", f"{null:.0f}", f"CPU {cpu:.0f} µs an event")
    with stand_in() as platform, serving(platform, folder=folder) as served:
        outcome = _warmed_up(platform, served, events=asked.events)
        memory = f"{served.memory():.0f} / {served.mapped():.0f}"
    floors.append(bare_tables.sqlite_floor(folder / "after.sqlite3", seconds=FLOOR_SECONDS))
    floor = fmean(floors)
    _line(
        "bare tables, SQLite FULL, before and after: events/s", " / ".join(f"{each:.0f}" for each in floors)
    )
    _tell("service, SQLite FULL, saturated", outcome)
    _line("  of the null handler", f"{outcome.done_a_second / null:.0%}")
    _line("  memory MB: all / of it pages of files", memory)
    rate, share = outcome.done_a_second, outcome.done_a_second / floor
    return [
        _goal("events done/s, SQLite WAL, FULL", "≥ 600", f"{rate:.0f}", met=rate >= 600),
        _goal("– of the bare-table floor", "≥ 25 %", f"{share:.0%} of {floor:.0f}", met=share >= 0.25),
    ]


def by_part(asked: argparse.Namespace, folder: Path) -> Lines:
    """CPU of each part alone, and what is left of the whole."""
    with stand_in() as platform, serving(platform, folder=folder) as served:
        together = _warmed_up(platform, served, events=asked.events).microseconds
    _write(cost(parts(folder), together))
    return []


def calm(_: argparse.Namespace, folder: Path) -> Lines:
    """100 events a second for 20 s."""
    with stand_in() as platform, serving(platform, folder=folder) as served:
        outcome = _warmed_up(platform, served, events=2000, rate=100.0)
    _tell("service, SQLite, 100/s", outcome)
    p99 = _percentile(outcome.acks(), 0.99)
    return [_goal("ack p99 at 100 events/s", "≤ 50 ms", f"{p99:.1f} ms", met=p99 <= 50)]


def busy(asked: argparse.Namespace, folder: Path) -> Lines:
    """400 events a second for 60 s, and a platform that takes 80 ms."""
    with stand_in() as platform, serving(platform, folder=folder) as served:
        platform.delay(0.08)
        events = int(asked.rate * 60)
        outcome = _warmed_up(platform, served, events=events, rate=asked.rate)
    name = f"{asked.rate:g}/s for 60 s, platform 80 ms"
    _tell(f"service, SQLite, {name}", outcome)
    p95 = _percentile(outcome.replies(), 0.95)
    faults = (outcome.lost, outcome.twice, outcome.out_of_order)
    found = " / ".join(map(str, faults))
    return [
        _goal(f"{name}: lost / twice / disordered", "0 / 0 / 0", found, met=not any(faults)),
        _goal("– reply p95", "≤ 500 ms", f"{p95:.0f} ms", met=p95 <= 500),
    ]


def start(_: argparse.Namespace, folder: Path) -> Lines:
    """From nothing to the first answer: with a new database, then twice more."""
    spans = []
    for number in range(3):
        with stand_in() as platform:
            began = time.monotonic()
            with serving(platform, folder=folder) as served:
                load(Plan(port=served.port, secret=SECRET, events=1, connections=1, first=number))
                platform.wait_for(1, seconds=30)
                spans.append(next(iter(platform.accepted().replies.values())) - began)
    found = f"{spans[0]:.2f} s, later {median(spans[1:]):.2f} s"
    return [_goal("start to first answer, new database", "≤ 1.5 s", found, met=max(spans) <= 1.5)]


def scaled(asked: argparse.Namespace, folder: Path) -> Lines:
    """PostgreSQL: bare tables, one process, two processes."""
    with postgresql() as server:
        floor = bare_tables.postgresql_floor(server.get_uri(database="postgres"), seconds=FLOOR_SECONDS)
        _line("bare tables, PostgreSQL, 8 connections: events/s", f"{floor:.0f}")
        one = _on_postgresql(server, 1, asked.events, folder)
        _tell("service, PostgreSQL, one process", one)
        two = _on_postgresql(server, 2, asked.events, folder)
        _tell("service, PostgreSQL, two processes", two)
    rate, ratio = one.done_a_second, two.done_a_second / one.done_a_second
    share = f"{rate:.0f}, {rate / floor:.0%} of {floor:.0f}"
    return [
        _goal("events done/s, PostgreSQL, one process", "≥ 350", share, met=rate >= 350),
        _goal("– two processes", "≥ 1.6 ×", f"{ratio:.2f} × ({two.done_a_second:.0f})", met=ratio >= 1.6),
    ]


def _on_postgresql(server: Any, processes: int, events: int, folder: Path) -> Outcome:
    name = f"shop{processes}"
    server.psql(f"CREATE DATABASE {name}")
    url = server.get_uri(database=name)
    engine = open_engine(url, connections=1)
    schema.upgrade(engine)
    engine.dispose()
    with stand_in() as platform, ExitStack() as stack:
        servers = [
            stack.enter_context(serving(platform, folder=folder, database=url)) for _ in range(processes)
        ]
        share = events // processes
        plans = [
            Plan(
                port=served.port,
                secret=SECRET,
                events=share,
                users=1000,
                first=WARM_UP + n * share,
                first_user=1000 * n,
            )
            for n, served in enumerate(servers)
        ]
        warming = [
            replace(plan, first=n * WARM_UP // processes, events=WARM_UP // processes)
            for n, plan in enumerate(plans)
        ]
        under_load(warming, platform, servers)
        return under_load(plans, platform, servers)


def grown(asked: argparse.Namespace, folder: Path) -> Lines:
    """The cost of an event with 1,000 and with 1,000,000 stored conversations."""
    held, costs = 1000, {}
    folders = {held: folder / "few", asked.conversations: folder / "many"}
    for each in folders.values():
        each.mkdir()
    with stand_in() as platform, serving(platform, folder=folders[held]) as served:
        under_load([Plan(port=served.port, secret=SECRET, events=2 * held, users=held)], platform, [served])
    few_file, many_file = (each / "madoguchi.sqlite3" for each in folders.values())
    shutil.copy(few_file, many_file)
    sizes = [few_file.stat().st_size / 1e9, grow(many_file, held=held, wanted=asked.conversations)]
    for number, (stored, size) in enumerate(zip(folders, sizes, strict=True), start=1):
        with stand_in() as platform, serving(platform, folder=folders[stored]) as served:
            # A prime stride visits conversations all over the file.
            first = number * 1_000_000
            plan = Plan(
                port=served.port, secret=SECRET, events=WARM_UP, users=stored, stride=7919, first=first
            )
            under_load([plan], platform, [served])
            plan = replace(plan, events=asked.events, first=first + WARM_UP)
            costs[stored] = under_load([plan], platform, [served])
        _tell(f"service, {stored:,} conversations stored ({size:.2f} GB)", costs[stored])
    few, many = costs[held], costs[asked.conversations]
    cpu = many.microseconds / few.microseconds
    spent = few.done_a_second / many.done_a_second
    found = f"CPU {cpu:.2f} ×, time {spent:.2f} ×"
    grows = f"{held:,} → {asked.conversations:,}"
    return [_goal(f"cost of an event, {grows} conversations", "≤ 1.3 ×", found, met=max(cpu, spent) <= 1.3)]


def soaked(asked: argparse.Namespace, folder: Path) -> Lines:
    """Memory over a long load."""
    samples: list[float] = []
    over = threading.Event()
    with stand_in() as platform, serving(platform, folder=folder) as served:

        def sample() -> None:
            while not over.wait(asked.soak / 12):
                samples.append(served.memory())

        thread = threading.Thread(target=sample)
        thread.start()
        outcome = _warmed_up(platform, served, events=int(asked.soak * 50), rate=50.0)
        over.set()
        thread.join()
    _tell(f"service, SQLite, 50/s for {asked.soak:g} s", outcome)
    _line("  memory MB over the run", " ".join(f"{each:.0f}" for each in samples))
    grown_by = samples[-1] - samples[len(samples) // 3]
    found = f"{max(samples):.0f} MB, {grown_by:+.0f} MB"
    flat = grown_by <= FLAT_MEGABYTES
    return [
        _goal(
            f"memory, {asked.soak:g} s at 50/s; in the last two thirds",
            "≤ 200 MB, flat",
            found,
            met=max(samples) <= 200 and flat,
        )
    ]


def _warmed_up(platform: StandIn, served: Served, *, events: int, rate: float = 0.0) -> Outcome:
    under_load([Plan(port=served.port, secret=SECRET, events=WARM_UP)], platform, [served])
    plan = Plan(port=served.port, secret=SECRET, events=events, rate=rate, first=WARM_UP)
    return under_load([plan], platform, [served])


def _tell(name: str, outcome: Outcome) -> None:
    """The figures of one load."""
    acks, replies, events = outcome.acks(), outcome.replies(), len(outcome.acknowledged)
    loop = outcome.loop_cpu / events * 1e6
    _line(f"{name}: events done/s", f"{outcome.done_a_second:.0f}")
    _line("  ack p50 / p99 ms", f"{_percentile(acks, 0.5):.1f} / {_percentile(acks, 0.99):.1f}")
    _line("  reply p50 / p95 ms", f"{_percentile(replies, 0.5):.0f} / {_percentile(replies, 0.95):.0f}")
    _line("  CPU µs an event: all / event loop", f"{outcome.microseconds:.0f} / {loop:.0f}")
    failed = (outcome.refused, outcome.lost, outcome.twice, outcome.out_of_order, outcome.pushed)
    _line("  refused / lost / tried twice / out of order / pushed", " / ".join(map(str, failed)))


def _goal(what: str, goal: str, value: str, *, met: bool) -> Measured:
    measured = Measured(what=what, goal=goal, value=value, met=met)
    _line(what, value, f"goal {goal}")
    return measured


def _percentile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def _line(name: str, value: str, remark: str = "") -> None:
    sys.stdout.write(f"{name:<60} {value:>16}   {remark}".rstrip() + "\n")
    sys.stdout.flush()


def _write(lines: Sequence[str]) -> None:
    sys.stdout.writelines(f"{line}\n" for line in ("", *lines))
    sys.stdout.flush()


SECTIONS: Mapping[str, Callable[[argparse.Namespace, Path], Lines]] = {
    "saturated": saturated,
    "scaled": scaled,
    "calm": calm,
    "busy": busy,
    "soaked": soaked,
    "start": start,
    "grown": grown,
    "parts": by_part,
}


def main() -> int:
    """Run the sections that are asked for; 1 if one of them failed."""
    parser = argparse.ArgumentParser(prog="python -m bench.service", description=__doc__)
    parser.add_argument(
        "sections", nargs="*", metavar="SECTION", help=f"of {', '.join(SECTIONS)}; left out: all of them"
    )
    parser.add_argument("--events", type=int, default=6000, help="of a saturated load")
    parser.add_argument("--rate", type=float, default=400.0, help="events a second of `busy`")
    parser.add_argument("--conversations", type=int, default=1_000_000, help="stored, in `grown`")
    parser.add_argument("--soak", type=float, default=120.0, help="seconds of `soaked`; 3600 for an hour")
    asked = parser.parse_args()
    load_average = ", ".join(f"{each:.2f}" for each in os.getloadavg())
    _line(
        "load average before", load_average, f"{os.cpu_count()} cores; others' work makes all figures worse"
    )
    measured: list[Measured] = []
    failed: list[str] = []
    for name in asked.sections or SECTIONS:
        with tempfile.TemporaryDirectory(prefix="madoguchi-bench-") as folder:
            try:
                measured += SECTIONS[name](asked, Path(folder))
            except Exception:  # noqa: BLE001 - whatever it is, what the other sections found is told
                failed.append(name)
                traceback.print_exc()
    if measured:
        _write(table(measured))
    _write([f"{name}: failed, see above" for name in failed])
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
