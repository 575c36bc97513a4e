"""かんたん設定: a provider's settings in one tap, behind a link that expires and holds neither an address nor a password."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from html import escape
from typing import TYPE_CHECKING, Literal

from bot.core.dialogue.settings_card import settings
from bot.core.links import SETUP_LIFE
from bot.core.messages import Channel, Choices, Reply, SettingsCard, Text
from bot.core.one_tap.profiles import apple_profile, autoconfig_xml
from bot.core.slots import Slots
from bot.core.wording import Wording, known, said

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.core.dialogue.talk import Turn
    from bot.core.facts import Client
    from bot.core.library import Library
    from bot.core.links import SetupLinks
    from bot.core.messages import Choice, Part
    from bot.core.providers import Provider

SETUP = "setup"
"""The button that asks for the link; its value is the provider's id."""

APPLE = "madoguchi.mobileconfig"
AUTOCONFIG = ".well-known/autoconfig/mail/config-v1.1.xml"

_OUTLOOK = "outlook"
_INCOMING: tuple[Literal["imap", "pop"], ...] = ("imap", "pop")
_HOUR = timedelta(hours=1)
_STYLE = (
    "body{font:1.15rem/1.8 sans-serif;max-width:38rem;margin:0 auto;padding:1rem;color:#111}"
    "h1{font-size:1.5rem}h2{font-size:1.25rem;margin-top:2.2rem;border-bottom:2px solid #0B5394}"
    "a.go{display:block;background:#0B5394;color:#fff;padding:.9rem;border-radius:.6rem;text-align:center;"
    "text-decoration:none;font-weight:bold}th{text-align:left;font-weight:normal;color:#555;padding-right:1rem}"
    "td{font-weight:bold;overflow-wrap:anywhere}"
)


def can_be_offered(provider: Provider) -> bool:
    """Whether there are values on record that a program can take by itself."""
    return apple_document(provider) is not None or autoconfig_document(provider) is not None


def with_offer(reply: Reply, turn: Turn, library: Library, setup: SetupLinks | None) -> Reply:
    """*reply* with the button, where it gives a provider's settings and a program could take them by itself."""
    provider = library.providers.get(turn.conversation.slots.provider or "")
    given = turn.decision.kind == "answer" and any(
        block.kind == "settings" for serving in turn.decision.servings for block in serving.blocks
    )
    if setup is None or provider is None or not given or not can_be_offered(provider):
        return reply
    button = replace(library.buttons[SETUP], value=provider.id)
    return Reply(parts=_with_button(reply.parts, button))


def link_reply(
    provider: Provider, channel: Channel, library: Library, setup: SetupLinks, now: datetime
) -> Reply:
    """The link, and what it is good for."""
    link = setup.link(provider.id, now)
    if channel is Channel.LINE:
        link += "?openExternalBrowser=1"  # LINE's own browser cannot install profiles
    facts = known(Slots(provider=provider.id), library)
    text = said(library, Wording.SETUP_LINK, **facts, link=link, life=SETUP_LIFE // _HOUR)
    return Reply(parts=(Text(text=text),))


def apple_document(provider: Provider, library: Library | None = None) -> bytes | None:
    """The profile for iPhone, iPad and Mac: IMAP where there is a choice."""
    about = said(library, Wording.SETUP_PROFILE, provider=provider.name) if library else ""
    profiles = (apple_profile(provider, protocol, description=about) for protocol in _INCOMING)
    return next((profile for profile in profiles if profile is not None), None)


def autoconfig_document(provider: Provider) -> bytes | None:
    """Thunderbird's autoconfig file, for the provider's first plain domain."""
    domain = next((domain for domain in provider.domains if not set("*?") & set(domain)), None)
    return autoconfig_xml(provider, domain) if domain else None


def page(provider: Provider, token: str, library: Library) -> str:
    """The page behind the link: a button or steps for each kind of program, and the values themselves."""
    title = said(library, Wording.SETUP_TITLE, provider=provider.name)
    body = "\n".join(_sections(provider, token, library))
    return (
        '<!doctype html><html lang="ja"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="robots" content="noindex"><title>{escape(title)}</title><style>{_STYLE}</style></head>'
        f"<body><h1>{escape(title)}</h1>\n{body}\n</body></html>"
    )


def over_page(library: Library) -> str:
    """For a link that is no longer good."""
    text = said(library, Wording.SETUP_OVER)
    return (
        '<!doctype html><html lang="ja"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(library.shop.name)}</title><style>{_STYLE}</style></head><body>{_paragraph(text)}</body></html>"
    )


def _with_button(parts: Sequence[Part], button: Choice) -> tuple[Part, ...]:
    """The button first among those at the end, where it is seen."""
    if parts and isinstance(parts[-1], Choices):
        last = parts[-1]
        return (*parts[:-1], replace(last, options=(button, *last.options[:12])))
    return (*parts, Choices(prompt="", options=(button,)))


def _sections(provider: Provider, token: str, library: Library) -> Iterator[str]:
    yield _paragraph(said(library, Wording.SETUP_INTRO, provider=provider.name))
    if provider.sign_in_note:
        yield _paragraph(provider.sign_in_note)
    if apple_document(provider) is not None:
        yield _heading(said(library, Wording.SETUP_APPLE))
        yield _button(f"{token}/{APPLE}", said(library, Wording.SETUP_APPLE_BUTTON))
        yield _paragraph(said(library, Wording.SETUP_APPLE_STEPS, provider=provider.name))
    outlook = library.clients.get(_OUTLOOK)
    if outlook is not None:
        yield _heading(outlook.name)
        yield _steps(outlook, library)
    if autoconfig_document(provider) is not None:
        yield _heading(said(library, Wording.SETUP_THUNDERBIRD))
        yield _paragraph(said(library, Wording.SETUP_THUNDERBIRD_STEPS, provider=provider.name))
        yield _button(f"{token}/{AUTOCONFIG}", said(library, Wording.SETUP_THUNDERBIRD_BUTTON))
    yield _heading(said(library, Wording.CARD_TITLE, provider=provider.name))
    for part in settings(provider, Slots(provider=provider.id), None, library):
        if isinstance(part, SettingsCard):
            yield from _values(part)


def _steps(client: Client, library: Library) -> str:
    last = said(library, Wording.SETUP_OUTLOOK_LAST)
    items = "".join(f"<li>{escape(line)}</li>" for line in (*client.steps, last))
    return f"<ol>{items}</ol>"


def _values(card: SettingsCard) -> Iterator[str]:
    for section in card.sections:
        rows = "".join(
            f"<tr><th>{escape(row.label)}</th><td>{escape(row.value)}</td></tr>" for row in section.rows
        )
        yield f"<h3>{escape(section.heading)}</h3><table>{rows}</table>"
    for note in (*card.notes, card.source):
        yield _paragraph(note)


def _heading(text: str) -> str:
    return f"<h2>{escape(text)}</h2>"


def _paragraph(text: str) -> str:
    return f"<p>{escape(text).replace(chr(10), '<br>')}</p>" if text else ""


def _button(path: str, text: str) -> str:
    return f'<p><a class="go" href="{escape(path)}">{escape(text)}</a></p>'
