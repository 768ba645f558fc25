"""Masks personal data before anything is stored: `[phone]` stands where a phone number stood."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator

from bot.mask_hints import hint_before
from bot.mask_numbers import numbers
from bot.personal_data import Kind, Span

_BLANK = "\ue000"  # stands where something was found, so that nothing is found twice
_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}(?:@| @ |\s?[\[(](?:at|et)[\])]\s?)[\w-]{1,63}"
    r"(?:(?:\.|\s?[\[(](?:dot|titik)[\])]\s?)[\w-]{1,63}){0,3}(?:\.|\s?[\[(](?:dot|titik)[\])]\s?)[a-z]{2,12}"
)
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"]+|(?<![\w.@-])(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,6}/[^\s<>\"]+")
_PHONE_LINK = re.compile(
    r"(?:wa\.me/|api\.whatsapp\.com/[^\s]{0,40}?phone=|(?<=tel:))\+?\d{8,15}|(?<=phone=)\+?\d{8,15}"
)
_ORDER_LINK = re.compile(
    r"(?<=[/?&_])(?:order|invoice|pesanan)[a-z_-]{0,20}[=/](?:[a-z_-]{1,20}[=/])?(?P<code>[\w-]{8,40})"
)
_RECEIPT_LINK = re.compile(r"(?<=[/?&_])(?:awb|resi|waybill|track|tracking)[a-z_-]{0,20}[=/](?P<code>[\w-]{8,40})")
_LONG = re.compile(r"\d{9}|\d{8}$")  # not the date in a page's address
_INVOICE = re.compile(
    r"(?<![a-z])inv[/-]\d{8}[/-](?:[a-z]{1,6}[/-]){1,3}\d{4,14}(?:[/-]\d{1,14})?|(?<![a-z])inv/\d{8}/\d{5,14}"
)
_RECEIPT = re.compile(
    r"(?<![a-z0-9])(?:j[opxzdtv]\d{9,13}|jn[a-z]{0,2}-?\d{9,14}|spx(?:id)?\d{9,15}|tkp\w?\w?-?[a-z0-9]{6,16}|t[jl]\w{0,3}\d{9,14}"
    r"|(?:cgk|bdo|sub|cm|jb|tg)[a-z]{0,2}\d{10,14}|id[se]\d{9,14}|nl?v?id[a-z]{0,4}\d{8,14}|l[pxz]\w{0,3}\d{9,14}"
    r"|gk-\d{2}-\d{6,12})(?![a-z0-9])"
)
_CODE = re.compile(r"(?<![\w-])(?=[a-z-]{0,19}\d)[a-z0-9](?:[a-z0-9]|-(?=[a-z0-9])){8,24}(?![\w-])")
_LETTER_O = re.compile(r"(?<![a-z0-9])o(?=8\d\d)")


def mask(text: str) -> str:
    """Return the text with a placeholder such as `[phone]` for each piece of personal data."""
    return _replaced(text, find(text))


def mask_echoes(text: str, source: str) -> str:
    """Return the text with a placeholder for each piece of personal data of the source that it repeats.

    For what the bot itself says: contacts that it gives to everybody stay readable.
    """
    seen, places = _fold(text)
    letters = [place for place, character in enumerate(seen) if character.isalnum()]
    packed = "".join(seen[place] for place in letters)
    spans: list[Span] = []
    for span in find(source):
        for form in _forms(source[span.start : span.end], span.kind):
            for start in _occurrences(packed, form):
                spans.append(Span(places[letters[start]], places[letters[start + len(form) - 1] + 1], span.kind))
            packed = packed.replace(form, _BLANK * len(form))
    return _replaced(text, sorted(spans))


def _forms(personal: str, kind: Kind) -> list[str]:
    """Return how it may be repeated, by letters and digits only; phones with or without the country code."""
    packed = "".join(character for character in _fold(personal)[0] if character.isalnum())
    if kind is not Kind.PHONE:
        return [packed]
    national = re.sub(r"^(?:62|0)+", "", packed)
    return ["62" + national, "0" + national, national]


def _occurrences(text: str, part: str) -> Iterator[int]:
    start = text.find(part)
    while start >= 0:
        yield start
        start = text.find(part, start + len(part))


def _replaced(text: str, spans: Iterable[Span]) -> str:
    pieces, position = [], 0
    for span in spans:
        pieces += [text[position : span.start], f"[{span.kind}]"]
        position = span.end
    return "".join([*pieces, text[position:]])


def find(text: str) -> tuple[Span, ...]:
    """Return the places of personal data in the text, in order, none overlapping."""
    seen, places = _fold(text)
    spans: list[Span] = []
    for finder in _FINDERS:
        found = list(finder(seen))
        spans += found
        seen = _without(seen, found)
        if finder is _in_links:
            seen = _LINK.sub(lambda match: _BLANK * len(match[0]), seen)
    return tuple(sorted(Span(places[span.start], places[span.end], span.kind) for span in spans))


def _fold(text: str) -> tuple[str, list[int]]:
    """Return the text in lower case, plain digits, nothing invisible; and the place of each character in the original.

    Numbers are also written in other digits (full width, keycaps) or with invisible characters between.
    """
    kept = [(place, _plain(character)) for place, character in enumerate(text) if not _invisible(character)]
    seen = "".join(character for _, character in kept)
    return _LETTER_O.sub("0", seen), [*(place for place, _ in kept), len(text)]


def _plain(character: str) -> str:
    if character.isascii():
        return character.lower()
    plain = unicodedata.normalize("NFKC", character).lower()
    if len(plain) == 1 and plain.isdecimal():
        return str(unicodedata.decimal(plain))
    return plain if len(plain) == 1 else character


def _invisible(character: str) -> bool:
    return not character.isascii() and unicodedata.category(character) in ("Cf", "Mn", "Me")


def _without(text: str, spans: list[Span]) -> str:
    pieces, position = [], 0
    for span in spans:
        pieces += [text[position : span.start], _BLANK * (span.end - span.start)]
        position = span.end
    return "".join([*pieces, text[position:]])


def _emails(text: str) -> Iterator[Span]:
    for match in _EMAIL.finditer(text):
        yield Span(match.start(), match.end(), Kind.EMAIL)


def _in_links(text: str) -> Iterator[Span]:
    """Yield what is personal in links; other numbers there are the addresses of pages."""
    for link in _LINK.finditer(text):
        for kind, pattern in ((Kind.PHONE, _PHONE_LINK), (Kind.ORDER, _ORDER_LINK), (Kind.RECEIPT, _RECEIPT_LINK)):
            for match in pattern.finditer(text, *link.span()):
                group = "code" if kind is not Kind.PHONE else 0
                if _LONG.search(match[group]):
                    yield Span(match.start(group), match.end(group), kind)


def _invoices(text: str) -> Iterator[Span]:
    for match in _INVOICE.finditer(text):
        yield Span(match.start(), match.end(), Kind.ORDER)


def _receipts(text: str) -> Iterator[Span]:
    for match in _RECEIPT.finditer(text):
        if sum(character.isdigit() for character in match[0]) >= 5:
            yield Span(match.start(), match.end(), Kind.RECEIPT)


def _codes(text: str) -> Iterator[Span]:
    """Yield codes of letters and digits that a word beside them makes an order or a receipt."""
    for match in _CODE.finditer(text):
        code = match[0]
        if sum(character.isdigit() for character in code) < 6 or not any(character.isalpha() for character in code):
            continue
        hint = hint_before(text, match.start())
        if hint.near and hint.meaning in (Kind.ORDER, Kind.RECEIPT):
            yield Span(match.start(), match.end(), Kind(hint.meaning))


_FINDERS: tuple[Callable[[str], Iterator[Span]], ...] = (_emails, _in_links, _invoices, _receipts, _codes, numbers)
