"""How an utterance is read in its scene: as an answer, a follow-up, a correction, or a request of its own.

`understand` looks at one text alone; here the open question and the topic give 「はい」, 「OCNです」, 「送信のほうは？」 and
「じゃあお願いします」 their meaning.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.conversations import Mode
from bot.core.dialogue import short_answers as short
from bot.core.dialogue.aspects import Aspect, asks_about, is_small_talk, names_no_thing
from bot.core.dialogue.bare import bare, names
from bot.core.dialogue.compare import way_of_host
from bot.core.dialogue.contact import find_contact
from bot.core.dialogue.corrections import forgetting
from bot.core.dialogue.focus import focused
from bot.core.dialogue.follow_ups import as_follow_up
from bot.core.dialogue.hearing import clauses
from bot.core.dialogue.open_question import as_answer, as_details
from bot.core.dialogue.reading import (
    ABOUT_UPDATES,
    ENDED,
    ONE_WAY,
    SMALL_TALK,
    SYMPTOMS,
    Reading,
    clear_request,
    close_second,
    names_its_subject,
    one_way,
    uses,
    weighed,
)
from bot.core.slots import Port, Role, Slots
from bot.core.spelling import one_spelling
from bot.core.understand import understand
from bot.core.understanding import OUT_OF_SCOPE

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
    understanding = _in_its_scene(understanding, conversation, library)
    told = understanding.slots
    reading = (
        as_details(understanding, conversation)
        or _names_a_line(understanding, conversation, library)
        or as_answer(understanding, conversation, library)
        or as_follow_up(understanding, conversation, library, staff=staff)
        or _as_request(understanding, conversation, library, staff=staff)
    )
    reading = _without_the_temporary(reading, conversation)
    slip = understanding.corrects or short.corrects(understanding.text, library)
    corrects = reading.corrects or (bool(told.provider) and slip)
    known = forgetting(conversation.slots, understanding.denied)
    slots = remembered(known, told, reading, corrects=corrects, staff=staff)
    ssl = short.tells_ssl(understanding.text, library)
    if ssl is not None and not told.ports and conversation.slots.ports:
        slots = _with_ssl(slots, ssl)
        told = replace(told, ports=slots.ports)
    reading = _about_its_code(reading, told, library)
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


def _about_its_code(reading: Reading, told: Slots, library: Library) -> Reading:
    """「メールが使えません。エラーは10060」: a known code tells more than what fails, and comes first."""
    if (
        reading.act != "request"
        or reading.intent not in SYMPTOMS
        or told.error_code not in library.error_codes
    ):
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
    if understanding.slots.told or not _LINE_ONLY.search(text) or len(text) > _SHORT_LINE:
        return None
    asked = question is not None and question.slot == "provider"
    about = question.intent if question and asked else conversation.topic
    return Reading(act="line_only", intent=about) if asked or uses(about, "provider", library) else None


def _in_its_scene(
    understanding: Understanding, conversation: Conversation, library: Library
) -> Understanding:
    """*understanding* with the slots that only the scene tells, and without those that the scene rules out."""
    text = understanding.text
    told = _without_line(text, understanding.slots, library)
    told = _with_mail_provider(text, told, library)
    told = _with_bare_domain(text, told, conversation)
    told = _with_named_client(text, told, conversation, library)
    told = _with_bare_ports(text, told, conversation)
    told = _with_misread_port(text, told, conversation, library)
    told = _without_misspelt_host(told, conversation)
    told = _without_comparison(text, told, conversation)
    told = _with_ones_own_provider(text, told, conversation, library)
    told = _without_alternatives(text, told, library)
    told = _with_bare_code(text, told, conversation, library)
    told = _with_named_direction(text, told, conversation, library)
    told = _with_failing_direction(understanding, told)
    return understanding if told is understanding.slots else replace(understanding, slots=told)


def _besides(intent: str, told: Slots) -> tuple[str, ...]:
    """What the slots ask for beside the words: numbers for the screen, and for what fails in a program that has ended."""
    if intent in SYMPTOMS and told.error_code:
        return ("error_code",)
    if intent == "open_settings" and told.provider:
        return ("port_settings",)
    if intent == "livemail_eol" and told.provider and told.direction:
        return (one_way("mail_stopped", told),)
    return ()


def _with_bare_domain(text: str, told: Slots, conversation: Conversation) -> Slots:
    """「tcat.ne.jp です」: what stands after the ＠, as it is asked for, though no record knows it."""
    question = conversation.question
    asked = question is not None and question.slot == "provider"
    if told.provider or told.unknown_domain or told.hosts or not (asked or _OF_AN_ADDRESS.search(text)):
        return told
    found = _DOMAIN.search(one_spelling(text))
    return replace(told, unknown_domain=found[0]) if found else told


_OF_AN_ADDRESS = re.compile(r"アドレス|あどれす|後ろ|うしろ|メアド|[@＠]")
_DOMAIN = re.compile(r"(?<![\w@.:/-])(?:[a-z0-9-]+\.)+(?:jp|com|net|org|info|biz)(?![\w.])")


def _with_named_client(text: str, told: Slots, conversation: Conversation, library: Library) -> Slots:
    """A bare 「iPhone」 names the mail program when that was asked for, or when it is all that is said."""
    if told.client:
        return told
    found = _named_client(text, conversation, library)
    return replace(told, client=found) if found else told


def _named_client(text: str, conversation: Conversation, library: Library) -> str:
    words, question = one_spelling(text), conversation.question
    asked = question is not None and question.slot == "client"
    if not asked and len(words) > _SHORT_NAME:
        named = (
            c for clause in clauses(words) if len(c := clause.strip()) <= _SHORT_NAME and _NAMED.search(c)
        )
        if piece := next(named, ""):
            return _client_in(piece, library)
        if len(words) > _SHORT_LINE or not _NAMED.search(words):
            return ""
        found = _client_in(words, library)
        return found if found and bare(text, Slots(client=found), library) else ""
    return _client_in(words, library)


def _client_in(words: str, library: Library) -> str:
    """The program with the longest name that stands in *words*."""
    names = (name for name in library.client_names if name in words and len(name) >= _NAME_LENGTH)
    return next((library.client_names[name] for name in names if _stands_free(name, words)), "")


def _stands_free(name: str, words: str) -> bool:
    """Whether *name*, which is in *words*, is a word of its own if in Latin letters: there is no Mac in sannomachi.jp."""
    return not name.isascii() or re.search(rf"(?<![a-z]){re.escape(name)}(?![a-z])", words) is not None


def _with_bare_ports(text: str, told: Slots, conversation: Conversation) -> Slots:
    """「見たら25でした」, 「110と25」: while settings are talked about, a bare number that is a mail port is one."""
    goes_on = conversation.topic in _ABOUT_NUMBERS or bool(told.ports)
    if told.error_code or not goes_on:
        return told
    found = {int(number) for number in _MAIL_PORT.findall(one_spelling(text))}
    known = {port.port for port in told.ports}
    ways = {port.role for port in told.ports}
    ports = tuple(
        Port(role=role, port=number)
        for role, numbers in ((Role.INCOMING, _INCOMING_PORTS), (Role.OUTGOING, _OUTGOING_PORTS))
        for number in numbers
        if number in found - known and role not in ways
    )
    return replace(told, ports=(*told.ports, *ports)) if ports else told


def _with_misread_port(text: str, told: Slots, conversation: Conversation, library: Library) -> Slots:
    """「送信は462かな」: said of one way, a number that is no mail port is one that is wrong."""
    if told.ports or told.error_code or not told.direction or conversation.topic not in _ABOUT_NUMBERS:
        return told
    found = [
        number for number in _ODD_NUMBER.findall(one_spelling(text)) if number not in library.error_codes
    ]
    if len(found) != 1:
        return told
    return replace(told, ports=(Port(role=told.direction, port=int(found[0])),))


def _without_line(text: str, told: Slots, library: Library) -> Slots:
    """「ドコモ光です」: over that line comes the mail of many providers, and none is its own."""
    if not told.provider or not _LINE_ONLY.search(text):
        return told
    return replace(told, provider=library.slot_finder.find(_LINE_ONLY.sub(" ", text)).provider)


_LINE_ONLY = re.compile(r"(?:ドコモ|どこも|docomo)\s?(?:光|ひかり|ヒカリ)", re.IGNORECASE)


def _with_mail_provider(text: str, told: Slots, library: Library) -> Slots:
    """「回線はOCNですが、メールはGmailです」: of two providers the one that is said to be that of the mail."""
    words = one_spelling(text)
    if not told.provider or not _OF_THE_MAIL.search(words) or not _LINE_AND_MAIL.search(words):
        return told
    pieces = _BETWEEN_PROVIDERS.split(text)
    of_the_mail = next((piece for piece in pieces if _OF_THE_MAIL.search(one_spelling(piece))), "")
    named = library.slot_finder.find(of_the_mail).provider if of_the_mail else None
    return replace(told, provider=named) if named else told


_OF_THE_MAIL = re.compile(r"(めーる|あどれす)(の)?(あどれす|ほう|方|さーばー?|会社|契約)?(は|が|だけ|のみ)")
_LINE_AND_MAIL = re.compile(
    rf"(光|ひかり|回線|ねっと)(に|へ)(変え|かえ|乗り?換え|乗り?替え|し).*{_OF_THE_MAIL.pattern}"
    rf"|(回線|ねっと|光|ひかり|契約|ぷろばいだー?|いんたーねっと|もと|元)(の?(ほう|方|会社|契約))?(は|が|だけ).*{_OF_THE_MAIL.pattern}"
    rf"|{_OF_THE_MAIL.pattern}.*(回線|ねっと|光|ひかり|ぷろばいだー?|いんたーねっと)(の?(ほう|方|会社|契約))?(は|が)"
    rf"|(は|が)(回線|光|ねっと).*{_OF_THE_MAIL.pattern}"
)
_BETWEEN_PROVIDERS = re.compile(
    r"(?<=[。、,!?！？\n])|(?<=けど)|(?<=だが)|(?<=ですが)|(?<=で)(?=メール|めーる|アドレス)|\s+"
)


def _without_misspelt_host(told: Slots, conversation: Conversation) -> Slots:
    """A server's name that nobody knows is a slip where the provider is known: it tells of no other provider."""
    domain = told.unknown_domain
    known = told.provider or conversation.slots.provider
    if domain is None or not known or not any(host.lower().endswith(f".{domain}") for host in told.hosts):
        return told
    return replace(told, unknown_domain=None)


