"""Which sources a seller is shown, and in what order."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from indexer.faults import Faults
from indexer.fields import Fields
from indexer.located_yaml import load_mapping, read_text
from indexer.sections import Source

# The register notes in brackets how a source was read; that is evidence for us, not a part of its name.
_REMARK = re.compile(
    r"\s*\((?:text of|cited in|public copy|read in|seen via|announcement;|official text|reader letter|page not)[^()]*\)"
)
_BRACKETS = re.compile(r"\s*\([^()]*\)")
_OFFICIAL, _WELL_KNOWN, _OTHER, _SECOND_HAND = range(4)


@dataclass(frozen=True)
class Publishers:
    """Parts of publishers' names, small letters."""

    official: tuple[str, ...] = ()
    second_hand: tuple[str, ...] = ()
    well_known: tuple[str, ...] = ()

    def rank(self, source: Source) -> int:
        """Return 0 for an official source, 1 for a well-known newspaper, 2 for others, 3 for second-hand notes."""
        name = source.publisher.lower()
        if any(name.startswith(part) for part in self.official):
            return _OFFICIAL
        if any(part in name for part in self.second_hand):
            return _SECOND_HAND
        return _WELL_KNOWN if any(name.startswith(part) for part in self.well_known) else _OTHER

    def shown(self, sources: Iterable[Source]) -> tuple[Source, ...]:
        """Return the sources for sellers' eyes: official first, those with an address before those without.

        Second-hand notes are left out where anything better is there; names lose the register's remarks.
        """
        ranked = sorted(sources, key=lambda source: (self.rank(source), source.url is None))
        better = [source for source in ranked if self.rank(source) != _SECOND_HAND]
        unique = {
            (_clean(source).publisher, _clean(source).title): _clean(source) for source in reversed(better or ranked)
        }
        return tuple(reversed(unique.values()))


def _clean(source: Source) -> Source:
    return Source(
        _BRACKETS.sub("", source.publisher).strip() or source.publisher,
        _REMARK.sub("", source.title).strip(),
        source.date,
        source.url,
    )


def load_publishers(path: Path, faults: Faults) -> Publishers:
    """Read `publishers.yaml`; a missing file means that no publisher is known."""
    text = read_text(path, faults) if path.exists() else None
    if text is None:
        return Publishers()
    fields = Fields(load_mapping(text, 1, path, faults), path, faults)
    fields.refuse_unknown(("official", "second_hand", "well_known"))
    return Publishers(fields.texts("official"), fields.texts("second_hand"), fields.texts("well_known"))
