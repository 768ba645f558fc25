"""A turn on Telegram: answered, stored, sent with its buttons."""

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.answers import Answer
from bot.markup import split
from bot.remembered import Seller
from bot.storage import Storage
from bot.telegram_delivery import Delivery
from bot.telegram_groups import ANYWHERE, Place
from bot.telegram_inbox import Sent
from bot.telegram_keyboards import answer_keyboard
from bot.telegram_patience import Patience
from indexer.sections import Language

_INDONESIAN = frozenset({"id", "in", "ms", "jv", "su"})  # sellers whose app speaks one of these read Indonesian best


def language_of(seller: Seller) -> Language:
    """Return the language that the bot speaks with a seller: the chosen one, else that of their app."""
    return seller.language or language_of_app(seller.app_language)


def language_of_app(code: str | None) -> Language:
    """Return the language for an app in that language, a code such as `id` or `en-GB`."""
    return "id" if (code or "").lower().split("-", 1)[0] in _INDONESIAN else "en"


@dataclass(frozen=True)
class Asked:
    """What was asked, in which chat, by which update, and when.

    `message_id` is the seller's message; in a group `user_id` says who wrote it, and `place` where the reply goes.
    """

    chat_id: int
    update_id: int
    text: str
    at: datetime
    message_id: int | None = None
    user_id: int | None = None
    place: Place = ANYWHERE


class Turns:
    """Stores answers before they are sent, and sends them."""

    def __init__(self, storage: Storage, patience: Patience, delivery: Delivery) -> None:
        self._storage = storage
        self._patience = patience
        self._delivery = delivery

    async def store(self, asked: Asked, answer: Answer) -> int:
        """Store a turn that is not sent yet, in place of an earlier answer to the same update; return its id."""
        return await self._patience.store(
            self._storage.add_turn,
            chat_id=asked.chat_id,
            channel="telegram",
            question_text=asked.text,
            answer=answer,
            asked_at=asked.at,
            answered_at=datetime.now(UTC),
            update_id=asked.update_id,
            user_id=asked.user_id,
            question_message_id=asked.message_id,
        )

    async def correct(self, asked: Asked, answer: Answer, message_id: int) -> Sent:
        """Store a turn and put it in the place of an earlier answer, whose message it takes over.

        What does not fit in one message is sent as a new one.
        """
        turn_id = await self.store(asked, answer)
        keyboard = answer_keyboard(turn_id, answer)
        if len(split(answer.markup)) > 1:
            return Sent(turn_id, await self._delivery.send(asked.chat_id, answer.markup, keyboard, asked.place))
        await self._delivery.change_text(asked.chat_id, message_id, answer.markup, keyboard)
        return Sent(turn_id, message_id)

    async def send(self, asked: Asked, answer: Answer, other_data: str | None = None) -> Sent:
        """Store a turn and send it. `other_data` opens the same in the other language in its own way."""
        turn_id = await self.store(asked, answer)
        keyboard = answer_keyboard(turn_id, answer, other_data)
        return Sent(turn_id, await self._delivery.send(asked.chat_id, answer.markup, keyboard, asked.place))