def _without_comparison(text: str, told: Slots, conversation: Conversation) -> Slots:
    """「OCNと同じ番号じゃだめですか」 asked of another provider: OCN is only what it is likened to."""
    known = conversation.slots.provider
    if not told.provider or known in {None, told.provider} or not _LIKENED.search(one_spelling(text)):
        return told
    return replace(told, provider=None)


def _with_ones_own_provider(text: str, told: Slots, conversation: Conversation, library: Library) -> Slots:
    """「ヤフーは娘の。わしのはOCNや」 tells OCN; 「ワイファイはソフトバンク」 tells nothing of the mail that was spoken of."""
    known = conversation.slots.provider
    if not known:
        return told
    if not told.provider:
        return replace(told, provider=_spoken_of_first(text, conversation, library))
    if told.provider != known and _OF_THE_LINE.search(one_spelling(text)):
        return replace(told, provider=None)
    *before, last = clauses(text) or ("",)
    if not before:
        return told
    found = library.slot_finder.find(last)
    other = found.provider not in {None, told.provider}
    said_of_it = other and bare(last, Slots(provider=found.provider), library)
    return replace(told, provider=found.provider) if said_of_it else told


def _spoken_of_first(text: str, conversation: Conversation, library: Library) -> str | None:
    """The speaker's own provider, when the talk comes back from another's: the first that was told."""
    if not short.speaks_of_ones_own(text, library):
        return None
    lines = (line.text for line in conversation.recent if line.who == "customer")
    first = next((found for line in lines if (found := library.slot_finder.find(line).provider)), None)
    return None if first == conversation.slots.provider else first


