"""The least a service can do: the same server, which reads a webhook and says 200.

usage: python -m bench.null_handler PORT
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import uvicorn
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

if TYPE_CHECKING:
    from starlette.requests import Request


async def receive(request: Request) -> Response:
    await request.body()
    return Response()


if __name__ == "__main__":
    app = Starlette(routes=[Route("/line/webhook", receive, methods=["POST"])])
    uvicorn.run(app, port=int(sys.argv[1]), log_config=None, access_log=False)
