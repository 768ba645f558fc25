"""How good the answers are: a question file is put to the answerer, and the verdicts are counted."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

import numpy as np

from bot.answerer import Answerer
from bot.answers import Answer, Question
from bot.judging import JudgedQuestion, Verdict
from indexer.sections import Section

_SAMPLES = 2000


@dataclass(frozen=True)
class Judgement:
    """A question, its answer and the verdict.

    `wanted` are the sections that it names or that say one of its facts; `covered` tells whether there are any, or none
    is needed.
    """

    question: JudgedQuestion
    answer: Answer
    verdict: Verdict
    covered: bool
    wanted: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """A line of the table: the number of questions and the share of each verdict; `low` and `high` bound `right`."""

    group: str
    count: int
    right: float
    low: float
    high: float
    wrong: float
    asked_back: float
    declined: float


def evaluate(
    answerer: Answerer, questions: Iterable[JudgedQuestion], said_by: Mapping[str, Sequence[str]], today: date
) -> list[Judgement]:
    """Answer and judge each question. `said_by` gives the sections that say a fact."""
    judgements = []
    for question in questions:
        answer = answerer.answer(Question(question.text, today, question.previous))
        named = [section for group in question.sections for section in group]
        wanted = tuple(dict.fromkeys([*named, *(s for fact in question.facts for s in said_by.get(fact, ()))]))
        covered = not question.facts or bool(wanted)
        judgements.append(Judgement(question, answer, question.judge(answer), covered, wanted))
    return judgements


def sections_by_fact(sections: Mapping[str, Section]) -> dict[str, list[str]]:
    """Return the sections that say each fact, by its id."""
    said_by: dict[str, list[str]] = {}
    for section in sections.values():
        for fact in section.facts:
            said_by.setdefault(fact, []).append(section.id)
    return said_by


def confusions(judgements: Sequence[Judgement]) -> list[tuple[str, str, int]]:
    """Return which section was cited first in place of which wanted one, and how often, most often first."""
    counted: Counter[tuple[str, str]] = Counter()
    for judgement in judgements:
        cited = [citation.section for citation in judgement.answer.citations]
        if judgement.verdict is Verdict.WRONG and cited and judgement.wanted and not set(cited) & set(judgement.wanted):
            counted[cited[0], judgement.wanted[0]] += 1
    return [(found, wanted, count) for (found, wanted), count in counted.most_common()]


def table(judgements: Sequence[Judgement]) -> list[Row]:
    """Return the rows: by kind, and for what can be answered also by language, register and topic."""
    rows = [_row(f"kind {kind}", group) for kind, group in _grouped(judgements, lambda j: j.question.kind)]
    answerable = [judgement for judgement in judgements if judgement.question.kind == "answerable"]
    for name in ("language", "register", "topic"):
        groups = _grouped(answerable, lambda j, name=name: str(getattr(j.question, name)))
        rows += [_row(f"answerable, {name} {value}", group) for value, group in groups]
    return rows


def _grouped(judgements: Sequence[Judgement], key: object) -> list[tuple[str, list[Judgement]]]:
    groups: dict[str, list[Judgement]] = {}
    for judgement in judgements:
        groups.setdefault(key(judgement), []).append(judgement)  # type: ignore[operator]
    return sorted(groups.items())


def _row(group: str, judgements: Sequence[Judgement]) -> Row:
    verdicts = [judgement.verdict for judgement in judgements]
    shares = {verdict: verdicts.count(verdict) / len(verdicts) for verdict in Verdict}
    low, high = bootstrap([verdict is Verdict.RIGHT for verdict in verdicts])
    return Row(
        group,
        len(verdicts),
        shares[Verdict.RIGHT],
        low,
        high,
        shares[Verdict.WRONG],
        shares[Verdict.ASKED_BACK],
        shares[Verdict.DECLINED],
    )


def bootstrap(outcomes: Sequence[bool]) -> tuple[float, float]:
    """Return the 95 % percentile bootstrap interval of a share (Efron 1979), with a fixed seed."""
    values = np.asarray(outcomes, dtype=float)
    samples = np.random.default_rng(0).choice(values, size=(_SAMPLES, len(values))).mean(axis=1)
    return float(np.quantile(samples, 0.025)), float(np.quantile(samples, 0.975))


def other_figures(judgements: Sequence[Judgement]) -> dict[str, float]:
    """Return the share of replies in the right language, and the answers' length and time."""
    if not judgements:
        return {}
    answered = [judgement.answer for judgement in judgements if judgement.answer.citations]
    times = sorted(judgement.answer.timings["total"] for judgement in judgements)
    return {
        "language_right": sum(j.question.language_fits(j.answer) for j in judgements) / len(judgements),
        "median_characters": median(len(answer.text) for answer in answered) if answered else 0.0,
        "median_ms": median(times),
        "p99_ms": times[min(len(times) - 1, int(len(times) * 0.99))],
    }
