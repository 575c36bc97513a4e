"""madoguchi tune: fits the numbers again; the same sentences always give the same numbers."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from bot.cli.tune import tune
from bot.content import fitting
from bot.content.fitted import read_fitted, render_fitted
from bot.content.fitting import Example, phrase_examples, read_sentences
from bot.content.telling import told
from bot.core.matching.features import Seen
from bot.errors import ContentError

TEXTS = {
    "greeting": [
        "こんにちは",
        "こんばんは",
        "はじめまして",
        "おはよう",
        "やあこんにちは",
        "どうもこんばんは",
    ],
    "cannot_send": [
        "送れない",
        "送信できない",
        "出ていかない",
        "送れません",
        "送信できません",
        "送れないです",
    ],
    "out_of_scope": ["今日の天気", "明日の天気", "天気はどう", "お腹すいた", "お腹がすく", "天気予報"],
}
EXAMPLES = [Example(text=text, intent=intent) for intent, row in TEXTS.items() for text in row]
SEEN = [Seen(spelling=each.text, sound=each.text, words=(), cues=()) for each in EXAMPLES]


def test_the_numbers_are_fitted_and_written(tmp_path):
    sentences = tmp_path / "sentences"
    sentences.mkdir()
    for intent, row in TEXTS.items():
        lines = [json.dumps({"text": text}) for text in row]
        (sentences / f"{intent}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    target = tmp_path / "fitted.yaml"

    result = CliRunner().invoke(tune, ["--sentences", str(sentences), "--out", str(target)])

    assert 0 == result.exit_code, result.output
    assert "知らない文の正答率" in result.stdout
    assert "18" == read_fitted(target).facts["sentences"]


def test_the_same_sentences_give_the_same_numbers():
    first, again = (render_fitted(fitting.fit(EXAMPLES, SEEN, tuple(sorted(TEXTS)))) for _ in range(2))

    assert first == again


def test_every_sentence_is_judged_by_a_fit_that_has_not_seen_it(monkeypatch):
    fitted_on = []
    real = fitting.fit
    monkeypatch.setattr(
        fitting, "fit", lambda examples, *rest: fitted_on.append(set(examples)) or real(examples, *rest)
    )

    trial = fitting.cross_validate(EXAMPLES, SEEN, tuple(sorted(TEXTS)))

    assert fitting.FOLDS == len(fitted_on)
    assert all(sum(example not in part for part in fitted_on) == 1 for example in trial.examples)


def test_phrases_are_fitted_on_but_not_judged():
    phrases = phrase_examples({"greeting": ["ごきげんよう"]})
    seen = [*SEEN, Seen(spelling="ごきげんよう", sound="", words=(), cues=())]

    trial = fitting.cross_validate([*EXAMPLES, *phrases], seen, tuple(sorted(TEXTS)), always=1)

    assert tuple(EXAMPLES) == trial.examples


def test_the_lean_towards_out_of_scope_never_makes_the_trial_worse():
    trial = fitting.cross_validate(EXAMPLES, SEEN, tuple(sorted(TEXTS)))

    leaned = trial.leaning(fitting.best_lean(trial))

    assert worth(leaned) >= worth(trial)


def worth(trial):
    overall, inside, outside = trial.accuracy()
    return overall + 0.5 * min(inside, outside)


def test_bad_sentences_are_told_line_by_line(tmp_path):
    path = tmp_path / "greeting.jsonl"
    path.write_text('{"text": "こんにちは"}\n{"texts": 1}\nx\n', encoding="utf-8")

    with pytest.raises(ContentError) as caught:
        read_sentences(tmp_path)

    assert [f"{path}:{n}: {told('sentence_form')}" for n in (2, 3)] == list(caught.value.problems)
