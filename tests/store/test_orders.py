from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.store.orders import Order, Orders
from tests.conftest import an_utterance


@pytest.fixture
def loop():
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


@pytest.fixture
def another_thread():
    with ThreadPoolExecutor(1) as pool:
        yield lambda call: pool.submit(call).result(10)


@pytest.fixture
def an_order(loop):
    def make(event=None):
        return Order(lambda records: records, event, loop.create_future(), loop)

    return make


@pytest.fixture
def an_event(an_order):
    return lambda: an_order(an_utterance())


def waiting(*orders, most=9, shared=False):
    queue = Orders(most=most, shared=shared)
    for order in orders:
        queue.put(order)
    return queue


def test_events_are_taken_together_up_to_a_number(an_event):
    first, second, third = (an_event() for _ in range(3))
    orders = waiting(first, second, third, most=2)

    assert [[first, second], [third]] == [orders.take(), orders.take()]


def test_while_one_thread_hears_another_takes_what_is_no_event(an_event, an_order, another_thread):
    first, second, other = an_event(), an_event(), an_order()
    orders = waiting(first, second, other, most=1)

    assert [[first], [other]] == [orders.take(), another_thread(orders.take)]
    assert [second] == orders.take()


def test_all_goes_along_where_transactions_are_shared(an_event, an_order):
    event, other = an_event(), an_order()

    assert [event, other] == waiting(other, event, shared=True).take()


def test_what_waits_is_done_before_the_end(an_event, an_order):
    orders = waiting(event := an_event(), other := an_order())
    orders.close()

    assert [[event], [other], ()] == [orders.take(), orders.take(), orders.take()]
