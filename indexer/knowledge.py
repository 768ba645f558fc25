"""All of the knowledge: documents, facts and topics, read together and resolved into sections."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from indexer.details import details_of
from indexer.documents import RawDocument, RawSection, read_document
from indexer.facts import Fact, load_facts
from indexer.faults import Fault, Faults, KnowledgeError
from indexer.fields import Fields
from indexer.located_yaml import Located
from indexer.publishers import Publishers, load_publishers
from indexer.sections import KINDS, OUTSIDE, Confidence, Language, Platform, Section, Status
from indexer.topics import Topic, load_topics

SECTION_FIELDS = (
    "status", "platform", "in_force_from", "in_force_until", "checked", "confidence", "laws", "sources",
    "replaces", "facts", "asked", "see_also",
)  # fmt: skip
HEAD_FIELDS = (
    "title", "topic", "imported", "status", "platform", "in_force_from", "in_force_until", "checked", "confidence",
    "laws", "sources", "replaces",
)  # fmt: skip
_SURENESS = (Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH)


@dataclass(frozen=True)
class Place:
    """Where a section stands: its file, the line of its `##`, its fields, and the lines of its headings and bodies."""

    path: Path
    line: int
    fields: Located
    text_lines: Mapping[Language, int]
    body_lines: Mapping[Language, int]
    imported: bool


@dataclass(frozen=True)
class Knowledge:
    """What is known, with the place of each section for whoever reports on it."""

    sections: Mapping[str, Section]
    places: Mapping[str, Place]
    topics: Mapping[str, Topic]
    facts: Mapping[str, Fact]
    documents: Mapping[str, Path]


def read_knowledge(folder: Path, faults: Faults) -> Knowledge:
    """Read the whole folder; faults of form are noted, and what can be read is returned."""
    facts = load_facts(folder / "facts", faults)
    topics = load_topics(folder / "topics.yaml", faults)
    publishers = load_publishers(folder / "publishers.yaml", faults)
    reader = _Reader(facts, publishers, faults)
    documents: dict[str, Path] = {}
    for path, address in _document_paths(folder):
        document = read_document(path, address, faults)
        if document is not None:
            documents[address] = path
            reader.read(document)
    if not reader.sections:
        faults.add(folder, 1, f"no document with a section in {', '.join(KINDS)}; write one, or correct KNOWLEDGE_DIR.")
    reader.refuse_lost_documents(documents)
    sections = _with_successors(reader.sections, reader.document_replaces)
    return Knowledge(sections, reader.places, topics, facts, documents)


def require_knowledge(knowledge: Knowledge, faults: Iterable[Fault]) -> Knowledge:
    """Return the knowledge, or raise KnowledgeError with its faults."""
    found = tuple(faults)
    if found:
        raise KnowledgeError(found)
    return knowledge


def _document_paths(folder: Path) -> Iterator[tuple[Path, str]]:
    for kind in KINDS:
        for path in sorted((folder / kind).glob("*.md")):
            yield path, f"{kind}/{path.stem}"


class _Reader:
    """Turns raw documents into sections, taking from the facts what a section does not state."""

    def __init__(self, facts: Mapping[str, Fact], publishers: Publishers, faults: Faults) -> None:
        self.facts = facts
        self.publishers = publishers
        self.faults = faults
        self.sections: dict[str, Section] = {}
        self.places: dict[str, Place] = {}
        self.document_replaces: dict[str, str] = {}
        self.heads: list[Fields] = []

    def read(self, document: RawDocument) -> None:
        """Add the sections of one document."""
        head = Fields(document.head, document.path, self.faults)
        head.refuse_unknown(HEAD_FIELDS)
        self.heads.append(head)
        if not head.has("topic"):
            head.fault("topic", "the head needs a `topic` (one of topics.yaml).")
        for raw in document.sections:
            self._section(document, head, raw)
        for old in head.texts("replaces"):
            self.document_replaces[old] = document.address

    def refuse_lost_documents(self, documents: Iterable[str]) -> None:
        """Note each head whose `replaces` names no document."""
        known = set(documents)
        for head in self.heads:
            for old in head.texts("replaces"):
                if old not in known:
                    head.fault(
                        "replaces",
                        f"`replaces: {old}` names no document; "
                        "write it as folder/name, or put a section's address into a section.",
                    )

    def _section(self, document: RawDocument, head: Fields, raw: RawSection) -> None:
        address = f"{document.address}#{raw.slug}"
        if address in self.sections:
            self.faults.add(document.path, raw.line, f"`{address}` stands twice; give one section another name.")
            return
        own = Fields(raw.fields, document.path, self.faults)
        own.refuse_unknown(SECTION_FIELDS)
        facts = self._facts(own)
        imported = head.flag("imported") or address.startswith(f"{OUTSIDE}/")
        if not imported and not own.texts("facts"):
            self.faults.add(
                document.path, raw.line, f"`{raw.slug}` names no facts; add `facts: […]` from the register."
            )
        if not raw.texts:
            self.faults.add(
                document.path, raw.line, f"`{raw.slug}` has no text; write it below `### id:` and `### en:`."
            )
            return
        self.sections[address] = self._resolve(address, head, own, facts, raw)
        lines = {language: located.line for language, located in raw.texts.items()}
        bodies = {language: located.body_line for language, located in raw.texts.items()}
        self.places[address] = Place(document.path, raw.line, raw.fields, lines, bodies, imported)

    def _facts(self, own: Fields) -> tuple[Fact, ...]:
        found = []
        for name in own.texts("facts"):
            if name in self.facts:
                found.append(self.facts[name])
            else:
                own.fault("facts", f"fact {name} is not in the register; correct the id or add the fact to facts/.")
        return tuple(found)

    def _resolve(self, address: str, head: Fields, own: Fields, facts: tuple[Fact, ...], raw: RawSection) -> Section:
        stated = own if own.has("status") else head
        main = facts[0] if facts else None
        platform = own.choice("platform", Platform) or head.choice("platform", Platform)
        if platform is None and not own.has("platform") and not head.has("platform"):
            self.faults.add(own.path, raw.line, f"`{raw.slug}` needs a `platform` (tokopedia, tiktok_shop or both).")
        sources = own.sources() or head.sources() or tuple(source for fact in facts for source in fact.sources)
        status = stated.choice("status", Status) or (main.status if main else Status.IN_FORCE)
        return Section(
            id=address,
            topic=head.text("topic") or "",
            status=status,
            platform=platform or Platform.BOTH,
            confidence=_first(own, head, "confidence") or _least_sure(facts),
            texts={language: located.text for language, located in raw.texts.items()},
            in_force_from=_first_day(own, head, "in_force_from") or (main.effective if main else None),
            in_force_until=_first_day(own, head, "in_force_until"),
            checked=_first_day(own, head, "checked") or _oldest_check(facts),
            replaces=own.texts("replaces"),
            sources=self.publishers.shown(sources),
            laws=own.laws() or head.laws(),
            facts=tuple(fact.id for fact in facts),
            asked=own.texts_by_language("asked"),
            see_also=own.texts("see_also"),
            details=details_of(facts, status),
        )


def _first(own: Fields, head: Fields, name: str) -> Confidence | None:
    return own.choice(name, Confidence) or head.choice(name, Confidence)


def _first_day(own: Fields, head: Fields, name: str) -> date | None:
    return own.day(name) or head.day(name)


def _least_sure(facts: tuple[Fact, ...]) -> Confidence:
    return min((fact.confidence for fact in facts), key=_SURENESS.index, default=Confidence.HIGH)


def _oldest_check(facts: tuple[Fact, ...]) -> date | None:
    """Return the day on which all that the section says was last said: the oldest date among the facts that count."""
    counting = [fact for fact in facts if fact.counts] or list(facts)
    return min((fact.as_of for fact in counting if fact.as_of), default=None)


def _with_successors(sections: Mapping[str, Section], document_replaces: Mapping[str, str]) -> dict[str, Section]:
    """Point each replaced section to its successor, and end it on the day before that begins."""
    successors = {old: section for section in sections.values() for old in section.replaces}
    for old_document, new_document in document_replaces.items():
        heir = next((s for s in sections.values() if s.id.startswith(f"{new_document}#")), None)
        for section in sections.values():
            if heir and section.id.startswith(f"{old_document}#"):
                successors.setdefault(section.id, heir)
    return {name: _ended(section, successors.get(name)) for name, section in sections.items()}


def _ended(section: Section, successor: Section | None) -> Section:
    if successor is None:
        return section
    until = section.in_force_until
    if until is None and successor.in_force_from is not None:
        until = successor.in_force_from - timedelta(days=1)
    status = Status.SUPERSEDED if section.status is Status.IN_FORCE else section.status
    return replace(section, in_force_until=until, replaced_by=successor.id, status=status)
