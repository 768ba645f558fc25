import re
from html.parser import HTMLParser
from statistics import median

import pytest

from bot.answerer import Answerer
from bot.answers import Answer, Outcome, Question
from bot.composing import with_bold_start
from bot.markup import LIMIT, split, to_html
from indexer.faults import Faults
from indexer.known_questions import load_questions
from indexer.sections import LANGUAGES, Section
from indexer.settings import PROJECT
from indexer.validity import ended
from tests.published_index import PublishedIndex
from tests.real_questions import QUESTIONS, VAGUE, RealQuestion
from tests.sample_knowledge import TODAY

pytest_plugins = ["tests.published_index"]

KNOWLEDGE = PROJECT / "knowledge"
FACT_ID = re.compile(r"\b[A-Z]{3}-\d+\b")
TAGS = {"b", "a", "blockquote"}


@pytest.fixture(scope="session")
def sections(real_index: PublishedIndex) -> list[Section]:
    return list(real_index.retriever.generation.snapshot.sections.values())


@pytest.fixture(scope="session")
def known(real_index: PublishedIndex) -> list[tuple[Question, Answer]]:
    """Give the answers to all questions that the knowledge is tried on before it is published."""
    faults = Faults(PROJECT)
    questions = load_questions(KNOWLEDGE / "questions", real_index.retriever.generation.snapshot.sections, faults)
    asked = [Question(question.text, TODAY, question.previous) for question in questions]
    assert not faults.found
    return [(question, real_index.answerer.answer(question)) for question in asked]


def right(question: RealQuestion, answer: Answer) -> bool:
    if not question.sections:
        return answer.outcome is Outcome.DECLINED
    return answer.outcome is Outcome.ANSWERED and answer.citations[0].section in question.sections


def test_core_questions_get_their_sections(real_answerer: Answerer) -> None:
    asked = [Question(question.text, TODAY, question.previous) for question in QUESTIONS]
    answers = [(question, real_answerer.answer(one)) for question, one in zip(QUESTIONS, asked, strict=True)]
    missed = [(question, answer) for question, answer in answers if not right(question, answer)]
    for question, answer in missed:
        found = [candidate.section for candidate in answer.candidates[:3]]
        print(f"{answer.outcome} {answer.confidence:.2f} {found}: {question.text}")  # noqa: T201
    other_language = [question.text for question, answer in answers if answer.language != question.language]

    assert 1 - len(missed) / len(answers) >= 0.85
    assert not other_language


def test_messages_that_say_too_little_are_asked_back(real_answerer: Answerer) -> None:
    answers = [real_answerer.answer(Question(text, TODAY)) for text in VAGUE]
    asked_back = [answer for answer in answers if answer.outcome is Outcome.CLARIFY and len(answer.options) > 1]

    assert len(asked_back) / len(VAGUE) >= 0.7


@pytest.mark.parametrize("text", ["shopee fee?", "biaya shopee", "admin lazada", "harga emas"])
def test_a_subject_that_we_do_not_cover_is_declined_even_in_two_words(real_answerer: Answerer, text: str) -> None:
    assert real_answerer.answer(Question(text, TODAY)).outcome is Outcome.DECLINED


def test_two_questions_in_one_message_get_two_answers(real_answerer: Answerer) -> None:
    text = "Berapa tarif PPh 22 marketplace? Terus kapan poin pelanggaran hilang?"
    cited = [citation.section for citation in real_answerer.answer(Question(text, TODAY)).citations]

    assert cited == ["regulations/marketplace-income-tax#rate", "faqs/violations#points-expire"]


def test_the_core_questions_are_not_the_knowledges_own_words(
    sections: list[Section], known: list[tuple[Question, Answer]]
) -> None:
    theirs = {text.lower() for section in sections for texts in section.asked.values() for text in texts}
    theirs |= {question.text.lower() for question, _ in known}

    assert [question.text for question in QUESTIONS if question.text.lower() in theirs] == []


def test_the_core_questions_ask_for_sections_that_are_there(sections: list[Section]) -> None:
    assert {name for question in QUESTIONS for name in question.sections} <= {section.id for section in sections}


