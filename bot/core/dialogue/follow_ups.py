"""An utterance read as going on with what was just talked about."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.dialogue import short_answers as short
from bot.core.dialogue.acknowledgements import courtesy, ends_in_thanks, thanks
from bot.core.dialogue.aspects import (
    Aspect,
    asks_about,
    aspects,
    is_elliptical,
    is_small_talk,
    leans,
    names_no_thing,
    names_nothing,
    points_back,
)
from bot.core.dialogue.bare import bare, names
from bot.core.dialogue.compare import reports_numbers
from bot.core.dialogue.corrections import as_correction
from bot.core.dialogue.essence import essence
from bot.core.dialogue.focus import focused, focused_unless_certain
from bot.core.dialogue.hearing import clauses
from bot.core.dialogue.open_question import is_announced
from bot.core.dialogue.reading import (
    ABOUT_UPDATES,
    ALL_BUT_CERTAIN,
    ENDED,
    MOVING,
    NO_MATTER,
    SMALL_TALK,
    SYMPTOMS,
    VERY_SURE,
    Reading,
    asks_for_the_screen,
    certain,
    clear_request,
    holds,
    names_its_subject,
    near,
    one_way,
    uses,
)
from bot.core.dialogue.returns import as_return
from bot.core.dialogue.settings_card import IMAP_FIRST
from bot.core.dialogue.topic_questions import about_the_topic, going_on, is_answered_by
from bot.core.spelling import one_spelling

if TYPE_CHECKING:
    from bot.core.conversations import Conversation
    from bot.core.library import Library
    from bot.core.slots import Slots
    from bot.core.understanding import Understanding

_NEEDING_STEPS = frozenset(
    {*SYMPTOMS, "after_windows_update", "ssl_warning", "revert_settings", "open_settings"}
)


def as_follow_up(
    understanding: Understanding, conversation: Conversation, library: Library, *, staff: bool
) -> Reading | None:
    """The reading, if the utterance leans on the talk before it."""
    text = understanding.text
    return (
        _outright(understanding, conversation, library)
        or _of_the_move(understanding, conversation, library)
        or (_shorthand(understanding, library) if staff else None)
        or _done(understanding, conversation, library)
        or _heard(understanding, conversation, library)
        or as_correction(understanding, conversation, library)
        or _told_more(understanding, conversation, library, staff=staff)
        or as_return(understanding, conversation, library)
        or _told_at_the_end(understanding, conversation, library, staff=staff)
        or _warned_again(understanding, conversation, library)
        or _likewise(understanding, conversation, library)
        or _numbers_of_another(understanding, conversation, library)
        or (None if short.asks(text, library) else _reported(understanding, conversation, library))
        or focused_unless_certain(understanding, conversation, library)
        or _reported(understanding, conversation, library)
        or _again_or_lost(understanding, conversation, library)
        or _without_the_update(understanding, conversation, library)
        or _beside_the_topic(understanding, conversation, library)
        or _of_the_topic(understanding, conversation, library, staff=staff)
    )


def _outright(understanding: Understanding, conversation: Conversation, library: Library) -> Reading | None:
    """What a few words ask for outright, wherever they are said."""
    text = understanding.text
    if short.clears_update(text, library):
        return Reading(act="focus", intent="after_windows_update", focus="not_the_update")
    if short.asks_temporary(text, library):
        return _the_temporary(conversation)
    if understanding.slots.error_code and understanding.verdict == "unknown":
        return Reading(act="request", intent="error_code")
    compares = conversation.slots.provider and short.asks(text, library)
    if conversation.topic == "pop_or_imap" and understanding.slots.ports and not compares:
        return Reading(act="focus", intent="pop_or_imap", focus=Aspect.WHICH.value)
    return None


def _the_temporary(conversation: Conversation) -> Reading:
    """The temporary values; what is safe to check comes before them, unless it was said already."""
    if "ssl_warning" in conversation.served and conversation.slots.provider:
        return Reading(act="focus", intent="ssl_warning", focus="temporary_measure")
    return Reading(act="request", intent="ssl_warning")


def _of_the_move(
    understanding: Understanding, conversation: Conversation, library: Library
) -> Reading | None:
    """The move is ordered, or wanted, or anything's price is asked."""
    if _wants_the_move(understanding, conversation, library):
        return Reading(act="accept", intent="migration")
    if _asks_to_be_moved(understanding, conversation, library):
        return Reading(act="request", intent="migration")
    if _asks_the_price(understanding, conversation, library):
        return Reading(act="focus", intent="migration", focus="price")
    return None


