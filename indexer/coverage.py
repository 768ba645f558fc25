"""How much of the register the sections say."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from indexer.facts import Fact
from indexer.faults import Faults
from indexer.fields import Fields
from indexer.knowledge import Knowledge
from indexer.located_yaml import load_mapping, read_text


@dataclass(frozen=True)
class Coverage:
    """Facts that at least one section says, facts left out with a reason, and facts that are simply not said."""

    said: tuple[Fact, ...]
    left_out: Mapping[str, str]
    unsaid: tuple[Fact, ...]

    @property
    def share(self) -> float:
        """The share of the register that is said."""
        total = len(self.said) + len(self.left_out) + len(self.unsaid)
        return len(self.said) / total if total else 1.0


def load_left_out(path: Path, knowledge: Knowledge, faults: Faults) -> dict[str, str]:
    """Read `left_out.yaml`; a fact that does not exist, or is said after all, is a fault."""
    text = read_text(path, faults) if path.exists() else None
    fields = Fields(load_mapping(text or "", 1, path, faults), path, faults)
    said = _said(knowledge)
    reasons: dict[str, str] = {}
    for name in fields.located.values:
        if name not in knowledge.facts:
            fields.fault(name, f"{name} is not in the register; correct the id or remove the line.")
        elif name in said:
            fields.fault(name, f"{name} is said by a section after all; remove the line.")
        else:
            reasons[name] = fields.text(name) or ""
    return reasons


def coverage_of(knowledge: Knowledge, left_out: Mapping[str, str]) -> Coverage:
    """Count the facts."""
    said = _said(knowledge)
    return Coverage(
        tuple(fact for fact in knowledge.facts.values() if fact.id in said),
        left_out,
        tuple(fact for fact in knowledge.facts.values() if fact.id not in said and fact.id not in left_out),
    )


def _said(knowledge: Knowledge) -> set[str]:
    return {name for section in knowledge.sections.values() for name in section.facts}
