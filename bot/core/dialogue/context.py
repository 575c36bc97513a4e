"""How an utterance is read in its scene: as an answer, a follow-up, a correction, or a request of its own.

`understand` looks at one text alone; here the open question and the topic give 「はい」, 「OCNです」, 「送信のほうは？」 and
「じゃあお願いします」 their meaning.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.dialogue import short_answers as short
from bot.core.dialogue.asked_contact import as_details
from bot.core.dialogue.compare import way_of_host
from bot.core.dialogue.contact import find_contact
from bot.core.dialogue.corrections import forgetting
from bot.core.dialogue.follow_ups import as_follow_up
from bot.core.dialogue.open_question import as_answer
from bot.core.dialogue.reading import (
    ENDED,
    SHORT_LINE,
    SYMPTOMS,
    Reading,
    names_its_subject,
    one_way,
    uses,
    weighed,
)
from bot.core.dialogue.request import as_request
from bot.core.dialogue.scene_slots import LINE_ONLY, in_its_scene
from bot.core.slots import Port, Slots

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.conversations import Conversation
    from bot.core.library import Library
    from bot.core.understanding import Understanding


def read(
    understanding: Understanding, conversation: Conversation, library: Library, *, staff: bool
) -> Reading:
    """What the utterance does in this conversation."""
    understanding = weighed(understanding, conversation.topic, library)
    understanding = in_its_scene(understanding, conversation, library)
    told = understanding.slots
    reading = (
        as_details(understanding, conversation, library)
        or _names_a_line(understanding, conversation, library)
        or as_answer(understanding, conversation, library)
        or as_follow_up(understanding, conversation, library, staff=staff)
        or as_request(understanding, conversation, library, staff=staff)
    )
    reading = _without_the_temporary(reading, conversation)
    slip = understanding.corrects or short.corrects(understanding.text, library)
    corrects = reading.corrects or (bool(told.provider) and slip)
    known = forgetting(conversation.slots, understanding.denied)
    if short.says_both_ways(understanding.text, library):
        known = replace(known, direction=None)
    slots = remembered(known, told, reading, corrects=corrects, staff=staff)
    if conversation.slots.ports and not told.ports:
        ssl = short.tells_ssl(understanding.text, library)
        if ssl is not None:
            slots = _with_ssl(slots, ssl)
            told = replace(told, ports=slots.ports)
    reading = _about_its_code(reading, told, understanding.text, library)
    requests = reading.act == "request"
    return replace(
        reading,
        also=(*_besides(reading.intent, told), *reading.also) if requests else reading.also,
        told=told,
        slots=slots,
        contact=find_contact(understanding.text)
        if requests and reading.intent == "handoff"
        else reading.contact,
        corrects=corrects,
        for_a_customer=staff and short.speaks_for_a_customer(understanding.text, library),
        angry=short.is_angry(understanding.text, library),
    )


def _about_its_code(reading: Reading, told: Slots, text: str, library: Library) -> Reading:
    """「メールが使えません。エラーは10060」: a known code tells more than what fails, and comes first."""
    if reading.act != "request" or told.error_code not in library.error_codes:
        return reading
    still = reading.intent == "not_resolved" and names_its_subject(reading.intent, text, library)
    if still or reading.intent not in {*SYMPTOMS, "not_resolved"}:
        return reading
    return replace(reading, intent="error_code")


def _without_the_temporary(reading: Reading, conversation: Conversation) -> Reading:
    """How long the temporary values may stay is no question in a program that has ended: there they are never given."""
    asked = reading.intent == "revert_settings" and reading.act == "focus"
    if not asked or conversation.slots.client not in ENDED:
        return reading
    return replace(reading, act="request", intent="livemail_eol", focus="")


def _names_a_line(
    understanding: Understanding, conversation: Conversation, library: Library
) -> Reading | None:
    """「ドコモ光です」: the line, which does not tell whose the mail is."""
    text, question = understanding.text, conversation.question
    if understanding.slots.told or not LINE_ONLY.search(text) or len(text) > SHORT_LINE:
        return None
    asked = question is not None and question.slot == "provider"
    about = question.intent if question and asked else conversation.topic
    return Reading(act="line_only", intent=about) if asked or uses(about, "provider", library) else None


def _besides(intent: str, told: Slots) -> tuple[str, ...]:
    """What the slots ask for beside the words: a code told with what fails, numbers for the screen or an ended program."""
    if intent in {*SYMPTOMS, "mailbox_full"} and told.error_code:
        return ("error_code",)
    if intent == "open_settings" and told.provider:
        return ("port_settings",)
    if intent == "livemail_eol" and told.provider and told.direction:
        return (one_way("mail_stopped", told),)
    return ()


def remembered(known: Slots, told: Slots, reading: Reading, *, corrects: bool, staff: bool) -> Slots:
    """The slots of the talk after this utterance.

    Another provider makes the numbers reported for the first one meaningless, unless it corrects a slip; for staff, who
    jump from case to case, it makes everything so. What fails or is asked for belongs to one request only.
    """
    base = replace(known, direction=None) if told.protocol and known.direction else known
    if told.provider and known.provider and told.provider != known.provider:
        if staff:
            kept = reading.act == "follow_up" and not told.protocol
            base = Slots(direction=known.direction if kept else None)
        elif not corrects:
            base = replace(base, ports=(), hosts=(), username=None)
    if (told.provider or told.unknown_domain) and (base.provider or base.unknown_domain):
        base = replace(base, unknown_domain=None, provider=None)
    if reading.act == "request" and (base.direction or base.error_code):
        base = replace(base, direction=None, error_code=None)
    if not told.told:
        return base
    if not (told.ports or told.hosts):
        return base.merged(told)
    ports, hosts = _ports_by_role(base.ports, told.ports), _hosts_by_way(base.hosts, told.hosts)
    return base.merged(replace(told, ports=ports, hosts=hosts))


def _with_ssl(slots: Slots, ssl: bool) -> Slots:  # noqa: FBT001 - a value of a port, not a switch
    """「SSLなしです」 after the numbers: said of those whose encryption is not known yet."""
    return replace(slots, ports=tuple(replace(p, ssl=ssl) if p.ssl is None else p for p in slots.ports))


def _ports_by_role(known: Sequence[Port], told: Sequence[Port]) -> tuple[Port, ...]:
    by_role = {port.role: port for port in known}
    for port in told:
        earlier = by_role.get(port.role)
        same = earlier is not None and earlier.port == port.port and port.ssl is None
        by_role[port.role] = earlier if earlier and same else port
    return tuple(by_role.values())


def _hosts_by_way(known: Sequence[str], told: Sequence[str]) -> tuple[str, ...]:
    """One server for each way, the one named last: they come one after the other, or in one message."""
    return tuple({way_of_host(host): host for host in (*known, *told)}.values())
