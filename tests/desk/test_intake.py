"""A migration taken in: a few questions with buttons, a summary, a visit that nobody else gets, moved and called off."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bot.core.hours import Opening, Span
from bot.core.messages import Choices, Document, Pressed, Speaker, Utterance
from bot.core.tickets import TicketState, Visit
from bot.core.visits import Visits
from tests.conftest import a_desk
from tests.desk.counter import Counter

WEEKDAYS = Opening(
    week=((Span(start=600, end=1020),),) * 5 + ((),) * 2, holidays=frozenset({date(2026, 4, 29)})
)
VISITS = Visits(times=(Span(start=600, end=720), Span(start=780, end=900)), from_day=2, days=9)


@pytest.fixture
def counter(store, clock, shipped):
    clock.advance(2 * 3600)  # 11 o'clock in Japan
    shop = replace(shipped.shop, opening=WEEKDAYS, visits=VISITS)
    return Counter(store=store, clock=clock, library=replace(shipped, shop=shop))


@pytest.fixture
async def applied(counter):
    """Name, phone and time are told: the ticket stands, the form begins."""
    await counter.customer("Live メールからの引っ越しをお願いしたいです")
    await counter.customer("はい、お願いします")
    await counter.customer("田中、049-200-0000、平日の午前")
    return counter


def offered(counter):
    """The buttons under what the customer was told last."""
    parts = counter.line.handed[-1].send.payload.reply.parts
    return {option.label: option for part in parts if isinstance(part, Choices) for option in part.options}


async def tap(counter, label):
    option = offered(counter)[label]
    await counter.customer(Pressed(action=option.action, value=option.value, label=label))


async def fill_in(counter, *labels):
    for label in labels:
        await tap(counter, label)


async def test_the_ticket_stands_before_the_form_is_filled_in(applied):
    ticket = await applied.ticket()

    assert ("migration", "田中", "049-200-0000") == (ticket.kind, ticket.contact.name, ticket.contact.phone)
    assert "何台" in applied.line.texts[-1]


async def test_the_form_ends_in_a_visit_that_is_confirmed(applied):
    await fill_in(applied, "1台")
    if "Outlook" in offered(applied):
        await tap(applied, "Outlook")
    await tap(applied, "4月3日（金） 10:00")
    assert "これでよろしいですか" in applied.line.texts[-1]
    await tap(applied, "これでお願いします")

    ticket = await applied.ticket()
    assert ticket.confirmed
    assert "4月3日（金） 10:00〜12:00" in applied.line.texts[-1]
    files = [
        part
        for each in applied.slack.handed
        for part in getattr(getattr(each.send.payload, "reply", None), "parts", ())
        if isinstance(part, Document)
    ]
    assert "DTSTART:20260403T010000Z" in files[0].text


async def test_answers_may_be_typed(applied):
    await applied.customer("2台です")
    await applied.customer("Outlookです")

    ticket = await applied.ticket()
    assert ("2", True) == (ticket.computers, bool(ticket.program))


async def test_a_question_of_its_own_is_answered_and_the_form_waits(applied):
    await applied.customer("料金はいくらですか")

    assert "円" in applied.line.texts[-1]
    assert (await applied.ticket()).intake == "computers"


async def booked(counter, day="4月3日（金） 10:00"):
    await fill_in(counter, "1台")
    if "Outlook" in offered(counter):
        await tap(counter, "Outlook")
    await tap(counter, day)
    await tap(counter, "これでお願いします")


async def test_a_time_is_given_to_one_customer_only(applied):
    await booked(applied)

    await applied.customer("引っ越しをお願いしたいです", user="U-taro")
    await applied.customer("はい、お願いします", user="U-taro")
    await applied.customer("鈴木、049-200-1111、午後", user="U-taro")
    for _ in range(2):
        label = next(label for label in offered(applied) if label in {"1台", "Outlook"})
        option = offered(applied)[label]
        await applied.customer(Pressed(action=option.action, value=option.value, label=label), user="U-taro")

    assert "4月3日（金） 10:00" not in offered(applied)
    assert "4月3日（金） 13:00" in offered(applied)


async def test_the_evening_before_the_customer_is_reminded(applied):
    await booked(applied)

    await applied.pass_time(days=1, hours=7, minutes=1)  # April 2nd, 18:01

    assert "明日の訪問" in applied.line.texts[-1]


async def test_a_visit_can_be_moved_by_chat(applied):
    await booked(applied)

    await applied.customer("訪問の日を変えたいのですが")
    await tap(applied, "4月6日（月） 13:00")
    await tap(applied, "これでお願いします")

    ticket = await applied.ticket()
    assert ticket.visit is not None
    assert "2026-04-06T13:00:00+09:00" == ticket.visit.start.isoformat()


async def test_a_second_tap_on_yes_books_nothing_anew(applied):
    await booked(applied)
    before = len(applied.slack.texts)

    await applied.customer(Pressed(action="intake", value="confirm:yes", label="これでお願いします"))

    assert [text for text in applied.slack.texts[before:] if "visit.ics" in text] == []


async def test_who_calls_for_people_before_the_visit_is_in_its_thread(applied):
    await booked(applied)
    await applied.press("ticket_take")
    await applied.press("ticket_close", ending="migration")
    await applied.pass_time(days=1, hours=20)  # longer than a day, and the visit is still ahead

    await applied.customer("担当者と話したいです")

    ticket = await applied.ticket()
    assert (ticket.kind, ticket.state, await applied.tickets()) == ("migration", TicketState.WAITING, 1)


async def test_also_after_the_ticket_was_closed(applied):
    await booked(applied)
    await applied.press("ticket_take")
    await applied.press("ticket_close", ending="migration")

    await applied.customer("訪問の日を変えたいのですが")

    assert (await applied.ticket()).state is TicketState.WAITING
    assert "日時をお選び" in applied.line.texts[-1]
    assert "担当者を待っています" in applied.slack.revisions[-1]


@pytest.mark.parametrize("words", ["わかりました。もう大丈夫です", "ありがとうございます"])
async def test_thanks_after_the_booking_cancel_nothing(applied, words):
    await booked(applied)

    await applied.customer(words)

    ticket = await applied.ticket()
    assert ticket.open
    assert ticket.visit is not None
    assert "お申し込みは承っております" in applied.line.texts[-1]


@pytest.mark.parametrize("words", ["やっぱりキャンセルします", "引っ越しはやめます"])
async def test_who_calls_it_off_has_no_visit_any_more(applied, words):
    await booked(applied)

    await applied.customer(words)

    assert (await applied.ticket()).visit is None
    assert "4月3日（金） 10:00〜12:00 の訪問を取り消しました" in applied.line.texts[-1]
    assert any("訪問を取り消しました" in text for text in applied.slack.texts)


async def test_who_no_longer_wants_to_move_before_a_visit_is_chosen_cancels(applied):
    await applied.customer("やっぱり引っ越しはやめます")

    assert (await applied.ticket()).ending == "cancelled"


async def test_a_visit_can_be_called_off_by_chat_and_is_free_again(applied):
    await booked(applied)

    await applied.customer("訪問をキャンセルしたいです")
    await applied.pass_time(days=1, hours=7, minutes=1)

    assert (await applied.ticket()).visit is None
    assert not any("明日の訪問" in text for text in applied.line.texts)


@pytest.fixture
async def called(counter):
    """Mr. Yamamoto has rung up, and Sato has written down what he wants."""
    fields = (
        ("name", "山本"),
        ("phone", "０９０−００００−００００"),
        ("computers", "1"),
        ("visit", "2026-04-03T10:00:00+09:00"),
    )
    await counter.reception.hear(
        Utterance(
            id="form-1",
            address=a_desk(),
            speaker=Speaker(id="U-sato", name="佐藤"),
            content=Pressed(action="intake_form", fields=fields),
            said_at=counter.clock.now(),
        )
    )
    await counter.settle()
    return counter


async def test_the_evening_before_people_are_asked_to_ring_up_who_has_no_line(called):
    await called.pass_time(days=1, hours=7, minutes=1)

    assert "お電話をお願いします" in called.slack.texts[-1]
    assert called.line.texts == []


async def test_staff_take_in_a_phone_call(called):
    counter = called
    ticket = await counter.ticket()
    assert ("山本", "090-0000-0000", True) == (ticket.contact.name, ticket.contact.phone, ticket.confirmed)
    assert ticket.visit is not None
    assert counter.line.texts == []
    await counter.press("ticket_take")
    await counter.operator("聞こえますか")
    assert counter.line.texts == []


async def test_what_is_not_known_may_stay_open(applied):
    await applied.customer("わかりません")
    if (await applied.ticket()).intake == "program":
        await applied.customer("わかりません")
    await tap(applied, "電話で決めたい")
    await tap(applied, "これでお願いします")

    ticket = await applied.ticket()
    assert ("わからない", None, True) == (ticket.computers, ticket.visit, ticket.confirmed)
    assert "お電話でご相談" in applied.line.texts[-1]


async def test_the_time_may_be_typed(applied):
    await fill_in(applied, "1台")
    if "Outlook" in offered(applied):
        await tap(applied, "Outlook")

    await applied.customer("4月3日（金） 13:00 でお願いします")

    visit = (await applied.ticket()).visit
    assert visit is not None
    assert "2026-04-03T13:00:00+09:00" == visit.start.isoformat()


async def test_the_form_can_be_begun_again(applied):
    await fill_in(applied, "1台")
    if "Outlook" in offered(applied):
        await tap(applied, "Outlook")
    await tap(applied, "4月3日（金） 10:00")

    await tap(applied, "はじめから直す")

    ticket = await applied.ticket()
    assert ("computers", "", None) == (ticket.intake, ticket.computers, ticket.visit)


async def test_a_time_that_somebody_was_quicker_to_book_is_offered_no_more(applied):
    await fill_in(applied, "1台")
    if "Outlook" in offered(applied):
        await tap(applied, "Outlook")
    option = offered(applied)["4月3日（金） 10:00"]
    other = replace(await applied.ticket(), id="other", visit=visit_of(option), version=0, desk=None)
    await applied.store.transact(lambda records: records.tickets.save(other))

    await applied.customer(Pressed(action=option.action, value=option.value, label=option.label))

    assert "埋まってしまいました" in applied.line.texts[-1]
    assert option.label not in offered(applied)


def visit_of(option):
    start = datetime.fromisoformat(option.value.partition(":")[2])
    return Visit(start=start, end=start + timedelta(hours=2))
