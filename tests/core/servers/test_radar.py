"""The trouble radar: what is far above the usual level, and what operators make of it."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.messages import Choices, Pressed, Revise, Speaker, Text
from bot.core.outcome import Policy
from bot.core.reports import Episode, Report, slot_of
from bot.core.servers.radar import (
    FLOOR,
    LEAST_USUAL,
    NOTICE_FOR,
    QUIET_AFTER,
    alert,
    decided,
    level,
    poisson_tail,
    radar_jobs,
    seen_again,
)
from tests.conftest import START, a_desk, an_utterance

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NOON = datetime(2026, 4, 29, 3, 0, tzinfo=UTC)  # in Japan
BY_HOUR = [0, 0, 0, 0, 0, 0, 1, 2, 4, 8, 8, 6, 4, 6, 6, 6, 5, 4, 3, 3, 2, 2, 1, 0]
"""People an hour of a busy provider, by the hour of the day."""


def a_report(at=NOON, who="a"):
    return Report(provider="ocn", who=str(who), at=slot_of(at))


def days(count, *, from_=NOON, chance, by_hour=BY_HOUR, times=1.0):
    """Moments and people of *count* days that end at *from_*, arriving at random by the hours of the day."""
    arriving = []
    for hour in range(count * 24):
        begins = from_ - (hour + 1) * HOUR
        many = arrivals(by_hour[(begins + 9 * HOUR).hour] * times, chance)
        arriving += [(begins + chance.random() * HOUR, str(chance.random())) for _ in range(many)]
    return arriving


def reported(arriving, until):
    """What is on record at *until*."""
    return [a_report(at, who) for at, who in arriving if at <= until]


def arrivals(mean, chance):
    """How many come when *mean* is usual (Knuth)."""
    count, product, limit = 0, chance.random(), math.exp(-mean)
    while product > limit:
        count += 1
        product *= chance.random()
    return count


class TestTheStatistic:
    @pytest.mark.parametrize(
        ("count", "mean", "tail"),
        [
            (0, 2.0, 1.0),
            (1, 2.0, 0.8646647),
            (5, 0.25, 6.6117e-6),
            (10, 2.0, 4.6498e-5),
            (20, 10.0, 0.0034543),
        ],
    )
    def test_the_tail_is_that_of_the_poisson_distribution(self, count, mean, tail):
        assert tail == pytest.approx(poisson_tail(count, mean), rel=1e-4)

    def test_the_tail_only_falls(self):
        tails = [poisson_tail(count, 7.5) for count in range(80)]

        assert tails == sorted(tails, reverse=True)
        assert all(0 < tail <= 1 for tail in tails)

    def test_fewer_people_than_the_floor_are_never_an_alarm(self):
        assert not level([a_report(who=who) for who in range(FLOOR - 1)], NOON).high
        assert level([a_report(who=who) for who in range(FLOOR)], NOON).high

    def test_one_person_who_writes_often_is_one_person(self):
        reports = [a_report(NOON - minutes * MINUTE, "the same") for minutes in range(0, 30, 5)]

        assert 1 == level(reports, NOON).people

    def test_only_the_last_half_hour_counts(self):
        reports = [a_report(NOON - 36 * MINUTE, who) for who in range(9)]

        assert 0 == level(reports, NOON).people

    def test_without_a_past_little_is_usual(self):
        assert LEAST_USUAL == level([a_report()], NOON).usual

    def test_the_same_time_of_past_days_tells_what_is_usual(self):
        reports = [
            a_report(NOON - day * DAY - minutes * MINUTE, f"{day} {minutes}")
            for day in range(1, 29)
            for minutes in range(0, 120, 10)
        ]

        at_noon, at_midnight = level(reports, NOON), level(reports, NOON + 12 * HOUR)

        assert at_noon.usual == pytest.approx(1.8, abs=0.3)
        assert LEAST_USUAL == at_midnight.usual

    def test_a_trouble_last_week_does_not_hide_the_next_one(self):
        outage = [a_report(NOON - 7 * DAY, who) for who in range(200)]
        quiet = [a_report(NOON - 28 * DAY)]
        now = [a_report(who=who) for who in range(6)]

        assert level([*quiet, *outage, *now], NOON).high

    def test_what_is_usual_on_a_busy_day_is_no_alarm(self):
        chance = random.Random(4)
        usual = reported(days(28, chance=chance), NOON)
        today = [a_report(NOON - chance.random() * 29 * MINUTE, who) for who in range(7)]

        assert not level([*usual, *today], NOON).high


class TestASimulatedDay:
    def alarms(self, arriving, since):
        """When the radar finds the level high: it looks whenever somebody has reported trouble."""
        moments = sorted(at for at, _ in arriving if at > since)
        return [at for at in moments if level(reported(arriving, at), at).high]

    def test_a_day_as_usual_is_quiet(self):
        arriving = days(29, chance=random.Random(1))

        assert [] == self.alarms(arriving, NOON - DAY)

    def test_an_outage_is_noticed_within_minutes_and_is_one_episode(self):
        chance = random.Random(2)
        begins = NOON - 3 * HOUR
        outage = [
            (begins + (minute + chance.random()) * MINUTE, f"hit {minute} {n}")
            for minute in range(60)
            for n in range(arrivals(1.5, chance))
        ]
        alarms = self.alarms([*days(29, chance=chance), *outage], NOON - DAY)

        episode, alerts = None, 0
        for moment in alarms:
            episode, new = seen_again(episode, "ocn", "reports", moment)
            alerts += new

        assert timedelta() < alarms[0] - begins < 20 * MINUTE
        assert 1 == alerts

    @pytest.mark.parametrize(("times", "weeks"), [(0.05, 2), (0.3, 1)], ids=["quiet", "usual"])
    def test_weeks_of_chance_raise_no_alarm(self, times, weeks):
        arriving = days(42, chance=random.Random(3), times=times)

        assert [] == self.alarms(arriving, NOON - weeks * 7 * DAY)


class TestEpisodes:
    def test_the_same_trouble_is_alerted_once(self):
        first, new = seen_again(None, "ocn", "reports", START)
        later, again = seen_again(first, "ocn", "reports", START + HOUR)

        assert (True, False) == (new, again)
        assert (START, START + HOUR) == (later.began_at, later.seen_at)

    def test_after_it_was_quiet_the_next_one_is_a_new_trouble(self):
        first, _ = seen_again(None, "ocn", "reports", START)

        assert seen_again(first, "ocn", "look", START + QUIET_AFTER + MINUTE)[1]

    def test_what_was_dismissed_stays_so_while_it_lasts(self):
        dismissed = replace(an_episode(), state="dismissed")

        assert "dismissed" == seen_again(dismissed, "ocn", "reports", START + HOUR)[0].state

    def test_when_the_notice_has_run_out_and_it_goes_on_operators_hear_again(self):
        confirmed = replace(
            an_episode(), state="confirmed", until=START + NOTICE_FOR, seen_at=START + NOTICE_FOR
        )

        assert not seen_again(confirmed, "ocn", "reports", START + NOTICE_FOR - MINUTE)[1]
        assert seen_again(confirmed, "ocn", "reports", START + NOTICE_FOR)[1]


class TestAtTheDesk:
    def test_the_alert_says_the_count_the_finding_and_the_notice(self, library):
        seen = level([a_report(who=who) for who in range(8)], NOON)

        send = alert(an_episode(), "つながりません", seen, library, desk=a_desk())

        text, buttons = send.payload.reply.parts
        assert all(piece in text.text for piece in ("OCN", "8 人", "30分", "つながりません", "障害の可能性"))
        assert ["radar_confirm", "radar_dismiss"] == [each.action for each in buttons.options]
        assert {f"ocn:{int(START.timestamp())}"} == {each.value for each in buttons.options}

    def test_a_confirmed_trouble_is_told_to_customers_for_six_hours(self, library):
        outcome = presses("radar_confirm", an_episode(), library)

        assert ("confirmed", START + NOTICE_FOR, "健") == (
            outcome.episode.state,
            outcome.episode.until,
            outcome.episode.by,
        )
        text, buttons = revised(outcome)
        assert isinstance(text, Text)
        assert "15:00 まで" in text.text
        assert isinstance(buttons, Choices)
        assert ["radar_end"] == [each.action for each in buttons.options]

    def test_it_may_be_ended_sooner(self, library):
        confirmed = presses("radar_confirm", an_episode(), library).episode

        outcome = presses("radar_end", confirmed, library)

        assert ("ended", None) == (outcome.episode.state, outcome.episode.until)
        assert 1 == len(revised(outcome))

    def test_a_dismissed_one_has_no_buttons_left(self, library):
        outcome = presses("radar_dismiss", an_episode(), library)

        assert "dismissed" == outcome.episode.state
        assert 1 == len(revised(outcome))

    def test_who_comes_second_is_told_and_changes_nothing(self, library):
        dismissed = presses("radar_dismiss", an_episode(), library).episode

        outcome = presses("radar_confirm", dismissed, library)

        assert outcome.episode is None
        assert ["U-ken"] == [send.payload.only_for for send in outcome.sends]

    def test_a_button_of_an_older_trouble_does_nothing(self, library):
        outcome = presses("radar_confirm", an_episode(), library, value="ocn:1")

        assert outcome.episode is None

    def test_reports_are_weighed_once_a_minute_where_there_is_a_desk(self):
        early = Policy(now=START + timedelta(seconds=5), desk=a_desk())
        late = Policy(now=START + timedelta(seconds=55), desk=a_desk())
        report = Report(provider="ocn", who="a", at=START)

        (job,), (same,) = radar_jobs([report], early), radar_jobs([report], late)

        assert (job.id, START + MINUTE) == (same.id, job.due_at)
        assert () == radar_jobs([report], replace(early, desk=None))


def an_episode():
    return Episode(provider="ocn", began_at=START, seen_at=START, cause="reports")


def presses(action, episode, library, value=None):
    pressed = Pressed(action=action, value=value or f"ocn:{int(START.timestamp())}")
    utterance = an_utterance(address=a_desk("1.1"), content=pressed, speaker=Speaker(id="U-ken", name="健"))
    return decided(utterance, pressed, episode, library, Policy(now=START, desk=a_desk()))


def revised(outcome):
    (send,) = outcome.sends
    assert isinstance(send.payload, Revise)
    return send.payload.reply.parts
