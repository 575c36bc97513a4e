"""Reads the slots of one message, each by its own rules, from one folded spelling of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.core.extract.codes import find_error_code
from bot.core.extract.focus import denied, focus, works
from bot.core.extract.hosts import Domains, Host, find_hosts
from bot.core.extract.letters import Letters
from bot.core.extract.names import Mention, NameIndex, NameKind, names_of
from bot.core.extract.numbers import with_digits
from bot.core.extract.ports import find_ports
from bot.core.extract.slips import SlipIndex
from bot.core.slots import Role, Slots
from bot.core.text import hiragana, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bot.core.facts import Client, ErrorCode
    from bot.core.providers import Provider

_PROGRAMS: frozenset[NameKind] = frozenset({"client"})
_PROGRAMS_AND_PROVIDERS: frozenset[NameKind] = frozenset({"client", "provider"})
_DEVICES = frozenset({"iphone", "android", "mac"})
_WINDOWS_MAIL = "windows_mail"
_QUOTED_PROGRAM = re.compile(r"(?:win(?:dows)?|ういんどうず)[^。\n]{0,24}「めーる」|「めーる」\s?あぷり")

_MAIL_TALK = re.compile(
    r"めーる|めえる|受信|送信|送れ|出せ|届|とど|来な|さーば|あかうんと|ぽーと|証明書|pop|imap|smtp|設定|接続|outlook|gmail|見られ|見れ|ぱすわーど|警告|あどれす"
)
_LINE_OF_ANOTHER = re.compile(r"(?:どこも|docomo|そふとばんく|softbank|au|えーゆー)\s?(?:光|ひかり)")
_MAIL_FROM_THERE = re.compile(
    r"から(?:だけ|のみ|は|も|で)?\s?(?:届|とど|来|き[たてま]|の(?:めーる|分|やつ|は))"
)
_MOVED_THERE = re.compile(
    r"(?:光|ひかり)?[にへ]\s?(?:乗り?[換替]え|のりかえ|変え|変わつ|かえ|切り?替え|引つ?越し?|し(?=[たてま]))\S{0,2}(?:[たて]|ました)"
)
_MOVED_AWAY = re.compile(r"\s?(?:→|⇒|-+>|>)|[^\s、。]{0,6}?から")

_PROTOCOL = re.compile(
    r"(?P<pop>(?<![a-z])(?<![kj]-)pop3?s?(?:sv|server)?(?![a-z])|(?<!ろり)ぽつぷ|ぽぷ|ぴーおーぴー|ぴーおーぴい)"
    r"|(?P<imap>(?<![a-z])a?i(?:ma[pぷ]|amp|mpa)s?4?(?![a-z])|(?:あい?|愛|合い|会い)まつ[ぷぶふ]|あいまぷ|あい魔つ?ぷ|いまつぷ|あいえむえーぴー)"
    r"|(?P<smtp>(?<![a-z])(?:smtp|stmp|smpt|smpt)s?(?![a-z])|えすえむてい?ー?ぴー|えすえむぴー)"
    r"|(?P<like_pop>(?<![がすにち])[ほぼ]つぷ)"
)
_PROTOCOL_HINT = re.compile(
    "pop|ima[pぷ]|iamp|impa|smt|stm|smp|つぷ|ぽぷ|おーぴ|まつ|まぷ|あい魔|えーぴ|えすえむ"
)
"""A piece of each, which is quicker to look for."""
_OTHER_POP = re.compile(
    r"ぽつぷ(?:あつぷ|こーん|かる|な|すたー|あーと|さーかす)|店頭|貼(?:る|り紙)|ちらし|売り?場|手書き|音楽|歌|曲|商品|広告|お店の|いらすと"
)

_BOTH_WAYS = re.compile(r"送受信|受送信|送信も受信|受信も送信|送るのも|出すのも")
_INCOMING = re.compile(
    r"受信|じゆしん|届|とど[かきい]|入つて|はいつて|受け|うけ|着信|来(?:な|ま|ん|て|え|ね)|こな[いく]|きま(?:せ|さ)|きよる"
)
_OUTGOING = re.compile(
    r"送信|送[れるりろらつ]|そうしん|おくれ|おくる|おくり|出せ|だせ|返信|出ていか|出すほう"
)
_WAY = re.compile(f"{_INCOMING.pattern}|{_OUTGOING.pattern}")
_NOUNS_ONLY = re.compile(r"(?:とれい|済|箱|ぼつくす|ふおるだ|一覧|料|契約)")

_WHOLE_ADDRESS = re.compile(
    r"(?:あどれす|あど)(?:の)?(?:全部|ぜんぶ|全体|丸ごと|まるごと|そのまま|全て|すべて|ごと|を全)|ふるあどれす|(?:@|"
    r"あつと(?:まーく)?)(?:まーく)?(?:以降も|から後ろも|の後ろも|のあとも|より後も|も含め|つき|付き)"
)
_LOCAL_PART = re.compile(
    r"(?:@|あつと(?:まーく)?|まる[aあ])(?:より|から|の)?\s?(?:前|まえ|手前|てまえ|左|ひだり)|@なし|@以降な|@抜き|ろーかるぱーと|@まで"
)

_TYPED_USERNAME = re.compile(
    r"(?:ゆーざー?(?:名|めい|id)|あかうんと(?:名|めい|id)|ろぐいん(?:名|めい|id))\s?"
    r"(?:は|が|に|を|:|=|の(?:ところ|とこ|欄|らん)[はがにを:]?)?\s?[「\"']?"
    r"(?P<typed>[a-z*][a-z0-9*._+-]*)(?P<domain>@[a-z0-9])?"
)
"""The very name that somebody has entered: a word in letters that stands where it is said to stand."""


class SlotFinder:
    """Reads slots out of texts. Built once from what the library knows."""

    def __init__(self, names: NameIndex, slips: SlipIndex, domains: Domains) -> None:
        self._names = names
        self._slips = slips
        self._domains = domains

    @classmethod
    def build(
        cls,
        providers: Mapping[str, Provider],
        clients: Mapping[str, Client],
        error_codes: Mapping[str, ErrorCode],  # noqa: ARG003  known by their form: unknown ones are found too
    ) -> SlotFinder:
        """From records: their names, aliases, domains and server hosts."""
        spellings: dict[tuple[NameKind, str], list[str]] = {}
        for provider in providers.values():
            spellings["provider", provider.id] = [*_names_of(provider)]
        for client in clients.values():
            spellings["client", client.id] = [client.name, *client.aliases]
        names = names_of(spellings)
        return cls(NameIndex(names), SlipIndex(names), _domains_of(providers.values()))

    def find(self, text: str) -> Slots:
        """Everything that *text* tells, slot by slot."""
        written = plain(text)
        sounds = hiragana(written)
        digits = with_digits(sounds)
        hosts = find_hosts(written)
        names = [mention for mention in self._named(written) if not _inside(mention, hosts)]
        provider = _provider(sounds, [*names, *self._owned(hosts)])
        return Slots(
            provider=provider,
            client=_client(sounds, names),
            protocol=_protocol(sounds, hosts),
            direction=_direction(sounds),
            error_code=find_error_code(sounds, digits),
            ports=find_ports(_without_hosts(digits, hosts)),
            hosts=tuple(dict.fromkeys(host.name for host in hosts if host.is_server)),
            username=_username(sounds) or _typed_username(sounds, [*names, *hosts]),
            unknown_domain=None if provider else self._unknown(hosts),
        )

    def _named(self, written: str) -> Iterator[Mention]:
        """Names as they stand, and slips of the finger: of providers only where none is named properly."""
        letters = Letters(written)
        exact = self._names.find(letters)
        yield from exact
        kinds = _PROGRAMS if any(mention.kind == "provider" for mention in exact) else _PROGRAMS_AND_PROVIDERS
        yield from self._slips.find(letters, kinds, exact)

    def _owned(self, hosts: Iterable[Host]) -> Iterable[Mention]:
        for host in hosts:
            owner = self._domains.owner(host.name)
            if owner is None and host.for_mail:
                owner = self._domains.owner_of_misspelled(host.name)
            if owner is not None:
                yield Mention(kind="provider", id=owner, start=host.start, end=host.end)

    def _unknown(self, hosts: Iterable[Host]) -> str | None:
        for host in hosts:
            if host.in_address:
                return host.name
            if host.for_mail and host.name.count(".") > 1:
                return host.name.partition(".")[2]
        return None


def _names_of(provider: Provider) -> Iterable[str]:
    yield provider.name
    yield re.split("[(（]", provider.name)[0]
    yield from (alias for alias in provider.aliases if not _is_domain(alias))


def _domains_of(providers: Iterable[Provider]) -> Domains:
    domains, hosts = {}, {}
    for provider in providers:
        domains[provider.id] = [
            *provider.domains,
            *(alias for alias in provider.aliases if _is_domain(alias)),
        ]
        hosts[provider.id] = [server.host for server in provider.servers]
    return Domains(domains, hosts)


def _is_domain(alias: str) -> bool:
    return re.fullmatch(r"[a-z0-9\-]+(?:\.[a-z0-9\-]+)+", alias.lower()) is not None


def _inside(mention: Mention, hosts: Sequence[Host]) -> bool:
    return any(host.start <= mention.start < host.end for host in hosts)


def _without_hosts(digits: str, hosts: Sequence[Host]) -> str:
    for host in hosts:
        digits = digits.replace(host.name, host.protocol or "", 1)
    return digits


def _provider(sounds: str, mentions: Sequence[Mention]) -> str | None:
    providers = sorted([each for each in mentions if each.kind == "provider"], key=lambda each: each.start)
    chosen = focus(sounds, providers, lambda each: _provider_bonus(sounds, each))
    return chosen.id if chosen else None


def _provider_bonus(sounds: str, mention: Mention) -> int:
    """Against lines over which another provider's mail comes and places mail comes from; for the one moved to."""
    if _LINE_OF_ANOTHER.match(sounds, mention.start) or _MAIL_FROM_THERE.match(sounds, mention.end):
        return -4
    return 6 if _MOVED_THERE.match(sounds, mention.end) else 0