_OF_THE_LINE = re.compile(
    r"(わいふぁい|wi-?fi|回線|いんたーねっと|ねっと|光|すまほ|携帯|電話)(の(会社|契約|ほう|方))?(は|が)(?!.*(めーる|あどれす)(は|が))"
)
_LIKENED = re.compile(r"と(同じ|一緒|いっしょ|違)")


def _without_alternatives(text: str, told: Slots, library: Library) -> Slots:
    """「995と993、どっちが正しいの」: two numbers for one way are what is asked about, not what is set."""
    roles = [port.role for port in told.ports]
    if len(roles) == len(set(roles)) or not asks_about(text, Aspect.WHICH, library):
        return told
    return replace(told, ports=())


def _with_bare_code(text: str, told: Slots, conversation: Conversation, library: Library) -> Slots:
    """「じゃ535は」, 「0Dだった」: while errors are talked about, a known code however short."""
    words = one_spelling(text)
    reply = _SMTP_REPLY.search(words)
    asked = conversation.question is not None and conversation.question.slot == "error_code"
    about_codes = asked or conversation.topic in _ABOUT_CODES or _IT_SAYS.search(words)
    in_question = short.fails(words, library) or about_codes
    if reply and not told.error_code and in_question and reply[0] in library.error_codes:
        return replace(told, error_code=reply[0])
    found = _BARE_CODE.fullmatch(words)
    if not found or told.error_code or told.ports or conversation.topic not in _ABOUT_CODES:
        return told
    code = found["code"].upper()
    known = conversation.slots.error_code or ""
    likely = (code, f"0x{code}", known[: len(known) - len(code)] + code if known.startswith("0x") else "")
    named = next((one for one in likely if one in library.error_codes), None)
    return replace(told, error_code=named) if named else told


