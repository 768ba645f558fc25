"""The words that the bot itself says: one file per language in `bot/texts/`, the same keys in both."""

from functools import cache
from pathlib import Path

import yaml

from indexer.sections import Language

FOLDER = Path(__file__).parent / "texts"


@cache
def _texts(language: Language) -> dict[str, str]:
    groups = yaml.safe_load((FOLDER / f"{language}.yaml").read_text(encoding="utf-8"))
    return {f"{group}.{key}": str(text).strip() for group, texts in groups.items() for key, text in texts.items()}


def say(language: Language, key: str, **values: object) -> str:
    """Return the text of that key (`group.name`) with its placeholders filled in.

    Raises:
        KeyError: no such text, or a placeholder without a value.
    """
    return _texts(language)[key].format(**values)
