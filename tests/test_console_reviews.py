"""Reviewing in the console: verdicts, queues, disagreements, proposals."""

import json
from datetime import timedelta

import pytest

from bot.desk.queues import Kind, QueueRules
from bot.desk.reviewing import Judgement, Reason, Verdict
from indexer.proposals import read_proposals
from tests.console_fixtures import Desk, text_of

pytest_plugins = ["tests.console_fixtures"]

COMMISSION = "faqs/fees#commission-now"


def verdicts(desk: Desk, turn_id: int) -> list[tuple[str, str, bool]]:
    found = desk.parts.reviews.of_turns([turn_id]).get(turn_id, [])
    return [(review.name, review.verdict.value, review.final) for review in found]


def queue_of(desk: Desk, *names: str, kind: Kind = Kind.SAMPLE, twice: int = 0) -> int:
    members = tuple(desk.people[name].id for name in names)
    below = 0.5 if kind is Kind.LOW_CONFIDENCE else None
    return desk.parts.queues.add(QueueRules("Semua", kind, 100, below, None, twice, members))


def test_a_verdict_is_kept_and_can_be_changed_and_taken_back(desk: Desk) -> None:
    turn_id = desk.asked("komisi sekarang berapa")
    browser = desk.browser("Rani")
    reply = browser.post(
        f"/conversations/{turn_id}/review", verdict="wrong", reason="wrong_date", note="lihat <b>tanggal</b>",
        back=f"/conversations/{turn_id}",
    )  # fmt: skip
    assert reply.headers["location"] == f"/conversations/{turn_id}?done=reviewed"
    page = browser.get(reply.headers["location"]).text
    assert "Review saved." in page and "lihat &lt;b&gt;tanggal&lt;/b&gt;" in page
    assert verdicts(desk, turn_id) == [("Rani", "wrong", False)]

    browser.post(f"/conversations/{turn_id}/review", verdict="right")
    assert verdicts(desk, turn_id) == [("Rani", "right", False)]
    browser.post(f"/conversations/{turn_id}/take-back")
    assert verdicts(desk, turn_id) == []


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Choose a verdict"),
        ({"verdict": "perfect"}, "Choose a verdict"),
        ({"verdict": "wrong", "reason": "'; DROP TABLE reviews; --"}, "Choose a verdict"),
        ({"verdict": "wrong", "section": "faqs/none#x"}, "There is no section faqs/none#x"),
        ({"verdict": "wrong", "section": "<script>alert(1)</script>"}, "There is no section"),
        ({"verdict": "wrong", "reason": "other_section"}, "Say which section"),
        ({"verdict": "right", "task": "99"}, "belongs to somebody else"),
    ],
)
def test_a_review_that_cannot_be_kept_is_refused_with_the_reason(
    desk: Desk, fields: dict[str, str], sentence: str
) -> None:
    turn_id = desk.asked("komisi sekarang berapa")
    reply = desk.browser("Rani").post(f"/conversations/{turn_id}/review", **fields)

    assert reply.status_code in (400, 403)
    assert sentence in text_of(reply)
    assert "<script>alert" not in reply.text
    assert verdicts(desk, turn_id) == []


def test_a_review_of_what_is_gone_is_refused(desk: Desk) -> None:
    assert desk.browser("Rani").post("/conversations/99/review", verdict="right").status_code == 404


def test_only_a_lead_s_verdict_is_final_and_ends_the_discussion(desk: Desk) -> None:
    turn_id = desk.asked("komisi sekarang berapa")
    reviewer, lead = desk.browser("Rani"), desk.browser("Lina")
    assert reviewer.post(f"/conversations/{turn_id}/review", verdict="wrong", final="1").status_code == 403
    lead.post(f"/conversations/{turn_id}/review", verdict="right", final="1")

    reply = reviewer.post(f"/conversations/{turn_id}/review", verdict="wrong", reason="misread")

    assert reply.status_code == 400 and "A lead has decided" in reply.text
    assert verdicts(desk, turn_id) == [("Lina", "right", True)]


