"""Reading in the console: the list, its filters, one conversation with its evidence, sections, exports."""

import csv
import io
import json
from datetime import timedelta
from urllib.parse import quote

import pytest

from bot.desk.reviewing import Judgement, Reason, Verdict
from tests.console_fixtures import Desk, text_of

pytest_plugins = ["tests.console_fixtures"]

NASTY = [
    "'; DROP TABLE turns; --",
    '" OR 1=1 --',
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}",
    "%00",
    "NEAR(komisi saldo)",
    "komisi*",
    "AND OR NOT",
    "\u202ekomisi",
]


@pytest.fixture
def turns(desk: Desk) -> dict[str, int]:
    """Give a few questions of three sellers, the last one asked first."""
    hours = timedelta(hours=1)
    asked = {
        "commission": ("komisi sekarang berapa", 7, 5),
        "paid": ("saldo cair kapan ya", 8, 4),
        "shopee": ("komisi shopee berapa", 7, 3),
        "nonsense": ("zxcv qwer poiu", 9, 2),
        "english": ("what is the commission now", 9, 1),
    }
    return {name: desk.asked(text, chat, ago * hours) for name, (text, chat, ago) in asked.items()}


def shown(desk: Desk, query: str, turns: dict[str, int], who: str = "Rani") -> list[str]:
    """Return the names of the turns that the list shows, in its order."""
    page = desk.browser(who).get(f"/conversations?{query}")
    assert page.status_code == 200
    places = {name: page.text.find(f'href="/conversations/{turn_id}') for name, turn_id in turns.items()}
    return sorted((name for name in turns if places[name] >= 0), key=lambda name: places[name])


def test_the_newest_questions_come_first_with_what_became_of_them(desk: Desk, turns: dict[str, int]) -> None:
    assert shown(desk, "", turns) == ["english", "nonsense", "shopee", "paid", "commission"]
    page = text_of(desk.browser("Rani").get("/conversations"))
    assert "saldo cair kapan ya" in page and "declined" in page and "5 questions" in page


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("text=saldo", ["paid"]),
        ("text=komis", ["shopee", "commission"]),
        ("text=KOMISI+sekarang", ["commission"]),
        ("language=en", ["english"]),
        ("outcome=declined", ["nonsense", "shopee"]),
        ("outcome=declined&text=shopee", ["shopee"]),
        ("topic=fees&outcome=answered", ["english", "paid", "commission"]),
        ("since=2026-06-10&until=2026-06-10", ["english", "nonsense", "shopee", "paid", "commission"]),
        ("until=2026-06-09", []),
        ("reviewed=yes", []),
        ("rating=none&confidence=", ["english", "nonsense", "shopee", "paid", "commission"]),
        ("section=" + quote("faqs/payouts#when-paid"), ["paid"]),
    ],
)
def test_filters_stand_in_the_address(desk: Desk, turns: dict[str, int], query: str, names: list[str]) -> None:
    assert shown(desk, query, turns) == names


def test_ratings_people_reviews_and_queues_are_filters_too(desk: Desk, turns: dict[str, int]) -> None:
    desk.storage.rate(turns["paid"], 8, "not_right", "outdated")
    desk.storage.rate(turns["english"], 9, "right")
    desk.storage.ask_for_person(turns["nonsense"], 9)
    desk.parts.reviews.give(desk.people["Rani"], turns["shopee"], Judgement(Verdict.RIGHT))

    assert shown(desk, "rating=not_right", turns) == ["paid"]
    assert shown(desk, "reason=outdated", turns) == ["paid"]
    assert shown(desk, "rating=right", turns) == ["english"]
    assert shown(desk, "person=yes", turns) == ["nonsense"]
    assert shown(desk, "reviewed=yes", turns) == ["shopee"]
    assert shown(desk, "reviewed=no&person=no", turns) == ["english", "paid", "commission"]


@pytest.mark.parametrize("name", ["outcome", "rating", "reason", "topic", "confidence", "language", "reviewed",
                                  "queue", "person", "since", "until"])  # fmt: skip
