"""The one way from a question to an answer. No Telegram, no storage, no clock."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.answers import Answer, Candidate, Option, Outcome, Question
from bot.composing import Passage, citation, compose
from bot.deciding import Thresholds, confidence_of, near_first
from bot.language import LanguageGuesser
from bot.smalltalk import split_talk
from bot.understanding import LONGEST, cleaned, leans_on_before, parts_of, side_of
from bot.wording import say
from indexer.question_time import AskedTime, Period, asked_time
from indexer.search import Found, Hit, Retriever, Search
from indexer.sections import OUTSIDE, Language, Platform, Section, Status
from indexer.validity import Role, role_of

CANDIDATES = 8


@dataclass(frozen=True)
class _Reading:
    """A question as it was understood: what is searched for, when, on which side, in which language to reply."""

    text: str
    search_text: str
    time: AskedTime
    platform: Platform | None
    language: Language
    today: date


@dataclass(frozen=True)
class _Result:
    """What was found for one question, and how sure it is that the first hit answers."""

    reading: _Reading
    found: Found
    confidence: float

    @property
    def first(self) -> Hit | None:
        return self.found.hits[0] if self.found.hits else None


class Answerer:
    """Answers from the generation that `current` gives at that moment. Safe to use from several threads."""

    def __init__(self, current: Callable[[], Retriever], thresholds: Thresholds | None = None) -> None:
        self._current = current
        self._thresholds = thresholds or Thresholds()
        self._guesser: tuple[str, LanguageGuesser] | None = None

    def answer(self, question: Question) -> Answer:
        """Return what the seller gets. Bad input never raises: it gets a kind answer too."""
        started = time.perf_counter()
        retriever = self._current()
        text = cleaned(question.text)
        language = question.language or self._language(retriever, text, question.previous)
        answer = self._reply(_Turn(question, text, language, retriever, self._thresholds))
        timings = {**answer.timings, "total": (time.perf_counter() - started) * 1000}
        return _with_timings(answer, timings)

    def show(self, section_id: str, language: Language, today: date) -> Answer:
        """Return a section that was asked for by its address.

        Raises:
            KeyError: the published generation has no such section.
        """
        retriever = self._current()
        section = retriever.generation.snapshot.sections[section_id]
        role = role_of(section, AskedTime(past=True), today) or Role.CURRENT
        passage = _passage(section, role, AskedTime(), retriever)
        return Answer(
            Outcome.DECLINED if section.kind == OUTSIDE else Outcome.ANSWERED, language,
            compose([passage], language, headings=True), 1.0, retriever.generation.manifest.name,
            citations=(citation(section, language),), options=_related(section, retriever, language),
        )  # fmt: skip

    def topics(self, language: Language) -> tuple[Option, ...]:
        """Return the topics in their order, their slug as the option's section."""
        topics = self._current().generation.snapshot.topics
        return tuple(Option(topic.slug, topic.names[language]) for topic in topics.values())

    def topic(self, slug: str, language: Language, today: date) -> Answer:
        """Return a topic's overview, or where it has none its sections to choose from.

        Raises:
            KeyError: the published generation has no such topic.
        """
        retriever = self._current()
        snapshot = retriever.generation.snapshot
        topic = snapshot.topics[slug]
        if topic.overview:
            return self.show(topic.overview, language, today)
        sections = [s for s in snapshot.sections.values() if s.topic == slug and role_of(s, AskedTime(), today)]
        options = tuple(Option(s.id, s.text(language).heading) for s in sections[:8])
        return Answer(
            Outcome.CLARIFY,
            language,
            _options_text(options, language),
            1.0,
            retriever.generation.manifest.name,
            options=options,
        )

    def _language(self, retriever: Retriever, text: str, previous: Sequence[str]) -> Language:
        name = retriever.generation.manifest.name
        if self._guesser is None or self._guesser[0] != name:
            self._guesser = (name, LanguageGuesser(retriever.keys))
        guesser = self._guesser[1]
        earlier = guesser.guess(" ".join(previous)) if previous else "id"
        return guesser.guess(text, otherwise=earlier)

    def _reply(self, turn: "_Turn") -> Answer:
        if not any(character.isalnum() for character in turn.text):
            return turn.talk("greeting") if turn.text else turn.said(Outcome.CLARIFY, "answer.empty")
        if len(turn.text) > LONGEST:
            return turn.said(Outcome.CLARIFY, "answer.too_long")
        talk = split_talk(turn.text)
        if talk.kind and not talk.rest:
            return turn.talk(talk.kind)
        return turn.answer(talk.rest or turn.text)


