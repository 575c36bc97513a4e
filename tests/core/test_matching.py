"""What the understanding is made of: views, cues, phrases, the fitted model."""

from __future__ import annotations

import numpy as np
import pytest

from bot.content.fitted import as_kept, parse_fitted, read_fitted, render_fitted
from bot.content.lexicon import read_lexicon
from bot.content.locate import find_places
from bot.content.telling import told
from bot.content.understanding import LEXICON, build_finder, build_matcher, read_cues
from bot.core.intents import Intent
from bot.core.matching.cues import Cue, words_found
from bot.core.matching.features import Seen, features
from bot.core.matching.model import Model, Thresholds
from bot.core.matching.phrases import Phrase, PhraseIndex, core_of
from bot.core.matching.view import look_at, sound_of
from bot.core.slots import Port, Role, Slots
from bot.errors import ContentError


@pytest.fixture(scope="module", name="read")
def _read():
    return read_lexicon(find_places().lists[LEXICON])


def a_model(**changes):
    parts = {
        "intents": ("cannot_receive", "greeting"),
        "names": (("めーる",), ("めえる",), ("メール",), ("receive>cannot", "hello")),
        "rarity": np.array([0, 1, 1, 1, 1, 1], dtype=np.float32),
        "weights": np.array([[0, 0], [1, 0], [1, 0], [1, 0], [2, -1], [-1, 2]], dtype=np.float32),
        "bias": np.array([-0.5, -0.5], dtype=np.float32),
        "temperature": 2.0,
        "unfitted": -1.0,
        "phrase_weight": 2.0,
        "phrase_floor": 0.8,
        "thresholds": Thresholds(),
    }
    return Model(**(parts | changes))


def seen(**changes):
    return Seen(**({"spelling": "", "sound": "", "words": (), "cues": ()} | changes))


@pytest.mark.parametrize(
    "said",
    ["メールが届かない", "ﾒｰﾙｶﾞ届ｶﾅｲ", "めーるがとどかない", "メ－ルが届かない", "メールが、届かない！"],
)
def test_every_script_and_width_sounds_alike(said, read):
    expected = sound_of("メールが届かない", read)

    assert expected == look_at(said, read).sound


@pytest.mark.parametrize(
    ("slip", "meant"), [("受診できない", "受信できない"), ("要領オーバー", "容量オーバー")]
)
def test_a_wrongly_converted_word_sounds_like_the_right_one(slip, meant, read):
    assert sound_of(meant, read) == sound_of(slip, read)


def test_a_text_is_cut_where_a_thought_ends(read):
    view = look_at("送信はできるのに受信ができません", read)

    assert ["送信はできるのに", "受信ができません"] == [clause.spelled for clause in view.clauses]


@pytest.mark.parametrize("said", ["", " ", "！？", "😀", "\u200b\x07", "ー" * 40])
def test_a_text_without_words_has_a_view_too(said, read):
    view = look_at(said, read)

    assert view.clauses


def test_a_text_of_any_length_can_be_read(read):
    text = "メールが届きません。" * 20_000

    assert text == "".join(surface for surface, _, _ in read(text))
    assert len(look_at(text, read).spelled) <= 2_000


def test_a_cue_is_found_in_any_script_and_in_its_clause(read):
    finder = build_finder(read, [Cue(name="receive", words=("受信",)), Cue(name="send", words=("送信",))])

    found = finder.find(look_at("そうしんはできるのに、ｼﾞｭｼﾝができない", read))

    assert [(0, "send"), (1, "receive")] == [(hit.clause, hit.cue) for hit in found]


def test_a_longer_word_hides_the_shorter_one_inside_it(read):
    finder = build_finder(read, [Cue(name="receive", words=("受信",)), Cue(name="other", words=("受信料",))])

    found = finder.find(look_at("NHKの受信料", read))

    assert ["other"] == [hit.cue for hit in found]


def test_a_cue_tells_the_words_it_was_found_in(read):
    finder = build_finder(read, [Cue(name="percent", patterns=(r"[0-9]+ *%",))])
    view = look_at("使用率が９５％です", read)

    assert ["95%"] == [words_found(hit, view) for hit in finder.find(view)]


