"""What is said when a reminder falls due."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.channels.console.render import choices_of, text_of
from bot.core.servers.reminders import reminded_place, revert_reminder
from tests.core.story import HANAKO, Story


@pytest.fixture(name="story")
def _story(library):
    story = Story(library)
    story.says("OCNで証明書の警告が出ます")
    story.says("一時設定にした")
    return story


@pytest.fixture(name="remind")
def _remind(story):
    (job,) = story.outcome.jobs

    def remind():
        return revert_reminder(job, story.hanako, story.library, job.due_at)

    return remind


def test_it_asks_to_go_back_with_the_normal_values(remind):
    outcome = remind()

    (send,) = outcome.sends
    text = text_of([send.payload.reply])
    assert "元の設定に戻しましょう" in text
    assert "995" in text
    assert ["元に戻しました", "まだ警告が出る", "画面の開き方"] == [
        c.label for c in choices_of([send.payload.reply])
    ]
    assert HANAKO.key == send.lane


def test_the_same_reminder_makes_the_same_row(remind):
    assert remind().sends[0].id == remind().sends[0].id


def test_it_goes_where_the_measure_was_taken(story):
    (job,) = story.outcome.jobs

    assert HANAKO == reminded_place(job)


def test_what_is_said_next_is_about_going_back(story, remind):
    story.conversations[HANAKO] = remind().conversations[0]

    assert "アカウント設定" in story.says("Outlookです")


def test_those_who_went_back_by_themselves_hear_nothing(story, remind):
    story.now += timedelta(days=1)
    story.says("元の設定に戻したいです")

    assert () == remind().sends


def test_those_who_left_hear_nothing(story, remind):
    from dataclasses import replace

    story.conversations[HANAKO] = replace(story.hanako, blocked=True)

    assert () == remind().sends
