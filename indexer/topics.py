"""The topics of the knowledge: `topics.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from indexer.faults import Faults
from indexer.fields import Fields
from indexer.located_yaml import Located, load_mapping, read_text
from indexer.sections import LANGUAGES, Language


@dataclass(frozen=True)
class Topic:
    """A subject that sellers can choose, and the section that answers its broad question."""

    slug: str
    names: Mapping[Language, str]
    overview: str | None
    line: int


def load_topics(path: Path, faults: Faults) -> dict[str, Topic]:
    """Read the topics in their order."""
    if not path.is_file():
        faults.add(path, 1, "topics.yaml is missing; write the topics into it.")
        return {}
    text = read_text(path, faults)
    located = load_mapping(text or "", 1, path, faults)
    topics: dict[str, Topic] = {}
    for slug, values in located.values.items():
        inner = Located(values if isinstance(values, dict) else {}, {}, located.line_of(slug))
        fields = Fields(inner, path, faults)
        fields.refuse_unknown((*LANGUAGES, "overview"))
        names = {language: fields.text(language) or "" for language in LANGUAGES}
        if not all(names.values()):
            fields.fault(slug, f"topic `{slug}` needs a name in `id` and in `en`.")
        topics[slug] = Topic(slug, names, fields.text("overview"), inner.line)
    return topics
