"""Who may see and change what in the console: each page and each refusal."""

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from bot.console.app import HERE, PAGES
from bot.desk.people import Role
from bot.desk.sessions import LONGEST_IDLE, LONGEST_SESSION
from bot.remembered import StorageError
from tests.console_fixtures import PASSWORD, SITE, Browser, Desk, text_of, with_role

pytest_plugins = ["tests.console_fixtures"]


def filled_in(path: str) -> str:
    """Return a path with 1 for each part that is a number."""
    path = re.sub(r"\{\w+:int\}", "1", path)
    return path.replace("{section:path}", "faqs/fees%23overview").replace("{chart:str}", "days")


EVERY = [(method, filled_in(path), role) for method, path, role, _ in PAGES]
CHANGES = [path for method, path, _ in EVERY if method == "POST"]


def test_nobody_sees_or_changes_anything_before_signing_in(desk: Desk) -> None:
    client = desk.client()
    for method, path, _ in EVERY:
        reply = client.request(method, path, headers={"origin": SITE})
        assert reply.status_code == 303, path
        assert reply.headers["location"].startswith("/sign-in"), path


@pytest.mark.parametrize("lower", [Role.REVIEWER, Role.LEAD])
def test_a_role_that_may_not_is_refused(desk: Desk, lower: Role) -> None:
    browser = with_role(desk, lower)
    for method, path, role in EVERY:
        if not lower.covers(role):
            reply = browser.get(path) if method == "GET" else browser.post(path)
            assert reply.status_code == 403, path
            assert "Your role does not allow that" in reply.text, path


@pytest.mark.parametrize(
    "headers",
    [{}, {"origin": "https://evil.test"}, {"origin": "null"}, {"origin": f"{SITE}.evil.test"},
     {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}],
)  # fmt: skip
def test_a_change_from_a_foreign_page_is_refused(desk: Desk, headers: dict[str, str]) -> None:
    browser = desk.browser("Ayu")
    for path in CHANGES:
        reply = browser.client.post(path, data={"form_token": browser.token}, headers=headers)
        assert reply.status_code == 403, path
        assert "did not come from a page of this console" in reply.text, path


def test_a_form_without_the_token_of_its_session_is_refused(desk: Desk) -> None:
    browser, other = desk.browser("Ayu"), desk.browser("Ayu")
    for path in CHANGES:
        for token in ("", "0" * 64, other.token):
            reply = browser.client.post(path, data={"form_token": token}, headers={"origin": SITE})
            assert reply.status_code == 403, path
            assert "from another session" in reply.text, path


def test_a_browser_that_names_no_origin_is_trusted_when_it_says_same_origin(desk: Desk) -> None:
    browser = desk.browser("Rani")
    reply = browser.client.post(
        "/account", data={"form_token": browser.token, "language": "id"}, headers={"sec-fetch-site": "same-origin"}
    )

    assert reply.status_code == 303


def test_signing_in_leads_to_the_page_that_was_wanted(desk: Desk) -> None:
    browser = desk.browser()
    away = browser.get("/conversations?outcome=declined").headers["location"]
    assert away == "/sign-in?next=%2Fconversations%3Foutcome%3Ddeclined"
    assert 'value="/conversations?outcome=declined"' in browser.get(away).text

    reply = browser.sign_in("rani", there="/conversations?outcome=declined")

    assert reply.headers["location"] == "/conversations?outcome=declined"
    assert browser.get("/").status_code == 200


@pytest.mark.parametrize("there", ["https://evil.test", "//evil.test", "/\\evil.test", "javascript:alert(1)", "x", ""])
def test_signing_in_never_leads_to_another_site(desk: Desk, there: str) -> None:
    assert desk.browser().sign_in("Rani", there=there).headers["location"] == "/"


def test_the_cookie_is_for_this_site_and_no_script(desk: Desk) -> None:
    cookie = desk.browser().sign_in("Rani").headers["set-cookie"]

    assert cookie.startswith("__Host-session=")
    for part in ("HttpOnly", "Secure", "Path=/", "SameSite=lax"):
        assert part in cookie


