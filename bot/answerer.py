"""The one way from a question to an answer. No Telegram, no storage, no clock."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.answers import Answer, Decision, Option, Outcome, Question
from bot.composing import Passage, citation, compose
from bot.deciding import Costs, Evidence, Shown, Thresholds, near_first
from bot.details import fitting_details
from bot.dividing import questions_in
from bot.evidence import with_evidence
from bot.language import LanguageGuesser
from bot.looking_up import LookedUp, look_up, look_up_beside
from bot.markup import to_plain
from bot.smalltalk import split_talk
from bot.understanding import LONGEST, cleaned
from bot.wording import say
from bot.writing import Shown as ShownText
from bot.writing import Writer
from indexer.generations import Generation
from indexer.question_time import AskedTime
from indexer.search import Hit, Retriever
from indexer.sections import OUTSIDE, Language, Platform, Section, Status, Text
from indexer.snapshot import Snapshot
from indexer.validity import Role, role_of

MOST_QUESTIONS = 3


class Answerer:
    """Answers from the generation that `current` gives at that moment. Safe to use from several threads."""

    def __init__(
        self,
        current: Callable[[], Retriever],
        thresholds: Thresholds | None = None,
        writer: Writer | None = None,
        costs: Costs | None = None,
    ) -> None:
        self._writer = writer
        self._current = current
        self._thresholds = thresholds or Thresholds()
        self._costs = costs or Costs()
        self._guesser = LanguageGuesser(current().keys)

    @property
    def writes(self) -> bool:
        """Whether a language model words the answers, which takes a while."""
        return self._writer is not None

    def answer(self, question: Question, shown: ShownText | None = None) -> Answer:
        """Return what the seller gets. Bad input never raises: it gets a kind answer too.

        `shown` is given the text of an answer while a language model writes it.
        """
        started = time.perf_counter()
        retriever = self._current()
        text = cleaned(question.text)
        language = question.language or self._language(text, question.previous)
        turn = _Turn(question, text, language, retriever, self._thresholds, self._costs, self._writer, shown)
        answer = self._reply(turn)
        timings = {**answer.timings, "total": (time.perf_counter() - started) * 1000}
        return _with_timings(answer, timings)

    def evidence(self, question: Question) -> tuple[Evidence, list[str]]:
        """Return what a decision about that question would rest on, and the sections that are found, best first."""
        result = look_up(self._current(), question, cleaned(question.text))
        return result.evidence, [hit.section.id for hit in result.found.hits]

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
            compose([passage], language), 1.0, retriever.generation.manifest.name,
            citations=(citation(section, language),), options=_related(section, retriever, language),
            topic=section.topic or None,
        )  # fmt: skip

    def generation(self) -> Generation:
        """Return the published generation."""
        return self._current().generation

    def knowledge(self) -> Snapshot:
        """Return the knowledge of the published generation."""
        return self.generation().snapshot

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

    def _language(self, text: str, previous: Sequence[str]) -> Language:
        earlier = self._guesser.guess(" ".join(previous)) if previous else "id"
        return self._guesser.guess(text, otherwise=earlier)

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
    costs: Costs
    writer: Writer | None
    shown: ShownText | None = None

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
        several = self._several(questions_in(text))
        if several:
            return self._answered(several, Decision.SEVERAL)
        return self._decide(look_up(self.retriever, self.question, text))

    def _several(self, parts: Sequence[str]) -> list[LookedUp]:
        """Return what was found for each question of a message, if two or more are surely answered, each its way."""
        if len(parts) < 2:
            return []
        sure: dict[str, LookedUp] = {}
        for part in parts[:MOST_QUESTIONS]:
            result = look_up_beside(self.retriever, self.question, part, parts[0], sure)
            if result.first and not result.outside and result.confidence >= self.thresholds.part:
                sure.setdefault(result.first.section.id, result)
        return list(sure.values()) if len(sure) > 1 else []

    def _decide(self, result: LookedUp) -> Answer:
        first, thresholds = result.first, self.thresholds
        if first is None:
            return self._declined(result)
        if self._says_too_little(result, first):
            return self._ask_back(result, result.found.overviews, Decision.VAGUE)
        if result.outside:
            return self._outside_answer(result, first.section)
        if (shown := self.costs.least(result.confidence, result.either)) is not Shown.NONE:
            return self._answered([result], Decision.BOTH if shown is Shown.BOTH else Decision.FIRST)
        if first.score >= thresholds.found:
            return self._ask_back(result, near_first(result.found.hits, thresholds), Decision.NEAR)
        return self._declined(result)

    def _answered(self, results: Sequence[LookedUp], decision: Decision) -> Answer:
        passages = [self._passage_of(result) for result in results]
        confidence = min(result.confidence for result in results)
        if decision is Decision.BOTH:
            passages += self._second_passage(results[0])
        if len(passages) == 1:
            passages = [self._with_details(passages[0])]
        sections = [passage.section for passage in passages]
        related = _related(sections[0], self.retriever, self.language) if len(sections) == 1 else ()
        started = time.perf_counter()
        markup = compose(passages, self.language, self._wording())
        if len(passages) > len(results):
            markup = f"{say(self.language, 'answer.nearest')}\n\n{markup}"
        composing = (time.perf_counter() - started) * 1000
        answer = Answer(
            Outcome.ANSWERED, self.language, markup, confidence, self.retriever.generation.manifest.name,
            citations=tuple(citation(section, self.language) for section in sections), options=related,
            timings={"compose": composing},
        )  # fmt: skip
        return self._with_evidence(answer, results, decision)

    def _with_details(self, passage: Passage) -> Passage:
        said = to_plain(compose([passage], self.language))
        details = passage.section.details.get(self.language, ())
        return replace(
            passage, details=tuple(fitting_details(details, self.retriever.weights_of_words(self.text), said))
        )

    def _says_too_little(self, result: LookedUp, first: Hit) -> bool:
        thresholds = self.thresholds
        recognised = result.outside and first.score >= thresholds.recognised and result.confidence >= thresholds.sure
        return result.vague >= thresholds.vague and first.score < thresholds.unmistakable and not recognised

    def _wording(self) -> Callable[[Text], str] | None:
        writer = self.writer
        return (lambda text: writer.body(self.text, text, self.language, self.shown)) if writer else None

    def _second_passage(self, result: LookedUp) -> list[Passage]:
        """Return the second best section, if it is of our own subjects, of the asked side, and offered as the first."""
        first, second = (*result.found.hits, None, None)[:2]
        if first is None or second is None or second.section.kind == OUTSIDE or second.role is not first.role:
            return []
        sides = {result.side or Platform.BOTH, second.section.platform} - {Platform.BOTH}
        if len(sides) > 1:
            return []
        return [_passage(second.section, second.role, result.time, self.retriever)]

    def _passage_of(self, result: LookedUp) -> Passage:
        hit, not_yet = result.found.hits[0], result.found.not_yet
        if not_yet and not_yet[0].score > hit.score + self.thresholds.not_yet_margin:
            return Passage(not_yet[0].section, Role.CURRENT, not_yet=True)
        return _passage(hit.section, hit.role, result.time, self.retriever)

    def _outside_answer(self, result: LookedUp, section: Section) -> Answer:
        markup = f"{section.text(self.language).body}\n\n{say(self.language, 'answer.declined_person')}"
        return self._without_sections(Outcome.DECLINED, result, markup, Decision.OUTSIDE)

    def _declined(self, result: LookedUp) -> Answer:
        markup = say(self.language, "answer.declined", topics=self.topic_names())
        return self._without_sections(Outcome.DECLINED, result, markup, Decision.NOTHING)

    def _ask_back(self, result: LookedUp, choices: Sequence[Hit], decision: Decision) -> Answer:
        options = tuple(Option(hit.section.id, hit.section.text(self.language).heading) for hit in choices)
        if not options:
            return self._declined(result)
        markup = _options_text(options, self.language)
        return self._without_sections(Outcome.CLARIFY, result, markup, decision, options)

    def _without_sections(
        self, outcome: Outcome, result: LookedUp, markup: str, decision: Decision, options: tuple[Option, ...] = ()
    ) -> Answer:
        name = self.retriever.generation.manifest.name
        answer = Answer(outcome, self.language, markup, result.confidence, name, options=options)
        return self._with_evidence(answer, [result], decision)

    def _with_evidence(self, answer: Answer, results: Sequence[LookedUp], decision: Decision) -> Answer:
        return with_evidence(answer, self.question, results, decision, self.retriever)


def _passage(section: Section, role: Role, asked: AskedTime, retriever: Retriever) -> Passage:
    sections = retriever.generation.snapshot.sections
    successor = sections.get(section.replaced_by or "")
    unknown = asked.period is not None and section.in_force_from is None and section.status is not Status.HISTORICAL
    return Passage(
        section, role,
        now=_holding_now(successor, sections) if role in (Role.PAST, Role.EVENT) else None,
        later=successor if role is Role.CURRENT else None,
        start_unknown=unknown and not (section.checked and asked.period and section.checked <= asked.period.end),
    )  # fmt: skip


def _holding_now(section: Section | None, sections: Mapping[str, Section]) -> Section | None:
    """Follow the chain of successors to its end; what stands there may itself have ended with no successor."""
    seen: set[str] = set()
    while section is not None and section.replaced_by and section.id not in seen:
        seen.add(section.id)
        section = sections.get(section.replaced_by)
    return section if section and section.status not in (Status.SUPERSEDED, Status.HISTORICAL) else None


def _related(section: Section, retriever: Retriever, language: Language) -> tuple[Option, ...]:
    sections = retriever.generation.snapshot.sections
    return tuple(Option(name, sections[name].text(language).heading) for name in section.see_also if name in sections)


def _options_text(options: Sequence[Option], language: Language) -> str:
    lines = [f"{number}. {option.title}" for number, option in enumerate(options, start=1)]
    return "\n".join([say(language, "answer.clarify"), "", *lines, "", say(language, "answer.clarify_end")])


def _with_timings(answer: Answer, timings: Mapping[str, float]) -> Answer:
    return Answer(**{**vars(answer), "timings": timings})