@dataclass(frozen=True)
class _Turn:
    """One message on its way to an answer, with everything that is needed for it."""

    question: Question
    text: str
    language: Language
    retriever: Retriever
    thresholds: Thresholds

    def talk(self, kind: str) -> Answer:
        """Return the reply to small talk."""
        return self.said(Outcome.SMALLTALK, f"talk.{kind}", topics=self.topic_names())

    def said(self, outcome: Outcome, key: str, **values: str) -> Answer:
        """Return a reply in the bot's own words."""
        return Answer(
            outcome, self.language, say(self.language, key, **values), 1.0, self.retriever.generation.manifest.name
        )

    def topic_names(self) -> str:
        """Return the names of the first topics, as a list in a sentence."""
        topics = self.retriever.generation.snapshot.topics.values()
        return ", ".join(topic.names[self.language] for topic in list(topics)[:8])

    def answer(self, text: str) -> Answer:
        """Answer the one or more questions of a message."""
        whole = self._look_up(text)
        parts = parts_of(text)
        if len(parts) > 1:
            results = [self._look_up(part) for part in parts[:3]]
            sure = [
                result for result in results if result.confidence >= self.thresholds.answer and not _outside(result)
            ]
            if len(sure) > 1 and len({_first_id(result) for result in sure}) == len(sure):
                return self._answered(sure)
        return self._decide(whole)

    def _look_up(self, text: str) -> _Result:
        alone = self._search(text, text)
        previous = [talk.rest for talk in map(split_talk, map(cleaned, self.question.previous)) if talk.rest]
        if not leans_on_before(text, previous):
            return alone
        joined = self._search(text, f"{previous[-1]} {text}")
        return joined if joined.confidence >= alone.confidence - 0.2 else alone

    def _search(self, text: str, search_text: str) -> _Result:
        question = self.question
        asked = (
            AskedTime(Period.of_day(question.on))
            if question.on and question.on != question.today
            else asked_time(search_text, question.today)
        )
        platform = side_of(text) or side_of(search_text) or question.platform
        reading = _Reading(text, search_text, asked, platform, self.language, question.today)
        found = self.retriever.search(Search(search_text, question.today, asked, platform, limit=CANDIDATES))
        return _Result(reading, found, confidence_of(found.hits, self.thresholds))

    def _decide(self, result: _Result) -> Answer:
        first = result.first
        if first is None or (result.confidence < self.thresholds.answer and not _outside(result)):
            return self._declined(result)
        if _outside(result):
            return self._outside_answer(result, first.section)
        near = [hit for hit in near_first(result.found.hits, self.thresholds) if hit.section.kind != OUTSIDE]
        if len(near) > 2 and first.score - near[1].score < self.thresholds.ask_margin and result.confidence < 0.75:
            return self._ask_back(result, near)
        return self._answered([result])

    def _answered(self, results: Sequence[_Result]) -> Answer:
        passages = [self._passage_of(result) for result in results]
        confidence = min(result.confidence for result in results)
        sections = [passage.section for passage in passages]
        related = _related(sections[0], self.retriever, self.language) if len(sections) == 1 else ()
        started = time.perf_counter()
        markup = compose(passages, self.language, headings=confidence < 0.8)
        composing = (time.perf_counter() - started) * 1000
        return Answer(
            Outcome.ANSWERED, self.language, markup, confidence, self.retriever.generation.manifest.name,
            citations=tuple(citation(section, self.language) for section in sections), options=related,
            candidates=_candidates(results), timings={**_timings(results), "compose": composing},
        )  # fmt: skip

    def _passage_of(self, result: _Result) -> Passage:
        hit, not_yet = result.found.hits[0], result.found.not_yet
        if not_yet and not_yet[0].score > hit.score + self.thresholds.not_yet_margin:
            return Passage(not_yet[0].section, Role.CURRENT, not_yet=True)
        return _passage(hit.section, hit.role, result.reading.time, self.retriever)

    def _outside_answer(self, result: _Result, section: Section) -> Answer:
        markup = f"{section.text(self.language).body}\n\n{say(self.language, 'answer.declined_person')}"
        return self._without_sections(Outcome.DECLINED, result, markup)

    def _declined(self, result: _Result) -> Answer:
        markup = say(self.language, "answer.declined", topics=self.topic_names())
        return self._without_sections(Outcome.DECLINED, result, markup)

    def _ask_back(self, result: _Result, near: Sequence[Hit]) -> Answer:
        options = tuple(Option(hit.section.id, hit.section.text(self.language).heading) for hit in near)
        return self._without_sections(Outcome.CLARIFY, result, _options_text(options, self.language), options)

    def _without_sections(
        self, outcome: Outcome, result: _Result, markup: str, options: tuple[Option, ...] = ()
    ) -> Answer:
        return Answer(
            outcome, self.language, markup, result.confidence, self.retriever.generation.manifest.name,
            options=options, candidates=_candidates([result]), timings=_timings([result]),
        )  # fmt: skip


