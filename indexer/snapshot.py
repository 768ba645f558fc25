"""What a generation knows besides vectors: its sections, topics and glossary, as JSON."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from indexer.glossary import Glossary
from indexer.sections import Confidence, Law, Platform, Section, Source, Status, Text
from indexer.topics import Topic


@dataclass(frozen=True)
class Snapshot:
    """The knowledge as it stood when the generation was made."""

    sections: Mapping[str, Section]
    topics: Mapping[str, Topic]
    glossary: Glossary

    def to_json(self) -> str:
        """Write it as JSON."""
        record = {
            "sections": [asdict(section) for section in self.sections.values()],
            "topics": [asdict(topic) for topic in self.topics.values()],
            "glossary": {
                "means": [[list(words), meaning] for words, meaning in self.glossary.means.items()],
                "adds": [[list(words), meaning] for words, meaning in self.glossary.adds.items()],
            },
        }
        return json.dumps(record, ensure_ascii=False, default=str)


def snapshot_from_json(text: str) -> Snapshot:
    """Read what `to_json` wrote."""
    record = json.loads(text)
    sections = [_section(entry) for entry in record["sections"]]
    topics = [Topic(**entry) for entry in record["topics"]]
    glossary = Glossary(
        *({tuple(words): meaning for words, meaning in record["glossary"][part]} for part in ("means", "adds"))
    )
    return Snapshot({section.id: section for section in sections}, {topic.slug: topic for topic in topics}, glossary)


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _section(entry: dict[str, Any]) -> Section:
    entry = dict(entry)
    for name in ("in_force_from", "in_force_until", "checked"):
        entry[name] = _day(entry[name])
    for name in ("replaces", "facts", "see_also"):
        entry[name] = tuple(entry[name])
    return Section(
        **{
            **entry,
            "status": Status(entry["status"]),
            "platform": Platform(entry["platform"]),
            "confidence": Confidence(entry["confidence"]),
            "texts": {language: Text(**text) for language, text in entry["texts"].items()},
            "sources": tuple(Source(**source) for source in entry["sources"]),
            "laws": tuple(Law(**law) for law in entry["laws"]),
            "details": {language: tuple(details) for language, details in entry.get("details", {}).items()},
            "asked": {language: tuple(variants) for language, variants in entry["asked"].items()},
        }
    )
