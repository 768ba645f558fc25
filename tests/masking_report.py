"""Prints how well personal data is masked: `python -m tests.masking_report`."""

import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.masking import find
from bot.personal_data import Kind, Span
from tests.masking_corpus import Labelled, corpus


@dataclass
class Scores:
    """Counts per kind, and the texts that went wrong."""

    marked: Counter[Kind] = field(default_factory=Counter)  # spans in the messages
    found: Counter[Kind] = field(default_factory=Counter)  # of those, found whole and under their name
    masked: Counter[Kind] = field(default_factory=Counter)  # places that were masked
    right: Counter[Kind] = field(default_factory=Counter)  # of those, on a span of that name
    leaked: int = 0  # spans of which a character is left, whatever the name
    changed_clean: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """Share of the marked spans that were found."""
        return self.found.total() / self.marked.total()

    @property
    def precision(self) -> float:
        """Share of the masked places that were right."""
        return self.right.total() / self.masked.total()


def score(messages: Iterable[Labelled]) -> Scores:
    """Mask the messages and compare with their marks."""
    scores = Scores()
    for message in messages:
        _add(scores, message, find(message.text))
    return scores


def _add(scores: Scores, message: Labelled, masked: tuple[Span, ...]) -> None:
    for span in message.spans:
        over = [other for other in masked if other.start <= span.start and span.end <= other.end]
        scores.marked[span.kind] += 1
        scores.found[span.kind] += any(other.kind is span.kind for other in over)
        scores.leaked += not over
    for other in masked:
        under = [span for span in message.spans if other.start < span.end and span.start < other.end]
        scores.masked[other.kind] += 1
        scores.right[other.kind] += any(span.kind is other.kind for span in under)
    scores.changed_clean += not message.spans and bool(masked)
    if masked != message.spans:
        shown = ", ".join(f"{other.kind} {message.text[other.start : other.end]!r}" for other in masked)
        scores.faults.append(f"{message.text!r}: masked {shown or 'nothing'}")


def table(scores: Scores) -> str:
    """Return the figures as lines of text."""
    lines = [f"{'kind':10}{'spans':>7}{'recall':>9}{'masked':>9}{'precision':>11}"]
    for kind in (kind for kind in Kind if scores.marked[kind] or scores.masked[kind]):
        recall, precision = _share(scores.found, scores.marked, kind), _share(scores.right, scores.masked, kind)
        lines.append(f"{kind:10}{scores.marked[kind]:7}{recall:>9}{scores.masked[kind]:9}{precision:>11}")
    lines.append(
        f"{'all':10}{scores.marked.total():7}{scores.recall:9.3f}{scores.masked.total():9}{scores.precision:11.3f}"
    )
    return "\n".join([*lines, f"left readable: {scores.leaked}; clean messages changed: {scores.changed_clean}"])


def _share(part: Counter[Kind], whole: Counter[Kind], kind: Kind) -> str:
    return f"{part[kind] / whole[kind]:.3f}" if whole[kind] else "-"


def main() -> None:
    """Print the table and every message on which mask and marks differ."""
    messages = corpus()
    scores = score(messages)
    dirty = sum(bool(message.spans) for message in messages)
    sys.stdout.write(f"{len(messages)} made-up messages, {dirty} of them with personal data\n{table(scores)}\n")
    sys.stdout.writelines(f"differs: {fault}\n" for fault in scores.faults)


if __name__ == "__main__":
    main()