_IT_SAYS = re.compile(r"(って|と)(出|で|ある|あり|書|かい|表示)")
_SMTP_REPLY = re.compile(r"(?<![\d.:-])[45]\d\d(?![\d.:年円通件人個台回%-]|mb|gb|kb)")
_BARE_CODE = re.compile(
    r"(?:じゃあ?|では|次は?|今度は)? ?(?P<code>[0-9a-f]{2,5})(?:番|えらー)?(?:は|って|だと|だった|でした|です|も|なら)*(?:どう|何|なに)?[?かの]*"
)
_ABOUT_CODES = frozenset({"error_code", "auth_failed"})


def _with_named_direction(text: str, told: Slots, conversation: Conversation, library: Library) -> Slots:
    """「受信でした」, 「送るほうはどない」: the only way of the two that a short line names."""
    words = one_spelling(text)
    if told.direction or told.ports or not conversation.topic:
        return told
    if left := _way_that_is_left(words, library):
        return replace(told, direction=left)
    if len(words) > _SHORT_LINE:
        return told
    ways = _ways_named(words)
    if len(ways) != 1:
        return told
    named = replace(told, direction=ways.pop())
    asked = focused(text, conversation, library)
    of_settings = asked is not None and asked.intent == "port_settings"
    return named if of_settings or bare(text, named, library) else told