def _done(understanding: Understanding, conversation: Conversation, library: Library) -> Reading | None:
    """A picture is on its way, or the trouble is over."""
    if conversation.topic and is_announced(understanding, library):
        return Reading(act="announces", intent=conversation.topic)
    if _is_over(understanding, conversation, library):
        return Reading(act="request", intent="resolved_thanks")
    if _tried_it_all(understanding, conversation, library):
        return Reading(act="request", intent="not_resolved")
    return None


def _wants_the_move(understanding: Understanding, conversation: Conversation, library: Library) -> bool:
    """「引っ越しを申し込みたい」, 「やはりお願いすることにしました」: after the offer to move, a yes in any words."""
    text, topic = understanding.text, conversation.topic
    if topic == "migration" and short.says_yes(text, library):
        return True
    offered = topic == "migration" or (topic in MOVING and understanding.intent == "migration")
    return offered and short.orders_the_move(text, library) and not short.asks(text, library)


def _asks_the_price(understanding: Understanding, conversation: Conversation, library: Library) -> bool:
    """「出張費はいくら？」, whatever is talked about: what the shop takes is told."""
    text = understanding.text
    if not asks_about(text, Aspect.PRICE, library) or not short.asks(text, library):
        return False
    topic = library.intents.get(conversation.topic)
    has_its_own = topic is not None and is_answered_by(topic, Aspect.PRICE)
    goes_on = conversation.topic not in MOVING and (conversation.topic or conversation.ticket_id)
    return (
        bool(goes_on)
        and not has_its_own
        and not understanding.slots.told
        and names_no_thing(text, (), library)
    )


def _asks_to_be_moved(understanding: Understanding, conversation: Conversation, library: Library) -> bool:
    """「なら替えてもらおうかな、そちらでできます？」: whoever uses what has ended asks the shop to do it."""
    leaves = conversation.topic in MOVING or conversation.slots.client in ENDED
    near_it = understanding.verdict == "unknown" or understanding.intent in MOVING
    return leaves and near_it and short.asks_to_have_it_moved(understanding.text, library)


def _is_over(understanding: Understanding, conversation: Conversation, library: Library) -> bool:
    """「両方うまくいきました。ありがとう」: whatever it names, the trouble is over."""
    text = understanding.text
    if not short.works_now(text, library) or short.asks(text, library):
        return False
    if understanding.intent == "resolved_thanks":
        return True
    if not conversation.topic or _HOWEVER.search(text):
        return False
    if _ends_well(text, library):
        return True
    short_and_of_it = understanding.intent == conversation.topic and len(text) <= _A_WORD_OF_IT
    return short_and_of_it or (understanding.intent in SMALL_TALK and not short.fails(text, library))


def _tried_it_all(understanding: Understanding, conversation: Conversation, library: Library) -> bool:
    """「全部やりました」, and not a word of success."""
    text, told = understanding.text, understanding.slots
    looked_for = bool(conversation.failures) or conversation.topic in {
        *SYMPTOMS,
        *_NEEDING_STEPS,
        "port_settings",
        "error_code",
    }
    said = short.did_all(text, library) and not short.asks(text, library)
    return looked_for and said and not (told.ports or told.error_code or short.works_now(text, library))


def _ends_well(text: str, library: Library) -> bool:
    """「465に直したら出ていきました。お世話さまです」: the last that is told is good news, and nothing else fails."""
    told = [clause for clause in clauses(text) if not thanks(clause)]
    good = bool(told) and short.works_now(told[-1], library)
    return (
        good and not any(short.fails(clause, library) for clause in told[:-1]) and not _ONCE.search(told[-1])
    )


_ONCE = re.compile(r"まで|以前|前は|昔|ときどき|時々|たまに|だけ|しか|一度は")
_A_WORD_OF_IT = 18
_HOWEVER = re.compile(r"けど|のに|でも|(?<!ま)まだ|しかし|が、|ただ")


def _heard(understanding: Understanding, conversation: Conversation, library: Library) -> Reading | None:
    """「わかりました、やってみます」: unless it tells something that may be new."""
    known = conversation.slots
    new = (
        slot
        for slot in _WHAT_IS_NEW
        if getattr(understanding.slots, slot) not in {None, getattr(known, slot)}
    )
    if any(new):
        return None
    said = courtesy(understanding.text)
    if said == "heard" and clear_request(understanding) and understanding.intent == "migration":
        return None  # 「メールの引っ越し頼みます」
    if said == "heard":
        return Reading(act="heard", intent="resolved_thanks")
    asked = understanding.intent == "handoff" or _EXCUSE_ME.search(understanding.text)
    thanked = said == "thanks" or _thanks_at_last(understanding, library)
    return Reading(act="request", intent="resolved_thanks") if thanked and not asked else None