def test_a_queue_is_made_filled_and_worked_off_in_order(desk: Desk) -> None:
    lead, reviewer = desk.browser("Lina"), desk.browser("Rani")
    lead.post(
        "/queues", name="Semua", kind="sample", percent="100", twice_percent="0", below="0.5",
        member=[str(desk.people["Rani"].id)],
    )  # fmt: skip
    ids = [
        desk.asked(text, ago=timedelta(hours=3 - n))
        for n, text in enumerate(("komisi 2024", "saldo cair kapan", "halo"))
    ]
    first = reviewer.get("/queues/next").headers["location"]
    assert first == f"/conversations/{ids[0]}?queue=1"
    page = reviewer.get(first).text
    assert "From the queue “Semua”." in page and 'value="next"' in page

    reply = reviewer.post(
        f"/conversations/{ids[0]}/review", verdict="right", task="1", queue="1", then="next", back=first
    )
    assert reply.headers["location"] == "/queues/1/next?done=reviewed"
    assert reviewer.get("/queues/1/next").headers["location"] == f"/conversations/{ids[1]}?queue=1"
    reviewer.post("/tasks/2/skip")

    assert reviewer.get("/queues/next").headers["location"] == "/queues?done=nothing_left"
    assert "0 open, 1 done, 1 put aside" in text_of(lead.get("/queues"))


def test_a_queue_tells_its_agreement_and_disagreements_come_to_the_lead(desk: Desk) -> None:
    queue_of(desk, "Rani", "Budi", twice=100)
    same = desk.asked("komisi sekarang berapa", ago=timedelta(hours=3))
    differ = desk.asked("saldo cair kapan ya", ago=timedelta(hours=2))
    desk.parts.queues.fill()
    rani, budi, lead = (desk.browser(name) for name in ("Rani", "Budi", "Lina"))
    for browser, verdict in ((rani, "wrong"), (budi, "right")):
        browser.post(f"/conversations/{same}/review", verdict="right")
        browser.post(f"/conversations/{differ}/review", verdict=verdict)

    page = lead.get("/disagreements")
    assert f"/conversations/{differ}" in page.text and f'/conversations/{same}"' not in page.text
    assert "50.0 %" in text_of(lead.get("/queues"))
    lead.post(f"/conversations/{differ}/review", verdict="right", final="1")
    assert "Everybody agrees." in lead.get("/disagreements").text


def test_a_second_reader_does_not_see_the_first_verdict_before_the_own(desk: Desk) -> None:
    queue_of(desk, "Rani", "Budi", twice=100)
    turn_id = desk.asked("komisi sekarang berapa")
    desk.parts.queues.fill()
    desk.parts.reviews.give(desk.people["Rani"], turn_id, Judgement(Verdict.WRONG, Reason.MISREAD, note="salah baca"))
    browser = desk.browser("Budi")

    assert "salah baca" not in browser.get(f"/conversations/{turn_id}").text
    browser.post(f"/conversations/{turn_id}/review", verdict="right")
    assert "salah baca" in browser.get(f"/conversations/{turn_id}").text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": "", "kind": "sample"}, "A queue needs a name"),
        ({"name": "x", "kind": "everything"}, "cannot be read"),
        ({"name": "x", "kind": "sample", "percent": "many"}, "cannot be read"),
        ({"name": "x", "kind": "sample", "percent": "0"}, "Percents go from 1 to 100"),
        ({"name": "x", "kind": "sample", "percent": "101"}, "Percents go from 1 to 100"),
        ({"name": "x", "kind": "low_confidence", "below": "7"}, "under which confidence"),
        ({"name": "x", "kind": "sample", "twice_percent": "50"}, "at least two people"),
    ],
)
def test_rules_that_no_queue_can_keep_are_refused(desk: Desk, fields: dict[str, str], sentence: str) -> None:
    reply = desk.browser("Lina").post("/queues", **fields)

    assert reply.status_code == 400
    assert sentence in text_of(reply)
    assert desk.parts.queues.all() == []


def test_a_task_of_somebody_else_is_not_put_aside(desk: Desk) -> None:
    queue_of(desk, "Rani")
    desk.asked("komisi sekarang berapa")
    desk.parts.queues.fill()

    assert desk.browser("Budi").post("/tasks/1/skip").status_code == 403
    assert desk.browser("Budi").post("/tasks/99/skip").status_code == 404
    assert desk.parts.queues.open_of(desk.people["Rani"]) == 1


