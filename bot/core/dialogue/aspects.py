"""What a short question asks about, when what it is about was said before: 「なんで？」, 「いつまで？」, 「どこで見るの」, 「他には？」.

An aspect's value is also the name of the text that answers it: an author who gives an intent a text called `why` has
answered 「なんで？」 after it. The patterns are folding tables, not text for people.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.core.dialogue.short_answers import plain
from bot.core.text import plain as one_width

if TYPE_CHECKING:
    from collections.abc import Iterable


class Aspect(StrEnum):
    """What is asked of the thing talked about. The order is that of precedence."""

    PAGE = "page"
    PRICE = "price"
    HOW_LONG = "how_long"
    WHY = "why"
    IS_IT_SAFE = "is_it_safe"
    ELSE = "more_checks"
    ALTERNATIVES = "alternatives"
    WHICH = "which"
    WILL_IT_HELP = "will_it_help"
    WHERE = "where"
    NUMBERS = "numbers"
    HOW = "how"
    CONFIRM = "confirm"
    MEANING = "meaning"


_WORDS: dict[Aspect, re.Pattern[str]] = {
    Aspect.PAGE: re.compile(r"公式|(ほーむ)?(ぺーじ|さいと)(は|の|って|どこ|を|$)|url|りんく"),
    Aspect.PRICE: re.compile(
        r"値段|価格|料金|費用|見積|いくら(?!で?も)|なんぼ|代金|おいくら|予算|高い(です|の|ん)|お金|安く|まけて|割引|有料|無料"
    ),
    Aspect.HOW_LONG: re.compile(
        r"い[つづ]まで|いつごろ|いつ頃|い[つづ].{0,4}(戻|もど|直|なお|終|おわ)|どの(くらい|ぐらい)の?(間|期間|時間|日)?|どれ(くらい|ぐらい)|何日(?!か|も|前|後)|なんにち|何時間|ずっと|このまま(で|$|\?)"
    ),
    Aspect.WHY: re.compile(
        r"なぜ|なんで(?!も)|何で(?!も)(?!見)|どうして(?!も)|どういう(わけ|訳|理由)|原因|理由|何が(悪|わる|原因)|なにが(悪|わる)|なして|なんでや|から(かな|かね|でしょうか|ですか|なの|か\?)|の?せい(です|なの|だ|か|\?)|(誰|だれ|どっち|どちら|相手|うち|こっち|こちら)(が|も|の)(悪|わる)"
    ),
    Aspect.IS_IT_SAFE: re.compile(
        r"危な|あぶな|危険|安全|大丈夫(です|なん|かな|か|\?)|平気(です|なん|かな|か|\?)|だいじょうぶ(です|なん|か|\?)|心配|盗ま|ういるす|のっとら|乗っ取|怖|こわ|漏れ"
    ),
    Aspect.ELSE: re.compile(
        r"(他|ほか)(に(は|も)?|の(こと|方法|やり方|手|原因)?(は|が)?)(\?|$|何|なに|ある|あり|ない|確|見|試|で)|それ(以外|だけ)(\?|に|で(す|い)|$)|別の(方法|やり方|手)"
    ),
    Aspect.ALTERNATIVES: re.compile(
        r"代わり|かわりに|後継|何(に|を|が)(替え|変え|換え|かえ|使え|使う|使った|入れ|すれ|した|い?い|良)|なに(に|を|が)(替え|変え|かえ|使え|使う|使った|すれ|した|い?い)|おすすめ|お勧め|(ほか|他|別)の?そふと|どの(そふと|あぷり)"
    ),
    Aspect.WHICH: re.compile(r"どっち|どちら|(?<!あ)どれ(です|が|を|に|だ|な|$|\?)"),
    Aspect.WHERE: re.compile(
        r"どこ|場所|手順|どの(画面|めにゅー|ぼたん|へん|辺|ところ)|何処|画面(が|は|を|の)?.{0,4}(わから|分から|出し|開|ひら|見方)|開き方|ひらきかた|(直し|変え|入れ|設定の?し)方(が|は|を)?.{0,3}(わから|分から|教え|知り|どう)"
        r"|どう(やって|やったら|すれば)(直|変|入れ|設定|開|見|出)"
    ),
    Aspect.NUMBERS: re.compile(
        r"何番|なんばん|番号|数字|ぽーと|いくつ|さーばー?(名|の名前)?|ほすと|ゆーざー?名|設定値|値(は|を|も|に|って|くれ|教|$|\?)|暗号化|ssl|ぽっぷ|あいまっぷ"
    ),
    Aspect.WILL_IT_HELP: re.compile(
        r"(た|る|ない)(ほう|方)が(い|よ|え)|(じゃ|では|ちゃ|でも)(だめ|駄目|いけ|いか|あか)|^(?!.*(何|なに|どう|どない|どこ|どれ|どの|どっち|いくつ|いつ|いくら)).*(ば|たら|れば|ても|でも|で)(直|なお|使え|つかえ|届|来|送れ|消え|無理|むり|だめ|駄目|いい|ええ|大丈夫|変わ|かわ|同じ)"
    ),
    Aspect.CONFIRM: re.compile(
        r"(これ|それ|ここ|そこ)(で|が|は|を|だけ|でも|じゃ|も)*(もう|全部|ぜんぶ)?(です|ます|でしょう|いい|よい|ええ|合って|あって|全部|終わり|おわり|おっけー|ok|おけ|同じ|だけ)|(で|も)(同じ|一緒|いっしょ)|(合|あ)って(る|ます|い)|(また|今後|これから|次も).{0,6}(起|おき|なる|なり|出る|出ます|変わ)|本当|ほんと"
    ),
    Aspect.MEANING: re.compile(
        r"意味|どういう(こと|もの)|って(何|なに|なん)|とは(\?|$|何|なん)|何の(こと|番号|数字)|なんの(こと|番号)|(もう少し|もうちょっと|もっと)(詳し|くわし|わかり|具体)|詳し(く|い)|くわし(く|い)"
    ),
    Aspect.HOW: re.compile(
        r"どう(案内|言え|言う|説明|伝え|答え|すれ|すりゃ|したら|しよう|しましょ|する|しとけ|やって|やる|いう(風|ふう))|どない(し|すれ|す)|どげん|どんげ|なじょ|なんじょ|何(を|から)(すれ|すりゃ|した|やれ|やった|確|見|し)|なに(を|から)(すれ|した|やれ|見|し)"
        r"|(その|この)?次(は|に|の|どう|を)|つぎ(は|に)|そのあと|その後|それから(\?|は|どう|$)|続き|つづき|(最初|はじめ|まず).{0,6}(見|確|すれ|する|何|なに)|対処|直し方|直すには|(何|なに)(を|見|押)"
    ),
}


def aspects(text: str) -> tuple[Aspect, ...]:
    """Every aspect that *text* asks about, the weightiest first."""
    words = plain(text)
    return tuple(aspect for aspect in Aspect if _WORDS[aspect].search(words))


def asks_about(text: str, aspect: Aspect) -> bool:
    """Whether *text* asks about *aspect*, among others."""
    return bool(_WORDS[aspect].search(plain(text)))


_TALKED_OF_HERE = re.compile(
    r"めーる|認証|印|欄|項目|写真|添付|動画|受信|送信|送受信|届|番号|数字|設定|画面|警告|証明書|更新|あっぷでー?と|ぱそこん|そふと|あぷり|ぷろばいだ(ー)?|会社|契約|回線|光|ぱすわーど|pw|pass|暗号|えらー|あどれす(帳)?|引っ?越し?|暫定|一時|応急|移行|移す|料金|値段|電話|担当|客|容量|さーばー?|ほすと|ぽーと"
    r"|書類|紙|通帳|請求書|封筒|明細|公式|ぺーじ|ぼたん|ちぇっく|うぃんどうず|windows|win|ssl|tls|smtp|pop3?|imap|ng|ok|url|こーす|ぷらん|めにゅー|すまほ|携帯|せきゅりてぃ|そふと|あかうんと|ゆーざー?名?|名前|文字|言葉|ふぉるだ|とらぶる"
)
_SAID_ANYWHERE = re.compile(
    r"大丈夫|相手|先方|一つ|一回|一度|一番|一緒|不安|不要|両方|両者|週|週末|今週末|今週|来週|平日|土日|友達|友人|知人|家族|近所|台|個|枚|通|本|人|分|秒|円|主人|二つ|今日|他人|以上|以下|以前|以外|以降|作成|保存|修正|先日|入力|全く|全体|全然|全部|共通|具体|"
    r"内容|処理|別々|制限|削除|前者|効果|危険|原因|参考|可能|同じ|問題|回答|場合|場所|変更|大事|失敗|安全|完了|実行|対処|専用|平気|当然|影響|後者|心配|必要|"
    r"必須|息子|意味|意外|成功|手動|手順|操作|改善|方法|日付|明日|昨日|時刻|時間|普段|普通|最初|最後|最近|有効|期間|期限|本当|条件|案内|正常|毎回|毎日|比較|"
    r"無事|無効|無理|片方|特に|特別|状態|状況|現在|現状|理由|理解|環境|異常|登録|直接|相変|相談|確認|程度|種類|範囲|簡単|納得|終了|結局|結果|絶対|続き|自分|"
    r"自動|自宅|表示|複雑|親切|解決|訂正|説明|質問|返事|追加|途中|通常|連絡|選択|部分|開始|限り|面倒|駄目|上|下|中|今|他|件|伝|何|使|例|俺|値|僕|元|先|"
    r"入|再|出|分|別|前|取|受|古|可|右|合|名|回|困|増|変|多|夫|妻|始|娘|孫|安|家|少|左|度|待|後|思|急|悪|戻|所|手|押|探|換|教|新|方|日|早|時|"
    r"更|書|替|本|来|機|次|正|気|決|消|済|減|番|的|目|直|知|確|私|終|続|考|聞|良|行|見|触|言|記|試|話|詳|認|調|送|遅|遍|違|選|開|間|順|頼|願|"
    r"高"
)
"""Longest first, so that 方 does not eat the head of 方法."""
_CONTENT = re.compile(
    r"[一-龥々]{2,}|[一-龥々](?![ぁ-ん])|[一-龥々](?=[はがをにのもで、。?]|から|まで)|[a-z]{2,}"
)
"""A thing: two kanji, or one that no ending of a verb follows."""
_LONGEST_ELLIPSIS = 26
_LONGEST_KANA = 20


def is_elliptical(text: str, names: Iterable[str] = ()) -> bool:
    """Whether *text* names no thing of its own, *names* apart: it can only be about what was said before."""
    return names_no_thing(text, names) and not _said_of_something(text, names)


def names_no_thing(text: str, names: Iterable[str] = ()) -> bool:
    """The same, but verbs and adjectives may be any: enough for a question whose aspect is plain."""
    return _short(text) and not _foreign(text, names)


def points_back(text: str) -> bool:
    """Whether *text* begins with a word for what was said before: 「それをしたらメールも消えるの？」."""
    return bool(_POINTING.match(plain(text)))


_POINTING = re.compile(
    r"(え|あ|で|じゃあ?|でも|えっと|あの)?[、, ]*(それ(?!で|と|から|まで|なら|じゃ|に(?!す)|くらい|ぐらい|ぞれ)|これ(?!から|まで|で)|そう(したら|すると|なったら|やったら|すれば|しても)|そこ(は|を|で|に|から|って)|その(?!前|後|他|ほか|うち|まま)|あれ(は|って|を))"
)


def leans(text: str) -> bool:
    """Whether *text* asks a thing that is only asked of what was said before, whatever else it names: 「今週末でもいい？」."""
    if (
        not _short(text)
        or is_small_talk(text)
        or _OF_THE_SHOP.search(plain(text))
        or _CHANGES.search(plain(text))
    ):
        return False
    things = (plain(word) for word in _KATAKANA.findall(one_width(text)))
    only_known = all(_TALKED_OF_HERE.search(thing) for thing in things)
    return only_known and bool(_LEANING.intersection(aspects(text)))


_LEANING = frozenset(
    {
        Aspect.HOW_LONG,
        Aspect.WHY,
        Aspect.ELSE,
        Aspect.HOW,
        Aspect.WILL_IT_HELP,
        Aspect.CONFIRM,
        Aspect.IS_IT_SAFE,
    }
)
_CHANGES = re.compile(r"ところで|話(は|が)?(変|か)わ|別件|別の(話|件)|全然関係|そういえば")


def is_small_talk(text: str) -> bool:
    """Whether *text* speaks of the weather, of how one is, of things that nobody asks a counter for."""
    return bool(_SMALL_TALK.search(plain(text)))


_SMALL_TALK = re.compile(
    r"寒|暑|涼|暖|天気|雨|雪|晴|曇|台風|地震|花|桜|紅葉|祭|元気|若い|年寄|歳|食べ|ごはん|ご飯|昼飯|夕飯|飲み|お茶|歌|遊|旅行|犬|猫|野球|相撲|てれび|らじお|ぷりんた|印刷|ねむ|眠|疲れ|つかれ|名前はなん"
)


def names_nothing(text: str) -> bool:
    """Whether *text* is nothing but small words: 「なんで？」, 「じゃあどうすればいいの」."""
    words = plain(text)
    return _short(text) and not _TALKED_OF_HERE.search(words) and not _foreign(text, ())


def _short(text: str) -> bool:
    words = plain(text)
    return len(words) <= (_LONGEST_ELLIPSIS if re.search(r"[一-龥々]", words) else _LONGEST_KANA)


def _foreign(text: str, names: Iterable[str]) -> bool:
    """Whether *text* names a thing that is neither talked of here nor said anywhere."""
    words = plain(text)
    if _OF_THE_SHOP.search(words):
        return True
    for name in sorted(names, key=len, reverse=True):
        words = words.replace(plain(name), " ")
    rest = _SAID_ANYWHERE.sub(" ", _TALKED_OF_HERE.sub(" ", words))
    written = one_width(text)
    loans = _KATAKANA.findall(written) if _HIRAGANA.search(written) else ()
    things = (word for word in loans if plain(word) in words)
    return bool(_CONTENT.search(rest)) or any(not _TALKED_OF_HERE.search(plain(word)) for word in things)


def _said_of_something(text: str, names: Iterable[str]) -> bool:
    """Whether a verb or adjective stands in *text* that is not said of everything: 「寒いですねえ」."""
    words = plain(text)
    for name in names:
        words = words.replace(plain(name), " ")
    return bool(re.search(r"[一-龥々]", _SAID_ANYWHERE.sub(" ", _TALKED_OF_HERE.sub(" ", words))))


_HIRAGANA = re.compile(r"[ぁ-ん]")
"""Where there is none, katakana are no sign of a foreign word: 「ｱﾀﾗｼｲ ｿﾌﾄﾊ ﾅﾆｶﾞ ｲｲ?」."""
_KATAKANA = re.compile(r"[ァ-ヶー]{3,}")
_OF_THE_SHOP = re.compile(
    r"何時(まで|から|に)|営業|定休|お休み|駐車|お店|領収|あなた|あんた|そちら(?!で)|持ち込|持って(行|い)|伺(い|っ)|うかが(い|っ)|来店|お邪魔"
)