def _outside(result: _Result) -> bool:
    return result.first is not None and result.first.section.kind == OUTSIDE


def _first_id(result: _Result) -> str:
    return result.first.section.id if result.first else ""


def _passage(section: Section, role: Role, asked: AskedTime, retriever: Retriever) -> Passage:
    sections = retriever.generation.snapshot.sections
    successor = sections.get(section.replaced_by or "")
    unknown = asked.period is not None and section.in_force_from is None and section.status is not Status.HISTORICAL
    return Passage(
        section, role,
        now=_holding_now(successor, sections) if role is Role.PAST else None,
        later=successor if role is Role.CURRENT else None,
        start_unknown=unknown and not (section.checked and asked.period and section.checked <= asked.period.end),
    )  # fmt: skip


def _holding_now(section: Section | None, sections: Mapping[str, Section]) -> Section | None:
    """Follow the chain of successors to its end."""
    seen: set[str] = set()
    while section is not None and section.replaced_by and section.id not in seen:
        seen.add(section.id)
        section = sections.get(section.replaced_by)
    return section


def _related(section: Section, retriever: Retriever, language: Language) -> tuple[Option, ...]:
    sections = retriever.generation.snapshot.sections
    return tuple(Option(name, sections[name].text(language).heading) for name in section.see_also if name in sections)


def _options_text(options: Sequence[Option], language: Language) -> str:
    lines = [f"{number}. {option.title}" for number, option in enumerate(options, start=1)]
    return "\n".join([say(language, "answer.clarify"), "", *lines, "", say(language, "answer.clarify_end")])


def _candidates(results: Sequence[_Result]) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(hit.section.id, hit.score, {"dense": hit.dense, "keywords": hit.keywords})
        for result in results
        for hit in result.found.hits[:CANDIDATES]
    )


def _timings(results: Sequence[_Result]) -> dict[str, float]:
    total: dict[str, float] = {}
    for result in results:
        for part, milliseconds in result.found.milliseconds.items():
            total[part] = total.get(part, 0.0) + milliseconds
    return total


def _with_timings(answer: Answer, timings: Mapping[str, float]) -> Answer:
    return Answer(**{**vars(answer), "timings": timings})
