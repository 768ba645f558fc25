import json
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import delete

from bot.desk.people import Refused
from bot.desk.proposals import LONGEST_ANSWER, Draft, Proposal, Proposals, forget_empty
from bot.storage import Storage
from bot.tables import turns
from indexer.proposals import AskedProposal, AskedQuestion, Export, SectionProposal, read_file, read_proposals
from tests.desk_given import Clock, by_first_word, jakarta, say, turn_of

pytest_plugins = ["tests.databases", "tests.desk_staff"]

FEES, SHIPPING = "faqs/fees#commission", "faqs/fees#shipping"


@pytest.fixture
def book(storage: Storage, clock: Clock) -> Proposals:
    return Proposals(storage.database, by_first_word, clock)


Ask = Callable[..., int]


@pytest.fixture
def asked(storage: Storage, book: Proposals) -> Ask:
    """Give what stores a question of a seller and proposes that it should find a section."""

    def propose(text: str, section: str = FEES, chat_id: int = 7, note: str | None = None) -> int:
        return book.for_section(turn_of(storage, say(storage, asked=text, chat_id=chat_id)), section, note)

    return propose


def got(book: Proposals, proposal_id: int) -> Proposal:
    proposal = book.get(proposal_id)
    assert proposal is not None
    return proposal


def words(proposal: Proposal) -> list[str]:
    return [question.text for question in proposal.questions]


def read(book: Proposals) -> Export:
    return read_proposals(json.dumps(book.exported()).encode())


def test_a_proposal_is_kept_as_it_was_made(storage: Storage, book: Proposals, clock: Clock) -> None:
    turn = turn_of(storage, say(storage, asked="komisi brp?"))
    asked = got(book, book.for_section(turn, FEES, "Sering ditanya"))
    draft = Draft("fees", "tokopedia", "Empat persen.", "Four percent.")
    section = got(book, book.for_new_section(turn, draft))

    assert (asked.kind, asked.section, asked.draft, asked.note, asked.state, asked.created_at) == (
        "asked", FEES, Draft(), "Sering ditanya", "open", clock.now,
    )  # fmt: skip
    assert [(one.turn_id, one.text, one.language) for one in asked.questions] == [(turn.id, "komisi brp?", "id")]
    assert (section.kind, section.section, section.draft, section.note) == ("section", None, draft, None)
    assert book.of_turn(turn.id) == [asked, section]


def test_a_draft_begins_with_the_topic_of_the_question(storage: Storage, book: Proposals) -> None:
    proposal = book.for_new_section(turn_of(storage, say(storage, topic="payouts")))

    assert got(book, proposal).draft == Draft(topic="payouts")


def test_nearly_the_same_question_adds_to_the_count(asked: Ask, book: Proposals) -> None:
    first = asked("komisi berapa")
    same = asked("komisi kak", chat_id=8)
    other = asked("ongkir berapa", chat_id=9)

    assert same == first != other
    assert [(words(one), len(one.questions)) for one in book.all()] == [
        (["komisi berapa", "komisi kak"], 2), (["ongkir berapa"], 1),
    ]  # fmt: skip


def test_the_same_question_for_another_section_is_another_proposal(
    storage: Storage, asked: Ask, book: Proposals
) -> None:
    first = asked("komisi berapa")

    assert asked("komisi berapa", section=SHIPPING) != first
    assert book.for_new_section(turn_of(storage, say(storage, asked="komisi berapa"))) != first
    assert len(book.all()) == 3


def test_the_same_turn_counts_once(storage: Storage, book: Proposals) -> None:
    turn = turn_of(storage, say(storage))

    assert book.for_section(turn, FEES) == book.for_section(turn, FEES)
    assert len(got(book, 1).questions) == 1


def test_only_open_proposals_are_added_to(asked: Ask, book: Proposals) -> None:
    first = asked("komisi berapa")
    book.decide(first, "accepted")
    second = asked("komisi kak", chat_id=8)

    assert second != first
    assert [words(one) for one in book.all()] == [["komisi kak"]]
    assert [words(one) for one in book.all("accepted")] == [["komisi berapa"]]


def test_many_reviews_at_once_lose_no_question(storage: Storage, book: Proposals) -> None:
    turns = [turn_of(storage, say(storage, asked="komisi brp", chat_id=chat_id)) for chat_id in range(1, 7)]
    threads = [threading.Thread(target=book.for_section, args=(turn, FEES)) for turn in turns]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(one.turn_id for proposal in book.all() for one in proposal.questions) == [turn.id for turn in turns]


def test_a_proposal_is_decided_and_opened_again(asked: Ask, book: Proposals) -> None:
    proposal = asked("komisi berapa")
    for state in ("accepted", "taken", "dismissed", "open"):
        book.decide(proposal, state)
        assert got(book, proposal).state == state
        assert [one.id for one in book.all(state)] == [proposal]
    with pytest.raises(Refused, match="proposal_gone"):
        book.decide(99, "accepted")