def _client(sounds: str, mentions: Sequence[Mention]) -> str | None:
    clients = [*(each for each in mentions if each.kind == "client"), *_quoted_program(sounds)]
    if clients and not _MAIL_TALK.search(sounds):
        clients = [each for each in clients if each.id not in _DEVICES]
    clients.sort(key=lambda each: each.start)
    chosen = focus(sounds, clients, lambda each: _client_bonus(sounds, each))
    return chosen.id if chosen else None


def _client_bonus(sounds: str, mention: Mention) -> int:
    """For the program moved away from; a device named beside a program is only where it runs."""
    away = 1 if _MOVED_AWAY.match(sounds, mention.end) else 0
    return away - (1 if mention.id in _DEVICES else 0)


def _quoted_program(sounds: str) -> Iterable[Mention]:
    """The Windows program whose whole name is 「メール」."""
    if found := _QUOTED_PROGRAM.search(sounds):
        yield Mention(kind="client", id=_WINDOWS_MAIL, start=found.start(), end=found.end())


def _protocol(sounds: str, hosts: Iterable[Host]) -> str | None:
    found = _PROTOCOL.finditer(sounds) if _PROTOCOL_HINT.search(sounds) else ()
    said = {str(one.lastgroup) for one in found if not denied(sounds, one.end())}
    if "like_pop" in said:
        said = {*said, "pop"} if "imap" in said else said
    if "pop" in said and _OTHER_POP.search(sounds):
        said.discard("pop")
    said |= {host.protocol for host in hosts if host.protocol}
    if {"pop", "imap"} <= said:
        return None
    return next((protocol for protocol in ("pop", "imap", "smtp") if protocol in said), None)


