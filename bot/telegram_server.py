"""The bot's own HTTP server: Telegram's webhook, and what those who run it look at."""

import asyncio
import hmac
import json
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.telegram_metrics import Metrics

log = logging.getLogger(__name__)

WEBHOOK_PATH = "/telegram"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_MOST_BYTES = 1 << 20  # Telegram's updates are far smaller

Receive = Callable[[dict[str, Any]], Awaitable[None]]


@dataclass(frozen=True)
class Service:
    """What the server serves. Without a secret there is no webhook, only health and metrics."""

    metrics: Metrics
    ready: Callable[[], bool]
    receive: Receive | None = None
    secret: str | None = None

    def application(self) -> Starlette:
        """Return the application."""
        routes = [
            Route("/healthz", self._healthy),
            Route("/readyz", self._ready),
            Route("/metrics", self._metrics),
        ]
        if self.receive and self.secret:
            routes.append(Route(WEBHOOK_PATH, self._update, methods=["POST"]))
        return Starlette(routes=routes)

    async def _healthy(self, _: Request) -> Response:
        return PlainTextResponse("ok")

    async def _ready(self, _: Request) -> Response:
        return PlainTextResponse("ready") if self.ready() else PlainTextResponse("not ready", 503)

    async def _metrics(self, _: Request) -> Response:
        return Response(self.metrics.as_text(), media_type="text/plain; version=0.0.4")

    async def _update(self, request: Request) -> Response:
        """Take an update from Telegram; whoever does not know the secret learns nothing, and is not logged."""
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), (self.secret or "").encode()):
            log.warning("a webhook request without the right secret was refused")
            return PlainTextResponse("forbidden", 403)
        body = await request.body()
        try:
            update = json.loads(body) if len(body) <= _MOST_BYTES else None
        except ValueError:
            update = None
        if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
            return PlainTextResponse("an update in JSON is expected", 400)
        assert self.receive
        await self.receive(update)
        return PlainTextResponse("ok")


def _bound(host: str, port: int) -> socket.socket:
    """Return a listening socket; uvicorn's own way ends the whole program where the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError:
        bound.close()
        raise
    return bound


class _Server(uvicorn.Server):
    """A server that leaves signals to the bot."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


@asynccontextmanager
async def serving(service: Service, host: str, port: int) -> AsyncIterator[None]:
    """Serve in the current event loop while the block runs.

    Raises:
        OSError: the address is in use or not ours.
    """
    config = uvicorn.Config(
        service.application(), host, port, log_level="critical", access_log=False, lifespan="off",
        timeout_graceful_shutdown=5,
    )  # fmt: skip
    server = _Server(config)
    bound = _bound(host, port)
    running = asyncio.create_task(server.serve(sockets=[bound]), name="server")
    try:
        yield
    finally:
        server.should_exit = True
        await running
        bound.close()
