"""The shape of a document: Markdown with a head, and sections with fields and a text per language."""

import re
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from indexer.faults import Faults
from indexer.located_yaml import Located, load_mapping, read_text
from indexer.sections import LANGUAGES, Language, Text

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LANGUAGE_HEADING = re.compile(r"### (?P<language>\w+): (?P<heading>.*\S)\s*")
_NOT_IN_A_TEXT = (
    (re.compile(r"#{1,6} "), "a heading"),
    (re.compile(r"\s*\|.*\|\s*$|[\s:|-]*-{3,}\s*\|[\s:|-]*$"), "a table"),
    (re.compile(r"```"), "a code block"),
    (re.compile(r".*!\[.*\]\("), "a picture"),
    (re.compile(r".*</?[a-zA-Z][^>]*>"), "HTML"),
)


@dataclass(frozen=True)
class LocatedText:
    """A section's text in one language, the line of its heading and the line on which its body begins."""

    text: Text
    line: int
    body_line: int


@dataclass
class RawSection:
    """A section as it stands in the file."""

    slug: str
    line: int
    fields: Located
    texts: dict[Language, LocatedText] = field(default_factory=dict)


@dataclass(frozen=True)
class RawDocument:
    """A document as it stands in the file; `address` is `kind/name`."""

    path: Path
    address: str
    head: Located
    sections: tuple[RawSection, ...]


def read_document(path: Path, address: str, faults: Faults) -> RawDocument | None:
    """Read one document; faults are noted, and what can be read is returned."""
    text = read_text(path, faults)
    if text is None:
        return None
    # Not splitlines(): it also breaks at signs that no editor counts as a line.
    lines = re.split(r"\r\n|\r|\n", text)
    head, start = _read_head(lines, path, faults)
    if head is None:
        return None
    if not SLUG.fullmatch(address.split("/", 1)[1]):
        faults.add(path, 1, f"the file name `{path.name}` must be small letters, digits and hyphens.")
    return RawDocument(path, address, head, tuple(_Body(lines, path, faults).sections(start)))


def _read_head(lines: list[str], path: Path, faults: Faults) -> tuple[Located | None, int]:
    if not lines or lines[0].strip() != "---":
        faults.add(path, 1, "the document must begin with its head between two `---` lines.")
        return None, 0
    for number, line in enumerate(lines[1:], start=1):
        if line.strip() == "---":
            return load_mapping("\n".join(lines[1:number]), 2, path, faults), number + 1
    faults.add(path, 1, "the head is not closed; end it with a line `---`.")
    return None, 0


class _Body:
    """Walks over the lines below the head."""

    def __init__(self, lines: list[str], path: Path, faults: Faults) -> None:
        self.lines = lines
        self.path = path
        self.faults = faults

    def sections(self, start: int) -> list[RawSection]:
        """Return the sections found from line index `start` on."""
        starts = [n for n in range(start, len(self.lines)) if self.lines[n].startswith("## ")]
        if not starts:
            self.faults.add(self.path, start, "no section; start one with `## name-of-the-section`.")
        return [self._section(begin, end) for begin, end in pairwise([*starts, len(self.lines)])]

    def _section(self, begin: int, end: int) -> RawSection:
        slug = self.lines[begin][3:].strip()
        if not SLUG.fullmatch(slug):
            self.faults.add(
                self.path, begin + 1, f"`## {slug}` must be small letters, digits and hyphens (the section's address)."
            )
        fields, after = self._fields(begin + 1, end)
        section = RawSection(slug, begin + 1, fields)
        heads = [n for n in range(after, end) if self.lines[n].startswith("### ")]
        self._refuse_stray_text(after, heads[0] if heads else end)
        for head, stop in pairwise([*heads, end]):
            self._text(section, head, stop)
        return section

    def _fields(self, begin: int, end: int) -> tuple[Located, int]:
        position = begin
        while position < end and not self.lines[position].strip():
            position += 1
        if position == end or self.lines[position].strip() != "```yaml":
            return Located({}, {}, begin), begin
        for close in range(position + 1, end):
            if self.lines[close].strip() == "```":
                block = "\n".join(self.lines[position + 1 : close])
                return load_mapping(block, position + 2, self.path, self.faults), close + 1
        self.faults.add(self.path, position + 1, "the yaml block is not closed; end it with a line of three backticks.")
        return Located({}, {}, begin), end

    def _refuse_stray_text(self, begin: int, end: int) -> None:
        for number in range(begin, end):
            if self.lines[number].strip():
                self.faults.add(self.path, number + 1, "text outside a language; put it below `### id:` or `### en:`.")
                return

    def _text(self, section: RawSection, head: int, stop: int) -> None:
        match = _LANGUAGE_HEADING.fullmatch(self.lines[head])
        if match is None or match["language"] not in LANGUAGES:
            self.faults.add(self.path, head + 1, "expected `### id: …` or `### en: …` with the question as heading.")
            return
        language: Language = "id" if match["language"] == "id" else "en"
        if language in section.texts:
            self.faults.add(self.path, head + 1, f"`### {language}:` stands twice in `{section.slug}`; keep one.")
        raw = "\n".join(self.lines[head + 1 : stop])
        body = raw.strip()
        blank = raw[: len(raw) - len(raw.lstrip())].count("\n")
        self._refuse_markup(head + 1, stop)
        if not body:
            self.faults.add(
                self.path,
                head + 1,
                f"`{section.slug}` has no text in `{language}`; write the answer below the heading.",
            )
        section.texts[language] = LocatedText(Text(match["heading"], body), head + 1, head + 2 + blank)

    def _refuse_markup(self, begin: int, stop: int) -> None:
        for number in range(begin, stop):
            for pattern, name in _NOT_IN_A_TEXT:
                if pattern.match(self.lines[number]):
                    self.faults.add(
                        self.path, number + 1, f"{name} cannot be sent in a chat; write it as text or a list."
                    )
