"""Generations: whole indexes, made beside the live one and published by one atomic change."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from indexer.faults import GenerationError
from indexer.snapshot import Snapshot
from indexer.vectors import KeyVectors

NAME = re.compile(r"\d{8}-\d{6}-[0-9a-f]{6}")


@dataclass(frozen=True)
class Manifest:
    """What a generation is made of; it is written last, and its presence seals the generation.

    `ranking` are the weights that its sections are ranked by.
    """

    name: str
    created_at: str
    model: str
    fingerprint: str
    dimension: int
    documents: Mapping[str, str]
    counts: Mapping[str, int]
    gate: Mapping[str, float] = field(default_factory=dict)
    ranking: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Generation:
    """A sealed generation, opened for reading."""

    manifest: Manifest
    snapshot: Snapshot
    vectors: KeyVectors


class Draft(Protocol):
    """A generation being made: vectors are added, then it is sealed."""

    @property
    def vectors(self) -> KeyVectors:
        """The collection that its vectors go into."""

    def seal(self, manifest: Manifest, snapshot: Snapshot) -> None:
        """Write the rest and make the generation visible."""


class GenerationStore(Protocol):
    """Where generations are kept: in folders, or in a Chroma server."""

    def names(self) -> list[str]:
        """Return the names of the sealed generations, newest first."""

    def manifest(self, name: str) -> Manifest:
        """Return what a generation is made of; raises GenerationError where there is none of that name."""

    def open(self, name: str) -> Generation:
        """Open a sealed generation; raises GenerationError where there is none of that name."""

    def draft(self, name: str, like: str | None = None) -> Draft:
        """Begin a new generation: empty, or with the vectors of another where this store can copy them."""

    def delete(self, name: str) -> None:
        """Remove a generation, sealed or not."""

    def unfinished(self) -> list[str]:
        """Return the names of generations that were begun and never sealed."""

    def published(self) -> str | None:
        """Return the name of the generation that answers."""

    def point_to(self, name: str) -> None:
        """Make that generation the one that answers, by one atomic change."""


@contextmanager
def readable(name: str) -> Iterator[None]:
    """Tell of a damaged generation in one sentence, whatever is wrong with its files.

    Raises:
        GenerationError: it cannot be read.
    """
    try:
        yield
    except (OSError, ValueError, LookupError, TypeError) as error:
        message = (
            f"generation {name} cannot be read ({type(error).__name__}: {error}); "
            "publish another one, or run `python -m indexer build`."
        )
        raise GenerationError(message) from error


def no_such_generation(name: str, names: Sequence[str]) -> GenerationError:
    """Return the error for a name that is not among the known ones."""
    known = ", ".join(names) or "none yet; run `python -m indexer build`"
    return GenerationError(f"there is no generation `{name}`; known are: {known}.")
