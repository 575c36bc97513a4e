"""What people do at the desk, for tests that read like a story."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.flows.conftest import DESK, Shop

if TYPE_CHECKING:
    from tests.fakes.slack import Post


@dataclass(frozen=True, kw_only=True)
class Desk:
    """The operators' channel of *shop*."""

    shop: Shop

    def cards(self) -> list[Post]:
        """The tickets' cards, in the order in which they came."""
        return [
            post for post in self.shop.slack.posts if not post.thread and post.blocks and self._is_card(post)
        ]

    def _is_card(self, post: Post) -> bool:
        return (
            post.channel == DESK
            and post.user == self.shop.slack.bot_user
            and post.blocks[0]["type"] in {"header", "context"}
        )

    async def card(self, count: int = 1) -> Post:
        """The *count*th card, once it is there."""
        await self.shop.slack.until(lambda: len(self.cards()) >= count)
        return self.cards()[count - 1]

    async def presses(self, who: str, action: str, card: Post) -> None:
        value = next(button["value"] for button in card.buttons if button["action_id"] == action)
        await self.shop.slack_sends(self.shop.slack.press(action, value, post=card, user=who))

    async def writes(self, who: str, text: str, card: Post, **more: Any) -> Post:
        """Somebody writes in the card's thread."""
        post = self.shop.slack.someone_says(DESK, text, user=who, thread=card.ts)
        said = self.shop.slack.says(text, channel=DESK, user=who, thread_ts=card.ts, ts=post.ts, **more)
        await self.shop.slack_sends(said)
        return post

    async def marked(self, post: Post, sign: str) -> None:
        """Wait until *post* bears the sign."""
        await self.shop.slack.until(lambda: sign in post.reactions)

    async def takes(self, who: str, card: Post) -> None:
        """Somebody takes the ticket, and the card shows it."""
        await self.presses(who, "ticket_take", card)
        await self.shop.slack.until(lambda: any("ticket_release" == b["action_id"] for b in card.buttons))

    def thread(self, card: Post) -> str:
        """Every word in the card's thread."""
        return "\n".join(post.shown for post in self.shop.slack.posts if post.thread == card.ts)

    async def reads(self, words: str, card: Post) -> None:
        """Wait until *words* stand in the thread."""
        await self.shop.slack.until(lambda: words in self.thread(card))


async def gets(shop: Shop, user: str, words: str) -> None:
    """Wait until the customer *user* has been told *words*."""

    def told() -> bool:
        return any(words in "\n".join(sent.texts) for sent in shop.line.sent if sent.to == user)

    while not told():
        await shop.line.wait_for(len(shop.line.sent) + 1)


def read_by(shop: Shop, user: str) -> str:
    """Everything that the customer *user* has been told."""
    return "\n".join(text for sent in shop.line.sent if sent.to == user for text in sent.texts)