def _way_that_is_left(words: str, library: Library) -> Role | None:
    """「送信は直ったけど受信がまだだめ」: of both ways named, the one that alone fails."""
    pieces = [piece for piece in _BUT.split(words) if _ways_named(piece)]
    failing = [piece for piece in pieces if short.complains(piece, library) or short.fails(piece, library)]
    if len(_ways_named(words)) == 1 or len(failing) != 1 or len(pieces) == 1:
        return None
    ways = _ways_named(failing[0])
    return ways.pop() if len(ways) == 1 else None


_BUT = re.compile(r"(?<=けど)|(?<=のに)|(?<=[たすん]が)|(?<=[。、,!?])|\s")


def _ways_named(words: str) -> set[Role]:
    return {role for role, named in _DIRECTIONS.items() if named.search(words)}


def _with_failing_direction(understanding: Understanding, told: Slots) -> Slots:
    """The way that fails, where the words as a whole speak for the other one: 「送ることができません。受け取るのはできています」."""
    if told.direction is None or understanding.verdict == "unknown" or understanding.intent not in SYMPTOMS:
        return told
    scores = {match.intent: match.score for match in understanding.matches}
    against = Role.OUTGOING if told.direction is Role.INCOMING else Role.INCOMING
    likely, told_of = (scores.get(ONE_WAY[role], 0.0) for role in (against, told.direction))
    return replace(told, direction=against) if likely >= _LIKELY and likely > told_of else told


_LIKELY = 0.3
_DIRECTIONS = {
    Role.INCOMING: re.compile(
        r"受信|(受け|うけ)(取|と)(る|り)(ほう|方|の)|(来|(?<!お)く)る(ほう|方|の)|(届|とど)く(ほう|方|の)|pop3?|imap"
    ),
    Role.OUTGOING: re.compile(r"送信|(送|おく|出|だ)(る|す)(ほう|方|の)|smtp"),
}
_ABOUT_NUMBERS = frozenset(
    {
        *SYMPTOMS,
        "port_settings",
        "open_settings",
        "after_windows_update",
        "revert_settings",
        "not_resolved",
        "pop_or_imap",
    }
)
_INCOMING_PORTS = (110, 143, 993, 995)
_OUTGOING_PORTS = (25, 465, 587)
_MAIL_PORT = re.compile(
    r"(?<![\d.:年月/-])(25|110|143|465|587|993|995)(?![\d.:/年月日時分秒歳才円通件人個台回%-]|mb|gb|kb|m\b)"
)
_ODD_NUMBER = re.compile(
    r"(?<![\d.:年月/-])(?!11\D)[1-9]\d{1,2}(?=番|って|て|に|で|と|だ|か|や|じゃ|$)(?!日|年|月|時)"
)
_SHORT_NAME = 12
_NAMED = re.compile(r"(です|でした|だ|やで|や|だった)[。.!]?$")
_NAME_LENGTH = 3


def remembered(known: Slots, told: Slots, reading: Reading, *, corrects: bool, staff: bool) -> Slots:
    """The slots of the talk after this utterance.

    Another provider makes the numbers reported for the first one meaningless, unless it corrects a slip; for staff, who
    jump from case to case, it makes everything so. What fails or is asked for belongs to one request only.
    """
    base = known if told.direction or not told.protocol else replace(known, direction=None)
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


def _as_request(
    understanding: Understanding, conversation: Conversation, library: Library, *, staff: bool
) -> Reading:
    if staff and (values := _values_in_short(understanding, library)):
        return values
    if not conversation.topic and short.cries_for_help(understanding.text, library):
        return Reading(act="request", intent="greeting")
    if understanding.only_denies and not conversation.topic:
        return Reading(act="miss", intent=OUT_OF_SCOPE)
    if call := _calls_someone(understanding, library):
        return call
    also = tuple(
        i for i in (*understanding.also, *close_second(understanding, library)) if i in library.intents
    )
    if symptom := _symptom(understanding, library):
        after_it = conversation.topic in ABOUT_UPDATES and _AFTER_IT.search(one_spelling(understanding.text))
        return Reading(act="request", intent="after_windows_update" if after_it else symptom, also=also)
    match understanding.verdict:
        case "clear":
            return _clearly(understanding, conversation, library, also=also)
        case "unsure":
            return _one_of_several(understanding, conversation, library)
        case "unknown":
            return _not_understood(understanding, conversation, library)


