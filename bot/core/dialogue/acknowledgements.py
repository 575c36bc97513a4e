"""「なるほど、やってみます」「わかりました、息子と相談します」: heard, and off to do something. No request, whatever else it names.

Every clause has to be a word of acknowledgement, of thanks, or what the speaker means to do; one that asks, complains
or tells something new makes it another kind of message. The patterns are folding tables, not text for people.
"""

from __future__ import annotations

import re
from typing import Literal

from bot.core.spelling import one_spelling

_CLAUSE_END = re.compile(r"[。、,!.・…~〜♪\s]+")
_TAIL = r"(?:です|でした|だ|ね|ねえ|ねぇ|よ|な|なあ|なぁ|わ|わあ|わぁ|ー|で|けど|が|から|ので|じゃ|べ|ぞ|っす|ございます|ございました)*"
_HEARD = re.compile(
    r"(?:あ+っ?|ああ|ほ(?:お|う|ー)|へえ?ー?|ふむ?ふむ|ふーん|はい+|はーい|うん|ええ|ん|お)?(?:なるほど(?:なるほど)?|(?:だいたい|大体|よく|よーく|ようやく|やっと|もう|大変|たいへん|とても|ちゃんと)*"
    r"(?:わか|分か|解)(?:りました|った|りもした|りやした|りましたです)|わがった|わーった|理解(?:しました|できました)|り[ょよ](?:ー?かい|うかい)?(?:しました|いたしました|です)?|了解(?:しました|いたしました|です|っす)?|了"
    r"|承知(?:しました|いたしました|です)?|かしこまりました|納得(?:しました|です)?|そう(?:か|っか|ですか|でしたか|なんですね|なんだ|なんですか|いうことですか|いうことか|だったんですね|だったのか|やったんか|なんや)?"
    r"|そっか(?:あ|ー)?|そうかあ?|ほうか|ほんまか|んだか|んだのか|合点|おっけー|おーけー|おけ|ok|うす|まあ?(?:いい|ええ|いっか)(?:か|や|わ|です)?|(?:いい|ええ)(?:や|わ)|参考になりました|勉強になりました|安心しました|すっきりしました|よかった|良かった)"
    + _TAIL
)
_THANKED = re.compile(
    r"(?:本当に|ほんとに|ほんとう(?:に)?|どうも|とりあえず|いつも|ご?丁寧に|ご?親切に|詳しく|くわしく|教えてくれて|教えていただき|早速|さっそく|色々|いろいろ|(?:先日|この前|こないだ|この間|昨日|きのう|以前)(?:は|も))*"
    r"(?:ありがと(?:う|さん|ー|な|ね)?(?:ございま(?:す|した)|存じます)?|おおきに|さんきゅー?|さんくす|あざー?っ?す|thanks?|thx|感謝(?:します|です)?|お?礼を(?:言う|言います|申し上げます)|助かり(?:ます|ました)|助かる|たすかり(?:ます|ました)|お騒がせ(?:(?:いた)?しました|して(?:すみません|ごめんなさい)(?:でした)?)?|お世話(?:になりました|さまでした|様でした)|お手数(?:を)?(?:おかけ|かけ)(?:しま|ま)した|(?:どう?も)+(?:ね|な)?|(?:どうも)?ご親切(?:に|さま)?(?:どうも)?|恐れ入ります|すみません(?:でした|ね)?|すんません|ごめん(?:なさい|ね)?|失礼(?:します|しました)?|おやすみなさい|よろしく(?:お願いします|おねがいします)?)"
    + _TAIL
)
_HEARD_AND_THANKED = re.compile(_HEARD.pattern + _THANKED.pattern)
"""In kana no blank is left between the two: 「ﾜｶﾘﾏｼﾀ ﾄﾞｳﾓ」."""
_OPENING = re.compile(
    r"(?:じゃあ?|では|それでは|それじゃあ?|んじゃ|ほな|ほんなら|なら|それなら|でしたら|まあ|とりあえず|さっそく|早速|一応|一度|いちど|もう一度|もう(?:1回|一回)|まず(?:は)?|あとで|後で|今から|いまから|今度|また"
    r"|明日|あした|今日|今夜|夜に?|帰ったら|家(?:に|で)(?:帰って(?:から)?)?|自分で|あ|ああ|はい|うん|ええ|はあ|うーん|ちょっくら|ふむふむ|ふーむ|ふうん|ちょっと|少し|すこし|ゆっくり|やっぱり|もう少し|またあとで|それで|これで|そうですね|いや|いえ|へえ+ー?|へー|ほう|ほお|ふ[うー]*ん|あら|おお?|お、?|[はへほふあおうえん][はへほふあおうえんーぁっ]*)"
)
_POLITE = re.compile(rf"(?P<verb>[^?]{{1,28}}?)ます{_TAIL}")
_BY_ITSELF = re.compile(
    r"(?:あり|おり|(?<!買)(?<!使)(?<!払)い|なり|出|来|き|届き|とどき|でき|出来|わかり|分かり|解り|困り|こまり|思い|おもい|れ|止まり|消え|きえ|かかり|違い|ちがい|見え|聞こえ|入り|はいり|つながり|繋がり|直り|なおり|変わり|かわり"
    r"|終わり|おわり|始まり|鳴り|減り|増え|落ち|切れ|開き|見つかり|足り|要り|くれ|もらえ|(?<!て)もらい|いただけ|頂け|願いし|願いいたし|しまい|ちゃい|失敗し|表示し|知り|戻り|もどり|しり|すぎ|過ぎ|られ|ござい|申し|といい|と言い|いただき|頂き)$"
)
"""Verbs for what comes about by itself, or is asked of others: nobody means to do them."""
_MEANT = re.compile(
    r"(?:(?:て|んで)(?:み|おき|き|いき|もらい|いただき|頂き)|と(?:き|いき)|(?:こと|よう|もの|ほう)にし|ようと思い|うと思い)$"
)
_SOMETHING_DOES = re.compile(
    r"(?<!私)(?<!自分)(?<!僕)(?<!俺)が|ぱすわーどを聞|勝手|何度|毎回|いつも|すぐ(?:に)?(?:落|切|消)"
)
_DONE_TO = re.compile(
    r"を|に(?:電話|相談|連絡|聞|頼|伝|確認)|と相談|てから|まで|(?:明日|来週|今度|後|あと|夜|朝|休み|週末)(?:に|で)?"
    r"|(?:(?<!失敗)(?<!らー)(?<!化け)(?<!え)し|やり|やっ|試し|ため|探し|さがし|調べ|しらべ|変え|替え|換え|直し|なおし|確かめ|見|見直し|聞き|待ち|まち|かけ|伝え|入れ|切り替え|戻し|もどし|送り|考え|移し|買い|書き|頼み|行き|消し|減らし|外し|付け|決め|説明してあげ)$"
)
"""What shows that the speaker does it: something it is done to, when, or a verb that nothing does by itself."""
_TO_DO = r"(?:する|やる|試す|調べる|探す|変える|替える|直す|確認する|相談する|聞く|待つ|待っとる|見る|頼む|伝える|戻す|かける|寝る|決める|考える|行く|呼ぶ)"
_MEANS_TO = re.compile(
    r"[^?]{0,24}?(?:"
    r"(?:て|で)(?:みる|みるか|みよう|みっか|おく|くる|みるか|みよか|みんべ|みっぺ|からにする)|(?:と|ど)(?:く|こう|こか)"
    r"|(?:こと|よう|もの)にし(?:よう|とく)|(?:う|よう)(?:と|かと|かなと)?(?:思って(?:い)?ます|思う)"
    rf"|{_TO_DO}(?:わ|ね|よ|か|べ|で|ぞ|わね|わあ|さ|つもり|予定|ことに)"
    r"|そうする|待ってて(?:ください|ね)?|待って(?:い?る|い?ます|おります)|お待ちください|待って(?:ください|ね)?|考えさせて(?:ください|もらいます)"
    r")" + _TAIL
)
_NOT_ONE = re.compile(
    r"[?？]|(?:て|れ)も(?!い|ら)|(?:ます|です|う|(?<!み)る|すか)か(?:ね|な)?$|お願い|ください(?!ね?$)|ない(?!と|よう|で(?:お|い)|こと)|ません|なく|でき(?:ん|ず)|(?<!た)へん|れん|だめ|駄目|あかん|えらー|どう(?:し|す|や)|どこ|何|なに|なぜ|なんで"
)
_IN_A_WORD = re.compile(
    r"試す|待つ|伝える|確認する|(?:ちょっと|少し|すこし|今|もう少し)*(?:お)?(?:待って(?:て)?|待ち)(?:ください|ね|な)?"
)


