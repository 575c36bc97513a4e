"""Misses that say nearly the same are one thing."""

from __future__ import annotations

import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.learning.clusters import alike, clustered
from bot.core.messages import Channel
from bot.core.misses import Miss
from bot.core.slots import Role, Slots


def a_miss(text, number=1, day=1, **changes):
    values = {"id": f"m{number}", "reason": "unknown", "channel": Channel.LINE, "said_on": date(2026, 4, day)}
    return Miss(text=text, **(values | changes))


def texts(clusters):
    return [[miss.text for miss in cluster.misses] for cluster in clusters]


def test_ways_of_writing_the_same_are_one_cluster():
    misses = [
        a_miss("あれがまたなっとる", 1),
        a_miss("アレガまたなっとる！", 2),
        a_miss("あれがまたなっとるわ", 3),
    ]

    assert texts(clustered(misses)) == [
        ["あれがまたなっとる", "アレガまたなっとる！", "あれがまたなっとるわ"]
    ]


def test_the_largest_comes_first_then_the_newest():
    misses = [
        a_miss("ぜんぜんちがうはなし", 1, day=1),
        a_miss("きいろいしかくがじゃま", 2, day=5),
        a_miss("あれがまたなっとる", 3, day=2),
        a_miss("あれがまたなっとるわ", 4, day=3),
    ]

    found = clustered(misses)

    assert [cluster.leader.id for cluster in found] == ["m3", "m2", "m1"]
    assert found[0].newest == date(2026, 4, 3)


def test_receiving_and_sending_are_never_one_thing():
    receive = a_miss("めーるがうけとれへんのやけど", 1, slots=Slots(direction=Role.INCOMING))
    send = a_miss("めーるがうけとれへんのやけど", 2, slots=Slots(direction=Role.OUTGOING))

    assert len(clustered([receive, send])) == 2
    assert not alike(receive, [send])


def test_what_only_shares_a_word_is_not_alike():
    assert not alike(a_miss("パスポートの更新をしたい"), [a_miss("パソコンの調子が悪くて困る", 2)])
    assert not alike(a_miss("パスポートの更新をしたい"), [])


@pytest.mark.parametrize("seed", range(5))
def test_the_order_in_which_they_come_does_not_matter(seed):
    misses = [
        a_miss(f"あれがまたなっとる{'わ' * (n % 7)}{'よ' * (n % 3)}", n, day=1 + n % 9) for n in range(30)
    ]
    shuffled = random.Random(seed).sample(misses, len(misses))

    assert clustered(misses) == clustered(shuffled)


@given(st.lists(st.text(alphabet="あいうメール", min_size=1, max_size=12), max_size=30))
def test_every_miss_is_in_exactly_one_cluster(words):
    misses = [a_miss(word, n) for n, word in enumerate(words)]

    found = [miss.id for cluster in clustered(misses) for miss in cluster.misses]

    assert sorted(found) == sorted(miss.id for miss in misses)
