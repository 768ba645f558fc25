"""The console's words: `bot/texts/console.id.yaml` and `console.en.yaml`, beside the bot's own."""

from functools import cache, partial
from typing import Protocol

from bot.wording import say
from indexer.sections import Language


class Speaker(Protocol):
    """Says a text by its key, with its placeholders filled in."""

    def __call__(self, key: str, **values: object) -> str:
        """Return the text."""


@cache
def speaker(language: Language) -> Speaker:
    """Return what says texts in that language."""
    return partial(say, language)
