"""Light Markdown, in which answers are written: as plain words, as Telegram's HTML, and in pieces that Telegram takes.

It knows `**bold**` and `[title](https://…)` within a line, lines that start with `- `, `1. ` or `> `, and blank lines.
Everything else is literal.
"""

import re
from collections.abc import Iterator
from html import escape
from itertools import groupby

LIMIT = 4096  # of Telegram: UTF-16 units of a message, entities parsed

# Bounded, so that hostile text costs linear time; without a space inside the stars, so that "5 ** 2" stays literal.
_LINK = r"\[(?P<title>[^\[\]\n]{1,500})\]\((?P<url>https?://(?:[^\s()<>]|\([^\s()<>]{0,200}\)){1,1500})\)"
_BOLD = r"\*\*(?=[^\s*])(?P<bold>[^\n]{1,400}?)(?<=\S)\*\*(?!\*)"
_SPAN = re.compile(f"{_LINK}|{_BOLD}")
_SENTENCE_END = re.compile(rf"{_LINK}|{_BOLD}|(?P<end>(?<=[.!?…:;])\s+)")
_WORD_END = re.compile(rf"{_LINK}|{_BOLD}|(?P<end>\s+)")
_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n)+")
_BULLET = re.compile(r"^(\s*)- ")
_QUOTE = re.compile(r"^> ?")


def to_plain(markup: str) -> str:
    """Return the words as they are read where there is no markup; a link becomes `title (url)`."""
    return _SPAN.sub(_plain_span, markup)


def to_html(markup: str) -> str:
    """Return Telegram's HTML for it: everything escaped, tags always balanced."""
    blocks = groupby(markup.split("\n"), key=lambda line: line.startswith(">"))
    return "\n".join(_html_quote(lines) if quoted else _html_lines(lines) for quoted, lines in blocks)


def split(markup: str, limit: int = LIMIT) -> list[str]:
    """Return it in pieces of at most `limit` UTF-16 units, as HTML (parsed) and as plain words.

    It is cut at blank lines, where that is not enough at lines, then sentences, then words; bold and links stay whole.
    """
    pieces = (piece.strip("\n").rstrip() for piece in _fit(markup, limit, level=0))
    return [piece for piece in pieces if piece.strip()]


def split_plain(text: str, limit: int = LIMIT) -> list[str]:
    """Return words without markup in pieces of at most `limit` UTF-16 units, at lines, else words, else anywhere."""
    pieces, rest = [], text.strip()
    while utf16_length(rest) > limit:
        head = rest.encode("utf-16-le", "surrogatepass")[: limit * 2].decode("utf-16-le", "ignore")
        ends = (place for place in (head.rfind("\n"), head.rfind(" ")) if place > len(head) // 2)
        end = next(ends, len(head))
        pieces.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [*pieces, rest]


def utf16_length(text: str) -> int:
    """Return the length as Telegram counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _plain_span(match: re.Match[str]) -> str:
    if match["bold"]:
        return to_plain(match["bold"])
    title, url = to_plain(match["title"]), match["url"]
    return url if title == url else f"{title} ({url})"


def _html_quote(lines: Iterator[str]) -> str:
    return f"<blockquote>{_html_lines(_QUOTE.sub('', line) for line in lines)}</blockquote>"


def _html_lines(lines: Iterator[str]) -> str:
    return "\n".join(_html_inline(_BULLET.sub(r"\1• ", line)) for line in lines)


def _html_inline(text: str) -> str:
    html, position = [], 0
    for match in _SPAN.finditer(text):
        html += [escape(text[position : match.start()], quote=False), _html_span(match)]
        position = match.end()
    return "".join([*html, escape(text[position:], quote=False)])


def _html_span(match: re.Match[str]) -> str:
    if match["bold"]:
        return f"<b>{_html_inline(match['bold'])}</b>"
    return f'<a href="{escape(match["url"])}">{_html_inline(match["title"])}</a>'


def _fit(text: str, limit: int, level: int) -> list[str]:
    """Cut where that level cuts, and join again as many neighbours as fit."""
    if _size(text) <= limit:
        return [text]
    joint, pieces, sizes = "\n\n" if level == 0 else "", [""], [0]
    for part in _CUTS[level](text, limit):
        for fragment in _fit(part, limit, level + 1):
            size = _size(fragment)
            if pieces[-1] and sizes[-1] + len(joint) + size > limit:
                pieces.append(fragment)
                sizes.append(size)
            else:
                size += len(joint) if pieces[-1] else 0
                pieces[-1] += (joint if pieces[-1] else "") + fragment
                sizes[-1] += size
    return pieces


def _size(text: str) -> int:
    # Plain words are never shorter than parsed HTML (addresses of links are in them), and either may be sent.
    return utf16_length(to_plain(text))


def _paragraphs(text: str, _limit: int) -> list[str]:
    return _BLANK_LINES.split(text)


def _lines(text: str, _limit: int) -> list[str]:
    return text.splitlines(keepends=True)


def _sentences(text: str, _limit: int) -> list[str]:
    return list(_cut_after(_SENTENCE_END, text))


def _words(text: str, _limit: int) -> list[str]:
    return list(_cut_after(_WORD_END, text))


def _characters(text: str, limit: int) -> list[str]:
    """Cut anywhere; a bold run or a link that is longer than a whole message loses its markup."""
    pieces, size = [""], 0
    for character in to_plain(text):
        units = utf16_length(character)
        if size + units > limit:
            pieces.append("")
            size = 0
        pieces[-1] += character
        size += units
    return pieces


def _cut_after(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    """Cut behind each `end` of the pattern; the spans that it also matches are passed over whole."""
    start = 0
    for match in pattern.finditer(text):
        if match["end"]:
            yield text[start : match.end()]
            start = match.end()
    if start < len(text):
        yield text[start:]


_CUTS = (_paragraphs, _lines, _sentences, _words, _characters)
