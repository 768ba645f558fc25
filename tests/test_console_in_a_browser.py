"""The ways that staff walk through the console, in a real browser: with keys, without JavaScript, on a phone."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from bot.desk.handoffs import State
from bot.desk.queues import Kind, QueueRules
from tests.browsing import PHONE, served, sign_in
from tests.console_fixtures import PASSWORD, Desk

pytest_plugins = ["tests.browsing"]

Opened = Callable[..., Any]


@pytest.fixture
def address(desk: Desk) -> Iterator[str]:
    """Give the address of a served console with some conversations in it."""
    for number, text in enumerate(("komisi sekarang berapa", "saldo cair kapan ya", "komisi shopee berapa")):
        desk.asked(text, 7 + number, timedelta(hours=9 - number))
    with served(desk.parts) as address:
        yield address


def test_staff_sign_in_find_a_question_and_review_it_with_the_keyboard(
    desk: Desk, address: str, opened: Opened
) -> None:
    page = opened(address)
    sign_in(page, "Rani", PASSWORD)
    page.keyboard.type("gc")  # g and then c: the conversations
    page.wait_for_url("**/conversations")
    page.keyboard.press("/")
    page.keyboard.type("saldo")
    page.keyboard.press("Enter")
    page.wait_for_url("**/conversations?text=saldo*")
    assert page.locator(".row").count() == 1
    page.locator(".row").click()
    page.wait_for_url("**/conversations/2?text=saldo")

    page.keyboard.press("2")  # wrong
    page.focus("textarea[name=note]")
    page.keyboard.type("tanggalnya keliru")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".done")

    (review,) = desk.parts.reviews.of_turns([2])[2]
    assert (review.verdict, review.note) == ("wrong", "tanggalnya keliru")
    assert "Review saved." in page.inner_text(".done")


def test_a_queue_is_worked_off_with_three_keys(desk: Desk, address: str, opened: Opened) -> None:
    desk.parts.queues.add(QueueRules("Semua", Kind.SAMPLE, members=(desk.people["Rani"].id,)), past_turns=100)
    desk.parts.queues.fill()
    page = opened(address)
    sign_in(page, "Rani", PASSWORD)
    page.keyboard.press("n")
    for turn_id, key in ((1, "1"), (2, "3")):
        page.wait_for_url(f"**/conversations/{turn_id}?queue=1")
        page.keyboard.press(key)
        page.keyboard.press("Enter")
    page.wait_for_url("**/conversations/3?queue=1")
    page.keyboard.press("x")  # put aside

    page.wait_for_url("**/queues?done=nothing_left")
    assert {turn: found[0].verdict.value for turn, found in desk.parts.reviews.of_turns([1, 2, 3]).items()} == {
        1: "right", 2: "incomplete",
    }  # fmt: skip


def test_the_keys_are_shown_and_typing_in_a_field_is_only_typing(desk: Desk, address: str, opened: Opened) -> None:
    page = opened(address)
    sign_in(page, "Rani", PASSWORD)
    page.keyboard.press("?")
    assert page.locator("dialog#keys").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("dialog#keys").is_visible()
    page.goto("/conversations")
    page.focus("[name=text]")
    page.keyboard.type("gh?jk1x")

    assert page.input_value("[name=text]") == "gh?jk1x"
    assert page.url.endswith("/conversations")


def test_a_chat_is_taken_over_written_in_and_given_back_while_the_seller_writes(
    desk: Desk, address: str, opened: Opened
) -> None:
    handoff, _ = desk.parts.handoffs.ask(8, "id", desk.storage.turn(2))
    page = opened(address)
    sign_in(page, "Rani", PASSWORD)
    page.keyboard.type("gh")
    page.wait_for_url("**/handoffs")
    page.get_by_role("button", name="Take over").click()
    page.wait_for_url(f"**/handoffs/{handoff.id}?done=taken")
    page.keyboard.press("m")
    page.keyboard.type("Halo kak, saya cek dulu ya.")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=Halo kak, saya cek dulu ya.")
    page.keyboard.press("m")
    page.keyboard.type("belum selesai")
    page.wait_for_timeout(3500)  # the page has looked once
    desk.parts.handoffs.seller_wrote(handoff, "siap kak <b>terima kasih</b>", 77)

    page.wait_for_selector("text=siap kak <b>terima kasih</b>")
    assert page.input_value("[name=message]") == "belum selesai"
    page.get_by_role("button", name="Give the chat back").click()
    page.wait_for_url("**/handoffs?done=given_back")
    found = desk.parts.handoffs.get(handoff.id)
    assert found and found.state is State.CLOSED


def test_two_generations_are_tried_side_by_side(two: tuple[Desk, str], opened: Opened) -> None:
    desk, other = two
    with served(desk.parts) as address:
        page = opened(address)
        sign_in(page, "Rani", PASSWORD)
        page.keyboard.type("gt")
        page.wait_for_url("**/try")
        page.select_option("[name=other]", other)
        page.fill("[name=text]", "kapan saldo cair")
        page.keyboard.press("Control+Enter")
        page.wait_for_selector("text=The two answer differently.")
        answers = page.locator(".bubble.bot").all_inner_texts()
        still_chosen = page.input_value("[name=other]")

    assert len(answers) == 2
    assert "tujuh belas jam" in answers[1] and "tujuh belas jam" not in answers[0]
    assert still_chosen == other


def test_a_section_is_chosen_while_its_name_is_typed(desk: Desk, address: str, opened: Opened) -> None:
    page = opened(address)
    sign_in(page, "Rani", PASSWORD)
    page.goto("/conversations/1")
    page.focus("[name=section]")
    page.keyboard.type("when-paid")
    page.wait_for_selector("#found-sections option", state="attached")

    assert page.locator("#found-sections option").first.get_attribute("value") == "faqs/payouts#when-paid"


def test_a_note_that_was_not_sent_is_still_there_after_going_away(desk: Desk, address: str, opened: Opened) -> None:
    page = opened(address)
    sign_in(page, "Rani", PASSWORD)
    page.goto("/conversations/1")
    page.fill("textarea[name=note]", "setengah jadi")
    page.goto("/queues")
    page.goto("/conversations/1")

    assert page.input_value("textarea[name=note]") == "setengah jadi"


def test_everything_works_without_javascript(desk: Desk, address: str, opened: Opened) -> None:
    handoff, _ = desk.parts.handoffs.ask(8, "id", desk.storage.turn(2))
    page = opened(address, java_script_enabled=False)
    sign_in(page, "Rani", PASSWORD)
    page.goto("/conversations/1")
    page.check("[name=verdict][value=right]")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/conversations/1?done=reviewed")
    page.goto(f"/handoffs/{handoff.id}")
    page.get_by_role("button", name="Take over").click()
    page.fill("[name=message]", "Halo")
    page.get_by_role("button", name="Send").click()
    page.wait_for_selector(".bubble.staff")
    page.get_by_role("button", name="Give the chat back").click()
    page.goto("/try")
    page.fill("[name=text]", "saldo cair kapan ya")
    page.get_by_role("button", name="Ask").click()

    assert "The first section answers." in page.inner_text("main")
    assert desk.parts.reviews.of_turns([1])[1][0].verdict == "right"
    assert [message.text for message in desk.parts.handoffs.messages(handoff.id)] == ["Halo"]


def test_what_a_seller_wrote_runs_nowhere(desk: Desk, address: str, opened: Opened) -> None:
    desk.asked("<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script> komisi", 9)
    page = opened(address)
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if "Content Security" in message.text else None)
    page.on("dialog", lambda dialog: refused.append(dialog.message))
    sign_in(page, "Lina", PASSWORD)
    for path in ("/conversations", "/conversations/4", "/numbers", "/queues", "/try", "/gaps", "/proposals"):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert page.title() != "owned"

    assert refused == [], "nothing of ours breaks the policy either"


def test_no_page_is_wider_than_a_phone(desk: Desk, address: str, opened: Opened) -> None:
    page = opened(address, PHONE)
    sign_in(page, "Ayu", PASSWORD)
    for path in ("/", "/conversations", "/conversations/1", "/queues", "/handoffs", "/gaps", "/try", "/numbers",
                 "/staff", "/audit", "/account", "/proposals"):  # fmt: skip
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0], path
