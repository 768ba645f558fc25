"""A seller wants a person: noted, passed on to the staff chat if there is one, and told honestly."""

import logging
from dataclasses import replace

from telegram.error import BadRequest, ChatMigrated

from bot.answers import Answer
from bot.remembered import StoredTurn
from bot.storage import Storage
from bot.telegram_delivery import Delivery
from bot.telegram_errors import SellerGone
from bot.telegram_inbox import Sent
from bot.telegram_patience import Patience
from bot.telegram_turns import Asked, Turns
from bot.wording import say
from indexer.sections import Language

log = logging.getLogger(__name__)

_LONGEST = 1000
_STAFF_LANGUAGE: Language = "id"


class PersonRequests:
    """Takes a seller's wish for a person.

    The staff are told before the wish is stored, so that a crash in between tells them twice and never not at all.
    """

    def __init__(
        self, storage: Storage, patience: Patience, delivery: Delivery, turns: Turns, staff_chat_id: int | None
    ) -> None:
        self._storage = storage
        self._patience = patience
        self._delivery = delivery
        self._turns = turns
        self._staff_chat_id = staff_chat_id

    async def by_button(self, turn: StoredTurn, chat_id: int) -> None:
        """Take the wish from under an answer, and tell the seller what comes of it."""
        if turn.person_asked_at:
            await self._delivery.send(chat_id, say(turn.language, "telegram.person_again"))
            return
        line = await self._take(turn.id, chat_id, turn.asked, turn.language)
        await self._delivery.send(chat_id, line)

    async def by_words(self, asked: Asked, answer: Answer) -> Sent:
        """Take the wish from a message that says so; the answer is what comes of it."""
        turn_id = await self._turns.store(asked, answer)
        turn = await self._patience.store(self._storage.turn, turn_id)
        earlier = await self._patience.store(self._storage.earlier_messages, asked.chat_id, before=asked.at)
        words = " / ".join([*earlier, turn.asked if turn else ""])
        line = await self._take(turn_id, asked.chat_id, words, answer.language)
        return await self._turns.send(asked, replace(answer, markup=line))

    async def _take(self, turn_id: int, chat_id: int, masked: str, language: Language) -> str:
        told = await self._tell_staff(turn_id, chat_id, masked)
        await self._patience.store(self._storage.ask_for_person, turn_id, chat_id)
        return say(language, "telegram.person_told" if told else "telegram.person_noted")

    async def _tell_staff(self, turn_id: int, chat_id: int, masked: str) -> bool:
        if self._staff_chat_id is None:
            return False
        question = masked if len(masked) <= _LONGEST else masked[:_LONGEST] + "…"
        note = say(_STAFF_LANGUAGE, "telegram.staff_note", chat=chat_id, turn=turn_id, question=question)
        try:
            await self._delivery.send_plain(self._staff_chat_id, note)
        except (SellerGone, BadRequest, ChatMigrated) as error:
            log.error("turn %d: the staff chat took no note (%s); check STAFF_CHAT_ID", turn_id, error)
            return False
        return True