def _direction(sounds: str) -> Role | None:
    if _BOTH_WAYS.search(sounds):
        return None
    failing = {way for way, start, end in _ways(sounds) if not works(sounds, start, end)}
    return failing.pop() if len(failing) == 1 else None


def _ways(sounds: str) -> Iterator[tuple[Role, int, int]]:
    """Each way that is spoken of, and the stretch until the talk turns to the other one; last to first."""
    end, later = len(sounds), None
    for found in reversed([*_WAY.finditer(sounds)]):
        if _NOUNS_ONLY.match(sounds, found.end()):
            continue
        way = Role.INCOMING if _INCOMING.match(found[0]) else Role.OUTGOING
        if later is not None and later[0] is not way:
            end = later[1]
        later = (way, found.start())
        yield way, found.start(), end


def _username(sounds: str) -> str | None:
    whole, local = _WHOLE_ADDRESS.search(sounds), _LOCAL_PART.search(sounds)
    if bool(whole) == bool(local):
        return None
    return "full_address" if whole else "local_part"


def _typed_username(sounds: str, taken: Iterable[Mention | Host]) -> str | None:
    """The form of a name typed out; a word that is *taken* as a provider, program or server is none."""
    typed = _TYPED_USERNAME.search(sounds)
    if typed is None:
        return None
    if typed["domain"]:
        return "full_address"
    return None if any(one.start <= typed.start("typed") < one.end for one in taken) else "local_part"
