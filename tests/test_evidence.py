import json
from collections.abc import Mapping
from datetime import date

import pytest

from bot.answerer import Answerer
from bot.answers import Answer, Candidate, Decision, Question, Reading
from bot.deciding import ANSWER, EITHER, FEATURES, VAGUE, Evidence
from bot.remembered import StoredTurn
from bot.storage import Storage
from indexer.sections import Platform
from tests.answers_given import NOON
from tests.published_index import PublishedIndex
from tests.sample_knowledge import TODAY

pytest_plugins = ["tests.small_index", "tests.databases"]

NOW, OF_2025, OF_2024 = (f"faqs/fees#commission-{name}" for name in ("now", "2025", "2024"))


def ask(answerer: Answerer, text: str, **around: object) -> Answer:
    return answerer.answer(Question(text, TODAY, **around))  # type: ignore[arg-type]


def read(answer: Answer) -> Reading:
    assert answer.reading is not None
    return answer.reading


def candidate(answer: Answer, section: str) -> Candidate:
    return next(one for one in answer.candidates if one.section == section)


def kept(storage: Storage, question: str, answer: Answer) -> StoredTurn:
    turn = storage.turn(storage.add_turn(7, "telegram", question, answer, NOON, NOON))
    assert turn is not None
    return turn


# Why it was so decided


@pytest.mark.parametrize(
    ("text", "decision"),
    [
        ("komisi sekarang berapa?", Decision.FIRST),
        ("komisi sekarang berapa? kapan saldo cair?", Decision.SEVERAL),
        ("berapa", Decision.VAGUE),
        ("komisi shopee berapa", Decision.OUTSIDE),
        ("wa saya 081234567890 komisi sekarang berapa", Decision.NOTHING),
    ],
)
def test_an_answer_says_why_it_was_so_decided(answerer: Answerer, text: str, decision: Decision) -> None:
    assert read(ask(answerer, text)).decision is decision