def _thanks_at_last(understanding: Understanding, library: Library) -> bool:
    """「両方古いね thx」: what stands before the thanks asks nothing, and complains of nothing."""
    text, told = understanding.text, understanding.slots
    if not ends_in_thanks(text) or told.ports or clear_request(understanding):
        return False
    return not (short.asks(text, library) or short.complains(text, library))


_WHAT_IS_NEW = ("provider", "client", "protocol", "error_code")


def _shorthand(understanding: Understanding, library: Library) -> Reading | None:
    """「同じ客 送信も×」: the mark says that it fails, the word which way."""
    text, told = understanding.text, understanding.slots
    if not told.direction or told.error_code or told.ports or not _FAILS_IN_SHORT.search(text):
        return None
    if understanding.intent not in {*SYMPTOMS, "not_resolved", "port_settings"} or short.still(text, library):
        return None
    also = tuple(understanding.also)
    return Reading(act="request", intent=one_way("mail_stopped", told), also=also)


_FAILS_IN_SHORT = re.compile(r"[×✕✖]|NG|ng|不可|だめ|ダメ")


_EXCUSE_ME = re.compile(r"すみません|すいません|すんません|ごめん|よろしく|失礼")


def _told_more(
    understanding: Understanding, conversation: Conversation, library: Library, *, staff: bool
) -> Reading | None:
    """The utterance is hardly more than what it tells."""
    told = understanding.slots
    if short.says(short.Small.RELATES, understanding.text, library):
        return None
    if not told.told or (
        short.asks(understanding.text, library) and focused(understanding.text, conversation, library)
    ):
        return None
    if conversation.question:
        understanding = essence(understanding, conversation.question, library)
    if not bare(understanding.text, told, library):
        return None
    first = not conversation.topic and clear_request(understanding)
    if first and understanding.intent not in _ABOUT_VALUES:
        return None
    return _with_what_is_new(understanding, conversation, library, staff=staff)


def _told_at_the_end(
    understanding: Understanding, conversation: Conversation, library: Library, *, staff: bool
) -> Reading | None:
    """「通帳を見たらOCNになってました」: no request that anyone knows, but it ends in the name of another provider."""
    text, told = understanding.text, understanding.slots
    if understanding.verdict != "unknown" or not conversation.topic or short.asks(text, library):
        return None
    if not told.provider or told.provider == conversation.slots.provider:
        return None
    last = clauses(text)[-1:]
    names_it = bool(last) and library.slot_finder.find(last[0]).provider == told.provider
    if not names_it or _OF_THE_CONTRACT.search(one_spelling(last[0])):
        return None
    return _with_what_is_new(understanding, conversation, library, staff=staff)


_OF_THE_CONTRACT = re.compile(
    r"解約|料金|てれび|電話|工事|速度|遅|退会|勧誘|営業|請求|るーたー|つながら|ほしい|たい"
)
"""What is said of a provider beside mail."""


_ABOUT_VALUES = frozenset({"port_settings", "pop_or_imap", "what_is_port", "provider_docs", "open_settings"})


def _with_what_is_new(
    understanding: Understanding, conversation: Conversation, library: Library, *, staff: bool
) -> Reading:
    """What the slot that is new leads to, the one that weighs most first."""
    told, text = understanding.slots, understanding.text
    if reading := _new_trouble(understanding, conversation, library):
        return reading
    if (told.direction or told.protocol) and (staff or not told.client):
        return Reading(act="follow_up", intent="port_settings")
    if told.client and not told.provider and asks_for_the_screen(understanding, library):
        return Reading(act="follow_up", intent="open_settings")
    numbers = staff or asks_about(text, Aspect.NUMBERS, library)
    if not numbers and (of_the_company := _of_the_company(told, conversation, library)):
        return of_the_company
    if told.provider or told.unknown_domain:
        wanted = "port_settings" if numbers else _needing_provider(conversation, library)
        return Reading(act="follow_up", intent=wanted)
    if asks_about(text, Aspect.WHICH, library) and conversation.topic in _OF_TWO:
        asked = about_the_topic(understanding, conversation, library)
        return asked or going_on(understanding, conversation, library)
    return _with_program(understanding, conversation, library)


