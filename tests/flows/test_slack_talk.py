"""Staff in Slack, from the signed request to the post."""

from __future__ import annotations

from dataclasses import replace


async def test_a_mention_is_answered_in_its_thread(shop):
    asked = shop.slack.mention("ocn 設定", channel="CSTAFF")

    status = await shop.slack_sends(asked)
    await shop.slack.until(lambda: bool(shop.slack.posts))

    (post,) = shop.slack.posts
    assert status == 200
    assert post.channel == "CSTAFF"
    assert post.thread == asked.payload["event"]["ts"]
    assert "995" in post.shown
    assert "465" in post.shown


async def test_a_thread_goes_on_without_another_mention(shop):
    asked = shop.slack.mention("ocn 設定", channel="CSTAFF")
    await shop.slack_sends(asked)
    await shop.slack.until(lambda: len(shop.slack.posts) == 1)

    await shop.slack_sends(
        shop.slack.says("gmailは", channel="CSTAFF", thread_ts=asked.payload["event"]["ts"])
    )
    await shop.slack.until(lambda: len(shop.slack.posts) == 2)

    assert "gmail.com" in shop.slack.posts[1].shown
    assert "ocn.ne.jp" not in shop.slack.posts[1].shown


async def test_talk_that_is_not_meant_for_the_bot_is_left_alone(shop):
    await shop.slack_sends(shop.slack.says("ocn 設定って何番だっけ", channel="CSTAFF"))
    await shop.slack_sends(shop.slack.direct_message("ocn 設定", bot_id="BOTHER"))
    await shop.slack_sends(shop.slack.direct_message("ocn 設定", subtype="message_changed"))
    await shop.slack_sends(shop.slack.direct_message("plala smtp 587?", channel="D9"))
    await shop.slack.until(lambda: bool(shop.slack.posts))

    assert [post.channel for post in shop.slack.posts] == ["D9"]


async def test_the_slash_command_answers_the_asker_alone(shop):
    status = await shop.slack_sends(shop.slack.command("ocn 受信ポート"))
    await shop.slack.until(lambda: bool(shop.slack.responses))

    assert status == 200
    assert shop.slack.posts == []
    assert "995" in str(shop.slack.responses[0])


async def test_a_retry_of_slack_is_answered_once(shop):
    asked = shop.slack.direct_message("ocn 設定")

    await shop.slack_sends(asked)
    await shop.slack_sends(replace(asked, headers={**asked.headers, "X-Slack-Retry-Num": "1"}))
    await shop.slack_sends(shop.slack.direct_message("plala smtp", channel="D2"))
    await shop.slack.until(lambda: any(post.channel == "D2" for post in shop.slack.posts))

    assert [post.channel for post in shop.slack.posts] == ["D1", "D2"]


async def test_a_wrong_signature_is_refused_and_nothing_happens(shop):
    asked = shop.slack.direct_message("ocn 設定")

    status = await shop.slack_sends(replace(asked, headers={**asked.headers, "X-Slack-Signature": "v0=00"}))

    assert status == 401
    assert shop.slack.posts == []
