"""「なるほど、やってみます」「わかりました、息子と相談します」: heard, and off to do something. No request, whatever else it names.

Every clause has to be a word of acknowledgement, of thanks, or what the speaker means to do; one that asks, complains
or tells something new makes it another kind of message. The patterns are folding tables, not text for people.
"""

from __future__ import annotations

import re

from bot.core.short_answers import plain

_CLAUSE_END = re.compile(r"[。、,!.・…~\s]+")
_TAIL = r"(?:です|でした|だ|ね|ねえ|よ|な|なあ|わ|わあ|で|けど|が|から|ので|じゃ|べ|ぞ|っす|ございます|ございました)*"
_HEARD = re.compile(
    r"(?:あ+っ?|ああ|ほ(?:お|う|ー)|へえ?ー?|ふむ?ふむ|ふーん|はい+|はーい|うん|ええ|ん|お)?(?:なるほど(?:なるほど)?|(?:だいたい|大体|よく|よーく|ようやく|やっと|もう|大変|たいへん|とても|ちゃんと)*"
    r"(?:わか|分か|解)(?:りました|った|りもした|りやした|りましたです)|わがった|わーった|理解(?:しました|できました)|りょうかい(?:しました|いたしました|です)?|了解(?:しました|いたしました|です|っす)?|了"
    r"|承知(?:しました|いたしました|です)?|かしこまりました|納得(?:しました|です)?|そう(?:か|っか|ですか|でしたか|なんですね|なんだ|なんですか|いうことですか|いうことか|だったんですね|だったのか|やったんか|なんや)?"
    r"|そっか(?:あ|ー)?|そうかあ?|ほうか|ほんまか|んだか|んだのか|合点|おっけー|おーけー|おけ|ok|うす|参考になりました|勉強になりました|安心しました|すっきりしました|よかった|良かった)"
    + _TAIL
)
_THANKED = re.compile(
    r"(?:本当に|ほんとに|ほんとう(?:に)?|どうも|とりあえず|いつも|ご?丁寧に|詳しく|くわしく|教えてくれて|教えていただき|早速|さっそく|色々|いろいろ)*"
    r"(?:ありがと(?:う|さん|ー|な|ね)?(?:ございま(?:す|した))?|おおきに|サンキュー|さんきゅー|thanks?|感謝(?:します|です)?|助かり(?:ます|ました)|助かる|たすかり(?:ます|ました)|お世話(?:になりました|さまでした|様でした)|お手数(?:を)?(?:おかけ|かけ)(?:しま|ま)した|どうも(?:ね|な)?|恐れ入ります|すみません(?:でした|ね)?|すんません|ごめん(?:なさい|ね)?|失礼(?:します|しました)?|おやすみなさい|よろしく(?:お願いします|おねがいします)?)"
    + _TAIL
)
_OPENING = re.compile(
    r"(?:じゃあ?|では|それでは|それじゃあ?|んじゃ|ほな|ほんなら|なら|それなら|でしたら|まあ|とりあえず|さっそく|早速|一応|一度|いちど|もう一度|もう(?:1回|一回)|まず(?:は)?|あとで|後で|今から|いまから|今度|また"
    r"|明日|あした|今日|今夜|夜に?|帰ったら|家(?:に|で)(?:帰って(?:から)?)?|自分で|あ|ああ|はい|うん|ええ|はあ|うーん|ちょっと|少し|すこし|やっぱり|もう少し|またあとで|それで|これで|そうですね|いや|いえ|へえ+ー?|へー|ほう|ほお|ふう?ん|あら|おお?|お、?)"
)
_TO_DO = (
    r"(?:し|やっ|やり|試し|ため|探し|さがし|捜し|調べ|しらべ|変え|かえ|替え|換え|直し|なおし|やり直し|確認し|確かめ|たしかめ|見|み|見直し|相談し|聞い|聞き|きい|きき|待っ|待ち|まち|電話し|連絡し"
    r"|かけ|伝え|入れ|いれ|入れ直し|切り替え|戻し|もどし|送り|送っ|考え|検討し|移し|買い|買っ|印刷し|メモし|めもし|書き|書い|頼み|頼ん|たのみ|行き|行っ|開き|開い|消し|けし|減らし|外し|付け|つけ|再起動し|設定し|変更し|案内し|対応し|挑戦し|チャレンジし|ちゃれんじし|交換し|用意し|準備し|出直し|休み|寝|覚え|気をつけ|気を付け|注意し|がんばり|頑張り|お伝えし)"
)
_MEANS_TO = re.compile(
    r"[^?]{0,24}?(?:"
    + _TO_DO
    + r"(?:て|で)?(?:み|おき|き|とき|いき)?ます"
    + r"|(?:て|で)(?:みる|みよう|みっか|おく|くる|みるか|みよか|みんべ|みっぺ)|(?:と|ど)(?:く|きます|こう|こか)"
    + r"|(?:こと|よう|もの)にし(?:ます|よう|とく|ておきます)|(?:う|よう)(?:と|かと|かなと)?(?:思(?:います|って(?:い)?ます|う)|おもいます)"
    + r"|(?:する|やる|試す|調べる|探す|変える|替える|直す|確認する|相談する|聞く|待つ|待っとる|見る|頼む|伝える|戻す|かける|寝る)(?:わ|ね|よ|か|べ|で|ぞ|わね|わあ|さ|つもり|予定|ことに)"
    + r"|そうします|そうする|そうさせてもらいます|待ってて(?:ください|ね)?|お待ちください|待って(?:ください|ね)?|考えさせて(?:ください|もらいます)"
    + r")"
    + _TAIL
)
_NOT_ONE = re.compile(
    r"[?？]|(?:ます|です|う|る|すか)か(?:ね|な)?$|お願い|ください(?!ね?$)|ない(?!と)|ません|なく|でき(?:ん|ず)|へん|れん|だめ|駄目|あかん|えらー|どう(?:し|す|や)|どこ|何|なに|なぜ|なんで"
)
_WAIT = re.compile(r"(?:ちょっと|少し|すこし|今|もう少し)*(?:お)?(?:待って(?:て)?|待ち)(?:ください|ね|な)?")


def acknowledges(text: str) -> bool:
    """Whether *text* only says that it was heard, or what the speaker is going to do."""
    words = plain(text)
    found = [_kind(clause) for clause in _CLAUSE_END.split(words) if clause]
    return "" not in found and bool({"heard", "means_to"} & set(found))


def intends(text: str) -> bool:
    """Whether a clause of *text* says what the speaker is going to do."""
    return any(_kind(clause) == "means_to" for clause in _CLAUSE_END.split(plain(text)) if clause)


def _kind(clause: str) -> str:
    """heard, thanked, means_to or opening; "" for anything else."""
    rest = clause
    while (found := _OPENING.match(rest)) and found.end() < len(rest):
        rest = rest[found.end() :]
    for whole in (clause, rest):
        if _HEARD.fullmatch(whole):
            return "heard"
        if _THANKED.fullmatch(whole):
            return "thanked"
        if _WAIT.fullmatch(whole):
            return "means_to"
    if _MEANS_TO.fullmatch(clause) and not _NOT_ONE.search(clause):
        return "means_to"
    return "opening" if _OPENING.fullmatch(rest) else ""
