"""Gaps in the console: answered once, delivered to all who asked."""

from datetime import timedelta

import pytest

from bot.desk.outbox import Kind, Outbox
from tests.console_fixtures import Desk, text_of

pytest_plugins = ["tests.console_fixtures"]

SAME = ("stiker resi luntur kena hujan gimana", "stiker resi luntur kena hujan", "stiker resi luntur kena hujan kak")


@pytest.fixture
def gap(desk: Desk) -> int:
    """Give a gap that three sellers asked, one of them in a group."""
    for number, (text, chat) in enumerate(zip(SAME, (7, 8, -100), strict=True)):
        desk.asked(text, chat, timedelta(hours=number + 1))
    desk.parts.gaps.gather()
    (found,) = desk.parts.gaps.all()
    return found.id


def letters(desk: Desk) -> list[tuple[int | None, Kind]]:
    return [(letter.chat_id, letter.kind) for letter in Outbox(desk.storage.database).waiting(to_group=False)]


def test_questions_with_one_meaning_stand_together_with_their_count(desk: Desk, gap: int) -> None:
    page = text_of(desk.browser("Rani").get("/gaps"))

    assert "stiker resi luntur" in page
    assert "3 more" in page
    detail = text_of(desk.browser("Rani").get(f"/gaps/{gap}"))
    assert "asked 3×" in detail and all(text in detail for text in SAME)
    assert "A lead answers gaps." in detail


def test_an_answer_is_offered_once_to_everybody_who_asked_in_private(desk: Desk, gap: int) -> None:
    lead = desk.browser("Lina")
    reply = lead.post(f"/gaps/{gap}/answer", answer_id="Cetak ulang resinya.", answer_en="Print it again.", propose="1")

    assert reply.headers["location"] == f"/gaps/{gap}?done=gap_answered"
    assert sorted(letters(desk), key=str) == [(7, Kind.NEWS), (8, Kind.NEWS)]
    assert "message on its way" in lead.get(f"/gaps/{gap}").text
    (proposal,) = desk.parts.proposals.all()
    assert (proposal.kind, proposal.draft.answer_en, len(proposal.questions)) == ("section", "Print it again.", 3)

    lead.post(f"/gaps/{gap}/answer", answer_id="Cetak ulang saja.", answer_en="Just print it again.")
    assert len(letters(desk)) == 2


def test_who_asks_later_can_be_told_too(desk: Desk, gap: int) -> None:
    lead = desk.browser("Lina")
    lead.post(f"/gaps/{gap}/answer", answer_id="Cetak ulang.", answer_en="Print it again.")
    desk.asked(SAME[1], 9, timedelta(minutes=1))
    desk.parts.gaps.gather()
    assert "Let 1 more know" in text_of(lead.get(f"/gaps/{gap}"))

    lead.post(f"/gaps/{gap}/tell")

    assert sorted(chat or 0 for chat, _ in letters(desk)) == [7, 8, 9]


@pytest.mark.parametrize("fields", [{}, {"answer_id": "Cetak."}, {"answer_id": "x" * 3001, "answer_en": "y"}])
def test_an_answer_must_be_there_in_both_languages(desk: Desk, gap: int, fields: dict[str, str]) -> None:
    reply = desk.browser("Lina").post(f"/gaps/{gap}/answer", **fields)

    assert reply.status_code == 400
    assert "both languages" in reply.text
    assert letters(desk) == []


def test_a_gap_is_dismissed_opened_again_merged_and_taken_apart(desk: Desk, gap: int) -> None:
    lead = desk.browser("Lina")
    lead.post(f"/gaps/{gap}", action="dismissed")
    assert desk.parts.gaps.all() == []
    lead.post(f"/gaps/{gap}", action="open")
    turn_id = desk.parts.gaps.all()[0].questions[0].turn_id
    lead.post(f"/gaps/{gap}", action="take_out", turn=str(turn_id))
    apart = [one.id for one in desk.parts.gaps.all()]
    assert len(apart) == 2

    reply = lead.post(f"/gaps/{max(apart)}", action="merge", into=str(gap))

    assert reply.headers["location"] == f"/gaps/{gap}?done=gap_saved"
    assert [len(one.questions) for one in desk.parts.gaps.all()] == [3]


@pytest.mark.parametrize("fields", [{"action": "x"}, {"action": "merge", "into": "x"}, {"action": "take_out"}, {}])
def test_what_cannot_be_done_with_a_gap_is_refused(desk: Desk, gap: int, fields: dict[str, str]) -> None:
    assert desk.browser("Lina").post(f"/gaps/{gap}", **fields).status_code == 400


def test_a_gap_that_is_gone_is_told(desk: Desk) -> None:
    lead = desk.browser("Lina")
    assert lead.get("/gaps/9").status_code == 404
    assert lead.post("/gaps/9", action="dismissed").status_code == 404
    assert lead.post("/gaps/9/answer", answer_id="x", answer_en="y").status_code == 404
    assert lead.post("/gaps/9", action="merge", into="8").status_code == 404