def _new_trouble(
    understanding: Understanding, conversation: Conversation, library: Library
) -> Reading | None:
    """Numbers, a code, or a way that fails."""
    told, text, question = understanding.slots, understanding.text, conversation.question
    if reports_numbers(told):
        return Reading(act="follow_up", intent="port_settings")
    if told.error_code:
        return Reading(act="request", intent="error_code")
    still = short.still(text, library) and short.complains(text, library)
    if told.direction and conversation.topic and still:
        return Reading(act="request", intent="not_resolved")
    if understanding.intent in SYMPTOMS and short.fails(text, library):
        return Reading(act="request", intent=one_way(understanding.intent, told))
    if told.direction and question and question.slot == "provider" and question.intent in SYMPTOMS:
        return Reading(act="follow_up", intent=one_way(question.intent, told))
    return None


_OF_TWO = frozenset({"port_settings", "pop_or_imap"})


def _of_the_company(told: Slots, conversation: Conversation, library: Library) -> Reading | None:
    """Whose provider it is, after what the provider itself must be asked: papers that are lost, a box that is full."""
    provider = library.providers.get(told.provider or "")
    if provider and conversation.topic == "mailbox_full":
        return Reading(act="focus", intent="mailbox_full", focus="provider_page")
    if provider and conversation.topic == "provider_docs" and not provider.answer_with_values:
        return Reading(act="follow_up", intent="provider_docs")
    return None


def _with_program(understanding: Understanding, conversation: Conversation, library: Library) -> Reading:
    """The mail program is what is new."""
    told, topic = understanding.slots, conversation.topic
    if told.client == "livemail" and "ssl_warning" in conversation.served[-2:]:
        return Reading(act="follow_up", intent="ssl_warning")
    if topic in MOVING and asks_about(understanding.text, Aspect.MEANING, library):
        return Reading(act="focus", intent="livemail_eol", focus=Aspect.ALTERNATIVES.value)
    if topic == "migration":
        return Reading(act="follow_up", intent="migration")
    if told.client == "livemail" and topic and topic not in _NEEDING_STEPS:
        return Reading(act="request", intent="livemail_eol")
    if topic == "port_settings" and told.client in IMAP_FIRST:
        return Reading(act="follow_up", intent="port_settings", also=("open_settings",))
    if topic and uses(topic, "client", library):
        return Reading(act="follow_up", intent=topic)
    if clear_request(understanding) and understanding.intent not in MOVING:
        return Reading(act="request", intent=understanding.intent)
    return Reading(act="request", intent="open_settings")


def _needing_provider(conversation: Conversation, library: Library) -> str:
    """What was talked about last that depends on the provider."""
    code = conversation.slots.error_code
    if conversation.topic == "error_code" and code and code not in library.error_codes:
        return "port_settings"
    recent = (conversation.topic, *reversed(conversation.served[-4:]))
    return next(
        (i for i in recent if i not in {*NO_MATTER, "provider_docs"} and uses(i, "provider", library)),
        "port_settings",
    )


def _warned_again(
    understanding: Understanding, conversation: Conversation, library: Library
) -> Reading | None:
    """「995に戻したらまた警告が出た」: the warning, whatever was done before it came."""
    text = understanding.text
    changed = conversation.topic in {"ssl_warning", "revert_settings", "port_settings", "open_settings"}
    if not changed or not short.warned(text, library) or short.works_now(text, library):
        return None
    if "ssl_warning" not in conversation.served:
        return Reading(act="request", intent="ssl_warning")
    if understanding.slots.provider not in {None, conversation.slots.provider}:
        return Reading(act="follow_up", intent="ssl_warning")
    return Reading(act="focus", intent="ssl_warning", focus=Aspect.ELSE.value)


def _likewise(understanding: Understanding, conversation: Conversation, library: Library) -> Reading | None:
    """「妻はぷららですが同じ画面です」: the topic, for another provider."""
    told = understanding.slots.provider
    if told in {None, conversation.slots.provider} or short.asks(understanding.text, library):
        return None
    same = short.likewise(understanding.text, library) and uses(conversation.topic, "provider", library)
    return Reading(act="follow_up", intent=conversation.topic) if same else None


