"""A pressed button: where, by whom, and what stands in it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from telegram import CallbackQuery

from bot.remembered import Seller
from bot.telegram_turns import language_of
from indexer.sections import LANGUAGES, Language


class OldButton(Exception):
    """What the button acts on is not there any more, or was never this seller's."""


@dataclass(frozen=True)
class Press:
    """A pressed button: where, by whom, and what stands in it after the action."""

    update_id: int
    query: CallbackQuery
    chat_id: int
    seller: Seller
    arguments: tuple[str, ...]

    @property
    def language(self) -> Language:
        """The language that the bot speaks with this seller."""
        return language_of(self.seller)

    @property
    def message_id(self) -> int:
        """The message that the button stands under."""
        if self.query.message is None:
            raise OldButton
        return self.query.message.message_id

    @property
    def at(self) -> datetime:
        """Now: a press has no time of its own."""
        return datetime.now(UTC)

    def number(self, position: int) -> int:
        """Return an argument that must be a number."""
        text = self.arguments[position] if position < len(self.arguments) else ""
        if not (text.isascii() and text.isdigit() and len(text) < 19):
            raise OldButton
        return int(text)

    def language_at(self, position: int) -> Language:
        """Return an argument that must be a language."""
        for language in LANGUAGES:
            if self.arguments[position : position + 1] == (language,):
                return language
        raise OldButton
