"""An utterance that is hardly more than what it tells: 「OCNです」, 「送信は25」, 「iPhoneでした」."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.dialogue import short_answers as short
from bot.core.dialogue.aspects import Aspect, asks_about
from bot.core.dialogue.bare import bare
from bot.core.dialogue.compare import reports_numbers
from bot.core.dialogue.essence import essence
from bot.core.dialogue.focus import focused
from bot.core.dialogue.hearing import clauses
from bot.core.dialogue.reading import (
    MOVING,
    NEEDING_STEPS,
    NO_MATTER,
    SMALL_TALK,
    SYMPTOMS,
    Reading,
    asks_for_the_screen,
    clear_request,
    one_way,
    uses,
)
from bot.core.dialogue.settings_card import IMAP_FIRST
from bot.core.dialogue.topic_questions import about_the_topic, going_on

if TYPE_CHECKING:
    from bot.core.conversations import Conversation
    from bot.core.library import Library
    from bot.core.slots import Slots
    from bot.core.understanding import Understanding


def told_more(
    understanding: Understanding, conversation: Conversation, library: Library, *, staff: bool
) -> Reading | None:
    """The utterance is hardly more than what it tells."""
    told = understanding.slots
    if short.says(short.Small.RELATES, understanding.text, library):
        return None
    if not told.told or (
        short.asks(understanding.text, library) and focused(understanding.text, conversation, library)
    ):
        return None
    if conversation.question:
        understanding = essence(understanding, conversation.question, library)
    if not bare(understanding.text, told, library):
        return None
    first = not conversation.topic and clear_request(understanding)
    if first and understanding.intent not in _ABOUT_VALUES:
        return None
    return _with_what_is_new(understanding, conversation, library, staff=staff)


def told_at_the_end(
    understanding: Understanding, conversation: Conversation, library: Library, *, staff: bool
) -> Reading | None:
    """「通帳を見たらOCNになってました」: no request that anyone knows, but it ends in the name of another provider."""
    text, told = understanding.text, understanding.slots
    if not told.provider or told.provider == conversation.slots.provider or not conversation.topic:
        return None
    idle = understanding.verdict == "unknown" or understanding.intent in {*SMALL_TALK, "port_settings"}
    if not idle or asks_about(text, Aspect.NUMBERS, library) or short.asks(text, library):
        return None
    last = clauses(text)[-1:]
    names_it = bool(last) and library.slot_finder.find(last[0]).provider == told.provider
    if not names_it or short.says(short.Small.OF_THE_CONTRACT, last[0], library):
        return None
    return _with_what_is_new(understanding, conversation, library, staff=staff)


"""What is said of a provider beside mail."""
_ABOUT_VALUES = frozenset({"port_settings", "pop_or_imap", "what_is_port", "provider_docs", "open_settings"})


def _with_what_is_new(
    understanding: Understanding, conversation: Conversation, library: Library, *, staff: bool
) -> Reading:
    """What the slot that is new leads to, the one that weighs most first."""
    told, text = understanding.slots, understanding.text
    if reading := _new_trouble(understanding, conversation, library):
        return reading
    if (told.direction or told.protocol) and (staff or not told.client):
        return Reading(act="follow_up", intent="port_settings")
    if told.client and not told.provider and asks_for_the_screen(understanding, library):
        return Reading(act="follow_up", intent="open_settings")
    numbers = staff or asks_about(text, Aspect.NUMBERS, library)
    if not numbers and (of_the_company := _of_the_company(told, conversation, library)):
        return of_the_company
    if told.provider or told.unknown_domain:
        wanted = "port_settings" if numbers else _needing_provider(conversation, library)
        return Reading(act="follow_up", intent=wanted)
    if asks_about(text, Aspect.WHICH, library) and conversation.topic in _OF_TWO:
        asked = about_the_topic(understanding, conversation, library)
        return asked or going_on(understanding, conversation, library)
    return _with_program(understanding, conversation, library)


_OF_TWO = frozenset({"port_settings", "pop_or_imap"})


def _new_trouble(
    understanding: Understanding, conversation: Conversation, library: Library
) -> Reading | None:
    """Numbers, a code, or a way that fails."""
    told, text, question = understanding.slots, understanding.text, conversation.question
    if reports_numbers(told):
        return Reading(act="follow_up", intent="port_settings")
    if told.error_code:
        return Reading(act="request", intent="error_code")
    still = short.still(text, library) and short.complains(text, library)
    if told.direction and conversation.topic and still:
        return Reading(act="request", intent="not_resolved")
    if understanding.intent in SYMPTOMS and short.fails(text, library):
        return Reading(act="request", intent=one_way(understanding.intent, told))
    if told.direction and question and question.slot == "provider" and question.intent in SYMPTOMS:
        return Reading(act="follow_up", intent=one_way(question.intent, told))
    return None


def _of_the_company(told: Slots, conversation: Conversation, library: Library) -> Reading | None:
    """Whose provider it is, after what the provider itself must be asked: papers that are lost, a box that is full."""
    provider = library.providers.get(told.provider or "")
    if provider and conversation.topic == "mailbox_full":
        return Reading(act="focus", intent="mailbox_full", focus="provider_page")
    if provider and conversation.topic == "provider_docs" and _lost_a_password(conversation, library):
        return Reading(act="focus", intent="provider_docs", focus="provider_page")
    if provider and conversation.topic == "provider_docs" and not provider.answer_with_values:
        return Reading(act="follow_up", intent="provider_docs")
    return None


def _lost_a_password(conversation: Conversation, library: Library) -> bool:
    """Whether it was a password that the customer could not find, and no papers."""
    said = [line.text for line in conversation.recent if line.who == "customer"][-_LINES_BACK:]
    papers = any(short.speaks_of_papers(line, library) for line in said)
    return not papers and any(short.says(short.Small.PASSWORD, line, library) for line in said)


_LINES_BACK = 3


def _with_program(understanding: Understanding, conversation: Conversation, library: Library) -> Reading:
    """The mail program is what is new."""
    told, topic = understanding.slots, conversation.topic
    if told.client == "livemail" and "ssl_warning" in conversation.served[-2:]:
        return Reading(act="follow_up", intent="ssl_warning")
    if topic in MOVING and asks_about(understanding.text, Aspect.MEANING, library):
        return Reading(act="focus", intent="livemail_eol", focus=Aspect.ALTERNATIVES.value)
    if topic == "migration":
        return Reading(act="follow_up", intent="migration")
    if told.client == "livemail" and topic and topic not in NEEDING_STEPS:
        return Reading(act="request", intent="livemail_eol")
    if topic == "port_settings" and told.client in IMAP_FIRST:
        return Reading(act="follow_up", intent="port_settings", also=("open_settings",))
    if topic and uses(topic, "client", library):
        return Reading(act="follow_up", intent=topic)
    if clear_request(understanding) and understanding.intent not in MOVING:
        return Reading(act="request", intent=understanding.intent)
    return Reading(act="request", intent="open_settings")


def _needing_provider(conversation: Conversation, library: Library) -> str:
    """What was talked about last that depends on the provider."""
    code = conversation.slots.error_code
    if conversation.topic == "error_code" and code and code not in library.error_codes:
        return "port_settings"
    recent = (conversation.topic, *reversed(conversation.served[-4:]))
    return next(
        (i for i in recent if i not in {*NO_MATTER, "provider_docs"} and uses(i, "provider", library)),
        "port_settings",
    )
