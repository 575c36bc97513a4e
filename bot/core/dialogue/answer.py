"""answer(decision, …) -> Reply: the words, cards and buttons for what was decided."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from bot.core.dialogue.compare import comparison
from bot.core.dialogue.decisions import Answer, AskSlot, Confirm, HandOff, Miss, Offer, Remark
from bot.core.dialogue.settings_card import official_page, settings
from bot.core.messages import Choice, Choices, Reply, Row, Section, SettingsCard, Steps, Text
from bot.core.slots import Role
from bot.core.wording import Wording, known, said

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.core.conversations import Question
    from bot.core.dialogue.decisions import Decision, Serving
    from bot.core.dialogue.reading import Reading
    from bot.core.intents import Block
    from bot.core.library import Library
    from bot.core.messages import Part
    from bot.core.slots import Slots

MOST_CHOICES = 13
"""As many buttons as LINE shows under one message."""

_ASKING = {
    "provider": Wording.ASK_PROVIDER,
    "client": Wording.ASK_CLIENT,
    "protocol": Wording.ASK_PROTOCOL,
    "direction": Wording.ASK_DIRECTION,
    "error_code": Wording.ASK_ERROR_CODE,
}


def answer(decision: Decision, reading: Reading, library: Library, *, staff: bool) -> Reply:
    """The reply for *decision*. What a hand-off says depends on the desk too: see `handoff`."""
    slots = reading.slots
    match decision:
        case Answer():
            parts = [*_preface(decision, reading, library, staff=staff)]
            for serving in decision.servings:
                parts += _serving(serving, slots, library, question=decision.question)
            if decision.question:
                parts += _question(decision.question, slots, library, repeats=decision.repeats, staff=staff)
        case AskSlot():
            how = Text(text=said(library, decision.how, **known(slots, library)))
            parts = [how, Choices(prompt="", options=library.buttons_of(decision.question.slot))]
        case Confirm():
            parts = [_which(decision.candidates, library)]
        case Offer():
            parts = [_text(decision.how, slots, library), buttons("offer_handoff", library)]
        case Remark():
            parts = [_text(decision.how, slots, library)]
        case Miss():
            parts = [*_miss(decision, slots, library, staff=staff)]
        case HandOff():
            parts = [_text(decision.how, slots, library)] if decision.how else []
            parts.append(buttons(decision.asks, library))
        case _:
            assert_never(decision)
    return tidied(parts)


def question_again(
    question: Question | None, slots: Slots, library: Library, *, staff: bool
) -> tuple[Choices | Text, ...]:
    """The open question in its own words, after something small came between; nothing for an offer."""
    if not question:
        return ()
    if question.slot in _CONTACT_ASKING:
        return (_text(_CONTACT_ASKING[question.slot], slots, library),)
    return _question(question, slots, library, repeats=True, staff=staff)


_CONTACT_ASKING = {
    "contact": Wording.ASK_CONTACT_AGAIN,
    "name": Wording.ASK_NAME,
    "phone": Wording.ASK_PHONE,
    "time": Wording.ASK_TIME,
}


def buttons(group: str, library: Library) -> Choices:
    """The buttons of a group, without words of their own."""
    return Choices(prompt="", options=library.buttons_of(group))


def tidied(parts: Iterable[Part]) -> Reply:
    """Neighbouring texts joined, and all buttons in one place at the end, where the channels show them."""
    return Reply(parts=_tidy(parts))


def _preface(decision: Answer, reading: Reading, library: Library, *, staff: bool) -> Iterable[Part]:
    """A word that shows the customer was heard."""
    if staff:
        return
    if reading.angry:
        yield _text(Wording.SORRY_FIRST, reading.slots, library)
    if reading.corrects and reading.told.provider and reading.act == "follow_up":
        yield _text(Wording.NOTED_CORRECTION, reading.slots, library)
    elif reading.act == "answer" and reading.told.provider and decision.servings:
        yield _text(Wording.NOTED_PROVIDER, reading.slots, library)


def _serving(serving: Serving, slots: Slots, library: Library, *, question: Question | None) -> list[Part]:
    """The serving's blocks; its buttons only when no question brings its own."""
    asks = question is not None and question.slot != "offer"
    blocks = [block for block in serving.blocks if not (asks and block.kind == "choices")]
    parts = [part for block in blocks for part in _block(block, serving.intent, slots, library)]
    if question is None or question.intent != "handoff":
        return parts
    return [
        _without(library.buttons["person"], part) if isinstance(part, Choices) else part for part in parts
    ]


