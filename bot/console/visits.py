"""A visit: one request of somebody of the staff, with what its page may use. Signing in and trust are settled here."""

import hmac
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from jinja2 import Environment
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.console.parts import Parts
from bot.desk.people import Person, Refused, Role
from bot.desk.turn_filters import BadFilter
from bot.remembered import StorageError
from bot.wording import say
from indexer.sections import LANGUAGES, Language

log = logging.getLogger(__name__)

COOKIE = "__Host-session"
THEME_COOKIE = "theme"
THEMES = ("auto", "light", "dark")
_MOST_BYTES = 200_000
_MOST_FIELDS = 200
_TOO_LARGE = 10**15
_FORBIDDEN = frozenset({"role", "not_yours", "origin", "form_token"})
_GONE = frozenset(
    {
        "turn_gone",
        "queue_gone",
        "task_gone",
        "proposal_gone",
        "gap_gone",
        "handoff_gone",
        "page_gone",
        "section_gone",
        "person_gone",
    }
)
# What somebody may have typed at length, and would be sorry to lose.
_LONG_FIELDS = ("note", "message", "answer_id", "answer_en")


@dataclass(frozen=True)
class Visit:
    """A request, who made it, and what its page needs. `form` and `query` hold the last value of each name."""

    parts: Parts
    request: Request
    environment: Environment
    form: Mapping[str, list[str]]
    signed_in: Person | None
    token: str
    theme: str
    guest_language: Language

    @property
    def person(self) -> Person:
        """Who is signed in; only pages for staff ask."""
        assert self.signed_in, "guests come to no page that asks"
        return self.signed_in

    @property
    def language(self) -> Language:
        """In which language the console speaks with them."""
        return self.signed_in.language if self.signed_in else self.guest_language

    @property
    def query(self) -> Mapping[str, str]:
        """What stands in the address."""
        return self.request.query_params

    @property
    def address(self) -> str:
        """From where they come, for the brake on guessing passwords."""
        return self.request.client.host if self.request.client else ""

    def path(self, name: str) -> str:
        """Return a part of the path."""
        return str(self.request.path_params[name])

    def number(self, name: str) -> int:
        """Return a part of the path that is a number.

        Raises:
            Refused: it is larger than any that is given.
        """
        number = int(self.request.path_params[name])
        if number >= _TOO_LARGE:
            raise Refused("page_gone")
        return number

    def field_number(self, name: str) -> int | None:
        """Return a field that is a number, None where it is none."""
        value = self.field(name)
        return int(value) if re.fullmatch(r"[0-9]{1,15}", value) else None

    def field(self, name: str) -> str:
        """Return a field of the form, without space around it; empty where it was not sent."""
        return (self.form.get(name) or [""])[-1].strip()

    def fields(self, name: str) -> list[str]:
        """Return all values of a field."""
        return [value.strip() for value in self.form.get(name, []) if value.strip()]

    def say(self, key: str, **values: object) -> str:
        """Return one of the console's texts in the visitor's language."""
        return say(self.language, key, **values)

    def say_done(self, key: str) -> str:
        """Return what was done, by the word in the address; nothing for a word that is none of ours."""
        return self._said(f"done.{key}", "")

    def say_action(self, action: str) -> str:
        """Return what an action of the audit trail is called; one of another version as it is written there."""
        return self._said(f"audit.did_{action}", action)

    def _said(self, key: str, otherwise: str) -> str:
        try:
            return self.say(key)
        except KeyError:
            return otherwise

    def page(self, template: str, status: int = 200, **context: Any) -> Response:  # noqa: ANN401
        """Return a page."""
        done = self.query.get("done", "")
        shared = {
            "visit": self,
            "t": self.say,
            "language": self.language,
            "theme": self.theme,
            "person": self.signed_in,
            "form_token": self.parts.sessions.form_token(self.token) if self.token else "",
            "here": self.request.url.path,
            "here_with_query": _path_of(self.request),
            "done": done if done.isidentifier() else "",
            "notice": self.parts.notice,
            "Role": Role,
        }
        html = self.environment.get_template(template).render({**shared, **context})
        return HTMLResponse(html, status_code=status)

    def go(self, path: str, done: str = "") -> Response:
        """Send the visitor on, after something was done."""
        if done:
            path += f"{'&' if '?' in path else '?'}done={done}"
        return RedirectResponse(path, status_code=303)

    def note(self, action: str, subject: str = "") -> None:
        """Note in the audit trail what the visitor did."""
        self.parts.audit.note(self.signed_in.id if self.signed_in else None, action, subject)


Handler = Callable[[Visit], Response]
Endpoint = Callable[[Request], Awaitable[Response]]


def for_staff(parts: Parts, environment: Environment, handler: Handler, role: Role = Role.REVIEWER) -> Endpoint:
    """Return the endpoint of a page for signed-in staff who have at least that role."""
    return partial(_endpoint, parts, environment, handler, role)


