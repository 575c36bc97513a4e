"""When a talk gives reason to look at servers, and what is said of what was found."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.conversations import Mode
from bot.core.messages import Pressed
from bot.core.reports import Standing
from bot.core.servers.discovered import DISCOVER
from bot.core.servers.looking import LOOK, RENEWAL_WATCH, look_told, renewed, watch_again, watched_reminder
from tests.core.story import HANAKO, Story
from tests.fakes.clock import START
from tests.fakes.prober import expired, refused, well

HOUR = timedelta(hours=1)


@pytest.fixture(name="story")
def _story(library):
    return Story(library=library, decides={"look": True})


def looks(story):
    return [job for job in story.outcome.jobs if job.kind == LOOK]


def told(story, *seen, **changes):
    """What is said to the customer once the look of the last turn has seen *seen*."""
    (job,) = looks(story)
    talk = replace(story.hanako, **changes)
    return look_told(job, talk, seen, story.library, story.now)


def text(outcome):
    return "\n".join(part.text for send in outcome.sends for part in send.payload.reply.parts)


class TestReasons:
    @pytest.mark.parametrize(
        "words",
        [
            "OCNのメールで証明書の警告が出ます",
            "OCNのメールが届きません",
            "OCNでメールが送れません",
            "OCNのメールで0x800CCC0Eと出ます",
            "OCNで10060というエラーが出ます",
        ],
    )
    def test_trouble_in_reaching_a_known_provider_is_looked_into(self, story, words):
        story.says(words)

        assert ["ocn"] == [job.details["provider"] for job in looks(story)]

    @pytest.mark.parametrize(
        "words",
        ["OCNのメールの設定を教えてください", "OCNでエラー550が出ます", "メールが届きません", "ありがとう"],
    )
    def test_nothing_else_is(self, story, words):
        story.says(words)

        assert [] == looks(story)

    def test_the_provider_may_come_later(self, story):
        story.says("昨日からメールが届きません")
        story.says("OCNです")

        assert 1 == len(looks(story))

    def test_in_one_talk_a_look_is_good_for_ten_minutes(self, story):
        story.now = START + timedelta(minutes=1)
        jobs = []
        for _ in range(2):
            story.says("OCNの証明書の警告が出ます")
            jobs += looks(story)
        story.now = START + timedelta(minutes=12)
        story.says("OCNの証明書の警告が出ます")

        assert jobs[0].id == jobs[1].id != looks(story)[0].id

    def test_a_provider_whose_servers_differ_per_account_is_not_looked_at(self, story):
        story.says("さくらのメールが届きません")

        assert [] == looks(story)

    def test_an_owner_who_wants_no_looks_gets_none(self, library):
        story = Story(library=library)
        story.says("OCNの証明書の警告が出ます")
        story.hears(Pressed(action="temporary_taken", value="ocn", label="一時設定にした"))

        assert [] == [job for job in story.outcome.jobs if job.kind in {LOOK, RENEWAL_WATCH}]


class TestTheSecondMessage:
    def test_who_was_warned_hears_that_the_certificate_is_valid(self, story):
        story.says("OCNの証明書の警告が出ます")

        said = told(story, well())

        assert "2027年4月1日まで" in text(said)
        assert "日付" in text(said)
        assert HANAKO == said.sends[0].address
        assert said.sends[0].handle is None

    def test_who_gets_no_mail_hears_of_faults_only(self, story):
        story.says("OCNのメールが届きません")

        assert not told(story, well()).sends
        assert "期限が切れています" in text(told(story, expired()))
        assert "つながりませんでした" in text(told(story, refused()))

    @pytest.mark.parametrize("trouble", ["dns_failed", "unreachable", "turned_away", "failed"])
    def test_nothing_is_said_when_the_fault_may_be_ours(self, story, trouble):
        story.says("OCNの証明書の警告が出ます")

        assert not told(story, refused(trouble=trouble)).sends

    def test_not_while_a_person_talks_nor_to_those_who_left_or_moved_on(self, story):
        story.says("OCNの証明書の警告が出ます")

        assert not told(story, expired(), mode=Mode.HUMAN).sends
        assert not told(story, expired(), blocked=True).sends
        assert not told(story, expired(), slots=replace(story.hanako.slots, provider="nifty")).sends

    def test_the_same_is_not_said_twice(self, story):
        story.says("OCNの証明書の警告が出ます")
        (talk,) = told(story, expired()).conversations

        assert not told(story, expired(), recent=talk.recent).sends

    def test_it_is_remembered_as_said(self, story):
        story.says("OCNの証明書の警告が出ます")

        outcome = told(story, expired())

        assert outcome.conversations[0].recent[-1] == outcome.lines[0][1]
        assert "bot" == outcome.lines[0][1].who

    def test_who_was_just_offered_the_temporary_measure_hears_that_it_is_impossible(self, story):
        story.says("OCNの証明書の警告が出ます")

        said = text(told(story, well(plain="closed", plain_port=110)))

        assert "110番" in said
        assert "使えなくなって" in said


class TestStanding:
    def test_the_temporary_measure_is_left_out_where_110_was_found_closed(self, story):
        story.standing = Standing(closed=frozenset({"ocn"}))

        reply = story.says("OCNの証明書の警告が出ます")

        assert "110" not in reply
        assert "一時設定にした" not in story.choices()

    def test_and_stands_there_where_it_was_not(self, story):
        reply = story.says("OCNの証明書の警告が出ます")

        assert "110" in reply
        assert "一時設定にした" in story.choices()

    def test_customers_of_a_troubled_provider_are_told_in_front_of_each_answer(self, story):
        story.standing = Standing(troubled=frozenset({"ocn"}))

        replies = [story.says("OCNのメールが届きません"), story.says("Outlookです")]
        story.conversations.clear()
        others = story.says("So-netのメールが届きません")

        for reply in replies:
            assert reply.startswith("現在、OCNのメールで障害の可能性があります")
        assert "障害の可能性" not in others

    def test_thanks_are_taken_without_a_notice(self, story):
        story.standing = Standing(troubled=frozenset({"ocn"}))
        story.says("OCNのメールが届きません")

        assert "障害" not in story.says("ありがとうございました、直りました")


class TestRenewal:
    def taken(self, story):
        story.says("OCNの証明書の警告が出ます")
        story.hears(Pressed(action="temporary_taken", value="ocn", label="一時設定にした"))
        reminder, watch = story.outcome.jobs
        return reminder, watch

    def test_who_took_the_temporary_measure_has_the_certificate_watched(self, story):
        reminder, watch = self.taken(story)

        assert (RENEWAL_WATCH, reminder) == (watch.kind, watched_reminder(watch))

    def test_a_certificate_that_is_another_and_good_is_a_renewed_one(self, story):
        _, first = self.taken(story)
        (second,) = watch_again(first, [expired()], story.now)

        assert not renewed(first, [well()])
        assert not renewed(second, [expired()])
        assert renewed(second, [well()])
        assert not renewed(second, [well(), refused(host="smtp.ocn.ne.jp")])

    def test_one_that_was_good_all_along_is_not(self, story):
        _, first = self.taken(story)
        (second,) = watch_again(first, [well()], story.now)

        assert not renewed(second, [well()])

    def test_the_watch_goes_on_until_the_reminder_is_due(self, story):
        reminder, watch = self.taken(story)
        now, count = story.now, 0
        while following := watch_again(watch, [expired()], now):
            (watch,) = following
            assert now < watch.due_at < reminder.due_at
            now, count = watch.due_at, count + 1

        assert 11 == count


class TestUnknownDomains:
    def test_a_domain_that_no_record_knows_is_asked_where_that_is_wanted(self, story):
        story.decides["discover"] = True
        story.says("taro@mail.example-shop.co.jp のメールの設定を教えてください")

        assert ["mail.example-shop.co.jp"] == [
            job.details["domain"] for job in story.outcome.jobs if job.kind == DISCOVER
        ]

    def test_by_default_it_is_not(self, story):
        story.says("taro@mail.example-shop.co.jp のメールの設定を教えてください")

        assert not story.outcome.jobs