def _without(unwanted: Choice, choices: Choices) -> Choices:
    """*choices* but for the button that asks for what is offered beside it."""
    return replace(choices, options=tuple(choice for choice in choices.options if choice != unwanted))


def _block(block: Block, intent_id: str, slots: Slots, library: Library) -> tuple[Part, ...]:
    match block.kind:
        case "text":
            texts = library.intents[intent_id].texts
            text = texts.get(f"{block.argument}_{slots.client}", texts[block.argument])
            return (Text(text=text.format_map(known(slots, library)).strip()),)
        case "settings" | "compare" | "provider_page":
            return _of_the_provider(block, slots, library)
        case "temporary_measure":
            return _temporary_measure(slots, library)
        case "steps":
            return _steps(block.argument, slots, library)
        case "client_dates":
            return _dates(block.argument, slots, library)
        case "error_code":
            return (_error_code(slots, library),)
        case "price":
            return (_prices(slots, library),)
        case "offer_migration" | "offer_handoff":
            return (_text(_OFFERS[block.kind], slots, library), buttons(block.kind, library))
        case "choices":
            options = tuple(_named_choice(name.strip(), library) for name in block.argument.split(","))
            return (Choices(prompt="", options=options),)
    assert_never(block.kind)


_OFFERS = {"offer_migration": Wording.OFFER_MIGRATION, "offer_handoff": Wording.OFFER_HANDOFF}


def _of_the_provider(block: Block, slots: Slots, library: Library) -> tuple[Part, ...]:
    provider = library.providers.get(slots.provider or "")
    if not provider:
        return (_text(Wording.UNKNOWN_PROVIDER, slots, library),)
    if block.kind == "compare":
        return comparison(provider, slots, library)
    if block.kind == "provider_page":
        return official_page(provider, slots, library)
    return settings(provider, slots, _role(block.argument, slots), library)


def _named_choice(name: str, library: Library) -> Choice:
    """A button, or an intent as one."""
    return library.buttons.get(name) or Choice(label=library.intents[name].title)


def _role(argument: str, slots: Slots) -> Role | None:
    """The direction a card is for: the block's own, else what was asked for."""
    if argument in {Role.INCOMING, Role.OUTGOING}:
        return Role(argument)
    if slots.direction:
        return slots.direction
    return Role.OUTGOING if slots.protocol == "smtp" else None


def _steps(argument: str, slots: Slots, library: Library) -> tuple[Part, ...]:
    client = library.clients.get(slots.client or "")
    if not client:
        return (_text(Wording.STEPS_UNKNOWN_CLIENT, slots, library),)
    outgoing = argument == Role.OUTGOING or slots.direction is Role.OUTGOING
    lines = client.outgoing_steps if outgoing and client.outgoing_steps else client.steps
    steps = Steps(title=said(library, Wording.STEPS_TITLE, **known(slots, library)), lines=lines)
    return (steps, Text(text=client.caution)) if client.caution else (steps,)


def _error_code(slots: Slots, library: Library) -> Part:
    code = library.error_codes.get(slots.error_code or "")
    facts = known(slots, library)
    if not code:
        return Text(text=said(library, Wording.ERROR_UNKNOWN, **facts))
    lines = [said(library, Wording.ERROR_TITLE, **facts, meaning=code.meaning)]
    if code.temporary:
        lines.append(said(library, Wording.ERROR_TEMPORARY, **facts))
    if code.causes:
        lines.append(
            said(
                library,
                Wording.ERROR_CAUSES,
                **facts,
                causes="\n".join(f"・{cause}" for cause in code.causes),
            )
        )
    if code.first_check:
        lines.append(said(library, Wording.ERROR_FIRST, **facts, check=code.first_check))
    return Text(text="\n\n".join(lines))