def _clearly(
    understanding: Understanding, conversation: Conversation, library: Library, *, also: tuple[str, ...]
) -> Reading:
    if _is_for_the_person(understanding, conversation, library):
        return Reading(act="miss", intent=OUT_OF_SCOPE)
    wanted = understanding.intent
    if _asks_where(understanding, library):
        wanted = "open_settings"
    elif (
        wanted == "pop_or_imap" and understanding.slots.ports and not short.asks(understanding.text, library)
    ):
        wanted = "port_settings"  # 「POPです。受信995、送信587。OCNです」
    return Reading(act="request", intent=wanted, also=also)


def _asks_where(understanding: Understanding, library: Library) -> bool:
    """「送信サーバーの認証はどこでつけるの。アウトルックです」: values seem to be wanted, and the screen is asked for."""
    told, text = understanding.slots, understanding.text
    screen = bool(told.client) and asks_about(text, Aspect.WHERE, library) and short.asks(text, library)
    return screen and understanding.intent in {"port_settings", "auth_failed"} and not told.ports


def _is_for_the_person(understanding: Understanding, conversation: Conversation, library: Library) -> bool:
    """「何を用意しておけばいいですか」: while a person is awaited, what names no subject of its own is said to them."""
    waits = conversation.mode is Mode.WAITING
    return waits and not names_its_subject(understanding.intent, understanding.text, library)


def _not_understood(understanding: Understanding, conversation: Conversation, library: Library) -> Reading:
    """About the topic at least, or about nothing that is answered here."""
    if short.cries_for_help(understanding.text, library):
        return Reading(act="request", intent="greeting")
    text, told = understanding.text, understanding.slots
    likely = any(match.intent in SYMPTOMS and match.score >= _A_HINT for match in understanding.matches[:4])
    if conversation.served and told.direction and likely and short.fails(text, library):
        return Reading(act="request", intent=one_way("mail_stopped", told))
    about_here = names_no_thing(text, names(understanding.slots, library), library)
    foreign = understanding.matches[0].score >= _FOREIGN and not about_here
    if conversation.topic in library.intents and not foreign and not is_small_talk(text, library):
        return Reading(act="unclear", intent=conversation.topic)
    return Reading(act="miss", intent=OUT_OF_SCOPE)


def _calls_someone(understanding: Understanding, library: Library) -> Reading | None:
    """「受信できません。電話で教えてもらえますか」: a person, and what for."""
    *before, last = clauses(understanding.text) or ("",)
    if not before or understanding.intent not in SYMPTOMS or not clear_request(understanding):
        return None
    if not short.names_a_person(last, library) or not short.asks_a_favour(last, library):
        return None
    wanted = understand(last, library)
    if wanted.intent != "handoff" or wanted.verdict != "clear":
        return None
    return Reading(
        act="request", intent="handoff", also=(one_way(understanding.intent, understanding.slots),)
    )


def _values_in_short(understanding: Understanding, library: Library) -> Reading | None:
    """「plala 受信」, 「ol2021 の ocn 設定」: what colleagues write when they want a provider's values."""
    text, provider = understanding.text, understanding.slots.provider
    protocol = understanding.slots.protocol
    if provider and protocol and understanding.intent == "pop_or_imap" and not short.asks(text, library):
        return Reading(act="request", intent="port_settings")
    if understanding.intent in SYMPTOMS and not short.fails(text, library):
        return Reading(act="request", intent="port_settings")
    if provider and understanding.intent == "open_settings" and not asks_about(text, Aspect.WHERE, library):
        return Reading(act="request", intent="port_settings", also=("open_settings",))
    if provider and understanding.verdict == "unknown" and len(one_spelling(text)) <= _SHORT_LINE:
        return Reading(act="request", intent="port_settings")
    return None