@pytest.mark.parametrize("value", ["nonsense", "' OR 1=1 --", "<script>", "2026-13-45", "-1", "9" * 40])
def test_a_broken_filter_shows_nothing_and_says_which(desk: Desk, turns: dict[str, int], name: str, value: str) -> None:
    reply = desk.browser("Rani").get(f"/conversations?{name}={quote(value)}")

    assert reply.status_code == 400
    assert f"The filter {name} cannot be" in reply.text
    assert "<script>" not in reply.text
    assert "saldo cair" not in reply.text


@pytest.mark.parametrize("text", NASTY)
def test_whatever_is_searched_for_is_only_searched_for(desk: Desk, turns: dict[str, int], text: str) -> None:
    reply = desk.browser("Rani").get(f"/conversations?text={quote(text)}")

    assert reply.status_code == 200
    assert "<script>alert" not in reply.text and "<img src=x" not in reply.text
    assert desk.storage.turn(turns["paid"]) is not None


def test_pages_follow_each_other_without_a_gap_and_back(desk: Desk) -> None:
    ids = [
        desk.asked(f"komisi nomor {number}", chat_id=number, ago=timedelta(minutes=60 - number)) for number in range(60)
    ]
    browser = desk.browser("Rani")
    first = browser.get("/conversations")
    assert 'rel="next"' in first.text and 'rel="prev"' not in first.text

    second = browser.get(f"/conversations?older={ids[10]}")

    assert f'href="/conversations/{ids[9]}"' in second.text
    assert f'href="/conversations/{ids[10]}"' not in second.text
    back = browser.get(f"/conversations?newer={ids[9]}")
    assert f'href="/conversations/{ids[10]}"' in back.text
    assert f'href="/conversations/{ids[9]}"' not in back.text


def test_a_conversation_shows_what_was_asked_and_sent_and_the_evidence(desk: Desk, turns: dict[str, int]) -> None:
    reply = desk.browser("Rani").get(f"/conversations/{turns['paid']}")
    page = text_of(reply)

    assert "saldo cair kapan ya" in page
    assert "The first section answers." in page
    assert "faqs/payouts#when-paid" in page
    assert "Given: the nearest." in page and "behind the nearest" in page
    assert desk.parts.generations.published in page
    assert "9 ms" in page
    stored = desk.storage.turn(turns["paid"])
    assert stored and " ".join(stored.sent.split())[:60] in page


def test_a_rule_that_did_not_hold_on_the_asked_day_is_shown_as_left_for_that(desk: Desk) -> None:
    turn_id = desk.asked("berapa komisi tahun 2024")
    page = text_of(desk.browser("Rani").get(f"/conversations/{turn_id}"))

    assert "Left: did not hold at the time asked about." in page
    assert "1 Jan 2024 – 31 Dec 2024" in page


def test_the_seller_s_words_are_shown_as_text_wherever_they_stand(desk: Desk) -> None:
    words = '<script>alert(1)</script> "><img src=x onerror=alert(1)> {{ 7*7 }} komisi'
    turn_id = desk.asked(words)
    desk.storage.rate(turn_id, 7, "not_right", "<b>reason</b>")
    handoff, _ = desk.parts.handoffs.ask(7, "id", desk.storage.turn(turn_id))
    desk.parts.handoffs.seller_wrote(handoff, words, 1)
    desk.parts.gaps.gather()
    browser = desk.browser("Lina")
    pages = ("/conversations", f"/conversations/{turn_id}", "/handoffs", f"/handoffs/{handoff.id}", "/gaps", "/gaps/1",
             "/numbers", "/")  # fmt: skip
    for path in pages:
        page = browser.get(path).text
        assert "<script>alert" not in page and "<img src=x" not in page and "<b>reason" not in page, path
        assert "{{ 7*7 }}" in page or "alert(1)" not in page, path


def test_personal_data_is_masked_and_nobody_s_chat_is_named(desk: Desk) -> None:
    turn_id = desk.asked("saldo cair kapan, wa 081234567890", chat_id=987654321)
    browser = desk.browser("Lina")
    for path in ("/conversations", f"/conversations/{turn_id}", "/conversations.csv", "/conversations.jsonl"):
        page = browser.get(path).text
        assert "081234567890" not in page
        assert "987654321" not in page
        assert "[phone]" in page


