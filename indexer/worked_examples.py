"""Worked examples in a text: quoted lines whose arithmetic is recomputed."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from indexer.figures import MULTIPLIERS, plain

_EXAMPLE = re.compile(r"^> ?(?:\*\*)?(?:Contoh|Example)\b.*(?:\n>.*)*", re.MULTILINE)
_NUMBER = rf"(?:Rp|US\$|\$)?\s?\d+(?:[.,]\d+)*(?:\s?(?:{'|'.join(MULTIPLIERS)}))?\s?(?:%|persen|percent)?"
_OPERATOR = r"[×x*+\-−–/÷]"
_EQUATION = re.compile(rf"(?P<sum>{_NUMBER}(?:\s*{_OPERATOR}\s*{_NUMBER})+)\s*=\s*(?P<result>{_NUMBER})", re.IGNORECASE)
_PERCENT = re.compile(r"\d+(?:[.,]\d+)*\s?(?:%|persen|percent)", re.IGNORECASE)
_TOKEN = re.compile(rf"(?P<number>{_NUMBER})|(?P<operator>{_OPERATOR})", re.IGNORECASE)


@dataclass(frozen=True)
class Example:
    """A quoted worked example; `line` counts from 0 at the text's first line."""

    text: str
    line: int

    @property
    def equations(self) -> list[tuple[str, str]]:
        """Return each `sum = result` as it stands."""
        return [(match["sum"], match["result"]) for match in _EQUATION.finditer(self._unmarked)]

    @property
    def rates(self) -> str:
        """Return the percentages in it, as text: rates must come from the facts."""
        return " ; ".join(_PERCENT.findall(self._unmarked))

    @property
    def _unmarked(self) -> str:
        return self.text.replace("**", "").replace("\n>", " ")

    def wrong(self) -> list[str]:
        """Return a sentence for each equation that does not come out, to the last place of its result."""
        return [sentence for terms, result in self.equations if (sentence := _wrong(terms.strip(), result.strip()))]


def split_examples(body: str) -> tuple[str, list[Example]]:
    """Return the text without its worked examples, and the examples. Only quotes with an equation are examples."""
    found = [Example(match[0], body.count("\n", 0, match.start())) for match in _EXAMPLE.finditer(body)]
    examples = [example for example in found if example.equations]
    rest = body
    for example in examples:
        rest = rest.replace(example.text, "")
    return rest, examples


def _wrong(terms: str, result: str) -> str | None:
    try:
        value, claimed = _evaluate(terms), _value(result)
        step = Decimal(1).scaleb(min(0, int(_number(result).as_tuple().exponent))) * _scale(result)
    except ArithmeticError:
        return f"`{terms} = {result}` cannot be computed; correct its numbers."
    if abs(value - claimed) < step:
        return None
    return f"`{terms} = {result}` does not come out; it is {value.normalize():f}."


def _value(token: str) -> Decimal:
    """Return the value of `Rp200.000`, `9,25%` (0.0925) or `1,5 juta`."""
    return _number(token) * _scale(token)


def _number(token: str) -> Decimal:
    digits = re.search(r"\d+(?:[.,]\d+)*", token)
    number = plain(digits[0]) if digits else None
    if number is None:
        raise InvalidOperation(token)
    return Decimal(number)


def _scale(token: str) -> Decimal:
    lowered = token.lower()
    scale = Decimal(1)
    for unit, factor in MULTIPLIERS.items():
        if re.search(rf"\d\s?{unit}\b", lowered):
            scale *= factor
    return scale / 100 if re.search(r"%|persen|percent", lowered) else scale


def _evaluate(terms: str) -> Decimal:
    tokens = list(_TOKEN.finditer(terms))
    numbers = [_value(token["number"]) for token in tokens if token["number"]]
    operators = [token["operator"] for token in tokens if token["operator"]]
    total, product, sign = Decimal(0), numbers[0], 1
    for operator, number in zip(operators, numbers[1:], strict=True):
        if operator in "×x*X":
            product *= number
        elif operator in "/÷":
            product /= number
        else:
            total += sign * product
            product, sign = number, 1 if operator == "+" else -1
    return total + sign * product
