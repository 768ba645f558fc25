"""A seller wants a person: noted, lined up for the staff, and told honestly what comes of it."""

from dataclasses import replace
from datetime import timedelta

from bot.answers import Answer
from bot.desk.handoffs import Handoff, State
from bot.desk.opening_hours import in_words, moment_in_words
from bot.remembered import StoredTurn
from bot.storage import Storage
from bot.telegram_delivery import Delivery
from bot.telegram_desk import Desk
from bot.telegram_inbox import Sent
from bot.telegram_patience import Patience
from bot.telegram_turns import Asked, Turns
from bot.wording import say
from indexer.sections import Language

_SHORTLY_BEFORE = timedelta(minutes=30)


class PersonRequests:
    """Takes a seller's wish for a person."""

    def __init__(self, storage: Storage, patience: Patience, delivery: Delivery, turns: Turns, desk: Desk) -> None:
        self._storage = storage
        self._patience = patience
        self._delivery = delivery
        self._turns = turns
        self._desk = desk

    async def by_button(self, turn: StoredTurn, chat_id: int) -> None:
        """Take the wish from under an answer, and tell the seller what comes of it."""
        line = await self._take(turn.id, chat_id, turn, turn.language)
        await self._delivery.send(chat_id, line)

    async def by_words(self, asked: Asked, answer: Answer) -> Sent:
        """Take the wish from a message that says so; the answer is what comes of it."""
        turn_id = await self._turns.store(asked, answer)
        about = await self._what_it_is_about(turn_id)
        line = await self._take(turn_id, asked.chat_id, about, answer.language)
        return await self._turns.send(asked, replace(answer, markup=line))

    async def _what_it_is_about(self, turn_id: int) -> StoredTurn | None:
        """Return the turn before the wish, if it was shortly before: why they want a person stands there."""
        around = await self._patience.store(self._storage.turns_around, turn_id, 1)
        wish = next((turn for turn in around if turn.id == turn_id), None)
        before = around[0] if around else None
        if wish and before and wish.asked_at - before.asked_at <= _SHORTLY_BEFORE:
            return before
        return wish

    async def _take(self, turn_id: int, chat_id: int, about: StoredTurn | None, language: Language) -> str:
        """Keep the wish, and return what to tell the seller."""
        await self._patience.store(self._storage.ask_for_person, turn_id, chat_id)
        if chat_id < 0:  # what a seller and a person write to each other is nobody else's business
            return say(language, "handoff.in_private", username=self._desk.username())
        handoff, new = await self._patience.store(self._desk.handoffs.ask, chat_id, language, about)
        if handoff.state is State.TAKEN:
            return say(language, "handoff.with_person")
        if not await self._patience.store(self._desk.anybody_there):
            return say(language, "telegram.person_noted" if new else "telegram.person_again")
        return await self._in_queue(handoff, new, language)

    async def _in_queue(self, handoff: Handoff, new: bool, language: Language) -> str:
        place = await self._patience.store(self._desk.handoffs.place_in_queue, handoff)
        where = say(language, "handoff.asked" if new else "handoff.asked_again", place=place)
        return "\n\n".join([where, self._when(language), say(language, "handoff.meanwhile")])

    def _when(self, language: Language) -> str:
        """Return when somebody answers, as far as that can be said."""
        hours, now = self._desk.hours, self._desk.clock()
        if not hours.by_day:
            return say(language, "handoff.when_unknown")
        told = in_words(hours, language)
        if hours.is_open(now):
            return say(language, "handoff.when_open", hours=told)
        opening = hours.next_opening(now)
        if opening is None:
            return say(language, "handoff.when_closed_long", hours=told)
        return say(language, "handoff.when_closed", moment=moment_in_words(opening, language), hours=told)