def test_two_cues_in_one_clause_make_a_third(read):
    cues = [
        Cue(name="send", words=("送信",)),
        Cue(name="cannot", words=("できません",)),
        Cue(name="send_fails", together=(("send", "cannot"),)),
    ]
    finder = build_finder(read, cues)

    one_clause = finder.find(look_at("送信ができません", read))
    two_clauses = finder.find(look_at("送信、それはできません", read))

    assert "send_fails" in {hit.cue for hit in one_clause}
    assert "send_fails" not in {hit.cue for hit in two_clauses}


def test_the_name_of_a_provider_does_not_matter_to_the_sound(read):
    finder = build_finder(read, [Cue(name="provider", words=("ぷらら", "ニフティ"), mask="〒")])

    def sounds(text):
        view = look_at(text, read)
        return features(view, finder.find(view), Slots(), finder.masks).sound

    assert sounds("ぷららの受信") == sounds("ニフティの受信")


def test_slots_are_features(read):
    view = look_at("995", read)
    slots = Slots(provider="ocn", ports=(Port(role=Role.INCOMING, port=995),))

    names = features(view, [], slots, {}).cues

    assert {"provider", "ports", "port=995", "ports=incoming"} <= set(names)


def test_a_fresh_phrase_is_found_by_what_it_shares_with_a_text():
    index = PhraseIndex(
        [
            Phrase("メールが届かない", "cannot_receive", "めるがとどかない", fresh=True),
            Phrase("メールが送れない", "cannot_send", "めるがおくれない", fresh=True),
        ]
    )

    nearest = index.nearest("めるがとどかないです", least=0.8)

    assert "メールが届かない" == nearest[0].phrase.text
    assert 1.0 == index.nearest("めるがおくれない", least=0.8)[0].likeness
    assert [] == index.nearest("てんき", least=0.8)


def test_a_phrase_that_the_fit_has_learnt_speaks_only_through_it():
    index = PhraseIndex([Phrase("署名を変えたい", "signature", "しよめいをかえたい")])

    assert [] == index.nearest("しよめいをかえたい", least=0.8)
    assert index.said("しよめいをかえたい") is not None


def test_for_people_the_closest_phrase_of_an_intent_is_told_however_little_alike():
    index = PhraseIndex(
        [
            Phrase("署名を変えたい", "signature", "しよめいをかえたい"),
            Phrase("署名を消したい", "signature", "しよめいをけしたい"),
        ]
    )

    closest = index.closest("けすほうほう", "signature")

    assert closest is not None
    assert "署名を消したい" == closest.phrase.text
    assert index.closest("けすほうほう", "greeting") is None


@pytest.mark.parametrize(
    "said",
    [
        "しよめいをかえたいです",
        "しよめいをかえたいんですが",
        "すみませんしよめいをかえたいのですがどうすればいいですか",
    ],
)
def test_courtesies_around_a_phrase_make_it_no_less_alike(said):
    index = PhraseIndex([Phrase("署名を変えたい", "signature", "しよめいをかえたい", fresh=True)])

    nearest = index.nearest(said, least=0.8)

    assert [("署名を変えたい", 0.97)] == [(near.phrase.text, near.likeness) for near in nearest]


def test_a_phrase_that_stands_whole_in_a_longer_text_is_near():
    index = PhraseIndex([Phrase("署名を変えたい", "signature", "しよめいをかえたい", fresh=True)])

    nearest = index.nearest("かいしやのしよめいをかえたいとあねがいつています", least=0.8)

    assert 0.9 < nearest[0].likeness < 1.0


def test_courtesies_alone_are_not_taken_away():
    assert "おねがいします" == core_of("おねがいします")


def test_a_feature_that_stands_twice_counts_once():
    model = a_model()

    once, twice = model.sums(seen(spelling="めーる")), model.sums(seen(spelling="めーるめーる"))

    assert once.tolist() == twice.tolist()


def test_the_reasons_of_an_intent_add_up_to_its_sum():
    model = a_model()
    told = seen(spelling="xめーる", sound="めえるめえる", cues=("hello", "receive>cannot"))

    for place, intent in enumerate(model.intents):
        reasons = model.reasons(told, intent)
        total = float(model.bias[place]) + sum(weight for _, _, weight in reasons)

        assert pytest.approx(float(model.sums(told)[place]), abs=1e-5) == total


