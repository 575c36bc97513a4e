"""How an utterance is read in its scene."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.conversations import Conversation, Mode, Question
from bot.core.dialogue.context import read
from bot.core.intents import Match
from bot.core.messages import Address, Channel
from bot.core.slots import Port, Role, Slots
from bot.core.tickets import Contact
from bot.core.understanding import Understanding

HERE = Address(channel=Channel.LINE, to="U-hanako")
ASKED_PROVIDER = Question(slot="provider", intent="cannot_receive")


def understood(text, *intents, verdict="clear", candidates=(), also=(), **slots):
    """*text* as the engine might understand it: *intents* ranked, the first with a high score."""
    matches = tuple(Match(intent=intent, score=0.9 / (n + 1)) for n, intent in enumerate(intents))
    return Understanding(
        text=text,
        matches=matches,
        verdict=verdict,
        candidates=candidates,
        also=also,
        slots=Slots(**slots),
    )


def corrected(understanding, **denied):
    """*understanding* as that of a text which says that *denied* is not so."""
    return replace(understanding, denied=Slots(**denied), corrects=True)


def talk(topic="", question=None, served=(), **slots):
    return Conversation(address=HERE, topic=topic, question=question, served=served, slots=Slots(**slots))


@pytest.fixture(name="reads")
def _reads(library):
    def reads(understanding, conversation, *, staff=False):
        return read(understanding, conversation, library, staff=staff)

    return reads


class TestAnOpenQuestion:
    def test_a_bare_answer_serves_what_was_asked_for(self, reads):
        reading = reads(understood("OCNです", "port_settings", provider="ocn"), talk(question=ASKED_PROVIDER))

        assert ("answer", "cannot_receive", "ocn") == (reading.act, reading.intent, reading.slots.provider)

    def test_a_request_beside_the_answer_is_a_request(self, reads):
        text = "OCNです。ところで証明書の警告も出るんですが何でしょうか"

        reading = reads(understood(text, "ssl_warning", provider="ocn"), talk(question=ASKED_PROVIDER))

        assert ("request", "ssl_warning") == (reading.act, reading.intent)

    def test_a_question_of_its_own_is_no_answer(self, reads):
        reading = reads(understood("ポート番号って何ですか", "what_is_port"), talk(question=ASKED_PROVIDER))

        assert ("request", "what_is_port") == (reading.act, reading.intent)

    def test_not_knowing_is_told_from_not_answering(self, reads):
        unsure = reads(
            understood("わかりません", "out_of_scope", verdict="unknown"), talk(question=ASKED_PROVIDER)
        )
        other = reads(
            understood("NTTの光回線", "out_of_scope", verdict="unknown"), talk(question=ASKED_PROVIDER)
        )

        assert ["unsure_answer", "no_answer"] == [unsure.act, other.act]

    def test_a_denied_update_is_no_request_about_updates(self, reads):
        text = "だから更新はしてないって。OCN"

        reading = reads(
            understood(text, "after_windows_update", provider="ocn"), talk(question=ASKED_PROVIDER)
        )

        assert ("answer", "cannot_receive") == (reading.act, reading.intent)

    def test_a_bare_phone_names_the_program_that_was_asked_for(self, reads):
        question = Question(slot="client", intent="cannot_receive")

        reading = reads(understood("iPhoneです", "greeting"), talk(question=question, provider="ocn"))

        assert ("answer", "iphone") == (reading.act, reading.slots.client)

    @pytest.mark.parametrize("address", ["hanako@sannomachi.jp", "info@tomachine.co.jp"])
    def test_a_piece_of_a_domain_is_no_program(self, reads, address):
        question = Question(slot="client", intent="cannot_receive")

        reading = reads(understood(address, "out_of_scope"), talk(question=question, provider="ocn"))

        assert reading.slots.client is None

    @pytest.mark.parametrize("text", ["証明書の警告が出る", "1", "一番", "上のほう"])
    def test_which_of_these_is_answered_by_title_number_or_place(self, reads, text):
        question = Question(slot="intent", intent="ssl_warning", options=("ssl_warning", "auth_failed"))

        reading = reads(understood(text, "out_of_scope", verdict="unknown"), talk(question=question))

        assert ("request", "ssl_warning") == (reading.act, reading.intent)

    def test_contact_details_are_taken_in(self, reads):
        question = Question(slot="contact", intent="handoff")

        reading = reads(understood("山田です 080-0000-0000", "greeting"), talk(question=question))

        assert ("contact", Contact(name="山田", phone="080-0000-0000")) == (reading.act, reading.contact)

    @pytest.mark.parametrize(
        ("text", "read"),
        [
            ("はい、お願いします", ("accept", "migration")),
            ("やっぱり自分ではできません。お願いします", ("accept", "migration")),
            ("いえ、結構です", ("decline", "resolved_thanks")),
            ("うーん、考えます。今日はいいです", ("decline", "resolved_thanks")),
        ],
    )
    def test_an_offer_is_taken_or_left(self, reads, text, read):
        question = Question(slot="offer", intent="migration")

        reading = reads(understood(text, "greeting"), talk(question=question))

        assert read == (reading.act, reading.intent)


class TestFollowingUp:
    def test_a_bare_provider_takes_the_topic_up_again(self, reads):
        reading = reads(
            understood("gmailは", "out_of_scope", verdict="unknown", provider="gmail"),
            talk("port_settings", provider="ocn"),
        )

        assert ("follow_up", "port_settings", "gmail") == (
            reading.act,
            reading.intent,
            reading.slots.provider,
        )

    def test_a_bare_direction_asks_for_the_settings_of_that_direction(self, reads):
        reading = reads(
            understood("送信のほうは？", "cannot_send", direction=Role.OUTGOING),
            talk("port_settings", provider="ocn"),
        )

        assert ("follow_up", "port_settings", Role.OUTGOING) == (
            reading.act,
            reading.intent,
            reading.slots.direction,
        )

    def test_the_other_of_two_things_served_is_found_by_its_word(self, reads):
        conversation = talk("port_settings", served=("port_settings", "update_safety"), provider="ocn")

        reading = reads(
            understood(
                "更新のほうの答えは？", "out_of_scope", "update_safety", "port_settings", verdict="unknown"
            ),
            conversation,
        )

        assert ("follow_up", "update_safety") == (reading.act, reading.intent)

    def test_reported_numbers_are_compared(self, reads):
        port = Port(role=Role.INCOMING, port=110)

        reading = reads(
            understood("受信が110になっています", "not_resolved", ports=(port,)),
            talk("open_settings", provider="ocn"),
        )

        assert ("follow_up", "port_settings", (port,)) == (reading.act, reading.intent, reading.slots.ports)

    def test_a_bare_number_is_a_port_while_settings_are_talked_about(self, reads):
        reading = reads(
            understood("見たら25になってた", "out_of_scope", verdict="unknown"),
            talk("cannot_send", provider="ocn"),
        )

        assert (Port(role=Role.OUTGOING, port=25),) == reading.slots.ports

    @pytest.mark.parametrize(
        "text", ["25日に買いました", "25歳の孫", "25MBの添付", "25%くらい", "2025年の話"]
    )
    def test_other_numbers_are_not(self, reads, text):
        reading = reads(
            understood(text, "out_of_scope", verdict="unknown"), talk("cannot_send", provider="ocn")
        )

        assert () == reading.slots.ports

    def test_ports_come_together_over_several_messages(self, reads):
        known = Port(role=Role.INCOMING, port=110, ssl=False)
        told = Port(role=Role.OUTGOING, port=25)

        reading = reads(
            understood("送信は25", "port_settings", ports=(told,)), talk("port_settings", ports=(known,))
        )

        assert (known, told) == reading.slots.ports

    def test_encryption_said_afterwards_goes_with_the_numbers(self, reads):
        known = Port(role=Role.INCOMING, port=110)

        reading = reads(understood("SSLなしです", "port_settings"), talk("port_settings", ports=(known,)))

        assert (Port(role=Role.INCOMING, port=110, ssl=False),) == reading.slots.ports

    @pytest.mark.parametrize(
        ("topic", "text", "intent", "focus"),
        [
            ("livemail_eol", "代わりに何を使えばいいの？", "livemail_eol", "alternatives"),
            ("livemail_eol", "お値段はどれくらい？", "migration", "price"),
            ("auth_failed", "送ってしまいました。消せますか", "auth_failed", "password_sent"),
            ("ssl_warning", "いつまで使っていいですか", "revert_settings", "how_long"),
            ("ssl_warning", "危なくないですか", "ssl_warning", "is_it_safe"),
        ],
    )
    def test_some_words_ask_for_one_text_of_the_topic(self, reads, topic, text, intent, focus):
        reading = reads(understood(text, "out_of_scope", verdict="unknown"), talk(topic))

        assert ("focus", intent, focus) == (reading.act, reading.intent, reading.focus)

    def test_the_same_words_out_of_the_blue_do_not(self, reads):
        reading = reads(understood("お値段はどれくらい？", "out_of_scope", verdict="unknown"), talk())

        assert "miss" == reading.act

    def test_yes_to_the_moving_service_accepts_it(self, reads):
        reading = reads(understood("じゃあお願いします", "handoff"), talk("migration"))

        assert ("accept", "migration") == (reading.act, reading.intent)

    def test_i_see_is_heard(self, reads):
        reading = reads(understood("わかりました、変更します", "resolved_thanks"), talk("auth_failed"))

        assert ("heard", "resolved_thanks") == (reading.act, reading.intent)

    def test_too_hard_is_heard_too(self, reads):
        reading = reads(
            understood("むずかしくてわかりません", "out_of_scope", verdict="unknown"), talk("open_settings")
        )

        assert "lost" == reading.act


class TestRequests:
    def test_what_the_engine_is_sure_of_is_served(self, reads):
        reading = reads(understood("番号と更新のこと", "port_settings", also=("update_safety",)), talk())

        assert ("request", "port_settings", ("update_safety",)) == (reading.act, reading.intent, reading.also)

    def test_what_it_is_unsure_of_is_asked(self, reads):
        understanding = understood(
            "警告とパスワード？",
            "ssl_warning",
            "auth_failed",
            verdict="unsure",
            candidates=("ssl_warning", "auth_failed"),
        )

        reading = reads(understanding, talk())

        assert ("confirm", ("ssl_warning", "auth_failed")) == (reading.act, reading.candidates)

    def test_one_direction_settles_a_doubt_among_symptoms(self, reads):
        candidates = ("mail_stopped", "cannot_receive")
        understanding = understood(
            "来ない", *candidates, verdict="unsure", candidates=candidates, direction=Role.INCOMING
        )

        assert "cannot_receive" == reads(understanding, talk()).intent

    def test_a_new_request_does_not_inherit_what_failed_before(self, reads):
        conversation = talk(
            "cannot_receive", provider="ocn", direction=Role.INCOMING, error_code="0x800CCC0E"
        )

        slots = reads(understood("設定の番号を全部教えて", "port_settings"), conversation).slots

        assert ("ocn", None, None) == (slots.provider, slots.direction, slots.error_code)


class TestAnotherProvider:
    PORT = Port(role=Role.INCOMING, port=110)

    def test_the_numbers_of_the_first_are_dropped(self, reads):
        reading = reads(
            understood("gmailは", "port_settings", provider="gmail"),
            talk("port_settings", provider="ocn", ports=(self.PORT,)),
        )

        assert () == reading.slots.ports

    def test_but_kept_when_it_corrects_a_slip(self, reads):
        text = "あ、やっぱりぷららでした"

        reading = reads(
            understood(text, "port_settings", provider="plala"),
            talk("port_settings", provider="ocn", ports=(self.PORT,)),
        )

        assert (True, (self.PORT,)) == (reading.corrects, reading.slots.ports)

    def test_for_staff_everything_starts_afresh(self, reads):
        conversation = talk("port_settings", provider="ocn", client="outlook", protocol="imap")

        slots = reads(understood("gmail", "port_settings", provider="gmail"), conversation, staff=True).slots

        assert ("gmail", None, None) == (slots.provider, slots.client, slots.protocol)


class TestACorrection:
    def test_the_trouble_goes_on_and_not_the_offer_that_came_of_the_slip(self, reads):
        before = talk(
            "livemail_eol", served=("livemail_eol", "cannot_receive"), provider="ocn", client="livemail"
        )

        reading = reads(
            corrected(
                understood("アウトルックでした", "migration", verdict="unsure", client="outlook"),
                client="livemail",
            ),
            before,
        )

        assert ("follow_up", "cannot_receive", "outlook") == (
            reading.act,
            reading.intent,
            reading.slots.client,
        )

    def test_what_is_denied_and_not_replaced_is_forgotten(self, reads):
        understanding = corrected(
            understood("OCNじゃないです", "port_settings", verdict="unknown"), provider="ocn"
        )

        reading = reads(replace(understanding, only_denies=True), talk("cannot_send", provider="ocn"))

        assert ("cannot_send", None) == (reading.intent, reading.slots.provider)

    def test_the_other_way_replaces_the_first(self, reads):
        before = talk("cannot_send", served=("cannot_send",), provider="ocn", direction=Role.OUTGOING)

        reading = reads(
            corrected(understood("受信でした", "cannot_receive", direction=Role.INCOMING)), before
        )

        assert ("cannot_receive", Role.INCOMING) == (reading.intent, reading.slots.direction)


class TestAQuestionAboutTheTopic:
    def test_after_an_explanation_what_to_do_is_the_trouble_again(self, reads):
        before = talk("what_is_port", served=("cannot_receive", "what_is_port"), provider="ocn")

        reading = reads(
            understood("それで、どないしたらよろしいの", "out_of_scope", verdict="unknown"), before
        )

        assert ("follow_up", "cannot_receive") == (reading.act, reading.intent)

    def test_a_text_named_after_what_is_asked_answers_it(self, reads):
        before = talk("ssl_warning", served=("ssl_warning",), provider="ocn")

        reading = reads(understood("放っておいても平気？", "update_safety"), before)

        assert ("focus", "ssl_warning", "is_it_safe") == (reading.act, reading.intent, reading.focus)

    def test_something_foreign_leaves_the_topic(self, reads):
        reading = reads(
            understood("近くに駐車場はありますか", "out_of_scope", verdict="unknown"), talk("cannot_receive")
        )

        assert "miss" == reading.act

    def test_a_request_that_names_its_subject_leaves_it(self, reads):
        reading = reads(understood("更新は止めてもいいですか", "update_safety"), talk("cannot_receive"))

        assert ("request", "update_safety") == (reading.act, reading.intent)


class TestAReturn:
    def test_to_a_trouble_by_its_direction(self, reads):
        before = talk("migration", served=("cannot_receive", "migration"))
        text = "先ほどの受信の話ですが、続きはどうしましょう"

        reading = reads(understood(text, "not_resolved", direction=Role.INCOMING), before)

        assert ("follow_up", "cannot_receive") == (reading.act, reading.intent)

    def test_to_the_second_of_two_things(self, reads):
        before = talk("port_settings", served=("port_settings", "ssl_warning"), provider="ocn")

        reading = reads(understood("二つ目の話をくわしく", "out_of_scope", verdict="unknown"), before)

        assert ("request", "ssl_warning") == (reading.act, reading.intent)


class TestAskedBack:
    @pytest.mark.parametrize(
        "text", ["どうして会社の名前を聞くの", "それ、言わないとだめですか", "アドレスは教えたくない"]
    )
    def test_why_the_bot_wants_to_know(self, reads, text):
        reading = reads(understood(text, "out_of_scope", verdict="unknown"), talk(question=ASKED_PROVIDER))

        assert ("asks_back", "cannot_receive") == (reading.act, reading.intent)

    def test_details_left_late_still_reach_whoever_is_awaited(self, reads):
        waiting = replace(talk(served=("handoff",)), mode=Mode.WAITING)

        reading = reads(understood("03-0000-0000、昼ならいます", "out_of_scope", verdict="unknown"), waiting)

        assert ("contact", "handoff", "03-0000-0000") == (reading.act, reading.intent, reading.contact.phone)


class TestDetailsNobodyAskedFor:
    @pytest.mark.parametrize("question", [None, ASKED_PROVIDER], ids=["after an answer", "before one"])
    def test_whoever_leaves_a_phone_number_wants_to_be_called(self, reads, question):
        text = "大野と申します。048-000-2222"

        reading = reads(understood(text, "out_of_scope", verdict="unknown"), talk("cannot_send", question))

        assert ("contact", "handoff", Contact(name="大野", phone="048-000-2222")) == (
            reading.act,
            reading.intent,
            reading.contact,
        )

    def test_a_number_told_beside_another_request_is_only_told(self, reads):
        text = "090-0000-0000のスマホのGmailの受信サーバーを教えて"

        reading = reads(understood(text, "port_settings", provider="gmail"), talk())

        assert "port_settings" == reading.intent

    def test_nobody_is_called_back_at_a_toll_free_number(self, reads):
        text = "0120-000-000にかけたけどつながらない"

        reading = reads(understood(text, "out_of_scope", verdict="unknown"), talk("cannot_send"))

        assert "contact" != reading.act


class TestTwoProviders:
    @pytest.mark.parametrize(
        ("text", "named", "meant"),
        [
            ("回線はOCNですが、メールはGmailです", "ocn", "gmail"),
            ("メールアドレスはぷらら、光はOCNです", "ocn", "plala"),
            ("ネットがニフティで、メールのほうはOCNを使ってます", "nifty", "ocn"),
        ],
    )
    def test_the_one_of_the_mail_counts(self, reads, text, named, meant):
        reading = reads(understood(text, "port_settings", provider=named), talk())

        assert meant == reading.told.provider


class TestWhatTheWordsLeaveNoDoubtOf:
    def test_it_is_served_though_the_topic_could_explain_them(self, reads):
        sure = replace(
            understood("戻す時の値", "revert_settings"),
            matches=(Match(intent="revert_settings", score=0.99),),
        )

        assert "revert_settings" == reads(sure, talk("ssl_warning", provider="ocn")).intent

    def test_the_way_that_fails_is_the_one_they_speak_for(self, reads):
        text = "送ることができません。受け取るのはできています"

        reading = reads(understood(text, "cannot_send", direction=Role.INCOMING), talk())

        assert ("cannot_send", Role.OUTGOING) == (reading.intent, reading.told.direction)
