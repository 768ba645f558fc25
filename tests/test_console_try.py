"""Trying questions in the console, and its numbers."""

from datetime import timedelta

import pytest

from bot.desk.reviewing import Judgement, Verdict
from bot.desk.turn_filters import TurnFilter
from tests.console_fixtures import Desk, text_of

pytest_plugins = ["tests.console_fixtures"]


def test_a_question_is_answered_as_the_bot_would_with_its_evidence_and_not_stored(desk: Desk) -> None:
    browser = desk.browser("Rani")
    assert browser.get("/try").status_code == 200
    page = text_of(browser.post("/try", text="saldo cair kapan ya"))

    assert "Kapan saldo cair?" in page and "The first section answers." in page
    assert desk.parts.conversations.count(TurnFilter()) == 0


def test_a_question_is_tried_as_on_another_day(desk: Desk) -> None:
    browser = desk.browser("Rani")

    assert "Sections considered" in text_of(browser.post("/try", text="komisi berapa", on="2024-05-01"))
    assert text_of(browser.post("/try", text="komisi berapa", on="2024-05-01")) != text_of(
        browser.post("/try", text="komisi berapa")
    )


def test_what_was_asked_before_is_gone_on_from_until_it_starts_over(desk: Desk) -> None:
    browser = desk.browser("Rani")
    page = browser.post("/try", text="ongkir tokopedia berapa").text
    assert 'name="before" value="ongkir tokopedia berapa"' in page
    second = text_of(browser.post("/try", text="kalau di tiktok shop?", before=["ongkir tokopedia berapa"]))

    assert "Asked before:" in second and "Goes on from" in second
    assert 'name="before"' not in browser.get("/try").text


def test_two_generations_are_shown_side_by_side_and_said_to_differ(two: tuple[Desk, str]) -> None:
    desk, other = two
    published = desk.parts.generations.published
    browser = desk.browser("Rani")
    page = text_of(browser.post("/try", text="kapan saldo cair", generation=published, other=other))
    assert "The two answer differently." in page
    assert "tujuh belas jam" in page and other in page and published in page

    same = text_of(browser.post("/try", text="apa rencana pajak baru", generation=published, other=other))
    assert "Both answer the same." in same


def test_a_section_of_another_generation_is_said_to_have_changed(two: tuple[Desk, str]) -> None:
    desk, other = two
    page = text_of(desk.browser("Rani").get(f"/sections/faqs/payouts%23when-paid?generation={other}"))

    assert "This section has changed since that answer." in page
    assert "tujuh belas jam" in page


@pytest.mark.parametrize(
    "fields",
    [{"generation": "../../etc"}, {"other": "nowhere"}, {"on": "2024-13-45"}, {"reply_language": "xx"},
     {"platform": "shopee"}, {"text": "<script>alert(1)</script> komisi"}, {"text": "x" * 5000}],
)  # fmt: skip
def test_whatever_is_sent_gets_an_answer_and_no_fault(desk: Desk, fields: dict[str, str]) -> None:
    reply = desk.browser("Rani").post("/try", **{"text": "komisi berapa", **fields})

    assert reply.status_code == 200
    assert "<script>alert" not in reply.text


def test_a_secret_that_is_tried_is_not_shown_again(desk: Desk) -> None:
    assert "482913" not in desk.browser("Rani").post("/try", text="kode otp saya 482913, aman?").text


def test_a_damaged_generation_is_told_and_the_other_one_answers(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    store = desk.parts.generations._store  # the folder that a crash could leave like this
    monkeypatch.setattr(store, "names", lambda: ["20250101-000000-1", desk.parts.generations.published])
    page = text_of(desk.browser("Rani").post("/try", text="komisi berapa", other="20250101-000000-1"))

    assert "20250101-000000-1" in page and "Sections considered" in page


def test_the_numbers_are_those_of_the_period_with_a_table_behind_each_picture(desk: Desk) -> None:
    turn_id = desk.asked("saldo cair kapan ya", 7)
    for text, chat in (("komisi shopee berapa", 8), ("halo", 8), ("what is the commission now", 9)):
        desk.asked(text, chat)
    desk.asked("komisi 2024", 9, timedelta(days=40))
    desk.storage.rate(turn_id, 7, "not_right", "outdated")
    desk.parts.reviews.give(desk.people["Rani"], turn_id, Judgement(Verdict.RIGHT))
    desk.parts.handoffs.ask(8, "id", None)
    browser = desk.browser("Rani")
    reply = browser.get("/numbers")
    page = text_of(reply)

    assert "3 questions" in page and "66.7 % answered" in page and "33.3 % declined" in page
    assert "1 handed over to a person" in page
    assert "out of date" in page
    assert reply.text.count("<picture>") == 5
    assert "Never used:" in page
    for chart in ("days", "topics", "languages", "handoffs", "confidence"):
        for theme in ("light", "dark"):
            picture = browser.get(f"/numbers/{chart}.svg?theme={theme}")
            assert picture.headers["content-type"] == "image/svg+xml"
            assert b"<svg" in picture.content and b"<script" not in picture.content


def test_numbers_of_no_time_are_said_to_be_none(desk: Desk) -> None:
    page = text_of(desk.browser("Rani").get("/numbers?since=2025-01-01&until=2025-01-31"))

    assert "Nothing was asked in this time." in page


@pytest.mark.parametrize(
    "query",
    ["since=2026-02-01&until=2026-01-01", "since=2020-01-01&until=2026-01-01", "since=x", "language=xx",
     "until=2026-02-30"],
)  # fmt: skip
def test_a_period_that_cannot_be_is_refused(desk: Desk, query: str) -> None:
    browser = desk.browser("Rani")

    assert browser.get(f"/numbers?{query}").status_code == 400
    assert browser.get(f"/numbers/days.svg?{query}").status_code == 400


@pytest.mark.parametrize("path", ["/numbers/none.svg", "/numbers/days.svg?theme=pink"])
def test_a_picture_that_there_is_not_is_refused(desk: Desk, path: str) -> None:
    assert desk.browser("Rani").get(path).status_code == 404
