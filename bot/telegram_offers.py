"""What was last offered to choose from in each chat, so that a bare number chooses one of it."""

from collections import OrderedDict

from bot.answers import Answer, Option, Outcome
from indexer.sections import Language

_MOST_CHATS = 10_000


class Offers:
    """The options of the last question asked back per chat. In memory only: after a restart there are the buttons."""

    def __init__(self) -> None:
        self._last: OrderedDict[int, tuple[tuple[Option, ...], Language]] = OrderedDict()

    def note(self, chat_id: int, answer: Answer) -> None:
        """Remember the options if the bot asked back, else forget those of before."""
        self._last.pop(chat_id, None)
        if answer.outcome is Outcome.CLARIFY and answer.options:
            self._last[chat_id] = (answer.options, answer.language)
        if len(self._last) > _MOST_CHATS:
            self._last.popitem(last=False)

    def chosen(self, chat_id: int, text: str) -> tuple[Option, Language] | None:
        """Return the option that a bare number means, and the language it was offered in."""
        options, language = self._last.get(chat_id, ((), "id"))
        text = text.strip().rstrip(".")
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 3 else 0
        return (options[number - 1], language) if 0 < number <= len(options) else None
