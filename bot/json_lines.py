"""Questions and answers as JSON lines, for other programs."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date
from typing import IO, Any

from bot.answerer import Answerer
from bot.answers import Answer, Question
from indexer.fields import parse_day

_FIELDS = frozenset({"id", "text", "previous", "language", "on"})


def answer_lines(answerer: Answerer, lines: IO[bytes], today: Callable[[], date]) -> Iterator[dict[str, Any]]:
    """Answer each line in order; a bad line gets `{"id": null, "error": …, "line": n}` and the rest goes on."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            identity, question = _question(line, today())
        except ValueError as error:
            yield {"id": None, "error": str(error), "line": number}
            continue
        yield answer_record(identity, answerer.answer(question))


def answer_record(identity: object, answer: Answer) -> dict[str, Any]:
    """Return an answer as a JSON object."""
    return {
        "id": identity,
        "outcome": answer.outcome,
        "language": answer.language,
        "text": answer.text,
        "confidence": round(answer.confidence, 4),
        "citations": [_plain(asdict(citation)) for citation in answer.citations],
        "options": [asdict(option) for option in answer.options],
        "ms": round(answer.timings.get("total", 0.0), 2),
    }


def _plain(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in record.items()}


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        record = json.loads(line.decode("utf-8-sig"))
        # The id comes back as it was, so it must be writable again.
        json.dumps(record, ensure_ascii=False, allow_nan=False).encode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError("the line is not UTF-8; write JSON in UTF-8.") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"the line is not JSON ({error.msg} at character {error.pos}).") from error
    except UnicodeEncodeError as error:
        raise ValueError("the line holds half a character (a lone surrogate); write whole ones.") from error
    except RecursionError as error:
        raise ValueError("the line is nested too deeply; write one flat JSON object.") from error
    except ValueError as error:
        raise ValueError("the line holds a number that is too long or none at all; write a plain one.") from error
    if not isinstance(record, dict):
        raise ValueError("the line must be a JSON object with `id` and `text`.")
    if unknown := sorted(set(record) - _FIELDS):
        raise ValueError(f"unknown field `{unknown[0]}`; known are {', '.join(sorted(_FIELDS))}.")
    return record


def _question(line: bytes, today: date) -> tuple[object, Question]:
    record = _parsed(line)
    text, previous, language = record.get("text"), record.get("previous") or [], record.get("language")
    if not isinstance(text, str):
        raise ValueError("`text` must be a text.")
    if not isinstance(previous, list) or not all(isinstance(item, str) for item in previous):
        raise ValueError("`previous` must be a list of texts.")
    if language not in (None, "id", "en"):
        raise ValueError(f'`language` is {json.dumps(language)}; write "id", "en" or null.')
    on = parse_day(record["on"]) if record.get("on") else None
    if record.get("on") and on is None:
        raise ValueError(f'`on` is {json.dumps(record["on"])}; write a day of the calendar such as "2025-05-01".')
    return record.get("id"), Question(text, today, tuple(previous), language, on)
