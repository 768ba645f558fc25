"""The keys of a section: everything that a question can be matched to."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from indexer.sections import LANGUAGES, Language, Section

KeyKind = Literal["heading", "asked", "text"]


@dataclass(frozen=True)
class Key:
    """One text that gets a vector. `id` is unique within a generation."""

    id: str
    section: str
    language: Language
    kind: KeyKind
    text: str

    @property
    def text_hash(self) -> str:
        """Identify the text, so that it is not embedded twice."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:24]


def keys_of(section: Section) -> list[Key]:
    """Return the section's heading, its other ways of asking, and its text with the heading, in each language."""
    keys = []
    for language in LANGUAGES:
        text = section.texts.get(language)
        kinds: list[tuple[KeyKind, str]] = []
        if text:
            kinds += [("heading", text.heading), ("text", f"{text.heading}\n{text.body}")]
        kinds += [("asked", variant) for variant in section.asked.get(language, ())]
        keys += [
            Key(f"{section.id}|{language}|{number}", section.id, language, kind, content)
            for number, (kind, content) in enumerate(kinds)
        ]
    return keys


def keys_of_all(sections: Iterable[Section]) -> list[Key]:
    """Return the keys of all sections, in order."""
    return [key for section in sections for key in keys_of(section)]