_A_HINT = 0.02
_FOREIGN = 0.9
"""Below, the words may well go on about the topic, though nothing in them says so."""
_AFTER_IT = re.compile(r"(た|だ)ら|て(から|以来)|(した|の|この|その)?(あと|後)(に|は|から|で)?|途端|とたん")
"""「押したらメールが使えなくなった」: said of the update that was asked about."""


def _one_of_several(understanding: Understanding, conversation: Conversation, library: Library) -> Reading:
    """Which of the candidates, when the scene or the distance between them tells; else that is asked."""
    intent, candidates = (
        understanding.intent,
        tuple(i for i in understanding.candidates if i in library.intents),
    )
    if conversation.topic in candidates and understanding.slots.told:
        return Reading(act="follow_up", intent=conversation.topic)
    if {conversation.topic, intent} <= SYMPTOMS and not short.fails(understanding.text, library):
        return Reading(act="follow_up", intent=conversation.topic)  # 「昨日までは送れていたんですけど」
    if understanding.slots.provider and intent == "port_settings":
        both = tuple(candidate for candidate in candidates[1:2] if candidate == "open_settings")
        return Reading(act="request", intent="port_settings", also=both)
    if _stands_out(understanding, library):
        also = tuple(i for i in understanding.also if i in library.intents)
        return Reading(act="request", intent=intent, also=also)
    return Reading(act="confirm", intent=intent, candidates=candidates)


def _stands_out(understanding: Understanding, library: Library) -> bool:
    """Whether the first match is so far ahead of any that is named that asking would only be a bother."""
    first, *others = understanding.matches
    if (
        first.intent in SMALL_TALK
        or first.score < _HALF
        or not names_its_subject(first.intent, understanding.text, library)
    ):
        return False
    named = (match.score for match in others if names_its_subject(match.intent, understanding.text, library))
    return first.score >= _AHEAD * next(named, 0.0)


_AHEAD, _HALF = 2.5, 0.4
_SHORT_LINE = 20


def _symptom(understanding: Understanding, library: Library) -> str:
    """Which way the mail fails, where the text says so outright: 「受信も送信も」, or one direction and nothing but symptoms."""
    told = understanding.slots
    if understanding.intent == "provider_docs" and told.provider and told.direction:
        return one_way("mail_stopped", told)  # 「プロバイダは知らないけどアドレスは…」
    if told.client in ENDED and understanding.intent in SYMPTOMS and short.fails(understanding.text, library):
        return "livemail_eol"
    if _reports_a_failure(understanding, library):
        return one_way("mail_stopped", told)  # 「OCNを使ってます。受信が止まりました」
    if understanding.verdict == "unknown" or understanding.intent not in SYMPTOMS:
        return ""
    if short.says_both_ways(understanding.text, library):
        return "mail_stopped"
    plainly = told.direction and not told.error_code and short.fails(understanding.text, library)
    if plainly or SYMPTOMS.issuperset(understanding.candidates):
        return one_way(understanding.intent, understanding.slots)
    return ""


def _reports_a_failure(understanding: Understanding, library: Library) -> bool:
    """Whether values seem to be wanted where the text only says which way fails."""
    text, told = understanding.text, understanding.slots
    if understanding.intent != "port_settings" or not told.direction or told.ports or told.error_code:
        return False
    likely = any(
        match.intent in SYMPTOMS and match.score >= _POSSIBLE for match in understanding.matches[1:3]
    )
    return likely and short.fails(text, library) and not short.asks(text, library)


_POSSIBLE = 0.15


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
