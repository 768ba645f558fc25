"""Reading the fields of a document, a section or a fact: each value typed, each fault with its line."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from indexer.faults import Faults
from indexer.located_yaml import Located
from indexer.sections import LANGUAGES, Language, Law, Source

Choice = TypeVar("Choice", bound=StrEnum)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def parse_day(value: object) -> date | None:
    """Return the day that `2026-05-18` names, or None where there is no such day."""
    try:
        return date.fromisoformat(str(value)) if _DAY.fullmatch(str(value)) else None
    except ValueError:
        return None


@dataclass(frozen=True)
class Fields:
    """The fields of one YAML block, read one by one; what is wrong with them goes to `faults`."""

    located: Located
    path: Path
    faults: Faults

    def has(self, name: str) -> bool:
        """Tell whether the field is there and not empty."""
        return self.located.values.get(name) is not None

    def fault(self, name: str, message: str) -> None:
        """Note a fault at that field's line."""
        self.faults.add(self.path, self.located.line_of(name), message)

    def refuse_unknown(self, known: Iterable[str]) -> None:
        """Note each field that nobody reads."""
        names = sorted(known)
        for name in self.located.values:
            if name not in names:
                self.fault(name, f"unknown field `{name}`; known are {', '.join(names)}.")

    def day(self, name: str) -> date | None:
        """Read a day written as `2026-05-18`."""
        if not self.has(name):
            return None
        value = self.located.values[name]
        day = parse_day(value)
        if day is None:
            self.fault(name, f"`{name}: {value}` is not a day of the calendar; write it as 2026-05-18.")
        return day

    def day_or_month(self, name: str) -> date | None:
        """Read a day, or a month (`2026-05`), which counts as its first day: the later days are not claimed."""
        value = str(self.located.values.get(name))
        month = parse_day(f"{value}-01") if len(value) == 7 else None
        return month or self.day(name)

    def choice(self, name: str, choices: type[Choice]) -> Choice | None:
        """Read one word of a closed list."""
        if not self.has(name):
            return None
        value = str(self.located.values[name])
        if value in set(choices):
            return choices(value)
        self.fault(name, f"`{name}: {value}` is unknown; write one of {', '.join(choices)}.")
        return None

    def flag(self, name: str) -> bool:
        """Read `true` or `false`; what is left out is false."""
        value = self.located.values.get(name)
        if value is not None and not isinstance(value, bool):
            self.fault(name, f"`{name}: {value}` is neither `true` nor `false`; write one of them.")
        return value is True

    def text(self, name: str) -> str | None:
        """Read a text."""
        value = self.located.values.get(name)
        if value is None:
            return None
        if isinstance(value, (dict, list)):
            self.fault(name, f"`{name}` must be a text, not a list.")
            return None
        return " ".join(str(value).split())

    def texts(self, name: str) -> tuple[str, ...]:
        """Read a text or a list of texts."""
        value = self.located.values.get(name)
        if value is None:
            return ()
        items = value if isinstance(value, list) else [value]
        if any(isinstance(item, (dict, list)) or item is None for item in items):
            self.fault(name, f"`{name}` must be a list of texts; quote those that hold `: `.")
            return ()
        return tuple(" ".join(str(item).split()) for item in items)

    def texts_by_language(self, name: str) -> dict[Language, tuple[str, ...]]:
        """Read a list of texts per language."""
        value = self.located.values.get(name)
        if value is None:
            return {}
        if not isinstance(value, Mapping) or set(value) - set(LANGUAGES):
            self.fault(name, f"`{name}` must have the parts `id:` and `en:` and no others.")
            return {}
        found: dict[Language, tuple[str, ...]] = {}
        for language in LANGUAGES:
            inner = Fields(Located(dict(value), {}, self.located.line_of(name)), self.path, self.faults)
            found[language] = inner.texts(language)
        return found

    def records(self, name: str) -> list[dict[str, Any]]:
        """Read a mapping or a list of mappings."""
        value = self.located.values.get(name)
        if value is None:
            return []
        items = value if isinstance(value, list) else [value]
        if not all(isinstance(item, dict) for item in items):
            self.fault(name, f"`{name}` must be `{{…}}` or a list of them.")
            return []
        return items

    def sources(self, name: str = "sources") -> tuple[Source, ...]:
        """Read sources: publisher and title, with date and URL where known."""
        found = []
        for record in self.records(name):
            unknown = set(record) - {"publisher", "title", "date", "url"}
            if unknown or not record.get("publisher") or not record.get("title"):
                self.fault(
                    name,
                    f"a source needs `publisher` and `title`, and may have `date` and `url`; found {sorted(record)}.",
                )
                continue
            date, url = _text_or_none(record.get("date")), _text_or_none(record.get("url"))
            found.append(Source(str(record["publisher"]), str(record["title"]), date, url))
        return tuple(found)

    def laws(self, name: str = "laws") -> tuple[Law, ...]:
        """Read places in laws: name, and article and paragraph where known."""
        found = []
        for record in self.records(name):
            if set(record) - {"name", "article", "paragraph"} or not record.get("name"):
                self.fault(name, f"a law needs `name`, and may have `article` and `paragraph`; found {sorted(record)}.")
                continue
            found.append(
                Law(str(record["name"]), _text_or_none(record.get("article")), _text_or_none(record.get("paragraph")))
            )
        return tuple(found)


def _text_or_none(value: object) -> str | None:
    if value is None:
        return None
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