def test_two_sections_as_the_nearest_and_several_near_ones_are_told_apart(
    small_index: PublishedIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    def decided(probabilities: Mapping[str, float]) -> Decision:
        monkeypatch.setattr(Evidence, "probability", lambda _, of: probabilities[of])
        return read(ask(Answerer(lambda: small_index.retriever), "ongkir brp ya")).decision

    assert decided({ANSWER: 0.5, EITHER: 1.0, VAGUE: 0.0}) is Decision.BOTH
    assert decided({ANSWER: 0.5, EITHER: 0.5, VAGUE: 0.0}) is Decision.NEAR


@pytest.mark.parametrize("text", ["halo", "", "?!", "x" * 5000])
def test_where_nothing_was_searched_for_there_is_nothing_to_say(answerer: Answerer, text: str) -> None:
    answer = ask(answerer, text)

    assert (answer.reading, answer.topic, answer.candidates) == (None, None, ())


def test_the_figures_that_decided_are_there(answerer: Answerer) -> None:
    answer = ask(answerer, "komisi sekarang berapa?")
    reading = read(answer)

    assert reading.probabilities == {ANSWER: answer.confidence, EITHER: 1.0, VAGUE: 0.0}
    assert set(reading.measures) == {*FEATURES[ANSWER], *FEATURES[VAGUE]}
    assert reading.measures["score"] == pytest.approx(answer.candidates[0].score)
    assert reading.measures["words"] == 3


# How it was read


def test_the_forms_that_were_searched_for_are_there(answerer: Answerer) -> None:
    assert read(ask(answerer, "komisi sekarang berapa?")).searched == ("komisi sekarang berapa?",)
    assert read(ask(answerer, "Halo kak, ongkir di tokopedia brp")).searched == (
        "ongkir di tokopedia brp", "ongkir di tokopedia berapa",
    )  # fmt: skip
    assert read(ask(answerer, "komisi sekarang berapa? kapan saldo cair?")).searched == (
        "komisi sekarang berapa?", "kapan saldo cair?",
    )  # fmt: skip


def test_the_message_that_it_goes_on_from_is_there(answerer: Answerer) -> None:
    previous = ("kapan saldo cair", "ongkir di tiktok shop brp")

    assert read(ask(answerer, "kalau di tokopedia?", previous=previous)).earlier == "ongkir di tiktok shop brp"
    assert read(ask(answerer, "komisi sekarang berapa?")).earlier is None


@pytest.mark.parametrize(
    ("text", "around", "period"),
    [
        ("komisi sekarang berapa?", {}, None),
        ("komisi tahun 2025 berapa", {}, (date(2025, 1, 1), date(2025, 12, 31))),
        ("komisi berapa", {"on": date(2024, 6, 1)}, (date(2024, 6, 1), date(2024, 6, 1))),
    ],
)
def test_the_time_that_it_is_about_is_there(
    answerer: Answerer, text: str, around: Mapping[str, date], period: tuple[date, date] | None
) -> None:
    reading = read(ask(answerer, text, **around))

    assert (reading.period, reading.today) == (period, TODAY)


@pytest.mark.parametrize(
    ("text", "around", "side"),
    [
        ("ongkir berapa", {}, None),
        ("ongkir di tokopedia brp", {}, Platform.TOKOPEDIA),
        ("ongkir di tts brp", {"platform": Platform.TOKOPEDIA}, Platform.TIKTOK_SHOP),
        ("ongkir berapa", {"platform": Platform.TOKOPEDIA}, Platform.TOKOPEDIA),
    ],
)
def test_the_side_that_it_is_about_is_there(
    answerer: Answerer, text: str, around: Mapping[str, Platform], side: Platform | None
) -> None:
    assert read(ask(answerer, text, **around)).side is side


# What was considered


def test_a_candidate_says_what_it_was_on_that_day(answerer: Answerer) -> None:
    now = ask(answerer, "komisi sekarang berapa?")
    then = ask(answerer, "komisi tahun 2025 berapa")

    assert candidate(now, NOW).then == {
        "role": "current", "status": "in_force", "platform": "both", "from": "2026-05-18", "until": None,
        "checked": "2026-10-01", "nearest": "Komisi sekarang berapa?",
    }  # fmt: skip
    assert candidate(then, OF_2025).then == {
        "role": "past", "status": "superseded", "platform": "both", "from": "2025-06-09", "until": "2026-05-17",
        "checked": "2025-07-01", "nearest": "komisi tahun 2025 berapa",
    }  # fmt: skip
    assert candidate(ask(answerer, "ongkir di tokopedia brp"), "faqs/fees#shipping-tokopedia").then["platform"] == (
        "tokopedia"
    )


def test_sections_that_do_not_hold_on_the_day_are_told_as_withheld(answerer: Answerer) -> None:
    answer = ask(answerer, "komisi sekarang berapa?")
    withheld = {one.section: one for one in read(answer).withheld}

    assert set(withheld) >= {OF_2025, OF_2024}
    assert not {OF_2025, OF_2024} & {one.section for one in answer.candidates}
    assert {name: withheld[OF_2025].then[name] for name in ("role", "status", "from", "until")} == {
        "role": "withheld", "status": "superseded", "from": "2025-06-09", "until": "2026-05-17",
    }  # fmt: skip
    scores = [one.score for one in read(answer).withheld]
    assert scores == sorted(scores, reverse=True)


def test_what_is_withheld_depends_on_the_day_that_is_asked_about(answerer: Answerer) -> None:
    answer = ask(answerer, "komisi tahun 2025 berapa")
    withheld = {one.section for one in read(answer).withheld}

    assert NOW in withheld
    assert OF_2025 not in withheld
    assert {OF_2025, OF_2024} <= {one.section for one in answer.candidates}  # both held in a part of that year


def test_the_topic_is_that_of_what_is_cited_else_of_the_nearest(answerer: Answerer) -> None:
    assert ask(answerer, "media sosial boleh jualan").topic == "rules"
    assert ask(answerer, "berapa").topic == "fees"
    assert answerer.show("announcements/news#closing", "id", TODAY).topic == "news"


# What is kept of it


def test_what_is_kept_is_json_and_says_the_same(answerer: Answerer, storage: Storage) -> None:
    text = "komisi tahun 2025 berapa"
    answer = ask(answerer, text, previous=("halo",), platform=Platform.TOKOPEDIA)
    turn = kept(storage, text, answer)
    stored = json.loads(json.dumps(turn.reading))

    assert stored == turn.reading
    assert {name: stored[name] for name in ("decision", "searched", "earlier", "today", "period", "side")} == {
        "decision": "first", "searched": [text], "earlier": None, "today": TODAY.isoformat(),
        "period": ["2025-01-01", "2025-12-31"], "side": "tokopedia",
    }  # fmt: skip
    assert stored["probabilities"] == pytest.approx(read(answer).probabilities, abs=1e-4)
    assert stored["measures"] == pytest.approx(read(answer).measures, abs=1e-4)
    assert set(stored["timings"]) == set(answer.timings)
    assert [(one["section"], one["until"]) for one in stored["withheld"]] == [
        (one.section, one.then["until"]) for one in read(answer).withheld
    ]
    assert [section.then for section in turn.sections] == [one.then for one in answer.candidates]
    assert turn.topic == "fees"


def test_what_is_kept_is_masked(answerer: Answerer, storage: Storage) -> None:
    text, previous = "kalau ke budi@gmail.com?", ("ongkir tokopedia ke wa 081234567890 brp",)
    answer = ask(answerer, text, previous=previous)
    assert read(answer).earlier == previous[0]  # so that there is something to be masked
    turn = kept(storage, text, answer)

    whole = json.dumps([turn.reading, [section.then for section in turn.sections], turn.asked, turn.sent])
    assert "0812" not in whole
    assert "budi@" not in whole
    assert turn.reading is not None
    assert turn.reading["earlier"] == "ongkir tokopedia ke wa [phone] brp"
    assert all("[email]" in form for form in turn.reading["searched"])


def test_where_nothing_was_searched_for_nothing_is_kept(answerer: Answerer, storage: Storage) -> None:
    turn = kept(storage, "halo", ask(answerer, "halo"))

    assert (turn.reading, turn.topic, turn.sections) == (None, None, ())