def test_a_queue_is_changed_by_a_lead(desk: Desk) -> None:
    queue_id = queue_of(desk, "Rani")
    lead = desk.browser("Lina")
    lead.post(f"/queues/{queue_id}", name="Baru <i>", kind="declined", percent="20", paused="1")

    queue = desk.parts.queues.get(queue_id)
    assert queue and (queue.rules.name, queue.rules.percent, queue.rules.active) == ("Baru <i>", 20, False)
    assert "Baru &lt;i&gt;" in lead.get("/queues").text
    assert lead.post("/queues/99", name="x", kind="sample").status_code == 404


def test_a_review_becomes_a_proposal_that_the_maintainers_can_read(desk: Desk) -> None:
    first = desk.asked("potongan yg skrg itu brp sih", chat_id=7)
    second = desk.asked("potongan yg skrg itu brp", chat_id=8)
    reviewer, lead = desk.browser("Rani"), desk.browser("Lina")
    for turn_id in (first, second):
        reviewer.post(
            f"/conversations/{turn_id}/review", verdict="wrong", reason="other_section", section=COMMISSION,
            propose_asked="1",
        )  # fmt: skip
    page = text_of(lead.get("/proposals"))
    assert "2× asked" in page and "way of asking" in page

    lead.post("/proposals/1", state="accepted", note="")

    record = read_proposals(desk.parts.proposals_file.read_bytes())
    assert len(record.proposals) == 1
    exported = json.loads(lead.get("/proposals.json").text)["proposals"][0]
    assert (exported["kind"], exported["section"], exported["count"]) == ("asked", COMMISSION, 2)
    lead.post("/proposals/1", state="taken")
    assert lead.get("/proposals.json").json()["proposals"] == []


def test_what_nobody_has_answered_becomes_a_draft_with_what_is_known(desk: Desk) -> None:
    turn_id = desk.asked("stiker resi luntur kehujanan gimana")
    reviewer, lead = desk.browser("Rani"), desk.browser("Lina")
    reviewer.post(
        f"/conversations/{turn_id}/review", verdict="should_answer", reason="missing", propose_section="1",
        topic="fees", note="sering ditanya",
    )  # fmt: skip
    lead.post("/proposals/1", state="accepted", topic="fees", platform="both", answer_id="Cetak ulang.", answer_en="")
    draft = lead.get("/proposals.json").json()["proposals"][0]

    assert draft["topic"] == "fees" and draft["platform"] == "both"
    assert draft["answers"] == {"id": "Cetak ulang.", "en": None}
    assert draft["questions"] == [{"text": "stiker resi luntur kehujanan gimana", "language": "id"}]


def test_a_review_that_changes_takes_its_proposal_back(desk: Desk) -> None:
    turn_id = desk.asked("potongan yg skrg itu brp")
    browser = desk.browser("Rani")
    path = f"/conversations/{turn_id}/review"
    browser.post(path, verdict="wrong", reason="other_section", section=COMMISSION, propose_asked="1")
    assert len(desk.parts.proposals.all()) == 1
    browser.post(path, verdict="right")

    assert desk.parts.proposals.all() == []


@pytest.mark.parametrize("path", ["/proposals?state=x", "/gaps?state='"])
def test_a_state_that_there_is_not_is_refused(desk: Desk, path: str) -> None:
    assert desk.browser("Lina").get(path).status_code == 400


def test_a_proposal_that_is_gone_or_a_state_that_is_none_is_refused(desk: Desk) -> None:
    lead = desk.browser("Lina")
    assert lead.post("/proposals/9", state="accepted").status_code == 404
    desk.parts.proposals.for_section(desk.storage.turn(desk.asked("komisi berapa")), COMMISSION)  # type: ignore[arg-type]
    assert lead.post("/proposals/1", state="done").status_code == 400


def test_the_first_page_says_what_waits(desk: Desk) -> None:
    queue_of(desk, "Lina")
    turn_id = desk.asked("komisi sekarang berapa")
    desk.parts.queues.fill()
    desk.parts.handoffs.ask(7, "id", desk.storage.turn(turn_id))
    page = text_of(desk.browser("Lina").get("/"))

    assert "1 answers for you to review" in page
    assert "1 sellers waiting for a person" in page