def test_a_draft_is_edited_within_limits(storage: Storage, book: Proposals) -> None:
    turn = turn_of(storage, say(storage))
    proposal = book.for_new_section(turn)
    book.edit(proposal, Draft("tax", None, "Pajak\x00.", ""), "Lihat PMK")

    assert got(book, proposal).draft == Draft("tax", None, "Pajak\ufffd.", None)
    assert got(book, proposal).note == "Lihat PMK"
    with pytest.raises(Refused, match="proposal_gone"):
        book.edit(99, Draft(), None)
    for too_long in (Draft(answer_id="x" * (LONGEST_ANSWER + 1)), Draft(answer_en="x" * (LONGEST_ANSWER + 1))):
        with pytest.raises(Refused, match="message"):
            book.edit(proposal, too_long, None)
        with pytest.raises(Refused, match="message"):
            book.for_new_section(turn_of(storage, say(storage, asked="lain")), too_long)


def test_a_changed_review_takes_its_turn_out_of_open_proposals_only(
    storage: Storage, asked: Ask, book: Proposals
) -> None:
    accepted, shared = asked("ongkir"), asked("komisi satu")
    assert asked("komisi dua", chat_id=8) == shared
    book.decide(accepted, "accepted")
    for turn_id in (1, 2):
        book.withdraw(turn_id)

    assert words(got(book, accepted)) == ["ongkir"]
    assert words(got(book, shared)) == ["komisi dua"]
    book.withdraw(3)
    assert book.get(shared) is None


# Erasing


def test_an_erased_question_leaves_its_proposal(storage: Storage, asked: Ask, book: Proposals) -> None:
    proposal = asked("komisi satu", chat_id=7)
    asked("komisi dua", chat_id=8)
    storage.erase(7)

    assert words(got(book, proposal)) == ["komisi dua"]


def test_a_proposal_without_a_question_is_not_shown_nor_exported_and_forgotten(
    storage: Storage, asked: Ask, book: Proposals
) -> None:
    gone, kept = asked("komisi", chat_id=7), asked("ongkir", chat_id=8)
    for proposal in (gone, kept):
        book.decide(proposal, "accepted")
    with storage.database.writing() as connection:
        connection.execute(delete(turns).where(turns.c.chat_id == 7))

    assert [one.id for one in book.all("accepted")] == [kept]
    assert [one.id for one in read(book).proposals] == [kept]
    with storage.database.writing() as connection:
        assert forget_empty(connection) == 1
    assert (book.get(gone), got(book, kept).id) == (None, kept)

    storage.erase(8)
    assert book.get(kept) is None


def test_a_turn_that_was_erased_meanwhile_is_not_proposed(storage: Storage, book: Proposals) -> None:
    turn = turn_of(storage, say(storage))
    storage.erase(7)
    with pytest.raises(Refused, match="turn_gone"):
        book.for_section(turn, FEES)

    assert book.all() == []


# For the maintainers


def test_accepted_proposals_are_exported_as_the_indexer_reads_them(
    storage: Storage, asked: Ask, book: Proposals, clock: Clock
) -> None:
    clock.now = jakarta(2, 0, 30)  # in UTC it is still the day before
    ways = asked("komisi brp, wa 081234567890", note="Sering\nditanya")
    asked("komisi kak", chat_id=8)
    missing = [
        turn_of(storage, say(storage, asked=text, language=language, sections=sections))
        for text, language, sections in [
            ("pajak apa", "id", ("a#1", "a#2", "a#3", "a#4")), ("pajak what", "en", ("a#2", "a#5")),
        ]
    ]  # fmt: skip
    section, _ = [book.for_new_section(turn, Draft("tax", "both", "Pajak 0,5%.", None)) for turn in missing]
    for proposal in (ways, section):
        book.decide(proposal, "accepted")
    asked("ongkir")  # still open

    export = read(book)
    assert export.faults == ()
    assert export.proposals == (
        AskedProposal(
            ways, (AskedQuestion("komisi brp, wa [phone]", "id"), AskedQuestion("komisi kak", "id")), 2,
            "Sering\nditanya", date(2026, 6, 2), FEES,
        ),
        SectionProposal(
            section, (AskedQuestion("pajak apa", "id"), AskedQuestion("pajak what", "en")), 2, None, date(2026, 6, 2),
            "tax", "both", {"id": "Pajak 0,5%."}, ("a#2", "a#1", "a#5"),
        ),
    )  # fmt: skip


def test_an_export_without_proposals_is_read_too(book: Proposals) -> None:
    assert read(book) == Export((), ())


def test_the_export_is_written_whole_or_not_at_all(
    asked: Ask, book: Proposals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.decide(asked("komisi – “berapa”?"), "accepted")
    path = tmp_path / "made" / "proposals.json"
    book.write(path)
    written = path.read_text(encoding="utf-8")
    assert read_proposals(read_file(path)) == read(book)
    assert "komisi – “berapa”?" in written.replace('\\"', '"')

    monkeypatch.setattr(Path, "replace", _crash)
    book.decide(asked("ongkir"), "accepted")
    with pytest.raises(OSError, match="crashed"):
        book.write(path)
    assert path.read_text(encoding="utf-8") == written


def _crash(*_: object) -> None:
    raise OSError("crashed")