def for_guests(parts: Parts, environment: Environment, handler: Handler) -> Endpoint:
    """Return the endpoint of a page for whoever comes."""
    return partial(_endpoint, parts, environment, handler, None)


async def _endpoint(
    parts: Parts, environment: Environment, handler: Handler, role: Role | None, request: Request
) -> Response:
    form = await _form_of(request) if request.method == "POST" else {}
    return await run_in_threadpool(_answered, parts, environment, handler, role, (request, form))


def _answered(
    parts: Parts, environment: Environment, handler: Handler, role: Role | None,
    sent: tuple[Request, Mapping[str, list[str]] | None],
) -> Response:  # fmt: skip
    request, form = sent
    guest = Visit(parts, request, environment, form or {}, None, "", _theme(request), _language(request))
    try:
        visit = _recognised(guest)
    except StorageError as error:
        return _without_database(guest, error)
    if form is None:
        return refused(visit, Refused("too_large"))
    if role is not None and visit.signed_in is None:
        return _to_sign_in(request)
    return _handled(visit, handler, role)


def _recognised(guest: Visit) -> Visit:
    """Return the visit with whose session it is, if it is one."""
    token = guest.request.cookies.get(COOKIE, "")[:200]
    person = guest.parts.sessions.person(token) if token else None
    return replace(guest, signed_in=person, token=token) if person else guest


def _handled(visit: Visit, handler: Handler, role: Role | None) -> Response:
    try:
        _check_trust(visit, role)
        return handler(visit)
    except Refused as why:
        return refused(visit, why)
    except BadFilter as bad:
        return refused(visit, Refused("filter", name=bad.name, value=bad.value))
    except StorageError as error:
        return _without_database(visit, error)


def _without_database(visit: Visit, error: StorageError) -> Response:
    """Return the page for when the database is gone, locked or full; its words are for whoever runs this."""
    log.error("a page could not be given: %s", error)
    return refused(visit, Refused("storage"))


def refused(visit: Visit, why: Refused) -> Response:
    """Return the page that says why something was not done, with what was typed, so that it is not lost."""
    status = 403 if why.key in _FORBIDDEN else 404 if why.key in _GONE else 503 if why.key == "storage" else 400
    typed = [visit.field(name) for name in _LONG_FIELDS if visit.field(name)]
    return visit.page("refused.html", status, sentence=visit.say(f"refused.{why.key}", **why.values), typed=typed)


def _check_trust(visit: Visit, role: Role | None) -> None:
    """Refuse what does not come from a page of ours, or from somebody who may not do it."""
    if visit.request.method == "POST":
        if not _same_origin(visit.request):
            raise Refused("origin")
        if role is not None:
            meant = visit.parts.sessions.form_token(visit.token)
            if not hmac.compare_digest(visit.field("form_token").encode(), meant.encode()):
                raise Refused("form_token")
    if role is not None and not visit.person.may(role):
        raise Refused("role")


def _same_origin(request: Request) -> bool:
    """Tell whether a page of this very site sent the request; the browser says so, no page can forge it."""
    origin = request.headers.get("origin")
    if origin and origin != "null":
        return urlsplit(origin).netloc == request.headers.get("host", "")
    return request.headers.get("sec-fetch-site") == "same-origin"


async def _form_of(request: Request) -> Mapping[str, list[str]] | None:
    """Return the fields of a form, or None where it is larger than any of ours."""
    size = request.headers.get("content-length", "0")
    if not size.isdigit() or int(size) > _MOST_BYTES:
        return None
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MOST_BYTES:
            return None
    try:
        found = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return None
    return {
        name: [value.replace("\r\n", "\n").replace("\x00", "") for value in values] for name, values in found.items()
    }


def _to_sign_in(request: Request) -> Response:
    there = _path_of(request) if request.method == "GET" else "/"
    return RedirectResponse(f"/sign-in?{urlencode({'next': there})}", status_code=303)


def _path_of(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def own_path(path: str) -> str:
    """Return a path of this site as it is, and `/` instead of anything that leads elsewhere."""
    parts = urlsplit(path)
    safe = path.startswith("/") and not path.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    return path if safe and path.isprintable() else "/"


def day_or(value: str, otherwise: date) -> date:
    """Return the day that an address names, or another one where it names none."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        return otherwise


def _theme(request: Request) -> str:
    theme = request.cookies.get(THEME_COOKIE, "auto")
    return theme if theme in THEMES else "auto"


def _language(request: Request) -> Language:
    wanted = request.query_params.get("language", "")
    for language in LANGUAGES:
        if wanted == language:
            return language
    return "id" if request.headers.get("accept-language", "id").lower().startswith(("id", "ms", "jv", "su")) else "en"
