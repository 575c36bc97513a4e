"""The small words of a talk: yes, no, I don't know, thanks, never mind. Read only where the scene gives them a meaning.

The patterns are folding tables, not text for people: they stand here, beside the code that reads them.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bot.core.text import plain as one_width

_TO_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_ENDING = r"(です|でした|だ|だよ|だね|ね|よ|な|わ|なあ|で|ます|けど|が|と思います|かな|かも)*"
_OPENING = r"(ちょっと|少し|すこし|まあ|まだ|一度|いちど|今は|今日は|今回は|とりあえず|もう少し|あとで|後で|自分で|やっぱり?|やはり|では|はい|うん|いや|ううん|また|あ|ああ|えっと|ええと|うーん|はい|いえ|じゃあ?|では|それでは|それじゃあ?|なら|それなら|すみません|ほな|んじゃ|わかりました|分かりました|わかった|なるほど|了解(です)?|(それ|これ|そちら|その方)(を|で)?|ぜひ|是非)*"

_YES = re.compile(
    _OPENING
    + r"(はい|うん|ええ|そう|そうして|お願い(します|いたします|したい|しよう(かな?)?|しましょう(か)?|しとく|しときます|できますか|できます)?|おねがい(します|いたします)?"
    r"|頼みます|頼む|たのみます|頼むわ|ぜひ|是非|お願いしたい|それで(お願いします|いい)?|いいですよ|ok|おけ|おっけー|おーけー"
    r"|よろしく(お願いします|おねがいします)?|呼んで(ください)?|つないで(ください)?|申し込みます|お申し込み)"
    + _ENDING
)
_NO = re.compile(
    _OPENING
    + r"(いいえ|いえ|いや|ううん|いらない|いりません|いらん|要りません|結構|けっこう|大丈夫|だいじょうぶ|やめ(とき|ておき|とく|ます)*"
    r"|必要ない|不要|また今度|今度(にします|で)?|また(連絡|電話)します|考え(ます|てみます|させてください|とく)|いい|もういい|自分で(やります|やってみます|できます|がんばります)|教えたくない|ありません|ない|no)"
    + _ENDING
)
_UNSURE = re.compile(
    r"わから|わかり(ません|ませ|まへん)|わかん|分から|分かり(ません|まへん)|分かん|不明|知らない|知りません|知らん|しらん|覚えて(い?ない|ません)"
    r"|忘れ|うろ覚え|うろおぼえ|どれだ|どっちだ|さあ|はて|さっぱり"
)
_CANCEL = re.compile(
    r"もう(大丈夫|だいじょうぶ|いい|ええ|結構|けっこう)|やっぱり?(いい|ええ|大丈夫|やめ|結構)|やめ(とく|とこう|ておく|ときます)|やめ(とき|ておき|に)?ます|キャンセル|きゃんせる|取り消|取消|とりけし|取り下げ"
    r"|呼ばなくて|来なくて|(電話|番号|連絡)(番号)?(は|も|を)?(今は|いまは|もう|やっぱり?|別に|とくに|特に)*(いら(ない|ん|なく)|いりません|要らない|不要|しなくて|結構|教えたくない|言いたくない|教えられ|いいです|いいわ)|自分で(でき|やり|やって|なんとか)|直りました|解決しました|解決した|直った|なおった|なおりました|治りました|治った"
)
_CORRECTION = re.compile(
    r"^(あ|いや|いえ)?[、,\s]*(違う|ちがう)[よわ]?[、,\s]|やっぱ|まちが|間違|じゃなく|ではなく|でなく|じゃない|違った|違いました|ちがいました|ちゃうわ|訂正|(だった|でした)(?!っけ|か|\?)"
)
_ASKING = re.compile(
    r"[?]|(?<![もろそこぼ]う)か(な|ね|の)?$|(?<!か)の$|教えて|おしえて|知りたい|どこ(?!も)|なに(?!も)|何(?!も|か|度|回)|どう(?!も|か)|いくら|いくつ|(?<!あ)どれ(?!も)|どっち(?!も)|なぜ|なんで|って(なん|なに)|とは$|聞きたい|ですか|ますか|ほしい|欲しい|てください|は$"
)
_ANGRY = re.compile(
    r"ふざけ|いい加減|いいかげん|腹が?立|怒って|怒る|ばか|馬鹿|役に?立た|使えない(な|ね|ぼっと|やつ)|責任者|くれーむ|なめて|舐めて|ええ加減|どうなっ(て|と)|頭(に|が)き|時間の無駄|もういい加減"
)
_COMPLAINS = re.compile(
    r"(?<!ま)まだ|だめ|駄目|あかん|直ら|なおら|治ら|変わら|かわら|同じ|でき(ない|ません|へん|ん)|れない|れません|届か|来ない|こない|来ません|来え?へん|えらー|無理|うまくいか|それでも|やっぱり"
)
_WORKS_NOW = re.compile(
    r"(送れ|動き(だし|出し)?|動い|動きだし|出ていき|出ていっ|流れてき|(通|件)(が|も)?(来|き)|入り|入っ|入ってき|入ってきて|通り|通っ|開け|届き|届い|来|受信でき|送信でき|送受信でき|でき|いけ|直り|直っ|なおり|なおっ|治り|治っ|消え|出なくなり|出なくなっ|つながり|つながっ|繋がり|繋がっ|使え|使えるようになり|使えるようになっ|見られ|見れ|うまくいき|うまくいっ|解決し|復旧し|成功し|復活し)(ました|た|まして)(?!ら|り|が、?(まだ|だめ|でき))|(届い|直っ|治っ|送れ|でき|動い|消え|出なくなっ|つながっ)てい?(ました|た)(?!ら|り|の|が|けど)"
    r"|(復旧|解決|直り|治り)(確認|済|$)|(受信|送信|両方|送受信)ok|(警告|えらー|窓|めっせーじ|画面)(も|は)(もう)?(出|で)(ません|なく|ない)|(警告|えらー|表示|窓)(が|は|も)?(もう)?なくな(り|っ)(ました|た)|(完璧|ばっちり|大成功)$|^(あ|お|おお|やった)?[、!. ]*(きた|来た)(あ|ー|よ|わ|ね|で)*$|(届く|送れる|使える|見られる|見える|読める|開ける|開く|動く|入れる|通る|つながる|受信できる|送信できる)ように(なり|なっ)"
)
_FAILS = re.compile(
    r"ない|ません|へん|んよう|ねえ|ねぇ|ねぐ|なぐ|ず(に|$)|れん|でけん|きん$|来ん|こん(ご|よう)|だめ|駄目|あかん|×|✕|✖|ばつ|ng|不(可|能|通|着|具合|良|達)|止ま|とま|停止|えらー|err|おかし|変(だ|です|に)|困|失敗|戻って|もどって|反応|消え|動か|うごか|無理|うんともすんとも|なくな|警告"
)
_NO_MAIL = re.compile(r"めーる|届|とど|受信|送信|送(れ|信|る)|来(な|ま|え)|こん|受け取|返信|返事|着信|出せ")
_SUPPOSES = re.compile(
    r"たりし(ない|ません)(か|よね?|の|\?)+$|(たら|だら|れば|えば|けば|ると|ても|でも|ちゃうと).{0,14}(ない|ません|なくなる|なくなります|消える|消えます|壊れる|だめ)?(の|か|かな|かしら|\?)+$"
)
_ONE_WAY = re.compile(
    r"受信|送信|(受け|うけ)(取|と)|(送|おく|出|だ)(る|す)(ほう|方|の)|(来|く|届|とど)(る|く)(ほう|方|の)"
)
_A_PERSON = re.compile(
    r"担当|有人|(?<!他の)(?<!ほかの)(?<!別の)(?<!相手の)(人|ひと|誰か|だれか|人間|すたっふ|おぺれーたー|責任者|店長)(に|を|と|が|の|いま|呼|出|$)|電話(?!番号|会社|代)|でんわ|代わ(って|り)|かわって|えすかれ|引き継|訪問|遠隔|(こちら|うち)(に|へ|まで)"
)
_FAVOUR = re.compile(
    r"(て|で)(もら(え|い|う|お)|いただ(け|き)|頂(け|き)|くれ|ほしい|欲しい|ください|下さい)|(やって|して|替えて|移して|直して)くれ|お願い|おねがい|頼み|頼む|たのむ|助けて|たすけて|呼ん|つない|来て|相談"
)
_BOTH_WAYS = re.compile(
    r"(受信|送信|届|来|送).{0,5}も.{0,3}(受信|送信|届|来|送).{0,5}も|(届か|来な|来ません|(受信でき|受け取れ)(な|ま|ず|へん)).{1,12}(送れ|送信も?でき|送られ)(な|ま|ず|へん)|(送れ|送信でき)(な|ま|ず|へん).{1,12}(届か|来な|来ません|(受信も?でき|受け取れ)(な|ま|ず|へん))|送受信(が|も|とも)?(でき|だめ|不)|(両方|どちらも|どっちも|全部)(とも)?(だめ|でき|使え)"
)
_ASKS_AGAIN = re.compile(
    r"もう(一度|いちど|1度|一回|いっかい|1回|いっぺん|一遍)(だけ)?(教え|おしえ|お願い|言って|見せ|説明|聞|頼|$|両方|全部)|(さっき|先ほど|前)の(番号|設定|説明|画面)"
)
_LOST = re.compile(
    r"(よく|全然|ぜんぜん|さっぱり|ちょっと|意味が|言ってる(こと|意味)が?|言葉が|むずかしくて|難しくて|どれが?)?(わかりません|わからない|わからん|わかんない|分かりません|分からない|分からん)"
    r"|むずかし|難し|ややこし|ちんぷんかんぷん|ついていけ"
)
_SSL = re.compile(
    r"(ssl|暗号化|tls)(の?(チェック|ちぇっく|印|しるし))?(は|が|を|も|に)?[「『]?(?P<off>なし|無し|ない|つ(い|け)て(い?ない|い?ません)|入(って|れて)(い?ない|い?ません)|使って(い?ない|い?ません)|して(い?ない|い?ません)|おふ|off)|(ssl|暗号化|tls)(の?(ちぇっく|印|しるし))?(は|が|を|も|に)?[「『]?(?P<on>あり|有り|つ(い|け)て(い?る|います)|入(って|れて)(い?る|います)|使って(い?る|います)|して(い?る|います)|おん|on)"
)
_TEMPORARY = re.compile(
    r"^(?!.*(戻|もど|まま|いつまで|やめ|前に)).*(一時(的な|的に)?の?(設定|対策|措置|回避|対応)|応急(処置|措置)|暫定(値|設定|対応|措置|出|の値))"
)
_HELP = re.compile(
    r"^(すみません|あのー?|誰か|だれか|お願い)*[、\s]*(助けて|たすけて|困って|こまって|困った|こまった|相談(したい|に乗|があ)|聞きたいこと|教えてほしいこと|質問があ).{0,12}$"
)
_NOT_UPDATED = re.compile(
    r"(更新|あっぷで-?と|あっぷでーと|update).{0,6}(して(は|も)?い?(ない|ません|なか)|してへん|しとらん|しとらへん|してねえ|してない|やってない|やってません|かけてない)"
)
_NOT_THE_UPDATE = re.compile(
    r"(更新|あっぷでーと|update).{0,4}(の?せい|が?原因|関係).{0,3}(では|じゃ)?(ない|なかった|ありません|なさそう)"
)


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """*text* in one spelling for these tables: one width, lower case, hiragana, no marks at its end, and in kanji what
    the tables write in kanji.
    """
    folded = _BLANKS.sub(" ", one_width(text).translate(_TO_HIRAGANA)).strip()
    together = _BLANK_IN_KANA.sub("", folded)
    return _AT_THE_END.sub("", _IN_KANA.sub(_in_kanji, together))


_BLANKS = re.compile(r"\s+")
_BLANK_IN_KANA = re.compile(r"(?<=[ぁ-んー]) (?=[ぁ-んー])")
_AT_THE_END = re.compile(r"[。!.、~〜♪\s]+$")
_KANJI_OF = {
    "じゅしん": "受信",
    "受診": "受信",
    "そうしん": "送信",
    "せってい": "設定",
    "ばんごう": "番号",
    "なんばん": "何番",
    "すうじ": "数字",
    "がめん": "画面",
    "けいこく": "警告",
    "しょうめいしょ": "証明書",
    "こうしん": "更新",
    "たんとう": "担当",
    "でんわ": "電話",
    "りょうきん": "料金",
    "ねだん": "値段",
    "かいしゃ": "会社",
    "けいやく": "契約",
    "しょるい": "書類",
    "おねがい": "お願い",
    "とど": "届",
    "おく": "送",
    "なお": "直",
    "もど": "戻",
    "ひら": "開",
}
"""Words that many write in kana throughout; verbs only before an ending of theirs."""
_IN_KANA = re.compile(
    "|".join(word for word in _KANJI_OF if len(word) > 2)
    + r"|とど(?=[かきくけい])|(?<![てんに])おく(?=[らりるれっ])|なお(?!さら)(?=[さしすせっらりる])|もど(?=[さしすせそらりるれろっ])|ひら(?=[いかきくけ])"
)


def _in_kanji(word: re.Match[str]) -> str:
    return _KANJI_OF[word[0]]


def says_yes(text: str) -> bool:
    return _whole(_YES, text)


def says_no(text: str) -> bool:
    return _whole(_NO, text)


def says_unsure(text: str) -> bool:
    return bool(_UNSURE.search(plain(text)))


def declines(text: str) -> bool:
    """No, or no longer: short, and nothing but that."""
    return says_no(text) or (len(plain(text)) <= _SHORT and cancels(text))


_SHORT = 20


def cancels(text: str) -> bool:
    return bool(_CANCEL.search(plain(text)))


def corrects(text: str) -> bool:
    return bool(_CORRECTION.search(plain(text)))


def asks(text: str) -> bool:
    return bool(_ASKING.search(plain(text)))


def is_angry(text: str) -> bool:
    return bool(_ANGRY.search(plain(text)))


def complains(text: str) -> bool:
    """Whether the text says in so many words that something does not work."""
    return bool(_COMPLAINS.search(plain(text)))


def works_now(text: str) -> bool:
    """「送れました」「警告が消えた」: the trouble is over, as far as it goes."""
    return bool(_WORKS_NOW.search(plain(text)))


def fails(text: str) -> bool:
    """Whether anything in the text fails, is missing or gives cause for complaint."""
    return bool(_FAILS.search(plain(text)))


def complains_of_mail(text: str) -> bool:
    """Whether the text says in so many words that mail does not come or go."""
    return bool(_NO_MAIL.search(plain(text)))


def asks_a_favour(text: str) -> bool:
    """「そちらでやってもらえる？」: wants something done by others."""
    return bool(_FAVOUR.search(plain(text)))


def asks_to_have_it_moved(text: str) -> bool:
    """「新しいのに替えてもらえますか」, 「お宅でやってくれるの」: wants the shop to do the move."""
    words = plain(text)
    by_others = _MOVES_IT.search(words) and asks_a_favour(words)
    return bool(by_others or _BY_YOU.search(words) or _LEAVES.search(words))


_MOVES_IT = re.compile(r"移|替え|換え|変え|乗り換|引っ?越|新しい|入れ替え")
_LEAVES = re.compile(r"(乗り?換え|乗り?替え|引っ?越|移行し?)(る|ます|よう|たい|します)")
_BY_YOU = re.compile(r"(そちら|お宅|おたく|お店|そこ|そっち)(さん)?(で|に)(やっ|し|でき|お願い|頼|移|替え)")


def supposes(text: str) -> bool:
    """「更新したらメールが来なくなる？」: asks what would be, and does not say that it is so."""
    return bool(_SUPPOSES.search(plain(text)))


def names_one_way(text: str) -> bool:
    """Whether the text has a word for receiving or for sending."""
    return bool(_ONE_WAY.search(plain(text)))


def took_temporary(text: str) -> bool:
    """「一時的なほうにしました」: uses the temporary values now."""
    return not asks(text) and bool(
        re.search(
            r"一時(的|設定|の).{0,10}(に|を|へ)?(し|変え|入れ|使っ|切り替え)(ました|た|てみ)(?!ら|い)",
            plain(text),
        )
    )


def names_a_person(text: str) -> bool:
    """Whether somebody is asked for."""
    return bool(_A_PERSON.search(plain(text)))


def still(text: str) -> bool:
    """Whether the text looks back on an attempt."""
    return bool(
        re.search(
            r"(?<!ま)まだ|それでも|やっぱり|(し|やっ|直し|変え)たけど|(直し|変え|入れ)た|後も|済", plain(text)
        )
    )


def says_both_ways(text: str) -> bool:
    return bool(_BOTH_WAYS.search(plain(text)))


def asks_again(text: str) -> bool:
    return bool(_ASKS_AGAIN.search(plain(text)))


def is_lost(text: str) -> bool:
    """「むずかしくてわかりません」: could not follow what was said."""
    return len(plain(text)) <= _SHORT and bool(_LOST.search(plain(text)))


def finds_it_hard(text: str) -> bool:
    """「書いてあることが難しゅうて」: gives up on what was said, without asking about it."""
    return bool(_HARD.search(plain(text))) and not asks(text)


_HARD = re.compile(r"むずかし|難し|ややこし|ちんぷんかんぷん|ついていけ|お手上げ|頭が(痛|混乱)|年寄りには")


def tells_ssl(text: str) -> bool | None:
    """「SSLなしです」, 「暗号化はしています」; None when nothing of the kind is said."""
    found = _SSL.search(plain(text))
    return None if found is None else found["on"] is not None


def asks_temporary(text: str) -> bool:
    """Whether the text asks outright for the temporary measure."""
    return bool(_TEMPORARY.search(plain(text)))


def cries_for_help(text: str) -> bool:
    """「助けてください」, 「聞きたいことがあるんですが」: wants something, and has not said what."""
    return bool(_HELP.match(plain(text)))


def denies_update(text: str) -> bool:
    return bool(_NOT_UPDATED.search(plain(text)))


def clears_update(text: str) -> bool:
    """「更新のせいではないんですね」: asks whether the update is out of the question."""
    return bool(_NOT_THE_UPDATE.search(plain(text)))


_THE_MOVE = r"引っ?越し|ひっこし|移行|乗り換え|作業|訪問|出張|移すの|申し?込み|申込|それ|これ|そちら"
_ORDERS = re.compile(
    r"(申し?込み?|申込)(たい|ます|む|をし|し(たい|ます))|(頼み|たのみ)(ます|たい|ましょう)|(頼む|頼もう?)(こと|わ|よ|と|か|で|$)"
    r"|お願い(し(ます|たい|ました|よう)|する(こと|わ|$)|いたします)|予約(し(たい|ます)|を)"
)
_OTHERWISE = re.compile(r"たら|なら|れば|やめ|見送|ない|ません|担当|電話|説明|教え")
_WANTED_THING = re.compile(r"([^、。を]{1,16})(?:のほう|の方)?を")


def orders_the_move(text: str) -> bool:
    """「移行作業のほうを頼みます」: orders what was offered, and nothing else."""
    words = plain(text)
    if not _ORDERS.search(words) or _OTHERWISE.search(words):
        return False
    return all(re.search(_THE_MOVE, thing) for thing in _WANTED_THING.findall(words))


def _whole(pattern: re.Pattern[str], text: str) -> bool:
    words = re.sub(r"[、。!,.\s]", "", plain(text))
    return bool(words) and bool(pattern.fullmatch(words))