def _numbers_of_another(
    understanding: Understanding, conversation: Conversation, library: Library
) -> Reading | None:
    """「Gmailも使っているのでそちらの番号も頼みます」"""
    text, told = understanding.text, understanding.slots.provider
    wanted = short.asks(text, library) or short.asks_a_favour(text, library)
    other = bool(conversation.topic) and told not in {None, conversation.slots.provider}
    if not (other and wanted and asks_about(text, Aspect.NUMBERS, library)):
        return None
    return None if certain(understanding, library) else Reading(act="request", intent="port_settings")


def _reported(understanding: Understanding, conversation: Conversation, library: Library) -> Reading | None:
    """Numbers or encryption as they are on the customer's screen, and nothing that weighs more."""
    text, told = understanding.text, understanding.slots
    follow_up = Reading(act="follow_up", intent="port_settings")
    if conversation.slots.ports and not told.ports and short.tells_ssl(text, library) is not None:
        return follow_up
    if not told.ports or not conversation.topic:
        return None
    if understanding.intent in {"not_resolved", "resolved_thanks"}:
        return None if short.complains(text, library) or short.works_now(text, library) else follow_up
    if understanding.intent in _MORE_THAN_NUMBERS:
        idle = {"revert_settings", "what_is_port"}
        only_told = understanding.intent in idle and not (
            short.asks(text, library) and names_its_subject(understanding.intent, text, library)
        )
        return follow_up if only_told else None
    return follow_up


_MORE_THAN_NUMBERS = frozenset({"ssl_warning", "revert_settings", "handoff", "what_is_port", "error_code"})


def _again_or_lost(
    understanding: Understanding, conversation: Conversation, library: Library
) -> Reading | None:
    """A short word about what was answered: again please, yes, no, I am lost."""
    text, topic = understanding.text, conversation.topic
    if not topic:
        return None
    if short.asks_again(text, library):
        return _again(text, topic, library)
    if short.finds_it_hard(text, library) and understanding.intent in {*SMALL_TALK, *_TURNED_OVER, topic}:
        return Reading(act="lost", intent=topic)
    if understanding.intent not in {*SMALL_TALK, topic}:
        return None
    if short.says_yes(text, library) or short.says_no(text, library):
        return Reading(act="heard", intent="resolved_thanks")
    return Reading(act="lost", intent=topic) if short.is_lost(text, library) else None


_TURNED_OVER = frozenset({"provider_docs", "what_is_port", "not_resolved"})
"""What words of despair look like to those who know only them."""


def _again(text: str, topic: str, library: Library) -> Reading:
    """「さっきの番号をもう一度」: the numbers, whatever has been talked about since."""
    if asks_about(text, Aspect.NUMBERS, library) and asks_about(text, Aspect.WHERE, library):
        return Reading(act="follow_up", intent="open_settings")
    if asks_about(text, Aspect.NUMBERS, library):
        both = bool(re.search(r"さっき|先ほど|前の", one_spelling(text)))
        return Reading(act="request" if both else "follow_up", intent="port_settings")
    return Reading(act="request", intent=topic)


def _beside_the_topic(
    understanding: Understanding, conversation: Conversation, library: Library
) -> Reading | None:
    """Something foreign, or long past, that is only brought up because of the topic."""
    text, topic = understanding.text, conversation.topic
    if not topic or (certain(understanding, library) and understanding.intent not in SYMPTOMS):
        return None
    if short.says(short.Small.RELATES, text, library):  # 「パソコンの時計がずれてた。関係ある？」
        return about_the_topic(understanding, conversation, library)
    once = topic in ABOUT_UPDATES and understanding.intent in SYMPTOMS
    if once and short.says(short.Small.ONCE_BEFORE, text, library):  # 「でも前にメールが使えなくなったし」
        return Reading(act="follow_up", intent=topic)
    still = short.complains(text, library) and short.says(short.Small.BUT_STILL, text, library)
    if (
        still and understanding.verdict == "unknown" and not short.asks(text, library)
    ):  # 「でもWi-Fiにするとだめ」
        return Reading(act="request", intent="not_resolved")
    return None


