"""The lexicon: what it says, how it is kept, and how it is learnt."""

from __future__ import annotations

import pytest

from bot.content.dictionary import DictionaryReader, lexicon_of
from bot.content.fitting import read_sentences
from bot.content.lexicon import parse_lexicon, read_lexicon, render_lexicon
from bot.content.locate import find_places, shipped_root
from bot.content.telling import told
from bot.content.understanding import LEXICON
from bot.core.matching.lexicon import Lexicon
from bot.core.matching.view import evened
from bot.errors import ContentError

RECEIVE = (("受信", "ジュシン", "受信"),)
SOME = {
    "受信": RECEIVE,
    "しない": (("し", "し", "為る"), ("ない", "ない", "ない")),
    "し": (("し", "し", "し"),),
}


def sounds(read, text):
    return [sound for _, sound, _ in read(text)]


def test_known_pieces_are_read_as_the_table_says_the_longest_first():
    assert ["ジュシン", "し", "ない"] == sounds(Lexicon(SOME), "受信しない")
    assert ["ジュシン", "し"] == sounds(Lexicon(SOME), "受信し")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("文字化けOutlook2019がメール", ["文字化", "け", "Outlook", "2019", "が", "メール"]),
        ("、。 \n", ["、", "。", " \n"]),
        ("😀受信😀", ["😀", "ジュシン", "😀"]),
        ("", []),
    ],
)
def test_what_is_unknown_falls_apart_where_the_script_changes_and_sounds_as_written(text, words):
    assert words == sounds(Lexicon(SOME), text)


def test_the_words_of_a_text_are_the_text():
    read = read_lexicon(find_places().lists[LEXICON])
    text = "お世話になります。Outlook2019で㌍を受診出来ませんꙮ\tﾒｰﾙ" * 50

    assert text == "".join(written for written, _, _ in read(text))


def test_a_lexicon_without_words_reads_too():
    assert ["受信"] == sounds(Lexicon({}), "受信")


def test_the_lexicon_survives_being_written_and_read():
    again = parse_lexicon(render_lexicon(SOME)).known

    assert SOME == {piece: tuple(words) for piece, words in again.items()}


@pytest.mark.parametrize(
    "line", ["受信", "受信\t", "受信\t受診", "受信\t受信/ジュシン/受信/", "受信\t受 信\tx", "受信\t受  信"]
)
def test_a_damaged_lexicon_is_told_by_its_name(line, tmp_path):
    path = tmp_path / "lexicon.yaml"
    path.write_text(f"{render_lexicon({})}  {line}\n", encoding="utf-8")

    with pytest.raises(ContentError) as caught:
        read_lexicon(path)

    assert (f"{path}:1: {told('fitted_odd')}",) == caught.value.problems


def test_a_lexicon_that_is_not_there_is_told_with_what_to_do(tmp_path):
    with pytest.raises(ContentError, match="madoguchi tune"):
        read_lexicon(tmp_path / "lexicon.yaml")


def test_what_stands_beside_a_word_decides_how_it_is_read():
    """行った sounds いった behind a place and おこなった behind a deed: the table takes as much along as tells the two apart."""
    texts = ["設定を行った", "銀行に行った", "確認を行った", "病院に行った", "行った"]
    right = DictionaryReader()

    read = Lexicon(lexicon_of(texts, right))

    assert [right(text) for text in texts] == [tuple(read(text)) for text in texts]


def test_slips_of_what_is_meant_sound_like_it():
    right = DictionaryReader()

    read = Lexicon(lexicon_of(["送信できない", "進めない"], right, meant=["送信"]))

    assert sounds(right, "送進") == sounds(read, "送進") == ["ソウシン"]


def test_the_shipped_lexicon_reads_the_sentences_it_was_learnt_from_as_the_dictionary_does():
    read, right = read_lexicon(find_places().lists[LEXICON]), DictionaryReader()
    folder = shipped_root() / "tests" / "sentences" / "fit"
    texts = {evened(example.text) for example in read_sentences(folder)}

    alike = sum(tuple(read(text)) == right(text) for text in texts)

    assert alike > 0.95 * len(texts)


def test_the_shipped_lexicon_reads_most_words_of_sentences_it_has_not_seen_as_the_dictionary_does():
    read, right = read_lexicon(find_places().lists[LEXICON]), DictionaryReader()
    folder = shipped_root() / "tests" / "sentences" / "held_out"
    texts = {evened(example.text) for example in read_sentences(folder)}

    alike = sum(len(set(read(text)) & set(right(text))) for text in texts)

    assert alike > 0.9 * sum(len(set(right(text))) for text in texts)
