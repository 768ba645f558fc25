"""Hand-offs in the console: who waits, taking over, writing, giving back."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.desk.handoffs import LONGEST_MESSAGE, State
from bot.desk.outbox import Kind, Outbox
from tests.console_fixtures import Desk, text_of

pytest_plugins = ["tests.console_fixtures"]


@pytest.fixture
def waiting(desk: Desk) -> int:
    """Give a hand-off that waits."""
    turn = desk.storage.turn(desk.asked("zxcv qwer", chat_id=7))
    return desk.parts.handoffs.ask(7, "id", turn)[0].id


def letters(desk: Desk) -> list[Kind]:
    return [letter.kind for letter in Outbox(desk.storage.database).waiting(to_group=False)]


def test_who_waits_longest_stands_first_with_the_hours_that_sellers_are_told(desk: Desk, waiting: int) -> None:
    desk.clock.forward(timedelta(minutes=30))
    later = desk.parts.handoffs.ask(8, "en", None)[0].id
    page = desk.browser("Rani").get("/handoffs").text

    assert 0 < page.find(f"/handoffs/{waiting}") < page.find(f"/handoffs/{later}")
    assert "Monday–Friday 09.00–17.00 WIB (10.00–18.00 WITA, 11.00–19.00 WIT)" in page
    assert "Open now." in page and "30 min ago" in page
    assert "knowledge missing" in page


def test_when_it_is_closed_the_next_opening_is_told(desk: Desk) -> None:
    desk.clock.now = datetime(2026, 6, 13, 5, 0, tzinfo=UTC)  # a Saturday

    assert "Closed now; opens Monday 15 June, 09.00 WIB" in text_of(desk.browser("Rani").get("/handoffs"))


def test_a_chat_is_taken_written_in_and_given_back(desk: Desk, waiting: int) -> None:
    browser = desk.browser("Rani")
    assert "place 1 in the queue" in text_of(browser.get(f"/handoffs/{waiting}"))
    browser.post(f"/handoffs/{waiting}/take")
    browser.post(f"/handoffs/{waiting}/write", message="  Halo kak, saya cek ya <b>\n")
    page = browser.get(f"/handoffs/{waiting}").text
    assert "Halo kak, saya cek ya &lt;b&gt;" in page and "on its way" in page
    assert desk.parts.handoffs.with_person(7) is not None

    browser.post(f"/handoffs/{waiting}/give-back")

    found = desk.parts.handoffs.get(waiting)
    assert found and (found.state, found.closed_how) == (State.CLOSED, "staff")
    assert letters(desk) == [Kind.TAKEN, Kind.STAFF_MESSAGE, Kind.GIVEN_BACK]
    assert desk.parts.handoffs.open_of_chat(7) is None


def test_what_could_not_be_delivered_is_said(desk: Desk, waiting: int) -> None:
    browser = desk.browser("Rani")
    browser.post(f"/handoffs/{waiting}/take")
    browser.post(f"/handoffs/{waiting}/write", message="Halo")
    outbox = Outbox(desk.storage.database)
    outbox.failed(outbox.waiting(to_group=False)[-1].id, "gone")

    assert "cannot be reached" in browser.get(f"/handoffs/{waiting}/messages").text


def test_nobody_writes_in_somebody_else_s_chat_but_a_lead_may_take_it_over(desk: Desk, waiting: int) -> None:
    rani, budi, lead = (desk.browser(name) for name in ("Rani", "Budi", "Lina"))
    rani.post(f"/handoffs/{waiting}/take")
    for path, fields in (("write", {"message": "x"}), ("give-back", {}), ("take", {}), ("reason", {"reason": "other"})):
        assert budi.post(f"/handoffs/{waiting}/{path}", **fields).status_code == 403, path
    assert f"/handoffs/{waiting}/write" not in budi.get(f"/handoffs/{waiting}").text

    lead.post(f"/handoffs/{waiting}/take")

    assert rani.post(f"/handoffs/{waiting}/write", message="x").status_code == 403
    assert lead.post(f"/handoffs/{waiting}/write", message="Halo").status_code == 303


@pytest.mark.parametrize("message", ["", "   \n", "x" * (LONGEST_MESSAGE + 1)])
def test_an_empty_or_endless_message_is_refused(desk: Desk, waiting: int, message: str) -> None:
    browser = desk.browser("Rani")
    browser.post(f"/handoffs/{waiting}/take")

    assert browser.post(f"/handoffs/{waiting}/write", message=message).status_code == 400
    assert desk.parts.handoffs.messages(waiting) == []


def test_a_chat_must_be_taken_first_and_is_over_when_given_back(desk: Desk, waiting: int) -> None:
    browser = desk.browser("Rani")
    assert "Take the chat over first" in browser.post(f"/handoffs/{waiting}/write", message="Halo").text
    desk.parts.handoffs.close(waiting, "seller")
    for path in ("take", "write", "give-back"):
        assert browser.post(f"/handoffs/{waiting}/{path}", message="Halo").status_code == 400
    assert "ended by the seller" in browser.get(f"/handoffs/{waiting}").text


def test_staff_step_into_a_private_chat_but_not_into_a_group_or_the_terminal(desk: Desk) -> None:
    private, group, terminal = (desk.asked("komisi berapa", chat) for chat in (7, -100, None))
    browser = desk.browser("Rani")
    assert browser.post(f"/conversations/{private}/step-in").headers["location"] == "/handoffs/1?done=taken"
    assert desk.parts.handoffs.with_person(7) is not None
    for turn_id in (group, terminal):
        assert browser.post(f"/conversations/{turn_id}/step-in").status_code == 400
    assert browser.post("/conversations/99/step-in").status_code == 404


def test_the_reason_is_corrected_from_a_closed_list(desk: Desk, waiting: int) -> None:
    browser = desk.browser("Rani")
    browser.post(f"/handoffs/{waiting}/reason", reason="own_case")
    found = desk.parts.handoffs.get(waiting)

    assert found and found.reason == "own_case"
    assert browser.post(f"/handoffs/{waiting}/reason", reason="' OR 1=1").status_code == 400
    assert browser.post("/handoffs/99/reason", reason="other").status_code == 404


def test_a_seller_s_words_are_masked_in_the_chat_with_a_person(desk: Desk, waiting: int) -> None:
    handoff = desk.parts.handoffs.get(waiting)
    assert handoff
    desk.parts.handoffs.seller_wrote(handoff, "hubungi saya di 081234567890", 5)
    page = desk.browser("Rani").get(f"/handoffs/{waiting}").text

    assert "[phone]" in page and "081234567890" not in page
