import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from bot.answers import Answer, Outcome, Question
from bot.evaluating import Judgement, bootstrap, confusions, evaluate, other_figures, sections_by_fact, table
from bot.evaluation_report import as_record, as_table, failure_lines, figures_line
from bot.judging import JudgedQuestion, Verdict
from tests.made_sections import section
from tests.scripted_answerer import ScriptedAnswerer

TODAY = date(2026, 11, 25)


class Timed(ScriptedAnswerer):
    """Answers with the time that each answer took."""

    def answer(self, question: Question, shown: Callable[[str], None] | None = None) -> Answer:
        return replace(super().answer(question), timings={"total": float(len(self.asked))})


def question(text: str, kind: str = "answerable", facts: tuple[str, ...] = (), **fields: object) -> JudgedQuestion:
    plain: dict[str, object] = {
        "id": text, "language": "id", "register": "chat", "topic": "fees", "must_match": (), "must_not_match": (),
        "previous": (),
    }  # fmt: skip
    return JudgedQuestion(text=text, kind=kind, facts=facts, **{**plain, **fields})  # type: ignore[arg-type]


QUESTIONS = [
    question("komisi", register="formal"),
    question("ongkir"),
    question("pilih ini"),
    question("mana tahu", language="en", topic="tax"),
    question("salah", must_match=("tidak ada",)),
    question("mana tahu cuaca", "out_of_scope"),
    question("resep", "out_of_scope"),
    question("halo", "chitchat"),
]


def judged() -> list[Judgement]:
    return evaluate(Timed(), QUESTIONS, {"FEE-001": ["faqs/a#a"]}, TODAY)


def test_each_question_is_put_to_the_answerer_with_what_came_before() -> None:
    answerer = Timed()
    evaluate(answerer, [question("itu?", previous=("komisi", "mall"))], {}, TODAY)

    asked = answerer.asked[0]
    assert (asked.text, asked.previous, asked.today, asked.language) == ("itu?", ("komisi", "mall"), TODAY, None)


def test_the_verdicts_are_those_of_the_questions() -> None:
    assert [judgement.verdict for judgement in judged()] == [
        Verdict.RIGHT, Verdict.RIGHT, Verdict.ASKED_BACK, Verdict.DECLINED, Verdict.WRONG, Verdict.RIGHT, Verdict.WRONG,
        Verdict.RIGHT,
    ]  # fmt: skip


def test_a_question_is_covered_if_a_section_says_one_of_its_facts_or_it_needs_none() -> None:
    questions = [question("a", facts=("FEE-001", "FEE-009")), question("b", facts=("FEE-009",)), question("c")]

    assert [judgement.covered for judgement in evaluate(Timed(), questions, {"FEE-001": ["faqs/a#a"]}, TODAY)] == [
        True,
        False,
        True,
    ]


def test_the_sections_that_say_a_fact_are_found_by_its_id() -> None:
    one, other = section(id="faqs/a#a", facts=("FEE-001", "FEE-002")), section(id="faqs/a#b", facts=("FEE-002",))

    assert sections_by_fact({one.id: one, other.id: other, "c": section(facts=())}) == {
        "FEE-001": ["faqs/a#a"],
        "FEE-002": ["faqs/a#a", "faqs/a#b"],
    }


def test_what_is_wanted_is_what_the_question_names_and_what_says_its_facts() -> None:
    asked = question("komisi", facts=("FEE-001", "FEE-009"), sections=(("faqs/b#b",),))

    (judgement,) = evaluate(Timed(), [asked], {"FEE-001": ["faqs/a#a"]}, TODAY)
    assert judgement.wanted == ("faqs/b#b", "faqs/a#a")


def test_confusions_count_what_was_cited_in_place_of_what_was_wanted() -> None:
    asked = [question(f"komisi {number}", sections=(("faqs/b#b",),)) for number in range(2)]
    judgements = evaluate(
        Timed(), [*asked, question("ongkir", sections=(("faqs/c#c",),)), question("komisi")], {}, TODAY
    )
    counted = confusions(judgements)

    assert [(wanted, count) for _, wanted, count in counted] == [("faqs/b#b", 2), ("faqs/c#c", 1)]
    assert all(found for found, _, _ in counted)