def _temporary_measure(slots: Slots, library: Library) -> tuple[Part, ...]:
    """The temporary values, only where the provider's record allows them, and never for Live Mail."""
    provider = library.providers.get(slots.provider or "")
    measure = provider.temporary_measure if provider else None
    if slots.client == "livemail":
        return (_text(Wording.TEMPORARY_LIVEMAIL, slots, library),)
    if not provider or not measure or not measure.enabled or provider.ended:
        return (_text(Wording.TEMPORARY_NONE, slots, library),)
    facts = known(slots, library)
    rows = (
        (Wording.COMPARE_INCOMING, measure.incoming_port, measure.incoming_ssl),
        (Wording.COMPARE_OUTGOING, measure.outgoing_port, measure.outgoing_ssl),
    )
    card = SettingsCard(
        title=said(library, Wording.TEMPORARY_TITLE, **facts),
        sections=tuple(
            Section(
                heading=said(library, heading),
                rows=(
                    Row(label=said(library, Wording.ROW_PORT), value=str(port)),
                    Row(
                        label=said(library, Wording.ROW_SECURITY),
                        value=said(library, Wording.SECURITY_SSL if ssl else Wording.SECURITY_NONE),
                    ),
                ),
            )
            for heading, port, ssl in rows
        ),
        notes=(
            *measure.remarks,
            said(library, Wording.TEMPORARY_RISK, **facts),
            said(library, Wording.TEMPORARY_BACK, **facts),
        ),
    )
    taken = replace(library.buttons["temporary_taken"], value=provider.id)
    return (_text(Wording.TEMPORARY_INTRO, slots, library), card, Choices(prompt="", options=(taken,)))


def _dates(argument: str, slots: Slots, library: Library) -> tuple[Part, ...]:
    if date := library.lifecycle.get(argument):
        return (Text(text=date.text),)
    client = library.clients.get(slots.client or "")
    if not client or not client.ended:
        return ()
    return tuple(Text(text=date.text) for date in library.lifecycle.values() if date.date == client.ended)[:1]


def _prices(slots: Slots, library: Library) -> Part:
    facts = known(slots, library)
    if not library.shop.prices:
        return Text(text=said(library, Wording.PRICE_UNSET, **facts))
    lines = "\n".join(f"・{item}：{price}" for item, price in library.shop.prices.items())
    return Text(text=said(library, Wording.PRICE_TITLE, **facts, prices=lines))


def _question(
    question: Question, slots: Slots, library: Library, *, repeats: bool, staff: bool
) -> tuple[Choices | Text, ...]:
    if question.slot not in _ASKING:
        return ()
    wording = _ASKING[question.slot]
    if staff:
        return (_text(_TERSE.get(question.slot, wording), slots, library),)
    prompt = said(library, wording, **known(slots, library))
    if repeats:
        prompt = said(library, Wording.STILL_ASKING, question=prompt)
    return (Choices(prompt=prompt, options=library.buttons_of(question.slot)),)


_TERSE = {
    "provider": Wording.ASK_PROVIDER_TERSE,
    "client": Wording.ASK_CLIENT_TERSE,
    "error_code": Wording.ASK_ERROR_CODE_TERSE,
}


def _which(candidates: Sequence[str], library: Library) -> Part:
    options = tuple(Choice(label=library.intents[intent_id].title) for intent_id in candidates)
    return Choices(
        prompt=said(library, Wording.ASK_WHICH), options=(*options, library.buttons["none_of_these"])
    )


def _miss(decision: Miss, slots: Slots, library: Library, *, staff: bool) -> tuple[Part, ...]:
    if staff:
        return (_text(Wording.MISS_TERSE, slots, library),)
    if decision.about:
        facts = known(slots, library) | {"topic": library.intents[decision.about].title}
        unclear = Text(text=said(library, Wording.UNCLEAR, **facts))
        again = (
            _question(decision.question, slots, library, repeats=True, staff=staff)
            if decision.question
            else ()
        )
        return (unclear, *again) if again else (unclear, buttons("unclear", library))
    miss = _text(Wording.MISS, slots, library)
    if decision.question:
        return (miss, *_question(decision.question, slots, library, repeats=True, staff=staff))
    return (miss, buttons("start", library))


def _text(wording: Wording | None, slots: Slots, library: Library) -> Text:
    assert wording is not None
    return Text(text=said(library, wording, **known(slots, library)))


def _tidy(parts: Iterable[Part]) -> tuple[Part, ...]:
    tidy: list[Part] = []
    options: dict[str, Choice] = {}
    prompts: list[str] = []
    for part in parts:
        match part:
            case Choices():
                prompts += [part.prompt] if part.prompt else []
                options |= {choice.label: choice for choice in part.options}
            case Text() if (
                tidy and isinstance(tidy[-1], Text) and len(tidy[-1].text) + len(part.text) < _BUBBLE
            ):
                tidy[-1] = Text(text=f"{tidy[-1].text}\n\n{part.text}")
            case Text() if not part.text:
                continue
            case _:
                tidy.append(part)
    if options or prompts:
        tidy.append(Choices(prompt="\n".join(prompts), options=tuple(options.values())[:MOST_CHOICES]))
    return tuple(tidy)


_BUBBLE = 350
