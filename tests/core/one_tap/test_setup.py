"""かんたん設定: when it is offered, and what stands behind its link."""

from __future__ import annotations

import plistlib
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser

import pytest

from bot.core.links import SETUP_LIFE, SetupLinks
from bot.core.messages import Channel, Pressed
from bot.core.one_tap.setup import (
    APPLE,
    AUTOCONFIG,
    apple_document,
    autoconfig_document,
    can_be_offered,
    link_reply,
    over_page,
    page,
)
from bot.core.providers import Evidence
from bot.core.servers.discovery import read_autoconfig
from tests.core.story import Story
from tests.fakes.clock import START

LINKS = SetupLinks(public_url="https://madoguchi.example.jp/", key=b"key")


@pytest.fixture(name="story")
def _story(library):
    return Story(library=library, decides={"setup": LINKS})


class Links(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.found, self.tags = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.found += [value for name, value in attrs if name == "href"]


class TestTheOffer:
    def test_settings_come_with_the_button(self, story):
        story.says("OCNのメールの設定を教えてください")

        assert "かんたん設定" == story.choices()[0]
        assert len(story.choices()) <= 13

    def test_without_a_public_address_it_is_not_offered(self, library):
        story = Story(library=library)
        story.says("OCNのメールの設定を教えてください")

        assert "かんたん設定" not in story.choices()

    @pytest.mark.parametrize(
        "words", ["niftyの設定を教えて", "さくらのメールの設定", "gooの設定", "ありがとう"]
    )
    def test_where_there_are_no_values_for_everybody_it_is_not_offered(self, story, words):
        story.says(words)

        assert "かんたん設定" not in story.choices()

    def test_pressing_it_brings_a_link_that_holds_no_address(self, story):
        story.says("私は taro@ocn.ne.jp です。メールの設定を教えてください")

        reply = story.hears(Pressed(action="setup", value="ocn", label="かんたん設定"))

        (link,) = (word for word in reply.split() if word.startswith("https://madoguchi.example.jp/setup/"))
        token = link.removeprefix("https://madoguchi.example.jp/setup/").partition("?")[0]
        assert "taro" not in reply
        assert link.endswith("?openExternalBrowser=1")
        assert "ocn" == LINKS.read(token, story.now)

    def test_typing_what_it_says_is_as_good(self, story):
        story.says("OCNのメールの設定を教えてください")

        assert "https://madoguchi.example.jp/setup/" in story.says("かんたん設定")

    def test_an_old_button_still_brings_the_settings_when_links_are_off(self, library):
        story = Story(library=library)
        story.says("OCNのメールが届きません")

        reply = story.hears(Pressed(action="setup", value="ocn", label="かんたん設定"))

        assert "995" in reply
        assert "/setup/" not in reply


class TestTheLink:
    def test_it_expires_after_a_day(self):
        token = LINKS.link("ocn", START).rpartition("/")[2]

        assert "ocn" == LINKS.read(token, START + SETUP_LIFE - timedelta(seconds=1))
        assert LINKS.read(token, START + SETUP_LIFE) is None

    def test_nobody_else_can_make_one(self):
        other = SetupLinks(public_url="https://madoguchi.example.jp", key=b"another key")

        assert LINKS.read(other.link("ocn", START).rpartition("/")[2], START) is None


class TestThePage:
    def test_it_leads_to_the_files_and_lists_the_values(self, library):
        html = page(library.providers["ocn"], "token", library)

        assert [f"token/{APPLE}", f"token/{AUTOCONFIG}"] == Links(html).found
        assert all(words in html for words in ("pop.ocn.ne.jp", "995", "Outlook", "Thunderbird", "iPhone"))
        assert "script" not in Links(html).tags

    def test_names_are_no_markup(self, library):
        odd = replace(library.providers["ocn"], name="<script>alert(1)</script>")

        assert "script" not in Links(page(odd, "token", library)).tags

    def test_a_link_that_is_over_says_what_to_do(self, library):
        assert "かんたん設定" in over_page(library)

    def test_every_offer_has_something_behind_it(self, library):
        offered = [provider for provider in library.providers.values() if can_be_offered(provider)]

        assert len(offered) >= 10
        for provider in offered:
            apple, xml = apple_document(provider, library), autoconfig_document(provider)
            assert apple or xml
            if apple:
                (account,) = plistlib.loads(apple)["PayloadContent"]
                assert not {"EmailAddress", "IncomingPassword"} & set(account)
            if xml:
                assert read_autoconfig(xml, evidence=Evidence(source="test", kind="unverified")).servers
            assert page(provider, "token", library)


def test_slack_needs_no_other_browser(library):
    (text,) = link_reply(library.providers["ocn"], Channel.SLACK, library, LINKS, START).parts

    assert "openExternalBrowser" not in text.text
