"""Yours and correct side by side, as LINE and Slack take and show it."""

from __future__ import annotations

REPORT = "OCNのメールです。受信は110でSSLなし、送信は465でSSLありです。設定は合っていますか"


def texts(node):
    """Every text of a bubble with its colour, in order."""
    if isinstance(node, list):
        return [found for each in node for found in texts(each)]
    if not isinstance(node, dict):
        return []
    own = [(node["text"], node.get("color", ""))] if node.get("type") == "text" else []
    return own + [
        found for value in node.values() if isinstance(value, dict | list) for found in texts(value)
    ]


def side_by_side(node):
    """The two texts of every box that has two abreast."""
    if isinstance(node, list):
        return [found for each in node for found in side_by_side(each)]
    if not isinstance(node, dict):
        return []
    contents = node.get("contents", [])
    if node.get("layout") == "horizontal" and len(contents) == 2:
        return [tuple(each["text"] for each in contents)]
    return [
        found for value in node.values() if isinstance(value, dict | list) for found in side_by_side(value)
    ]


async def test_on_line_only_wrong_cells_are_marked(shop):
    await shop.customer(REPORT)

    (sent,) = await shop.line.wait_for(1)

    (bubble,) = (message["contents"] for message in sent.messages if message["type"] == "flex")
    assert [
        ("いまの設定", "正しい設定"),
        ("✗ 110", "995"),
        ("✗ なし", "使用する（SSL/TLS）"),
        ("いまの設定", "正しい設定"),
        ("465", "465"),
        ("使用する（SSL/TLS）", "使用する（SSL/TLS）"),
    ] == side_by_side(bubble)
    assert {"✗ 110", "✗ なし"} == {text for text, colour in texts(bubble) if colour == "#C62828"}
    (words,) = (message["altText"] for message in sent.messages if message["type"] == "flex")
    assert "✗ 110 → 995" in words


async def test_on_slack_yours_stands_beside_the_right_one(shop):
    await shop.slack_sends(
        shop.slack.mention("ocn 受信110 SSLなし 送信465 SSLあり 合ってる？", user="USTAFF")
    )
    await shop.slack.until(lambda: bool(shop.slack.posts))

    fields = [field["text"] for block in shop.slack.posts[-1].blocks for field in block.get("fields", ())]
    pairs = list(zip(fields[::2], fields[1::2], strict=True))

    assert ("*ポート番号（いまの設定）*\n✗ 110", "*ポート番号（正しい設定）*\n995") in pairs
    assert ("*ポート番号（いまの設定）*\n465", "*ポート番号（正しい設定）*\n465") in pairs
    assert {"✗ 110", "✗ なし"} == {field.split("\n")[1] for field in fields if "✗" in field}