def courtesy(text: str) -> Literal["heard", "thanks", ""]:
    """Whether *text* only says that it was heard (or what the speaker is going to do), or only says thanks; "" for more."""
    found = [_kind(clause) for clause in _CLAUSE_END.split(one_spelling(text)) if clause]
    if "" in found:
        return ""
    if "heard" in found or "means_to" in found:
        return "heard"
    thanked = found[-1:] == ["thanked"] or ("thanked" in found and {*found} <= {"thanked", "opening"})
    return "thanks" if thanked else ""


def acknowledges(text: str) -> bool:
    """Whether *text* only says that it was heard, or what the speaker is going to do."""
    return courtesy(text) == "heard"


def thanks(text: str) -> bool:
    """Whether *text* only says thanks, or says back what was told before it: 「どうもご親切に」, 「465ですね。ありがとう」."""
    return courtesy(text) == "thanks"


def ends_in_thanks(text: str) -> bool:
    """「両方古いね thx」, 「弟に聞いてみました、ありがとう」: a word of thanks at the end, whatever was said before it."""
    pieces = [piece for piece in _CLAUSE_END.split(one_spelling(text)) if piece]
    return bool(pieces) and bool(_THANKED.fullmatch(pieces[-1])) and bool(_GRATEFUL.search(pieces[-1]))


