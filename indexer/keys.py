"""The keys of a section: everything that a question can be matched to."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from indexer.sections import LANGUAGES, Language, Section

KeyKind = Literal["heading", "asked", "text", "detail"]


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
    """Return the section's heading, its text with it, its other ways of asking, and the sentences of its facts.

    All in each language.
    """
    keys = []
    for language in LANGUAGES:
        text = section.texts.get(language)
        contents: dict[KeyKind, tuple[str, ...]] = {
            "heading": (text.heading,) if text else (),
            "text": (f"{text.heading}\n{text.body}",) if text else (),
            "asked": section.asked.get(language, ()),
            "detail": section.details.get(language, ()),
        }
        # Numbered within their kind, so that a way of asking more does not give other ids to all that follows.
        keys += [
            Key(f"{section.id}|{language}|{kind}|{number}", section.id, language, kind, content)
            for kind, every in contents.items()
            for number, content in enumerate(every)
        ]
    return keys


def keys_of_all(sections: Iterable[Section]) -> list[Key]:
    """Return the keys of all sections, in order."""
    return [key for section in sections for key in keys_of(section)]