@pytest.mark.parametrize(
    ("name", "password"),
    [("Rani", "wrong"), ("nobody", PASSWORD), ("", ""), ("Rani' OR 1=1 --", "x"), ("Rani", PASSWORD + " ")],
)
def test_a_wrong_name_or_password_is_told_without_saying_which(desk: Desk, name: str, password: str) -> None:
    reply = desk.browser().sign_in(name, password)

    assert reply.status_code == 401
    assert "Nama atau kata sandinya tidak cocok" in reply.text
    assert "set-cookie" not in reply.headers


def test_guessing_is_slowed_down_and_the_right_password_waits_too(desk: Desk) -> None:
    browser = desk.browser()
    for _ in range(5):
        assert browser.sign_in("Rani", "guess").status_code == 401
    assert browser.sign_in("Rani", "guess").status_code == 429
    assert browser.sign_in("Rani").status_code == 429

    desk.clock.forward(timedelta(minutes=16))

    assert browser.sign_in("Rani").status_code == 303


@pytest.mark.parametrize("pause", [LONGEST_IDLE, LONGEST_SESSION])
def test_a_session_ends(desk: Desk, pause: timedelta) -> None:
    browser = desk.browser("Rani")
    desk.clock.forward(pause + timedelta(minutes=1))

    assert browser.get("/").status_code == 303


def test_signing_out_ends_the_session_and_everywhere_ends_all(desk: Desk) -> None:
    one, two, three = (desk.browser("Rani") for _ in range(3))
    stolen = dict(one.client.cookies)
    assert one.post("/sign-out").headers["location"] == "/sign-in"
    one.client.cookies.update(stolen)
    assert one.get("/").status_code == 303
    assert two.get("/").status_code == 200

    two.post("/sign-out", everywhere="1")

    assert [browser.get("/").status_code for browser in (two, three)] == [303, 303]


def test_somebody_who_left_is_out_at_once(desk: Desk) -> None:
    browser = desk.browser("Rani")
    desk.parts.people.change(desk.people["Rani"].id, active=False)

    assert browser.get("/").status_code == 303
    assert desk.browser().sign_in("Rani").status_code == 401


def test_every_page_forbids_scripts_of_others_frames_and_guessing_of_types(desk: Desk) -> None:
    browser = desk.browser("Ayu")
    for path in ("/", "/sign-in", "/nowhere", "/conversations", "/static/console.css", "/numbers/days.svg"):
        headers = browser.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'unsafe" not in policy and "'unsafe-eval'" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "same-origin"
    assert browser.get("/").headers["cache-control"] == "no-store"


def test_no_page_has_a_script_or_a_style_in_it(desk: Desk) -> None:
    browser = desk.browser("Ayu")
    desk.asked("komisi berapa")
    for method, path, _ in EVERY:
        if method == "GET" and not path.endswith((".svg", ".json", ".csv", ".jsonl")):
            page = browser.get(path).text
            assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|<style|javascript:", page), path


def test_a_page_that_is_not_there_says_so_kindly(desk: Desk) -> None:
    browser = desk.browser("Rani")
    for path in ("/nowhere", "/conversations/999", "/handoffs/999", "/gaps/999", "/sections/faqs/none%23x"):
        reply = browser.get(path)
        assert reply.status_code == 404
        assert "Traceback" not in reply.text
    assert desk.browser().get("/nowhere").status_code == 303