def test_the_same_seller_has_the_same_name_and_another_has_another(desk: Desk, turns: dict[str, int]) -> None:
    rows = [json.loads(line) for line in desk.browser("Lina").get("/conversations.jsonl").text.splitlines()]
    names = {row["id"]: row["seller"] for row in rows}

    assert names[turns["commission"]] == names[turns["shopee"]]
    assert len({names[turns[name]] for name in ("commission", "paid", "nonsense")}) == 3


def test_what_is_filtered_is_exported_with_its_reviews(desk: Desk, turns: dict[str, int]) -> None:
    desk.parts.reviews.give(desk.people["Rani"], turns["shopee"], Judgement(Verdict.WRONG, Reason.MISSING, note="hm"))
    browser = desk.browser("Lina")
    reply = browser.get("/conversations.jsonl?outcome=declined")
    rows = [json.loads(line) for line in reply.text.splitlines()]

    assert [row["id"] for row in rows] == [turns["nonsense"], turns["shopee"]]
    assert rows[1]["reviews"][0]["verdict"] == "wrong" and rows[1]["reviews"][0]["by"] == "Rani"
    assert "attachment" in reply.headers["content-disposition"]
    table = list(csv.DictReader(io.StringIO(browser.get("/conversations.csv?outcome=declined").text.lstrip("\ufeff"))))
    assert [row["id"] for row in table] == [str(turns["nonsense"]), str(turns["shopee"])]
    assert table[1]["verdicts"] == "Rani: wrong"


@pytest.mark.parametrize("words", ["=1+1", "+62 komisi", "-2 saldo", "@SUM(A1)", "\tkomisi"])
def test_no_cell_of_an_export_is_a_formula(desk: Desk, words: str) -> None:
    desk.asked(words)
    table = csv.DictReader(io.StringIO(desk.browser("Lina").get("/conversations.csv").text.lstrip("\ufeff")))

    assert not next(table)["asked"].startswith(("=", "+", "-", "@", "\t"))


def test_next_and_previous_stay_within_the_filter(desk: Desk, turns: dict[str, int]) -> None:
    page = desk.browser("Rani").get(f"/conversations/{turns['shopee']}?outcome=declined").text

    assert f'href="/conversations/{turns["nonsense"]}?outcome=declined" data-key="k"' in page
    assert 'data-key="j"' not in page


def test_a_section_is_shown_as_it_was_and_as_it_is(desk: Desk) -> None:
    published = desk.parts.generations.published
    browser = desk.browser("Rani")
    page = text_of(browser.get(f"/sections/faqs/payouts%23when-paid?generation={published}"))

    assert "This section is still the same." in page
    assert f"Then ({published})" in page and f"Now ({published})" in page
    gone = text_of(browser.get("/sections/faqs/payouts%23when-paid?generation=20200101-000000-1"))
    assert "is no longer kept" in gone


@pytest.mark.parametrize("text", ["komisi", "faqs/payouts#when-paid", "kapan uangku keluar", *NASTY])
def test_sections_are_found_by_words_or_address(desk: Desk, text: str) -> None:
    browser = desk.browser("Rani")
    reply = browser.get(f"/sections.json?text={quote(text)}")

    assert reply.status_code == 200
    assert all(set(row) == {"section", "heading"} for row in reply.json())
    assert browser.get(f"/sections?text={quote(text)}").status_code == 200
    if text == "faqs/payouts#when-paid":
        assert [row["section"] for row in reply.json()] == [text]


def test_a_turn_that_was_erased_is_gone_from_every_page(desk: Desk, turns: dict[str, int]) -> None:
    desk.parts.reviews.give(
        desk.people["Rani"], turns["paid"], Judgement(Verdict.WRONG, Reason.MISSING, note="catatan")
    )
    desk.storage.erase(8)
    browser = desk.browser("Lina")

    assert browser.get(f"/conversations/{turns['paid']}").status_code == 404
    assert "saldo cair kapan ya" not in browser.get("/conversations").text
    assert "0 questions" in browser.get("/conversations?text=saldo").text