def test_no_answer_gives_what_no_longer_holds_as_current(
    real_index: PublishedIndex, known: list[tuple[Question, Answer]]
) -> None:
    everything = real_index.retriever.generation.snapshot.sections
    for question, answer in known:
        old = [c.section for c in answer.citations if ended_rule(everything[c.section])]
        assert not old or "🕘" in answer.text, question.text


def ended_rule(section: Section) -> bool:
    return section.status != "historical" and ended(section, TODAY)


def test_what_has_not_begun_is_said_to_be_to_come(
    real_index: PublishedIndex, known: list[tuple[Question, Answer]]
) -> None:
    everything = real_index.retriever.generation.snapshot.sections
    for question, answer in known:
        later = [c.section for c in answer.citations if (everything[c.section].in_force_from or TODAY) > TODAY]
        assert not later or any(mark in answer.text for mark in "⏳⚠"), question.text


def test_answers_are_short_enough_to_be_read(known: list[tuple[Question, Answer]]) -> None:
    lengths = [len(answer.text) for _, answer in known if answer.outcome is Outcome.ANSWERED]

    assert lengths and median(lengths) <= 900
    assert max(lengths) <= LIMIT


def test_every_answer_says_where_it_is_written(known: list[tuple[Question, Answer]]) -> None:
    for question, answer in known:
        assert (answer.outcome is Outcome.ANSWERED) == bool(answer.citations), question.text
        assert not answer.citations or "📎" in answer.text, question.text
        assert not (answer.outcome is Outcome.CLARIFY and not answer.options), question.text


def test_no_section_shows_the_ids_of_facts(sections: list[Section]) -> None:
    shown = {s.id: FACT_ID.findall(f"{text.heading} {text.body}") for s in sections for text in s.texts.values()}
    prefixes = {fact.split("-")[0] for section in sections for fact in section.facts}

    assert {s: ids for s, ids in shown.items() if any(found.split("-")[0] in prefixes for found in ids)} == {}


class Balance(HTMLParser):
    """Notes the tags that do not close, or close what is not open."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.open: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        if tag not in TAGS or (tag == "a") != any(name == "href" for name, _ in attrs):
            self.faults.append(f"<{tag}>")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}>")


def unbalanced(html: str) -> list[str]:
    balance = Balance()
    balance.feed(html)
    balance.close()
    return balance.faults + balance.open


def test_every_section_renders_to_sound_telegram_html(sections: list[Section], real_answerer: Answerer) -> None:
    for section in sections:
        for language in LANGUAGES:
            markup = real_answerer.show(section.id, language, TODAY).markup
            assert unbalanced(to_html(markup)) == [], section.id
            assert "**" not in re.sub(r"<[^>]+>", "", to_html(markup)), section.id
            assert len(split(markup)) == 1, section.id


def test_what_is_said_to_hold_today_beside_an_old_rule_does_hold(
    sections: list[Section], real_answerer: Answerer
) -> None:
    by_heading = {section.text("en").heading: section for section in sections}
    pointed = 0
    for section in sections:
        text = real_answerer.show(section.id, "en", TODAY).text
        for heading in re.findall(r"^Today: (.+)$", text, re.MULTILINE):
            pointed += 1
            assert not ended(by_heading[heading], TODAY) and by_heading[heading].status != "historical", section.id
    assert pointed > 20


def test_every_section_shows_its_own_text_in_each_language(sections: list[Section], real_answerer: Answerer) -> None:
    for section in sections:
        for language in LANGUAGES:
            shown = real_answerer.show(section.id, language, TODAY)
            text = section.text(language)
            assert f"{text.heading}\n{with_bold_start(text.body)}" in shown.markup
            assert [citation.section for citation in shown.citations] == [section.id]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_topic_opens_to_something(real_answerer: Answerer, language: str) -> None:
    for topic in real_answerer.topics("en" if language == "en" else "id"):
        opened = real_answerer.topic(topic.section, "en" if language == "en" else "id", TODAY)
        assert opened.citations or opened.options, topic.section
