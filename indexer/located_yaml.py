"""YAML with line numbers, where dates and numbers stay text and a key that stands twice is a fault."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from indexer.faults import Faults


class _Loader(yaml.CSafeLoader):
    """Keeps what is typed: `2026-02-30` is reported by us, `1.10` stays so, and a seller's "no" or "on" is a word."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag == "tag:yaml.org,2002:null"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), ["t", "f"])


@dataclass(frozen=True)
class Located:
    """A mapping's values and the line of each key in its file."""

    values: dict[str, Any]
    lines: dict[str, int]
    line: int

    def line_of(self, key: str) -> int:
        """Return the line of that key, or of the mapping where the key is missing."""
        return self.lines.get(key, self.line)


def _located(node: yaml.MappingNode, loader: _Loader, offset: int, path: Path, faults: Faults) -> Located | None:
    lines: dict[str, int] = {}
    for key, _ in node.value:
        line = key.start_mark.line + offset
        if str(key.value) in lines:
            faults.add(path, line, f"`{key.value}` stands twice; keep one of them.")
        lines[str(key.value)] = line
    try:
        values = {str(key): value for key, value in loader.construct_mapping(node, deep=True).items()}
    except yaml.YAMLError as error:
        reason = str(error.problem if isinstance(error, yaml.MarkedYAMLError) else error)
        faults.add(path, node.start_mark.line + offset, f"cannot be read as YAML ({reason}); write it as plain text.")
        return None
    return Located(values, lines, node.start_mark.line + offset)


def _compose(text: str, offset: int, path: Path, faults: Faults) -> tuple[yaml.Node | None, _Loader] | None:
    loader = _Loader(text)
    try:
        return loader.get_single_node(), loader
    except yaml.MarkedYAMLError as error:
        line = (error.problem_mark.line if error.problem_mark else 0) + offset
        faults.add(
            path, line, f"not valid YAML ({error.problem}); quote texts that hold `: ` or ` #`, check the indents."
        )
    except yaml.YAMLError as error:
        faults.add(path, offset, f"not valid YAML ({str(error).splitlines()[0]}); remove that character.")
    return None


def load_mapping(text: str, offset: int, path: Path, faults: Faults) -> Located:
    """Read a YAML mapping that begins at line `offset` of `path`; faults are added, what can be read is returned."""
    empty = Located({}, {}, offset)
    composed = _compose(text, offset, path, faults)
    if composed is None or composed[0] is None:
        return empty
    node, loader = composed
    if not isinstance(node, yaml.MappingNode):
        faults.add(path, offset, "expected `name: value` lines here.")
        return empty
    return _located(node, loader, offset, path, faults) or empty


def load_entries(text: str, path: Path, faults: Faults) -> list[Located]:
    """Read a YAML list of mappings, such as a sheet of facts."""
    composed = _compose(text, 1, path, faults)
    if composed is None or composed[0] is None:
        return []
    node, loader = composed
    if not isinstance(node, yaml.SequenceNode):
        faults.add(path, 1, "expected a list of entries that start with `- `.")
        return []
    entries: list[Located] = []
    for item in node.value:
        if isinstance(item, yaml.MappingNode):
            located = _located(item, loader, 1, path, faults)
            entries += [located] if located else []
        else:
            faults.add(path, item.start_mark.line + 1, "expected an entry with `name: value` lines.")
    return entries


def read_text(path: Path, faults: Faults) -> str | None:
    """Return a file's text, or note the fault and return None where it is not UTF-8."""
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        faults.add(path, line, f"byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8.")
        return None