def test_a_fault_of_ours_shows_a_sentence_and_no_traceback(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = desk.browser("Rani")

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret words of a seller")

    monkeypatch.setattr(type(desk.parts.conversations), "page", broken)
    reply = browser.get("/conversations")

    assert reply.status_code == 500
    assert "Something went wrong on our side" in reply.text
    assert "secret words" not in reply.text and "RuntimeError" not in reply.text


def test_where_the_database_is_full_or_gone_nothing_typed_is_lost(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    browser = desk.browser("Rani")
    turn_id = desk.asked("komisi berapa")

    def full(*_: object, **__: object) -> None:
        raise StorageError("The database does not answer (database or disk is full).")

    monkeypatch.setattr(type(desk.parts.reviews), "give", full)
    reply = browser.post(f"/conversations/{turn_id}/review", verdict="wrong", note="catatan yang panjang")

    assert reply.status_code == 503
    assert "has no room" in reply.text and "catatan yang panjang" in reply.text
    assert "disk is full" in caplog.text and "catatan" not in caplog.text


def test_a_database_that_is_gone_altogether_is_told_in_a_sentence(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = desk.browser("Rani")

    def gone(*_: object) -> None:
        raise StorageError("The database does not answer.")

    monkeypatch.setattr("bot.desk.sessions.Sessions.person", gone)
    reply = browser.get("/conversations")

    assert reply.status_code == 503
    assert "sedang tidak menjawab" in reply.text or "does not answer right now" in reply.text


def test_a_form_that_is_far_too_large_is_refused(desk: Desk) -> None:
    browser = desk.browser("Rani")
    turn_id = desk.asked("komisi berapa")
    reply = browser.post(f"/conversations/{turn_id}/review", verdict="right", note="x" * 300_000)
    many = browser.client.post(
        f"/conversations/{turn_id}/review", content="&".join(f"a{n}=1" for n in range(500)), headers={"origin": SITE}
    )

    assert (reply.status_code, many.status_code) == (400, 400)
    assert desk.parts.reviews.of_turns([turn_id]) == {}


def test_what_was_typed_at_length_is_given_back_where_it_was_refused(desk: Desk) -> None:
    browser = desk.browser("Rani")
    turn_id = desk.asked("komisi berapa")
    reply = browser.post(f"/conversations/{turn_id}/review", verdict="nonsense", note="a long <b>note</b>")

    assert reply.status_code == 400
    assert "a long &lt;b&gt;note&lt;/b&gt;" in reply.text


def test_language_and_theme_are_kept(desk: Desk) -> None:
    browser = desk.browser("Rani")
    assert '<html lang="en" data-theme="auto">' in browser.get("/").text
    browser.post("/account", language="id")
    assert browser.post("/theme", theme="dark", back="/queues").headers["location"] == "/queues"

    assert '<html lang="id" data-theme="dark">' in browser.get("/").text
    assert browser.post("/theme", theme="pink").status_code == 400


def test_the_sign_in_page_speaks_the_language_of_the_browser_or_the_chosen_one(desk: Desk) -> None:
    client = desk.client()

    assert "Kata sandi" in client.get("/sign-in", headers={"accept-language": "id-ID"}).text
    assert "Password" in client.get("/sign-in", headers={"accept-language": "en-GB"}).text
    assert "Password" in client.get("/sign-in?language=en", headers={"accept-language": "id"}).text


def test_plain_http_from_another_machine_is_warned_of(desk: Desk) -> None:
    client = desk.client()

    assert "lewat HTTP biasa" in client.get("http://10.0.0.7:8090/sign-in").text
    assert "lewat HTTP biasa" not in client.get("http://127.0.0.1:8090/sign-in").text
    assert "lewat HTTP biasa" not in client.get("http://x.test/sign-in", headers={"x-forwarded-proto": "https"}).text


def test_a_password_is_changed_only_with_the_old_one_and_ends_other_sessions(desk: Desk) -> None:
    browser, other = desk.browser("Rani"), desk.browser("Rani")
    new = "kata sandi yang lain 7"
    assert browser.post("/account", old_password="wrong", new_password=new).status_code == 400
    assert browser.post("/account", old_password=PASSWORD, new_password="short").status_code == 400
    assert browser.post("/account", old_password=PASSWORD, new_password=new).status_code == 303

    assert browser.get("/").status_code == 200
    assert other.get("/").status_code == 303
    assert Browser(desk.client()).sign_in("Rani", new).status_code == 303


def test_an_admin_adds_changes_and_lets_go(desk: Desk) -> None:
    admin = desk.browser("Ayu")
    assert admin.post("/staff", name="Sinta", role="lead", password=PASSWORD, reads=["en"]).status_code == 303
    sinta = desk.parts.people.named("sinta")
    assert sinta and (sinta.role, sinta.reads) == (Role.LEAD, ("en",))
    browser = Browser(desk.client())
    browser.sign_in("Sinta")

    admin.post(f"/staff/{sinta.id}", role="reviewer", reads=["id", "en"], active="no")

    changed = desk.parts.people.get(sinta.id)
    assert changed and (changed.role, changed.active) == (Role.REVIEWER, False)
    assert browser.get("/").status_code == 303


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": "Rani", "role": "lead", "password": PASSWORD}, "There is a Rani already"),
        ({"name": "", "role": "lead", "password": PASSWORD}, "A name needs"),
        ({"name": "Eko", "role": "god", "password": PASSWORD}, "cannot be chosen"),
        ({"name": "Eko", "role": "lead", "password": "short"}, "A password needs"),
        ({"name": "Eko", "role": "lead", "password": "aaaaaaaaaaaaaaa"}, "could be guessed"),
    ],
)
def test_staff_that_cannot_be_are_refused_with_the_reason(desk: Desk, fields: dict[str, str], sentence: str) -> None:
    reply = desk.browser("Ayu").post("/staff", **fields)

    assert reply.status_code == 400
    assert sentence in text_of(reply)


def test_the_last_admin_stays(desk: Desk) -> None:
    admin = desk.browser("Ayu")
    reply = admin.post(f"/staff/{desk.people['Ayu'].id}", role="reviewer", reads=["id"], active="yes")

    assert reply.status_code == 400
    assert admin.get("/staff").status_code == 200


def test_the_trail_says_who_did_what_and_never_a_seller_s_words(desk: Desk) -> None:
    turn_id = desk.asked("kata rahasia penjual")
    reviewer, lead, admin = desk.browser("Rani"), desk.browser("Lina"), desk.browser("Ayu")
    reviewer.post(f"/conversations/{turn_id}/review", verdict="wrong", reason="missing", note="catatan rahasia")
    lead.get("/conversations.csv?text=rahasia")
    page = admin.get("/audit")

    assert "reviewed" in page.text and f"turn {turn_id}: wrong" in page.text
    assert "csv: text" in page.text
    assert "rahasia" not in page.text


NASTY = (
    "'; DROP TABLE turns; --", '" OR 1=1', "<script>alert(1)</script>", "²", "-1", "9" * 30, "1e9", "{{ 7*7 }}", "%s%n",
    "\x00", "\ud800", "../../etc/passwd", "\r\nSet-Cookie: a=b", "x" * 5000, "",
)  # fmt: skip
TEMPLATES = [page.read_text("utf-8") for page in (HERE / "templates").glob("*.html")]
FIELDS = sorted({name for page in TEMPLATES for name in re.findall(r'name="(\w+)"', page)})


@pytest.mark.parametrize("value", NASTY)
def test_whatever_stands_in_every_field_no_page_breaks_or_runs_it(desk: Desk, value: str) -> None:
    desk.parts.handoffs.ask(7, "id", desk.storage.turn(desk.asked("zxcv qwer")))
    desk.parts.gaps.gather()
    browser = desk.browser("Ayu")
    mean = {name: value.encode("utf-8", "surrogatepass") for name in FIELDS if name != "form_token"}
    for path in CHANGES:
        if path != "/sign-out":
            reply = browser.client.post(path, data={**mean, "form_token": browser.token}, headers={"origin": SITE})
            assert reply.status_code < 500, path
            assert "<script>alert" not in reply.text and "\n" not in reply.headers.get("location", ""), path
            assert "a=b" not in reply.headers.get("set-cookie", ""), path
    asked = urlencode({name: value[:500].encode("utf-8", "surrogatepass") for name in FIELDS})
    for method, path, _ in EVERY:
        if method == "GET":
            reply = browser.get(f"{path}?{asked}")
            assert reply.status_code < 500, path
            assert "<script>alert" not in reply.text, path
    assert desk.parts.people.named("Ayu") and desk.storage.turn(1)


@pytest.mark.parametrize("path", ["/conversations/{}", "/handoffs/{}", "/gaps/{}", "/queues/{}/next"])
def test_numbers_that_nothing_has_are_gone(desk: Desk, path: str) -> None:
    browser = desk.browser("Rani")

    assert browser.get(path.format("9" * 25)).status_code == 404
    assert browser.get(path.format("-1")).status_code == 404
