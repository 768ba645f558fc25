"""Which of the numbers in a text are somebody's: phones, identities, accounts, cards, orders and receipts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.mask_hints import Hint, goes_on, hint_after, hint_before
from bot.personal_data import Kind, Span, is_card, is_mobile, is_nik, is_timestamp

_GROUP = re.compile(r"\d+")
_JOINT = re.compile(r"[ \u00a0.\-‐‑–()]{1,3}")
_CURRENCY = re.compile(r"(?:rp|idr|usd|sgd|us\$|\$)[. ]{0,2}$")
_UNIT = re.compile(
    r"\s?(?:juta|jt|ribu|rb|k|m|mio|miliar|milyar|triliun|rupiah|perak|persen|pcs|unit|ton|kg|views?|followers?)"
    r"(?![a-z])|\s?%|,\d\d(?!\d)|,-"
)
_MOST_GROUPS = 8
_LENGTHS = {
    Kind.PHONE: range(8, 15),
    Kind.NIK: range(15, 18),
    Kind.NPWP: range(15, 17),
    Kind.ACCOUNT: range(10, 17),
    Kind.ORDER: range(9, 21),
    Kind.RECEIPT: range(10, 21),
    Kind.CARD: range(13, 20),
}
_NPWP_SHAPE = (2, 3, 3, 1, 3, 3)
_YEAR = re.compile(r"(?:19|20)\d\d")
_AREA = re.compile(r"0[2-79]\d{1,2}")


@dataclass(frozen=True)
class _Number:
    """Groups of digits that may be one number, where they stand in the text."""

    text: str
    groups: tuple[re.Match[str], ...]

    @property
    def start(self) -> int:
        return self.groups[0].start()

    @property
    def end(self) -> int:
        return self.groups[-1].end()

    @property
    def digits(self) -> str:
        return "".join(group[0] for group in self.groups)

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(len(group[0]) for group in self.groups)

    @property
    def single(self) -> bool:
        return len(self.groups) == 1

    @property
    def joints(self) -> set[str]:
        return {self.text[one.end() : two.start()] for one, two in zip(self.groups, self.groups[1:], strict=False)}

    @property
    def international(self) -> bool:
        return self.text[self.start - 1 : self.start] == "+"

    @property
    def glued(self) -> bool:
        """Whether letters touch it, as in an article number or a hash."""
        around = self.text[max(0, self.start - 1) : self.start] + self.text[self.end : self.end + 1]
        return any(character.isalpha() or character == "_" for character in around)


def numbers(text: str) -> Iterator[Span]:
    """Yield the personal numbers in a text in lower case with ASCII digits."""
    last: Span | None = None
    for run in _runs(text):
        place = 0
        while place < len(run):
            number, kind = _read(text, run[place : place + _MOST_GROUPS], last)
            if kind is not None:
                last = Span(_opening(number), number.end, kind)
                yield last
            place += len(number.groups)


def _runs(text: str) -> Iterator[list[re.Match[str]]]:
    """Yield groups of digits that follow each other with nothing but joints between."""
    run: list[re.Match[str]] = []
    for group in _GROUP.finditer(text):
        if run and not _JOINT.fullmatch(text, run[-1].end(), group.start()):
            yield run
            run = []
        run.append(group)
    if run:
        yield run


def _opening(number: _Number) -> int:
    """Return where the number starts with its plus sign, and its bracket if that closes inside."""
    text = number.text
    start = number.start - number.international
    bracket = text[start - 1 : start] == "(" and ")" in text[start : number.end]
    return start - bracket


def _read(text: str, run: list[re.Match[str]], last: Span | None) -> tuple[_Number, Kind | None]:
    """Return the groups from the first one that belong together, and whose number they are."""
    before = hint_before(text, run[0].start())
    if last is not None and goes_on(text, last.end, run[0].start()):
        before = Hint(last.kind, near=True)
    # A single group that makes sense is taken; only else is it joined, to the longest that makes sense.
    single, *joined = (_Number(text, tuple(run[:length])) for length in (1, *range(len(run), 1, -1)))
    if len(single.digits) > 3 and _is_priced(single) and not is_mobile(single.digits):
        return single, None
    for number in (single, *joined):
        if kind := _kind(number, before):
            return number, kind
        if not number.single and (_is_amount(number) or _is_date(number)):
            return number, None
    return single, None


def _kind(number: _Number, before: Hint) -> Kind | None:
    if len(number.digits) < 8 or (_is_amount(number) and not is_mobile(number.digits)):
        return None
    hint = before if before.meaning else hint_after(number.text, number.end)
    return _kind_by_itself(number, hint) or _kind_by_hint(number, hint) or _unknown(number, hint)


def _kind_by_itself(number: _Number, hint: Hint) -> Kind | None:
    """Tell numbers that are known by their digits; a word right beside them may still say otherwise."""
    digits, said = number.digits, hint.meaning if hint.near else None
    if number.shape == _NPWP_SHAPE:
        return Kind.NPWP
    if _is_phone(number):
        return _said(number, hint) if said in (Kind.ACCOUNT, Kind.ORDER, Kind.RECEIPT) else Kind.PHONE
    if len(digits) == 16 and min(number.shape) >= 2:
        return _sixteen(number, hint)
    if number.single and len(digits) == 12 and digits.startswith("000"):  # SiCepat
        return _said(number, hint) or Kind.RECEIPT
    if number.single and len(digits) in (17, 18, 19) and said != "product":
        return _said(number, hint) or Kind.ORDER
    return Kind.CARD if is_card(digits) and (said == Kind.CARD or len(digits) == 15) else None


def _sixteen(number: _Number, hint: Hint) -> Kind | None:
    if said := _said(number, hint):
        return said
    if is_nik(number.digits):
        return Kind.NIK
    if is_card(number.digits):
        return Kind.CARD
    return Kind.NPWP if number.single and number.digits[0] == "0" else None


def _said(number: _Number, hint: Hint) -> Kind | None:
    """Return the kind that a word right beside a number gives it, where its length allows that."""
    if not hint.near or not isinstance(hint.meaning, Kind) or hint.meaning not in _LENGTHS:
        return None
    return hint.meaning if len(number.digits) in _LENGTHS[hint.meaning] else None


def _kind_by_hint(number: _Number, hint: Hint) -> Kind | None:
    """Tell numbers that are known by the words around them."""
    if not isinstance(hint.meaning, Kind) or len(number.digits) not in _LENGTHS.get(hint.meaning, ()):
        return None
    if not number.single and (len(number.groups) > 5 or min(number.shape[:-1]) < 2 or len(number.joints) > 1):
        return None
    if hint.meaning is Kind.PHONE and not re.match(r"0|8[1-35-9]|62", number.digits):
        return None
    return hint.meaning


def _unknown(number: _Number, hint: Hint) -> Kind | None:
    """Tell a long number that nobody writes for an amount: it may be an account, so it goes."""
    if not number.single or number.glued or hint.meaning in ("figure", "product"):
        return None
    return Kind.NUMBER if len(number.digits) >= 12 and not is_timestamp(number.digits) else None


def _is_phone(number: _Number) -> bool:
    digits, shape = number.digits, number.shape
    if is_mobile(digits):
        return min(shape) >= 2 or shape[0] == 1
    if number.international:
        return 9 <= len(digits) <= 15 and len(number.groups) <= 5
    landline = 2 <= len(shape) <= 3 and 9 <= len(digits) <= 12 and min(shape[1:]) >= 3
    return landline and _AREA.fullmatch(number.groups[0][0]) is not None


def _is_amount(number: _Number) -> bool:
    head, *rest = number.shape
    thousands = head <= 3 and set(rest) == {3} and number.digits[0] != "0" and number.joints in ({"."}, {" "})
    if not number.single:
        return thousands
    return _is_priced(number) or number.digits.endswith("00000")


def _is_priced(number: _Number) -> bool:
    """Tell whether a currency stands before it or a unit behind it."""
    before = _CURRENCY.search(number.text, max(0, number.start - 6), number.start)
    return before is not None or _UNIT.match(number.text, number.end) is not None


def _is_date(number: _Number) -> bool:
    parts = [group[0] for group in number.groups]
    if number.shape == (4, 2, 2):
        parts.reverse()
    if len(parts) != 3 or not _YEAR.fullmatch(parts[2]):
        return False
    return all(1 <= int(part) <= 31 for part in parts[:2])
