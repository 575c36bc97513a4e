"""Of several names or directions in a text, the one that it is about: what fails, not what works or is moved to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Placed(Protocol):
    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


P = TypeVar("P", bound=Placed)

_DENIED = re.compile(
    r"[」』)]?\s?(?:以外|いがい|じや(?:な(?!い(?:ほう|方)が)|ね|あり)|では(?:な|あり)|で(?:な(?:い|く)|はな)|やな(?:い|く|か)|とちがつて|と違つて|は関係な|を除)"
)
_CONTRAST = re.compile(
    r"(?:の(?:ほう|方|めーる))?(?:から|に|で|へ|だと)?(?:は|なら|も)?[^。、\n]{0,16}(?:のに|けど|けれど|(?<=[るたす])が、?|。?(?:でも|なのに))"
)
_LONGEST_CLAUSE = 80
_CLAUSE_END = re.compile(r"[。、,.!?！？\n]|けど|けれど|のに|(?<=です)が|(?<=ます)が|(?<=[るた])が")
_WORKS = re.compile(
    r"見られ|見れ|みられ|みれ|でき(?:る|て|ます|と|た)|出来(?:る|て|ます|と|た)|届(?:く|い|き)|とど(?:く|い|き)|来(?:る|て|ます|と)|くる|きて|"
    r"きよる|入(?:る|つて)|使え(?:る|て|ま)|"
    r"問題な|大丈夫|だいじようぶ|平気|普通|いける|いけ(?:て|と)|(?<![a-z])ok|おつけー|つなが(?:る|つて|り)|動(?:く|い|き)|正常|生きて|無事|送れ(?:る|て|ます)|行ける|○"
)
_FAILS = re.compile(
    r"(?<!問題)(?<!もんだい)な(?:い|く|か|し)|ませ|まへん|へん|できん|出来ん|来ん|こん(?:とよ|の|だ)|れん|ん(?:とよ|ばい|で)|ねえ|ねー|ず|だめ|"
    r"ダメ|駄目|あかん|ng|×|えらー|止ま|とま|拒否|失敗|おかし|はじ(?:か|く)|弾|不可|不調|"
    r"警告|求め|聞かれ|戻|もど|返つて|かえつて|きえ|消え|しか|だけ"
)
_ONLY = re.compile(
    r"(?:の(?:ほう|方|めーる|あどれす|受信|送信|やつ|ぶん|分))?(?:から|に|で|が|は)?(?:だけ|のみ|ばつか)"
)
_AIM = re.compile(
    r"(?:の\S{0,6})?[\s]?(?:に|へ|さ)\s?(?:移|うつ|引|ひつこ|乗|のりか|変え|変わ|かえ|替え|切り?替|移行|以降|し(?:たい|よう|て|た)|転送|"
    r"送|おく|出|だす|届|とど)"
)
_OTHERS = re.compile(
    r"(?:相手|友人|友達|友だち|ともだち|先方|向こう|むこう|取引先|宛先|あて先|送り先|送信先|返信先)[^、。\n]{0,4}$"
)
_OWN = re.compile(r"(?:うち|私|わたし|自分|こちら|当方|契約|ぷろばいだー?|受信側)(?:の\S{0,6})?[はも]\s?$")
_STATED = re.compile(r"(?:のめーる)?(?:です|だけど|だよ|なん|ですが|使つて|を使|契約)")


def focus(text: str, mentions: Sequence[P], bonus: Callable[[P], int]) -> P | None:
    """The mention that *text* (plain, hiragana) is about; the first one where nothing tells them apart."""
    asserted = [
        mention for mention in mentions if not (denied(text, mention.end) or _only_works(text, mention))
    ]
    if len(asserted) < 2:
        return asserted[0] if asserted else None
    ends = [later.start for later in asserted[1:]] + [len(text)]
    scored = [
        (_whose(text, mention) + _weight(text, mention.end, end) + bonus(mention), -place, mention)
        for place, (mention, end) in enumerate(zip(asserted, ends, strict=True))
    ]
    return max(scored, key=lambda each: each[:2])[2]


def denied(text: str, end: int) -> bool:
    """Whether what ends there is named only to be ruled out (OCNじゃなくて)."""
    return _DENIED.match(text, end) is not None


def _only_works(text: str, mention: Placed) -> bool:
    """Whether it is named only as a contrast: there it works, but (Gmailには送れるのに…)."""
    contrast = _CONTRAST.match(text, mention.end)
    return bool(contrast and works(text, mention.end, len(text)) and _FAILS.search(text, contrast.end()))


def works(text: str, start: int, end: int) -> bool:
    """Whether the clause from *start* says that it works."""
    clause = _clause(text, start, end)
    return _WORKS.search(clause) is not None and _FAILS.search(clause) is None


def _whose(text: str, mention: Placed) -> int:
    """The speaker's own, or that of somebody they write to."""
    before = text[max(0, mention.start - 12) : mention.start]
    if _OTHERS.search(before):
        return -3
    return (2 if _OWN.search(before) else 0) + (1 if _STATED.match(text, mention.end) else 0)


def _weight(text: str, start: int, end: int) -> int:
    clause = _clause(text, start, end)
    weight = 0
    if _FAILS.search(clause):
        weight += 2
    elif _WORKS.search(clause):
        weight -= 3
    if _ONLY.match(text, start):
        weight += 2
    if _AIM.match(text, start):
        weight -= 3
    return weight


def _clause(text: str, start: int, end: int) -> str:
    end = min(end, start + _LONGEST_CLAUSE)
    stop = _CLAUSE_END.search(text, start, end)
    return text[start : stop.start() if stop else end]
