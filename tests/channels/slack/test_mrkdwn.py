from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.slack.mrkdwn import escape, escape_within, link, pieces, plain

ANY_TEXT = st.text(alphabet=st.sampled_from("あ<>&!@#|*\n a😀;lt"), max_size=200)


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("A &amp; B &lt;C&gt;", "A & B <C>"),
        ("&amp;lt;", "&lt;"),
        ("<http://pop.plala.or.jp|pop.plala.or.jp> が", "pop.plala.or.jp が"),
        ("<https://a.example/x>", "https://a.example/x"),
        ("<https://a.example/x|ここ>", "ここ https://a.example/x"),
        ("<mailto:taro@ocn.example|taro@ocn.example>", "taro@ocn.example"),
        ("<mailto:taro@ocn.example>", "taro@ocn.example"),
        ("<tel:0120|フリーダイヤル>", "フリーダイヤル"),
        ("<@U1> <@U1|taro> <#C1|general> <!here> <!subteam^S1|@desk>", "@U1 @taro #general @here @desk"),
        ("<!date^1392734382^{date}|2月18日>", "2月18日"),
        ("<>", "<>"),
    ],
)
def test_markup_is_read_as_a_person_reads_it(markup: str, words: str) -> None:
    assert plain(markup) == words


@given(ANY_TEXT)
def test_escaped_text_reads_as_it_was(text: str) -> None:
    assert plain(escape(text)) == text


@given(ANY_TEXT, st.integers(min_value=8, max_value=40))
def test_pieces_keep_every_visible_character_and_the_limit(text: str, limit: int) -> None:
    made = pieces(text, limit)

    assert all(0 < len(piece) <= limit for piece in made)
    assert "".join(plain("".join(made)).split()) == "".join(text.split())


def test_pieces_end_where_lines_end() -> None:
    assert pieces("一行目\n二行目\n三行目", 8) == ["一行目\n二行目", "三行目"]


@given(ANY_TEXT, st.integers(min_value=8, max_value=40))
def test_a_text_cut_to_fit_holds_the_limit_and_no_half_entity(text: str, limit: int) -> None:
    cut = escape_within(text, limit)

    assert len(cut) <= limit
    assert text.startswith(plain(cut).removesuffix("…")) or cut == escape(text)


@pytest.mark.parametrize(
    ("url", "label", "made"),
    [
        ("https://ocn.example/?a=1&b=2", "公式ページ", "<https://ocn.example/?a=1&amp;b=2|公式ページ>"),
        ("https://ocn.example/", "", "<https://ocn.example/>"),
        ("https://ocn.example/", "a|<b>", "<https://ocn.example/|a｜&lt;b&gt;>"),
        ("https://a.example|x> <!channel", "x", "x https://a.example|x&gt; &lt;!channel"),
        ("javascript:alert(1)", "x", "x javascript:alert(1)"),
    ],
)
def test_only_plain_web_addresses_become_links(url: str, label: str, made: str) -> None:
    assert link(url, label) == made
