"""The composition root: `building` makes the parts from the settings and owns the order of start and stop, `routes` are
what the web calls.
"""

from __future__ import annotations

from bot.app.routes import make_app

__all__ = ["make_app"]
