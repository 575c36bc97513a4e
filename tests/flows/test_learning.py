"""The learning loop over real HTTP: an unclear message, a question at the desk, an answer, an export, a better answer."""

from __future__ import annotations

import asyncio
import logging

import aiohttp
import pytest
from click.testing import CliRunner

from bot.cli.learn import learn
from tests.flows.conftest import DESK, Shop, serving, settings_for

RAMEN = "今夜はしょうゆラーメンが食べたい"


@pytest.fixture(name="owner")
def _owner(tmp_path):
    """The owner's folders."""
    for name in ("intents", "providers"):
        (tmp_path / name).mkdir()
    return tmp_path


@pytest.fixture(name="shop")
async def _shop(line, slack, owner):
    settings = settings_for(
        line,
        slack,
        owner / "data",
        madoguchi_intents_dir=owner / "intents",
        madoguchi_providers_dir=owner / "providers",
    )
    async with serving(settings) as url, aiohttp.ClientSession() as http:
        yield Shop(line=line, slack=slack, settings=settings, url=url, http=http)


@pytest.fixture(name="commands")
def _commands(shop, owner, monkeypatch):
    """The commands, on the database and folders of the running service."""
    monkeypatch.chdir(owner)
    monkeypatch.setenv("MADOGUCHI_DATA_DIR", str(owner / "data"))
    monkeypatch.setenv("MADOGUCHI_INTENTS_DIR", str(owner / "intents"))

    async def run(*arguments):
        result = await asyncio.to_thread(CliRunner().invoke, learn, [str(each) for each in arguments])
        assert result.exit_code == 0, result.output
        return result.stdout

    return run


@pytest.fixture(name="reloaded")
async def _reloaded():
    """Set once the service has taken changed content up."""
    reloaded, loop = asyncio.Event(), asyncio.get_running_loop()

    class Watcher(logging.Handler):
        def emit(self, record):
            if record.action == "reload":
                loop.call_soon_threadsafe(reloaded.set)

    log, watcher = logging.getLogger("bot.content.reloading"), Watcher()
    level = log.level
    log.setLevel(logging.INFO)
    log.addHandler(watcher)
    yield reloaded
    log.removeHandler(watcher)
    log.setLevel(level)


def press(shop, post, value_end, user="UOPERATOR"):
    button = next(button for button in post.buttons if button["value"].endswith(f":{value_end}"))
    return shop.slack.press(
        button["action_id"], button["value"], label=button["text"]["text"], post=post, user=user
    )


async def asked(shop):
    await shop.slack.until(lambda: any("用件" in post.shown for post in shop.slack.posts))
    return next(post for post in shop.slack.posts if "用件" in post.shown)


async def test_an_unclear_message_becomes_a_proposal_by_one_press(shop, commands):
    await shop.customer(f"0120-123-4567で聞いた山田です。{RAMEN}")
    await shop.line.wait_for(1)
    post = await asked(shop)

    status = await shop.slack_sends(press(shop, post, "mailbox_full"))
    await shop.slack.until(lambda: bool(shop.slack.updates))
    exported = await commands("export")

    assert status == 200
    assert post.channel == DESK
    assert "4567" not in post.shown
    assert "メールの箱がいっぱい" in shop.slack.message(DESK, post.ts).shown
    assert "mailbox_full:" in exported
    assert "ラーメンが食べたい" in exported
    assert "UOPERATOR" in exported
    assert "4567" not in exported


async def test_what_was_learnt_answers_the_next_customer_without_a_restart(shop, commands, owner, reloaded):
    await shop.customer(RAMEN)
    await shop.slack_sends(press(shop, await asked(shop), "mailbox_full"))
    await shop.slack.until(lambda: bool(shop.slack.updates))

    await commands("export", owner / "patch.yaml")
    await commands("apply", owner / "patch.yaml")
    async with asyncio.timeout(60):
        await reloaded.wait()
    await shop.customer(RAMEN)

    assert "ごみ箱" not in await shop.answer(1)
    assert "ごみ箱" in await shop.answer(2)


async def test_a_second_press_is_told_who_was_first(shop):
    await shop.customer(RAMEN)
    post = await asked(shop)

    await shop.slack_sends(press(shop, post, "mailbox_full", user="UFIRST"))
    await shop.slack_sends(press(shop, post, "cannot_send", user="USECOND"))
    await shop.slack.until(lambda: bool(shop.slack.ephemerals) or bool(shop.slack.responses))

    assert "メールの箱がいっぱい" in str(shop.slack.ephemerals) + str(shop.slack.responses)


async def test_a_message_taken_back_leaves_the_desk_too(shop):
    event = shop.line.event(RAMEN)
    await shop.webhook(shop.line.body(event))
    post = await asked(shop)

    await shop.customer("", type="unsend", unsend={"messageId": event["message"]["id"]})
    await shop.slack.until(lambda: bool(shop.slack.updates))

    assert "ラーメン" not in shop.slack.message(DESK, post.ts).shown


async def test_a_broken_edit_keeps_the_old_content_and_operators_read_the_line(shop, owner):
    (owner / "providers" / "ocn.yaml").write_text("id: ocn\nnaem: OCN\n", encoding="utf-8")
    await shop.slack.until(lambda: bool(shop.slack.posts), seconds=30)

    await shop.customer("OCNの受信ポートは？")

    assert "ocn.yaml:2: 「naem」という項目はありません" in shop.slack.posts[0].shown
    assert "995" in await shop.answer(1)
