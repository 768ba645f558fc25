"""The words that the bot and the console themselves say, from `bot/texts/`: the same keys in both languages."""

from functools import cache
from pathlib import Path

import yaml

from indexer.sections import Language

FOLDER = Path(__file__).parent / "texts"


@cache
def _texts(language: Language) -> dict[str, str]:
    return {
        f"{group}.{key}": str(text).strip()
        for path in (FOLDER / f"{language}.yaml", FOLDER / f"console.{language}.yaml")
        for group, texts in yaml.safe_load(path.read_text(encoding="utf-8")).items()
        for key, text in texts.items()
    }


def say(language: Language, key: str, **values: object) -> str:
    """Return the text of that key (`group.name`) with its placeholders filled in.

    Raises:
        KeyError: no such text, or a placeholder without a value.
    """
    return _texts(language)[key].format(**values)
