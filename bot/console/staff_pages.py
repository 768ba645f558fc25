"""The pages of signing in, of one's own account, of the staff, and of who did what."""

from starlette.responses import Response

from bot.console.visits import COOKIE, THEME_COOKIE, THEMES, Visit, own_path
from bot.desk.people import Person, Refused, Role
from bot.desk.sessions import LONGEST_SESSION
from indexer.sections import LANGUAGES, Language

_YEAR = 365 * 24 * 3600


def sign_in_form(visit: Visit) -> Response:
    """Show the form for signing in."""
    there = own_path(visit.query.get("next", "/"))
    if visit.signed_in:
        return visit.go(there)
    return visit.page("sign_in.html", there=there, name="", sentence="", insecure=_insecure(visit))


def sign_in(visit: Visit) -> Response:
    """Sign somebody in; the cookie lasts as long as the session, and no script can read it."""
    there, name = own_path(visit.field("next")), visit.field("name")[:100]
    try:
        # A password may begin or end with a space.
        password = (visit.form.get("password") or [""])[-1]
        token, person = visit.parts.sessions.sign_in(name, password, visit.address)
    except Refused as why:
        visit.parts.audit.note(None, "sign_in_refused", why.key)
        sentence = visit.say(f"refused.{why.key}", **why.values)
        status = 429 if why.key == "too_many_tries" else 401
        context = {"there": there, "name": name, "sentence": sentence, "insecure": _insecure(visit)}
        return visit.page("sign_in.html", status, **context)
    visit.parts.audit.note(person.id, "sign_in")
    response = visit.go(there)
    response.set_cookie(
        COOKIE, token, max_age=int(LONGEST_SESSION.total_seconds()), path="/", secure=True, httponly=True,
        samesite="lax",
    )  # fmt: skip
    return response


def sign_out(visit: Visit) -> Response:
    """End this session, or all of the visitor's."""
    if visit.field("everywhere"):
        visit.parts.sessions.end_all(visit.person.id)
    else:
        visit.parts.sessions.end(visit.token)
    visit.note("sign_out", "everywhere" if visit.field("everywhere") else "")
    response = visit.go("/sign-in")
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")
    return response


def account(visit: Visit) -> Response:
    """Show the visitor's own account."""
    return visit.page("account.html", languages=LANGUAGES, themes=THEMES)


def change_account(visit: Visit) -> Response:
    """Change the visitor's language or password."""
    language = _language(visit.field("language"))
    if language:
        visit.parts.people.change(visit.person.id, language=language)
    if visit.field("new_password"):
        given = (visit.form.get("old_password") or [""])[-1]
        new = (visit.form.get("new_password") or [""])[-1]
        if visit.parts.people.verified(visit.person.name, given) is None:
            raise Refused("old_password")
        visit.parts.people.set_password(visit.person.id, new)
        visit.parts.sessions.end_all(visit.person.id, keep=visit.token)
        visit.note("password_changed", visit.person.name)
    return visit.go("/account", "saved")


def set_theme(visit: Visit) -> Response:
    """Keep how bright the pages are."""
    theme = visit.field("theme")
    if theme not in THEMES:
        raise Refused("state")
    response = visit.go(own_path(visit.field("back")))
    response.set_cookie(THEME_COOKIE, theme, max_age=_YEAR, path="/", secure=True, httponly=True, samesite="lax")
    return response


def staff(visit: Visit) -> Response:
    """Show the staff."""
    return visit.page("staff.html", people=visit.parts.people.all(), roles=list(Role), languages=LANGUAGES)


def add_person(visit: Visit) -> Response:
    """Add somebody to the staff."""
    password = (visit.form.get("password") or [""])[-1]
    person = visit.parts.people.add(visit.field("name"), _role(visit), password, _reads(visit))
    visit.note("staff_added", f"{person.name}: {person.role.value}")
    return visit.go("/staff", "saved")


def change_person(visit: Visit) -> Response:
    """Change somebody's role, languages, password, or whether they are still with us."""
    person = _person(visit)
    active = visit.field("active") == "yes"
    visit.parts.people.change(person.id, role=_role(visit), reads=_reads(visit), active=active)
    password = (visit.form.get("password") or [""])[-1]
    if password:
        visit.parts.people.set_password(person.id, password)
    if password or not active or _role(visit) is not person.role:
        visit.parts.sessions.end_all(person.id, keep=visit.token)
    what = f"{person.name}: {_role(visit).value}, {'active' if active else 'gone'}"
    visit.note("staff_changed", f"{what}, password" if password else what)
    return visit.go("/staff", "saved")


def audit(visit: Visit) -> Response:
    """Show who did what, newest first."""
    before = visit.query.get("before", "")
    entries = visit.parts.audit.page(
        int(before) if before.isascii() and before.isdigit() and len(before) < 16 else None
    )
    return visit.page("audit.html", entries=entries)


def _person(visit: Visit) -> Person:
    person = visit.parts.people.get(visit.number("person"))
    if person is None:
        raise Refused("person_gone")
    return person


def _role(visit: Visit) -> Role:
    try:
        return Role(visit.field("role"))
    except ValueError:
        raise Refused("state") from None


def _reads(visit: Visit) -> tuple[Language, ...]:
    return tuple(code for code in LANGUAGES if code in visit.fields("reads")) or LANGUAGES


def _language(value: str) -> Language | None:
    return next((code for code in LANGUAGES if code == value), None)


def _insecure(visit: Visit) -> bool:
    """Tell whether the browser will not keep the session: plain HTTP from another machine."""
    url = visit.request.url
    forwarded = visit.request.headers.get("x-forwarded-proto", url.scheme)
    return forwarded != "https" and url.hostname not in ("localhost", "127.0.0.1", "::1")
