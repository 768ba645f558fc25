"""The register of evidence: `knowledge/facts/*.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from indexer.faults import Faults
from indexer.fields import Fields
from indexer.located_yaml import load_entries, read_text
from indexer.sections import Confidence, Language, Source, Status

FIELDS = ("id", "topic", "fact", "fact_id", "effective", "as_of", "status", "superseded_by", "confidence", "sources")


@dataclass(frozen=True)
class Fact:
    """One researched fact, in both languages."""

    id: str
    topic: str
    texts: Mapping[Language, str]
    effective: date | None
    as_of: date | None
    status: Status
    confidence: Confidence
    superseded_by: str | None
    sources: tuple[Source, ...]

    @property
    def counts(self) -> bool:
        """Whether it still says something about today."""
        return self.status not in (Status.SUPERSEDED, Status.HISTORICAL)


def load_facts(folder: Path, faults: Faults) -> dict[str, Fact]:
    """Read all sheets of the register; an entry with a fault is left out and reported."""
    facts: dict[str, Fact] = {}
    lines: dict[str, tuple[Path, int]] = {}
    for path in sorted(folder.glob("*.yaml")):
        text = read_text(path, faults)
        for located in load_entries(text, path, faults) if text else []:
            fact = _fact(Fields(located, path, faults))
            if fact is None:
                continue
            if fact.id in facts:
                faults.add(path, located.line, f"{fact.id} stands twice in the register; give one a new number.")
            facts[fact.id] = fact
            lines[fact.id] = (path, located.line_of("superseded_by"))
    for fact in facts.values():
        if fact.superseded_by and fact.superseded_by not in facts:
            faults.add(
                *lines[fact.id], f"{fact.id} is superseded by {fact.superseded_by}, which is not in the register."
            )
    return facts


def _fact(fields: Fields) -> Fact | None:
    fields.refuse_unknown(FIELDS)
    before = len(fields.faults.found)
    identity, topic, english, indonesian = (fields.text(name) for name in ("id", "topic", "fact", "fact_id"))
    status, confidence = fields.choice("status", Status), fields.choice("confidence", Confidence)
    effective, as_of, sources = fields.day("effective"), fields.day_or_month("as_of"), fields.sources()
    if identity and topic and english and indonesian and status and confidence and sources:
        return Fact(
            identity,
            topic,
            {"id": indonesian, "en": english},
            effective,
            as_of,
            status,
            confidence,
            fields.text("superseded_by"),
            sources,
        )
    if len(fields.faults.found) == before:
        fields.fault("id", f"fact {identity or '?'} needs id, topic, fact, fact_id, status, confidence and sources.")
    return None
