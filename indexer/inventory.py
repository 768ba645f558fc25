"""What the knowledge holds, counted."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from indexer.glossary import Glossary
from indexer.sections import LANGUAGES, OUTSIDE, Language, Section


@dataclass(frozen=True)
class Inventory:
    """Counts of sections by kind, topic, status, side and confidence, of ways of asking, and of glossary words."""

    sections: Mapping[str, Mapping[str, int]]
    asked: Mapping[Language, int]
    fewest_asked: Mapping[Language, int]
    glossary_words: int
    without_address: tuple[str, ...]


def inventory_of(sections: Iterable[Section], glossary: Glossary) -> Inventory:
    """Count the knowledge. Subjects that we do not cover have no sources, so they are not among `without_address`."""
    everything = list(sections)
    groups: dict[str, Callable[[Section], str]] = {
        "kind": lambda section: section.kind,
        "topic": lambda section: section.topic,
        "status": lambda section: section.status,
        "side": lambda section: section.platform,
        "confidence": lambda section: section.confidence,
    }
    return Inventory(
        sections={name: dict(Counter(map(key, everything)).most_common()) for name, key in groups.items()},
        asked={language: sum(len(section.asked.get(language, ())) for section in everything) for language in LANGUAGES},
        fewest_asked={
            language: min((len(section.asked.get(language, ())) for section in everything), default=0)
            for language in LANGUAGES
        },
        glossary_words=len(glossary.means) + len(glossary.adds),
        without_address=tuple(
            section.id
            for section in everything
            if section.kind != OUTSIDE and not any(source.url for source in section.sources)
        ),
    )
