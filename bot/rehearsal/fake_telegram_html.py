"""Telegram's HTML as its server reads it: the same tags, the same refusals in the same words."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

KINDS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler", "span": "spoiler",
    "a": "text_link", "code": "code", "pre": "pre", "blockquote": "blockquote",
}  # fmt: skip

_NAME = re.compile(r"</?(?P<name>[^\s>]*)")
_REST = re.compile(r"""(?P<attributes>(?:[^>"']|"[^"]*"|'[^']*')*)>""")
_ATTRIBUTE = re.compile(
    r"""\s*(?P<name>[^\s=>/"']+)(?:\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[\w.-]+)))?"""
)
_CHARACTER_REFERENCE = re.compile(r"&(?:lt|gt|amp|quot|#\d{1,7}|#x[0-9a-fA-F]{1,6})(?:;|\b)")


class Unparsable(ValueError):
    """The HTML is refused; the message is Telegram's."""


@dataclass(frozen=True)
class _Open:
    name: str
    url: str
    offset: int


def parse(html: str) -> tuple[str, list[dict[str, Any]]]:
    """Return the text and its entities, or raise what Telegram says."""
    return _Reader(html).read()


def utf16_length(text: str) -> int:
    return sum(2 if ord(character) > 0xFFFF else 1 for character in text)


class _Reader:
    def __init__(self, html: str) -> None:
        self._html = html
        self._position = 0
        self._text = ""
        self._entities: list[dict[str, Any]] = []
        self._open: list[_Open] = []

    def read(self) -> tuple[str, list[dict[str, Any]]]:
        while self._position < len(self._html):
            character = self._html[self._position]
            if character == "&":
                self._reference()
            elif character == "<":
                self._tag()
            else:
                self._text += character
                self._position += 1
        if self._open:
            raise Unparsable(f'Can\'t find end tag corresponding to start tag "{self._open[-1].name}"')
        self._entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return self._text, self._entities

    def _reference(self) -> None:
        match = _CHARACTER_REFERENCE.match(self._html, self._position)
        written = match[0] if match else "&"
        self._text += unescape(written) if match else written
        self._position += len(written)

    def _tag(self) -> None:
        offset = len(self._html[: self._position].encode())
        opening = _NAME.match(self._html, self._position)
        assert opening
        closing, name = opening[0].startswith("</"), opening["name"].lower()
        unsupported = not closing and name not in KINDS
        if unsupported and opening.end() < len(self._html):
            raise Unparsable(f'Unsupported start tag "{name}" at byte offset {offset}')
        if closing and not self._open:
            raise Unparsable(f"Unexpected end tag at byte offset {offset}")
        rest = _REST.match(self._html, opening.end())
        if not rest:
            raise Unparsable(f"Unclosed {'end' if closing else 'start'} tag at byte offset {offset}")
        if closing:
            self._close(name, offset)
        else:
            self._start(name, rest["attributes"], offset)
        self._position = rest.end()

    def _start(self, name: str, written: str, offset: int) -> None:
        attributes = {
            found["name"]: unescape(found["double"] or found["single"] or found["bare"] or "")
            for found in _ATTRIBUTE.finditer(written)
        }
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise Unparsable(f'Tag "span" must have class "tg-spoiler" at byte offset {offset}')
        self._open.append(_Open(name, attributes.get("href", ""), utf16_length(self._text)))

    def _close(self, name: str, offset: int) -> None:
        tag = self._open.pop()
        if name and name != tag.name:
            raise Unparsable(f'Unmatched end tag at byte offset {offset}, expected "</{tag.name}>", found "</{name}>"')
        length = utf16_length(self._text) - tag.offset
        entity = {"type": KINDS[tag.name], "offset": tag.offset, "length": length}
        if tag.name == "a":
            entity["url"] = tag.url
        # A link whose address is no web address silently loses it, as on Telegram.
        if length and (tag.name != "a" or re.match(r"(https?|tg|ton|mailto|tel):", tag.url)):
            self._entities.append(entity)
