from __future__ import annotations

import json

from bot.app import make_app
from bot.settings import Settings
from bot.watching.openapi import document


async def test_the_document_is_served(shop):
    status, text = await shop.get("/openapi.json")

    assert status == 200
    assert json.loads(text) == document()


def test_every_route_is_described_and_nothing_else_is():
    app = make_app(Settings(_env_file=None))

    routes = {
        (route.path, method.lower()) for route in app.routes for method in route.methods if method != "HEAD"
    }

    described = {(path, method) for path, item in document()["paths"].items() for method in item}
    assert described == routes
