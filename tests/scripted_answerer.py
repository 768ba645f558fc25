"""An answerer whose answers a reader can work out in the head: it says back what was asked."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from bot.answerer import Answerer
from bot.answers import Answer, Citation, Option, Outcome, Question
from indexer.generations import Generation, Manifest
from indexer.glossary import Glossary
from indexer.sections import Confidence, Language, Platform, Section, Status, Text
from indexer.snapshot import Snapshot
from indexer.topics import Topic

TOPICS = {"fees": ("Biaya & komisi", "Fees & commission"), "tax": ("Pajak", "Tax")}
WORDS = {"id": "Jawaban", "en": "Answer"}
OPTIONS = (Option("faqs/a#one", "Komisi"), Option("faqs/a#two", "Biaya layanan"), Option("faqs/a#gone", "Hilang"))


def section(address: str, **changes: object) -> Section:
    """Return a section of which `show` says its address; the changes are to its fields."""
    texts: dict[Language, Text] = {"id": Text(f"Soal {address}?", "Begini."), "en": Text(f"About {address}?", "So.")}
    plain = Section(
        address, "fees", Status.IN_FORCE, Platform.BOTH, Confidence.HIGH, texts, date(2026, 5, 18),
        checked=date(2026, 11, 1),
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]


def generation(name: str, gone: tuple[str, ...] = (), *more: Section) -> Generation:
    """Return a generation with ten sections on fees and one that is to come."""
    addresses = ["faqs/a#one", "faqs/a#two", "faqs/a#said", "faqs/a#long", *(f"faqs/b#s{n}" for n in range(6))]
    sections = [section(address) for address in addresses if address not in gone]
    sections += [section("announcements/timeline#overview", topic="tax", in_force_from=None)]
    sections += [section("faqs/c#coming", topic="tax", in_force_from=date(2027, 1, 1)), *more]
    topics = {slug: Topic(slug, {"id": names[0], "en": names[1]}, None, 1) for slug, names in TOPICS.items()}
    manifest = Manifest(name, "2026-11-23T00:00:00+00:00", "scripted", "f", 1, {}, {})
    snapshot = Snapshot({one.id: one for one in sections}, topics, Glossary({}, {}))
    return Generation(manifest, snapshot, None)  # type: ignore[arg-type]


class ScriptedAnswerer(Answerer):
    """Says back the question; special words in it make it ask back, decline, chat, write at length, or crash."""

    def __init__(self, gone: tuple[str, ...] = ("faqs/a#gone", "gone")) -> None:
        self._gone = gone
        self.asked: list[Question] = []
        self.crashes_left = 10**6
        self.published = generation("generation-1", gone)
        self.changed = False
        self.streams = False

    @property
    def writes(self) -> bool:
        return self.streams

    def answer(self, question: Question, shown: Callable[[str], None] | None = None) -> Answer:
        self.asked.append(question)
        if shown and "pelan" in question.text:
            for part in ("Satu.", "Satu. **Dua.**", "Satu. **Dua.** Tiga."):
                shown(part)
                time.sleep(0.2)
        language = question.language or ("en" if question.text.isascii() and "please" in question.text else "id")
        for word, script in self._scripts().items():
            if word in question.text:
                return script(question, language)
        if self.changed:
            return said("Sekarang lain.", language, section="faqs/a#said")
        return said(f"**{WORDS[language]}:** {question.text}", language, section="faqs/a#said")

    def _scripts(self) -> dict[str, Callable[[Question, Language], Answer]]:
        return {
            "pilih": lambda _, language: said("Yang mana?\n\n1. Komisi", language, Outcome.CLARIFY, options=OPTIONS),
            "mana tahu": lambda _, language: said("Belum tahu.", language, Outcome.DECLINED),
            "halo": lambda _, language: said("Halo juga!", language, Outcome.SMALLTALK),
            "panjang": lambda question, language: said(_long(question.text), language, section="faqs/a#long"),
            "terkait": lambda _, language: said("Begini.", language, section="faqs/a#one", options=OPTIONS),
            "rusak": self._crash,
            "lama": self._slow,
        }

    def _slow(self, question: Question, language: Language) -> Answer:
        time.sleep(1.0)
        return said(f"Akhirnya: {question.text}", language, section="faqs/a#said")

    def _crash(self, question: Question, language: Language) -> Answer:
        self.crashes_left -= 1
        if self.crashes_left < 0:
            return said("Sudah beres.", language)
        raise ValueError(f"crashed over {question.text}")

    def show(self, section_id: str, language: Language, today: date) -> Answer:
        if section_id in self._gone:
            raise KeyError(section_id)
        return said(f"{WORDS[language]}: {section_id} ({today.year})", language, section=section_id)

    def generation(self) -> Generation:
        return self.published

    def topics(self, language: Language) -> tuple[Option, ...]:
        return tuple(Option(slug, names[language == "en"]) for slug, names in TOPICS.items())

    def topic(self, slug: str, language: Language, today: date) -> Answer:
        return self.show(f"topics/{slug}" if slug in TOPICS else "gone", language, today)


def said(
    markup: str,
    language: Language,
    outcome: Outcome = Outcome.ANSWERED,
    section: str | None = None,
    options: tuple[Option, ...] = (),
) -> Answer:
    about = (Platform.BOTH, None, None, None, "Permendag", "https://example.id")
    citations = (Citation(section, "Judul", "faqs", Status.IN_FORCE, *about),) if section else ()
    return Answer(outcome, language, markup, 1.0, "generation-1", citations, options)


def _long(text: str) -> str:
    return "\n\n".join(f"**Bagian {number}** dari {text}: " + "kata " * 100 for number in range(1, 19))
