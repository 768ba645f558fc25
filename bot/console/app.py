"""The console as a web application: every page with who may see it, and the headers that go with each."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.console import (
    conversation_pages,
    handoff_pages,
    knowledge_pages,
    number_pages,
    review_pages,
    staff_pages,
    try_pages,
)
from bot.console.parts import Parts
from bot.console.showing import FILTERS
from bot.console.visits import Handler, Visit, for_guests, for_staff, refused
from bot.desk.people import Refused, Role

HERE = Path(__file__).parent
GET, POST = "GET", "POST"

# Method, path, who may, and the page. A guest is whoever comes.
GUEST_PAGES: tuple[tuple[str, str, Handler], ...] = (
    (GET, "/sign-in", staff_pages.sign_in_form),
    (POST, "/sign-in", staff_pages.sign_in),
)
PAGES: tuple[tuple[str, str, Role, Handler], ...] = (
    (GET, "/", Role.REVIEWER, review_pages.home),
    (POST, "/sign-out", Role.REVIEWER, staff_pages.sign_out),
    (GET, "/account", Role.REVIEWER, staff_pages.account),
    (POST, "/account", Role.REVIEWER, staff_pages.change_account),
    (POST, "/theme", Role.REVIEWER, staff_pages.set_theme),
    (GET, "/conversations", Role.REVIEWER, conversation_pages.conversations),
    (GET, "/conversations.csv", Role.LEAD, conversation_pages.export_csv),
    (GET, "/conversations.jsonl", Role.LEAD, conversation_pages.export_json_lines),
    (GET, "/conversations/{turn:int}", Role.REVIEWER, conversation_pages.conversation),
    (POST, "/conversations/{turn:int}/review", Role.REVIEWER, review_pages.review),
    (POST, "/conversations/{turn:int}/take-back", Role.REVIEWER, review_pages.take_back),
    (POST, "/conversations/{turn:int}/step-in", Role.REVIEWER, handoff_pages.step_in),
    (GET, "/sections", Role.REVIEWER, conversation_pages.sections),
    (GET, "/sections.json", Role.REVIEWER, conversation_pages.sections_as_json),
    (GET, "/sections/{section:path}", Role.REVIEWER, conversation_pages.section),
    (GET, "/queues", Role.REVIEWER, review_pages.queues),
    (POST, "/queues", Role.LEAD, review_pages.add_queue),
    (GET, "/queues/next", Role.REVIEWER, review_pages.next_task),
    (GET, "/queues/{queue:int}/next", Role.REVIEWER, review_pages.next_task),
    (POST, "/queues/{queue:int}", Role.LEAD, review_pages.change_queue),
    (POST, "/tasks/{task:int}/skip", Role.REVIEWER, review_pages.skip),
    (GET, "/disagreements", Role.LEAD, review_pages.disagreements),
    (GET, "/proposals", Role.LEAD, knowledge_pages.proposals),
    (GET, "/proposals.json", Role.LEAD, knowledge_pages.export_proposals),
    (POST, "/proposals/{proposal:int}", Role.LEAD, knowledge_pages.change_proposal),
    (GET, "/gaps", Role.REVIEWER, knowledge_pages.gaps),
    (GET, "/gaps/{gap:int}", Role.REVIEWER, knowledge_pages.gap),
    (POST, "/gaps/{gap:int}", Role.LEAD, knowledge_pages.set_gap),
    (POST, "/gaps/{gap:int}/answer", Role.LEAD, knowledge_pages.answer_gap),
    (POST, "/gaps/{gap:int}/tell", Role.LEAD, knowledge_pages.tell_more),
    (GET, "/handoffs", Role.REVIEWER, handoff_pages.handoffs),
    (GET, "/handoffs/{handoff:int}", Role.REVIEWER, handoff_pages.handoff),
    (GET, "/handoffs/{handoff:int}/messages", Role.REVIEWER, handoff_pages.messages),
    (POST, "/handoffs/{handoff:int}/take", Role.REVIEWER, handoff_pages.take),
    (POST, "/handoffs/{handoff:int}/write", Role.REVIEWER, handoff_pages.write),
    (POST, "/handoffs/{handoff:int}/give-back", Role.REVIEWER, handoff_pages.give_back),
    (POST, "/handoffs/{handoff:int}/reason", Role.REVIEWER, handoff_pages.set_reason),
    (GET, "/try", Role.REVIEWER, try_pages.try_out),
    (POST, "/try", Role.REVIEWER, try_pages.try_out),
    (GET, "/numbers", Role.REVIEWER, number_pages.numbers),
    (GET, "/numbers/{chart:str}.svg", Role.REVIEWER, number_pages.chart),
    (GET, "/staff", Role.ADMIN, staff_pages.staff),
    (POST, "/staff", Role.ADMIN, staff_pages.add_person),
    (POST, "/staff/{person:int}", Role.ADMIN, staff_pages.change_person),
    (GET, "/audit", Role.ADMIN, staff_pages.audit),
)

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# A picture is a document of its own to the browser; Matplotlib writes its styles into it.
_PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # with `no-referrer` browsers hide where a form comes from, too
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def application(parts: Parts) -> Starlette:
    """Return the application."""
    environment = _environment()
    routes: list[Route | Mount] = [Route("/healthz", lambda _: PlainTextResponse("ok"))]
    routes += [
        Route(path, for_guests(parts, environment, page), methods=[method]) for method, path, page in GUEST_PAGES
    ]
    routes += [
        Route(path, for_staff(parts, environment, page, role), methods=[method]) for method, path, role, page in PAGES
    ]
    routes.append(Mount("/static", StaticFiles(directory=HERE / "static")))
    gone = for_staff(parts, environment, _gone)

    async def not_found(request: Request, _: Exception) -> Response:
        return await gone(request)

    async def trouble(request: Request, _: Exception) -> Response:
        return await for_guests(parts, environment, _trouble)(request)

    handlers: dict[Any, Any] = {404: not_found, 405: not_found, Exception: trouble}
    return Starlette(routes=routes, middleware=[Middleware(Headers)], exception_handlers=handlers)


class Headers:
    """Puts the headers of security on every reply."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its reply back with the headers."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                picture = headers.get("content-type", "").startswith("image/svg")
                headers["Content-Security-Policy"] = _PICTURE_POLICY if picture else _POLICY
                headers.setdefault("Cache-Control", "no-cache" if _is_static(scope) else "no-store")
                for name, value in _HEADERS.items():
                    headers[name] = value
            await send(message)

        await self._app(scope, receive, with_headers)


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters.update(FILTERS)
    return environment


def _is_static(scope: Scope) -> bool:
    return str(scope.get("path", "")).startswith("/static/")


def _gone(visit: Visit) -> Response:
    return refused(visit, Refused("page_gone"))


def _trouble(visit: Visit) -> Response:
    return visit.page("refused.html", 500, sentence=visit.say("refused.trouble"), typed=[])
