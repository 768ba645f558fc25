"""YAML that holds sellers' words: whatever they typed comes out as a text, on one line."""

import json
import re

# What YAML takes for the end of a line, or does not allow, though JSON does.
_NOT_AS_IT_IS = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_PLAIN = re.compile(r"[a-z][a-z0-9_/#-]*")


def quoted(text: str) -> str:
    """Return a text between double quotes, which YAML reads as that very text."""
    # Not yaml.safe_dump: it writes each emoji as a number, and nobody could review that.
    written = json.dumps(text, ensure_ascii=False)
    return _NOT_AS_IT_IS.sub(lambda match: f"\\u{ord(match[0]):04x}", written)


def plain_or_quoted(text: str) -> str:
    """Return an address or a word as it is, and anything else between double quotes."""
    return text if _PLAIN.fullmatch(text) else quoted(text)