_GRATEFUL = re.compile(r"ありがと|おおきに|さんきゅ|さんくす|あざ|thank|thx|感謝|助か|たすか")
_BESIDE = (
    re.compile(
        r".{2,20}(?:(?:ん|の)?ですね|んだね|(?:って|という)ことですね|わけですね|ばいいんだ|ばいいのね|んやね|んだべな)"
    ),
    re.compile(r"[^が]{1,14}[うくぐすつぬぶむる](?:わ|よ|ね|ぞ|で|わね|か)"),
    re.compile(
        r"[^が]{1,14}(?:み|し|り|き|え|め|れ|ち|び)ました|[^が]{1,10}(?:した|えた|めた|れた|んだ)(?:よ|わ)?"
    ),
)
"""Beside a word of acknowledgement or an intention: what was said, said back; what one does, and what one did."""


def _means_to(clause: str) -> bool:
    """Whether *clause* ends in what the speaker will do: any verb that one can mean to do, with nothing else doing it."""
    found = _POLITE.fullmatch(clause)
    if not found or _SOMETHING_DOES.search(found["verb"]):
        return False
    verb = found["verb"]
    if verb.endswith(("て", "で")):
        return False
    return bool(_MEANT.search(verb)) or (bool(_DONE_TO.search(verb)) and not _BY_ITSELF.search(verb))


def _kind(clause: str) -> str:
    """heard, thanked, means_to, beside (nothing by itself) or opening; "" for anything else."""
    rest = clause
    while (found := _OPENING.match(rest)) and found.end() < len(rest):
        rest = rest[found.end() :]
    for whole in (clause, rest):
        if _HEARD.fullmatch(whole) or _HEARD_AND_THANKED.fullmatch(whole):
            return "heard"
        if _THANKED.fullmatch(whole):
            return "thanked"
        if _IN_A_WORD.fullmatch(whole):
            return "means_to"
    if not _NOT_ONE.search(clause) and (_MEANS_TO.fullmatch(clause) or _means_to(clause)):
        return "means_to"
    if not _NOT_ONE.search(clause) and any(way.fullmatch(clause) for way in _BESIDE):
        return "beside"
    return "opening" if _OPENING.fullmatch(rest) else ""