def test_every_piece_that_a_fit_counts_is_found_again():
    text = seen(spelling="^めーる$", sound="^めえる$")
    pieces = [*text.pieces[0], *text.pieces[1]]
    model = a_model(
        names=(*text.pieces, (), ()),
        rarity=np.ones(1 + len(pieces), dtype=np.float32),
        weights=np.ones((1 + len(pieces), 2), dtype=np.float32),
    )

    assert sorted(pieces) == sorted(name for _, name, _ in model.reasons(text, "greeting"))


def test_scores_add_up_to_one():
    scores = a_model().probabilities([3.0, 1.0])

    assert scores[0] > scores[1]
    assert pytest.approx(1.0) == sum(scores)


def test_fitted_numbers_survive_being_written_and_read():
    kept = as_kept(a_model(sounds={"受信": "じゆしん"}, facts={"sentences": "3"}))

    again = parse_fitted(render_fitted(kept))

    assert list(map(list, kept.names)) == list(map(list, again.names))
    assert {"受信": "じゆしん"} == again.sounds
    assert {"sentences": "3"} == again.facts
    assert np.array_equal(kept.weights, again.weights)
    assert np.allclose(a_model().weights, again.weights, atol=0.05)


@pytest.mark.parametrize("text", ["", "intents: [a]\n", "\x00", "spelling: |-\n"])
def test_a_damaged_file_of_numbers_is_told_by_its_name(text, tmp_path):
    path = tmp_path / "fitted.yaml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(ContentError) as caught:
        read_fitted(path)

    assert f"{path}:1: {told('fitted_odd')}" == caught.value.problems[0]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("receive: 受信\n", ":1: 「receive」: words には、言葉を"),
        (
            "a: [x]\nreceive: [110]\n",
            ":2: 「receive」: words には、言葉を",
        ),
        ("receive:\n  patterns: ['[']\n", ":1: 「receive」: 「[」は、正規表現として読めません"),
        ("receive:\n  together: [[send, x]]\nsend: [送信]\n", ":1: 「receive」: 「x」という名前がありません"),
        ("receive: {}\n", ":1: 「receive」: 言葉（words）も patterns もありません"),
        ("a: [\n", ":2: "),
        ("- a\n", ":1: 「名前: [言葉, …]」の行を"),
    ],
)
def test_faults_of_cues_are_told_with_their_line(content, problem, tmp_path):
    path = tmp_path / "cues.yaml"
    path.write_text(content, encoding="utf-8")

    with pytest.raises(ContentError) as caught:
        read_cues(path)

    assert f"{path}{problem}" in caught.value.problems[0]


def test_a_new_intent_is_understood_by_its_phrases_before_any_fit(read):
    intents = {"wifi": Intent(id="wifi", title="Wi-Fi", phrases=("Wi-Fiにつながらない",))}
    matcher = build_matcher(read, [Cue(name="hello", words=("こんにちは",))], intents, a_model())

    understood = matcher.understand("Wi-Fiにつながらない", Slots())

    assert "wifi" == understood.intent
    assert "Wi-Fiにつながらない" == understood.matches[0].phrase


def test_a_phrase_that_a_new_intent_shares_with_a_fitted_one_is_the_new_ones(read):
    phrases = {"phrases": ("アドレスを変えたい",)}
    intents = {
        "cannot_receive": Intent(id="cannot_receive", title="届かない", **phrases),
        "wifi": Intent(id="wifi", title="Wi-Fi", **phrases),
    }
    matcher = build_matcher(read, [Cue(name="hello", words=("こんにちは",))], intents, a_model())

    assert "wifi" == matcher.understand("アドレスを変えたい", Slots()).intent


def test_the_words_of_a_button_mean_its_intent(read):
    intents = {
        "cannot_receive": Intent(id="cannot_receive", title="届かない"),
        "wifi": Intent(id="wifi", title="電波の設定を知りたい"),
    }
    matcher = build_matcher(read, [Cue(name="hello", words=("こんにちは",))], intents, a_model())

    assert "wifi" == matcher.understand("電波の設定を知りたい", Slots()).intent
