"""What an utterance tells, as its scene reads it: numbers and names that only the talk gives a meaning, or takes one from."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.dialogue import short_answers as short
from bot.core.dialogue.aspects import Aspect, asks_about
from bot.core.dialogue.bare import bare
from bot.core.dialogue.focus import focused
from bot.core.dialogue.hearing import clauses
from bot.core.dialogue.reading import ONE_WAY, SHORT_LINE, SYMPTOMS
from bot.core.slots import Port, Role, Slots
from bot.core.spelling import one_spelling

if TYPE_CHECKING:
    from bot.core.conversations import Conversation
    from bot.core.library import Library
    from bot.core.understanding import Understanding


def in_its_scene(understanding: Understanding, conversation: Conversation, library: Library) -> Understanding:
    """*understanding* with the slots that only the scene tells, and without those that the scene rules out."""
    text = understanding.text
    told = _without_line(text, understanding.slots, library)
    told = _with_mail_provider(text, told, library)
    told = _with_bare_domain(text, told, conversation)
    told = _with_named_client(text, told, conversation, library)
    told = _with_bare_ports(text, told, conversation)
    told = _with_misread_port(text, told, conversation, library)
    told = _without_misspelt_host(told, conversation)
    told = _without_host_of_address(text, told)
    told = _without_comparison(text, told, conversation)
    told = _with_ones_own_provider(text, told, conversation, library)
    told = _with_provider_of_whom(text, told, conversation, library)
    told = _without_alternatives(text, told, library)
    told = _with_bare_code(text, told, conversation, library)
    told = _with_named_direction(text, told, conversation, library)
    told = _with_failing_direction(understanding, told)
    told = _with_mail_sent_in_vain(text, told, library)
    return understanding if told is understanding.slots else replace(understanding, slots=told)


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
    on_its_screen = asks_about(text, Aspect.WHERE, library)  # 「それiPhoneのどこで入れるの」
    if not asked and not on_its_screen and len(words) > _SHORT_NAME:
        named = (
            c for clause in clauses(words) if len(c := clause.strip()) <= _SHORT_NAME and _NAMED.search(c)
        )
        if piece := next(named, ""):
            return _client_in(piece, library)
        if len(words) > SHORT_LINE or not _NAMED.search(words):
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
    if not found:
        return told
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
    if not told.provider or not LINE_ONLY.search(text):
        return told
    return replace(told, provider=library.slot_finder.find(LINE_ONLY.sub(" ", text)).provider)


LINE_ONLY = re.compile(r"(?:ドコモ|どこも|docomo)\s?(?:光|ひかり|ヒカリ)", re.IGNORECASE)


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


def _without_host_of_address(text: str, told: Slots) -> Slots:
    """「アドレスの後ろは ringo.example.ne.jp です」: what stands in an address is no server's name."""
    return replace(told, hosts=()) if told.hosts and _OF_AN_ADDRESS.search(text) else told


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
        first = _spoken_of_first(text, conversation, library)
        return replace(told, provider=first) if first else told
    if told.provider != known and _OF_THE_LINE.search(one_spelling(text)):
        return replace(told, provider=None)
    *before, last = clauses(text) or ("",)
    if not before:
        return told
    found = library.slot_finder.find(last)
    other = found.provider not in {None, told.provider}
    said_of_it = other and bare(last, Slots(provider=found.provider), library)
    return replace(told, provider=found.provider) if said_of_it else told


def _with_provider_of_whom(text: str, told: Slots, conversation: Conversation, library: Library) -> Slots:
    """「母はOCN、私はso-netです」: of two providers that of whom the talk is about."""
    if not told.provider or len(pieces := clauses(text)) < 2:
        return told
    kin = library.small_words.said[short.Small.KIN].pattern
    earlier = " ".join(one_spelling(line.text) for line in conversation.recent if line.who == "customer")
    spoken_of = set(kin.findall(earlier))
    named = {piece: kin.search(one_spelling(piece)) for piece in pieces}
    of_them = [piece for piece, found in named.items() if found and found[0] in spoken_of]
    found = library.slot_finder.find(of_them[0]).provider if len(of_them) == 1 else None
    return replace(told, provider=found) if found else told


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
    """「じゃ535は」: a known reply of a server. 「0Dだった」: while errors are talked about, any known code however short."""
    words = one_spelling(text)
    reply = _SMTP_REPLY.search(words)
    if reply and not told.error_code and reply[0] in library.error_codes:
        return replace(told, error_code=reply[0])
    found = _BARE_CODE.fullmatch(words)
    if not found or told.error_code or told.ports or conversation.topic not in _ABOUT_CODES:
        return told
    code = found["code"].upper()
    known = conversation.slots.error_code or ""
    likely = (code, f"0x{code}", known[: len(known) - len(code)] + code if known.startswith("0x") else "")
    named = next((one for one in likely if one in library.error_codes), None)
    return replace(told, error_code=named) if named else told


_SMTP_REPLY = re.compile(r"[45](?<![\d.:-].)\d\d(?![\d.:年円通件人個台回%-]|mb|gb|kb)")
_BARE_CODE = re.compile(
    r"(?:じゃあ?|では|次は?|今度は)? ?(?P<code>[0-9a-f]{2,5})(?:番|えらー)?(?:は|って|だと|だった|でした|です|も|なら)*(?:どう|何|なに)?[?かの]*"
)
_ABOUT_CODES = frozenset({"error_code", "auth_failed"})


def _with_named_direction(text: str, told: Slots, conversation: Conversation, library: Library) -> Slots:
    """「受信でした」, 「送るほうはどない」: the only way of the two that a short line names."""
    words = one_spelling(text)
    if told.direction or told.ports or not conversation.topic:
        return told
    ways = _ways_named(words)
    if len(ways) > 1:
        left = _way_that_is_left(words, library)
        return replace(told, direction=left) if left else told
    if not ways or len(words) > SHORT_LINE:
        return told
    named = replace(told, direction=ways.pop())
    asked = focused(text, conversation, library)
    of_settings = asked is not None and asked.intent == "port_settings"
    return named if of_settings or bare(text, named, library) else told


def _way_that_is_left(words: str, library: Library) -> Role | None:
    """「送信は直ったけど受信がまだだめ」: of both ways named, the one that alone fails."""
    pieces = [piece for piece in _BUT.split(words) if _ways_named(piece)]
    failing = [piece for piece in pieces if short.complains(piece, library) or short.fails(piece, library)]
    if len(failing) != 1 or len(pieces) == 1:
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


def _with_mail_sent_in_vain(text: str, told: Slots, library: Library) -> Slots:
    """「送ったメールが誰にも届いてないみたい」: the way out, whatever arriving makes it look like."""
    vain = told.direction is not Role.OUTGOING and short.says(short.Small.SENT_IN_VAIN, text, library)
    return replace(told, direction=Role.OUTGOING) if vain else told


_LIKELY = 0.3
_DIRECTIONS = {
    Role.INCOMING: re.compile(
        r"(?<!送)受信|(受け|うけ)(取|と)(る|り)(ほう|方|の)|(来|(?<!お)く)る(ほう|方|の)|(届|とど)く(ほう|方|の)|pop3?|imap"
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
