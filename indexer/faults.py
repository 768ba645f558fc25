"""Faults in the knowledge, and the errors of this package."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, order=True)
class Fault:
    """Something to mend in a file: what was found, and what to do."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


@dataclass
class Faults:
    """Collects faults, so that one run reports all of them. `root` is what paths are shown relative to."""

    root: Path
    found: list[Fault] = field(default_factory=list)

    def add(self, path: Path, line: int, message: str) -> None:
        """Note a fault at that line of that file."""
        shown = path.relative_to(self.root) if path.is_relative_to(self.root) else path
        self.found.append(Fault(str(shown), line, message))

    def sorted(self) -> tuple[Fault, ...]:
        """Return the faults in order of file and line, each once."""
        return tuple(sorted(set(self.found)))


class IndexerError(Exception):
    """Something the person at the keyboard can mend; its text says what was found and what to do."""


class KnowledgeError(IndexerError):
    """The knowledge has faults; nothing was built."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        count = len(self.faults)
        super().__init__(f"{count} fault{'s' if count != 1 else ''} in the knowledge; mend them and run it again.")


class GenerationError(IndexerError):
    """A generation is missing, incomplete, or was made for something else."""


class ModelError(IndexerError):
    """The embedding model cannot be loaded, or is not the one that made the index."""


class ProposalsError(IndexerError):
    """The file of proposals is missing, or cannot be read as such."""