def test_the_table_counts_by_kind_and_what_is_answerable_also_by_language_register_and_topic() -> None:
    rows = {row.group: row for row in table(judged())}

    assert list(rows) == [
        "kind answerable", "kind chitchat", "kind out_of_scope", "answerable, language en", "answerable, language id",
        "answerable, register chat", "answerable, register formal", "answerable, topic fees", "answerable, topic tax",
    ]  # fmt: skip
    answerable = rows["kind answerable"]
    assert answerable.count == 5
    assert (answerable.right, answerable.wrong, answerable.asked_back, answerable.declined) == (0.4, 0.2, 0.2, 0.2)
    assert (rows["kind out_of_scope"].right, rows["answerable, language en"].declined) == (0.5, 1.0)


def test_the_shares_of_every_row_add_up_to_one() -> None:
    assert all(row.right + row.wrong + row.asked_back + row.declined == pytest.approx(1) for row in table(judged()))


def test_the_interval_holds_the_share_and_narrows_with_more_questions() -> None:
    few, many = bootstrap([True, True, True, False]), bootstrap([True, True, True, False] * 100)

    assert few[0] <= 0.75 <= few[1] and many[0] < 0.75 < many[1]
    assert many[1] - many[0] < few[1] - few[0]
    assert 0.70 < many[0] < 0.72 and 0.78 < many[1] < 0.80  # 0.75 ± 1.96 · √(0.75 · 0.25 / 400)


def test_the_interval_is_the_same_in_every_run() -> None:
    assert bootstrap([True, False, True]) == bootstrap([True, False, True])


@pytest.mark.parametrize("outcome", [True, False])
def test_where_all_are_alike_the_interval_is_a_point(outcome: bool) -> None:
    assert bootstrap([outcome] * 20) == (float(outcome), float(outcome))


def test_the_other_figures_are_language_length_and_time() -> None:
    figures = other_figures(judged())

    assert figures["language_right"] == 7 / 8
    assert figures["median_characters"] == (len("Jawaban: komisi") + len("Jawaban: salah")) / 2
    assert (figures["median_ms"], figures["p99_ms"]) == (4.5, 8.0)


def test_figures_of_answers_without_a_citation_have_no_length() -> None:
    assert other_figures(evaluate(Timed(), [question("halo", "chitchat")], {}, TODAY))["median_characters"] == 0


def test_the_report_shows_a_line_per_group() -> None:
    shown = as_table(judged())

    assert shown.row_count == len(table(judged()))
    assert [column.header for column in shown.columns] == [
        "group", "n", "right", "95 %", "wrong", "asked back", "declined",
    ]  # fmt: skip
    assert next(iter(shown.columns[2].cells)) == "40.0%"


def test_the_figures_stand_in_one_line() -> None:
    assert "\n" not in figures_line(judged()) and "median ms 4.5" in figures_line(judged())


def test_only_what_was_not_right_is_listed() -> None:
    lines = failure_lines(judged())

    assert [line.split(":")[0] for line in lines[::2]] == [
        "pilih ini answerable asked_back 1.00", "mana tahu answerable declined 1.00", "salah answerable wrong 1.00",
        "resep out_of_scope wrong 1.00",
    ]  # fmt: skip


def test_the_record_is_plain_json_and_holds_no_sellers_words() -> None:
    record = json.loads(json.dumps(as_record(judged())))

    assert record["rows"][0]["group"] == "kind answerable"
    assert [failure["verdict"] for failure in record["failures"]] == ["asked_back", "declined", "wrong", "wrong"]
    assert set(record["failures"][0]) == {"id", "kind", "verdict", "found"}
    assert record["language_right"] == 7 / 8


def test_nothing_to_evaluate_is_an_empty_report() -> None:
    assert table([]) == [] and failure_lines([]) == []
    assert as_record([])["failures"] == []


def test_an_answer_in_another_outcome_is_judged_by_what_was_wanted() -> None:
    judgement = evaluate(Timed(), [question("pilih", "ambiguous")], {}, TODAY)[0]

    assert (judgement.verdict, judgement.answer.outcome) == (Verdict.RIGHT, Outcome.CLARIFY)