def _of_the_topic(
    understanding: Understanding, conversation: Conversation, library: Library, *, staff: bool
) -> Reading | None:
    """The topic as the first guess: only a request that stands on its own, or something foreign, leaves it."""
    text, topic = understanding.text, conversation.topic
    if topic not in library.intents:
        return None
    if holds(understanding, topic, library, staff=staff) and not _says_too_little(
        understanding, conversation, library
    ):
        return None
    if _said_outright(understanding, library):
        return None
    told = tuple(names(understanding.slots, library))
    if not points_back(text, library) and not names_no_thing(text, told, library):
        return about_the_topic(understanding, conversation, library) if leans(text, library) else None
    tried = short.complains(text, library) or short.did_all(text, library)
    if tried and not short.asks(text, library) and not understanding.slots.ports:
        return Reading(act="request", intent="not_resolved")
    meant = replace(conversation, topic=_named_topic(text, conversation, library))
    if reading := about_the_topic(understanding, meant, library):
        return reading
    if short.says_unsure(text, library) and "lost" in library.intents[topic].texts:
        return Reading(act="focus", intent=topic, focus="lost")
    return None if is_small_talk(text, library) else _unclear(understanding, conversation, library)


_SAID_OUTRIGHT = frozenset({"resolved_thanks", "not_resolved", "greeting"})


def _said_outright(understanding: Understanding, library: Library) -> bool:
    """Thanks, a greeting, or that it still fails, in words that cannot be missed."""
    text, intent = understanding.text, understanding.intent
    if intent not in _SAID_OUTRIGHT or understanding.verdict != "clear":
        return False
    return names_its_subject(intent, text, library) and not (
        intent == "resolved_thanks" and short.asks(text, library)
    )


def _says_too_little(understanding: Understanding, conversation: Conversation, library: Library) -> bool:
    """「じゃあどうすればいいの」: the words alone cannot want anything in particular, whatever they are like."""
    text = understanding.text
    if understanding.intent in SYMPTOMS and not short.asks(text, library):
        return False
    if (
        certain(understanding, library)
        or _said_outright(understanding, library)
        or understanding.intent == "handoff"
        or not (aspects(text, library) or points_back(text, library))
    ):
        return False
    if understanding.slots.provider and uses(understanding.intent, "provider", library):
        return False
    score = understanding.matches[0].score
    if points_back(text, library):
        return score < (VERY_SURE if near(understanding.intent, conversation.topic) else ALL_BUT_CERTAIN)
    if names_nothing(text, library):
        return True
    weak = (
        score < VERY_SURE
        and not asks_about(text, Aspect.MEANING, library)
        and understanding.intent != "migration"
    )
    return weak and is_elliptical(text, names(understanding.slots, library), library)


def _named_topic(text: str, conversation: Conversation, library: Library) -> str:
    """The topic, or what was talked about before where that is named and the topic is not."""
    topic = conversation.topic
    if names_its_subject(topic, text, library):
        return topic
    earlier = (intent for intent in reversed(conversation.served) if intent not in {*NO_MATTER, *SYMPTOMS})
    return next((intent for intent in earlier if names_its_subject(intent, text, library)), topic)


def _unclear(understanding: Understanding, conversation: Conversation, library: Library) -> Reading | None:
    """Nothing in particular is asked: the topic, or what was talked about before and is named."""
    topic, text = conversation.topic, understanding.text
    if (named := _named_topic(text, conversation, library)) != topic:
        return Reading(act="follow_up", intent=named)
    if understanding.verdict == "unknown":
        hinted = _hinted(understanding, topic, library)
        return Reading(act="request", intent=hinted) if hinted else Reading(act="unclear", intent=topic)
    if (
        topic in understanding.candidates
        or understanding.verdict == "clear"
        or points_back(text, library)
        or short.supposes(text, library)
    ):
        return going_on(understanding, conversation, library)
    return None


def _hinted(understanding: Understanding, topic: str, library: Library) -> str:
    """What lies near the topic and is named, however little the words as a whole speak for it; "" for none."""
    return next(
        (
            match.intent
            for match in understanding.matches
            if match.intent not in SMALL_TALK
            and match.score >= _A_HINT
            and near(match.intent, topic)
            and names_its_subject(match.intent, understanding.text, library)
        ),
        "",
    )


_A_HINT = 0.03


def _without_the_update(
    understanding: Understanding, conversation: Conversation, library: Library
) -> Reading | None:
    """「更新はしていないのに」: whatever it is, it is not the update."""
    if understanding.intent not in ABOUT_UPDATES or not short.denies_update(understanding.text, library):
        return None
    other = next(
        (match.intent for match in understanding.matches if match.intent in SYMPTOMS and match.score > 0), ""
    )
    if conversation.topic in SYMPTOMS:
        return Reading(act="follow_up", intent=conversation.topic)
    return Reading(act="request", intent=one_way(other or "mail_stopped", understanding.slots))
