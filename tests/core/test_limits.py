from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.core.limits import Limit, Pace, judged
from tests.fakes.clock import START

LIMIT = Limit(burst=4, within=timedelta(seconds=60))


def verdicts(*seconds, limit=LIMIT, pace=None):
    """What becomes of events at these seconds."""
    pace = pace or Pace()
    found = []
    for second in seconds:
        verdict, pace = judged(pace, limit, START + timedelta(seconds=second))
        found.append(verdict)
    return found


def test_a_usual_talk_is_always_heard():
    assert verdicts(*range(0, 3600, 20)) == ["heard"] * 180


def test_a_burst_up_to_the_limit_is_heard():
    assert verdicts(0, 0, 0, 0) == ["heard"] * 4


def test_a_flood_is_told_once_and_then_left_alone():
    assert verdicts(*[0] * 4, *range(20)) == ["heard"] * 4 + ["told"] + ["ignored"] * 19


def test_after_a_pause_it_is_heard_again():
    assert verdicts(*[0] * 6, 45) == ["heard"] * 4 + ["told", "ignored", "heard"]


def test_a_flood_that_goes_on_is_not_told_again_for_ten_minutes():
    found = verdicts(*[second / 2 for second in range(2 * 590)])

    assert found.count("told") == 1


def test_who_floods_again_much_later_is_told_again():
    assert verdicts(*[0] * 6, *[3600] * 6).count("told") == 2


def test_a_clock_set_back_keeps_nobody_waiting():
    late = Pace(rested_at=START + timedelta(hours=5), over=True, told_at=START + timedelta(hours=5))

    assert verdicts(0, pace=late) == ["heard"]


@given(st.lists(st.floats(min_value=0, max_value=600), max_size=120))
def test_never_more_is_heard_than_the_limit_allows(seconds):
    seconds = sorted(seconds)

    found = verdicts(*seconds)

    heard = [second for second, verdict in zip(seconds, found, strict=True) if verdict == "heard"]
    for first in heard:
        in_a_minute = [second for second in heard if first <= second < first + 60]
        assert len(in_a_minute) <= 2 * LIMIT.burst
    assert found.count("told") <= 1 + int(600 / 600)
