"""What stands in the outbox, in words: to the seller in their language, to the staff group in its own."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from bot.desk.handoffs import Handoff, State
from bot.desk.outbox import Kind, Letter
from bot.remembered import StoredTurn
from bot.storage import Storage
from bot.telegram_delivery import Delivery
from bot.telegram_desk import Desk
from bot.telegram_keyboards import back_keyboard, give_back_keyboard, offer_keyboard, take_keyboard
from bot.telegram_patience import Patience
from bot.telegram_staff_group import STAFF_LANGUAGE, StaffGroup, reason_in_words
from bot.wording import say

_LONGEST_QUESTION = 1000
_LONGEST_QUOTE = 200
_SHORTLY_BEFORE = timedelta(minutes=30)
_AROUND = 3


class SellerLetters:
    """What sellers are sent."""

    def __init__(self, desk: Desk, patience: Patience, delivery: Delivery) -> None:
        self._desk = desk
        self._patience = patience
        self._delivery = delivery
        self._about_handoff: Mapping[Kind, Callable[[int, Handoff, Letter], Awaitable[object]]] = {
            Kind.STAFF_MESSAGE: self._staff_message,
            Kind.TAKEN: self._taken,
            Kind.GIVEN_BACK: self._given_back,
        }

    async def send(self, letter: Letter) -> None:
        """Send a letter; one whose hand-off or answer is gone meanwhile is nothing to send any more."""
        if letter.chat_id is None:
            return
        if letter.kind in (Kind.NEWS, Kind.NEWS_ANSWER):
            await self._news(letter.chat_id, letter)
            return
        handoff = await self._patience.store(self._desk.handoffs.get, letter.handoff_id or 0)
        if handoff:
            await self._about_handoff[letter.kind](letter.chat_id, handoff, letter)

    async def _staff_message(self, chat_id: int, handoff: Handoff, letter: Letter) -> None:
        message = await self._patience.store(self._desk.handoffs.message, letter.message_id or 0)
        if message:
            await self._delivery.send_plain(chat_id, f"{say(handoff.language, 'handoff.from_team')}\n{message.text}")

    async def _taken(self, chat_id: int, handoff: Handoff, _: Letter) -> None:
        keyboard = back_keyboard(handoff.id, handoff.language)
        await self._delivery.send(chat_id, say(handoff.language, "handoff.taken"), keyboard)

    async def _given_back(self, chat_id: int, handoff: Handoff, _: Letter) -> None:
        key = "handoff.given_back" if handoff.taken_at else "handoff.closed_waiting"
        await self._delivery.send(chat_id, say(handoff.language, key))

    async def _news(self, chat_id: int, letter: Letter) -> None:
        offer = await self._patience.store(self._desk.news.offered, letter.turn_id or 0)
        if offer is None:
            return
        if letter.kind is Kind.NEWS:
            text = say(offer.language, "handoff.news", question=_clipped(offer.question, _LONGEST_QUOTE))
            await self._delivery.send_plain(chat_id, text, offer_keyboard(offer.turn_id, offer.language))
        else:
            await self._delivery.send(chat_id, f"{say(offer.language, 'handoff.news_answer')}\n\n{offer.answer}")


class GroupLetters:
    """What the staff group is sent. Of sellers it holds only masked words, and no name and no id of their chat."""

    def __init__(self, group: StaffGroup, desk: Desk, storage: Storage, patience: Patience) -> None:
        self._group = group
        self._desk = desk
        self._storage = storage
        self._patience = patience
        self._kinds: Mapping[Kind, Callable[[Handoff, Letter], Awaitable[None]]] = {
            Kind.REQUEST: self._request,
            Kind.SELLER_MESSAGE: self._seller_message,
            Kind.CONSOLE_MESSAGE: self._console_message,
            Kind.STATE: self._state,
        }

    async def send(self, letter: Letter) -> None:
        """Send a letter; one whose hand-off is gone meanwhile is nothing to send any more."""
        handoff = await self._patience.store(self._desk.handoffs.get, letter.handoff_id or 0)
        if handoff:
            await self._kinds[letter.kind](handoff, letter)

    async def _request(self, handoff: Handoff, _: Letter) -> None:
        turn, last = await self._asked(handoff)
        text = say(
            STAFF_LANGUAGE, "staff_group.request", number=handoff.id, reason=reason_in_words(handoff.reason),
            spoken=say(handoff.language, "telegram.language"), turn=handoff.turn_id or "–",
            question=_clipped(turn.asked, _LONGEST_QUESTION) if turn else "–",
            last=_clipped(last, _LONGEST_QUESTION) or "–",
        )  # fmt: skip
        keyboards = {State.WAITING: take_keyboard(handoff.id), State.TAKEN: give_back_keyboard(handoff.id)}
        await self._group.post(handoff, text, keyboards.get(handoff.state))

    async def _asked(self, handoff: Handoff) -> tuple[StoredTurn | None, str]:
        """Return the turn that a hand-off is about, and what the seller wrote around it, masked."""
        around = await self._patience.store(self._storage.turns_around, handoff.turn_id or 0, _AROUND)
        turn = next((turn for turn in around if turn.id == handoff.turn_id), None)
        if turn is None:
            return None, ""
        near = [one.asked for one in around if one.asked_at >= turn.asked_at - _SHORTLY_BEFORE]
        return turn, " / ".join(near)

    async def _seller_message(self, handoff: Handoff, letter: Letter) -> None:
        await self._message(handoff, letter, say(STAFF_LANGUAGE, "staff_group.seller", number=handoff.id))

    async def _console_message(self, handoff: Handoff, letter: Letter) -> None:
        message = await self._patience.store(self._desk.handoffs.message, letter.message_id or 0)
        name = (message and message.name) or "?"
        await self._message(handoff, letter, say(STAFF_LANGUAGE, "staff_group.console", number=handoff.id, name=name))

    async def _message(self, handoff: Handoff, letter: Letter, header: str) -> None:
        message = await self._patience.store(self._desk.handoffs.message, letter.message_id or 0)
        if message:
            await self._group.post(handoff, f"{header}\n{message.text}")

    async def _state(self, handoff: Handoff, letter: Letter) -> None:
        if letter.message_id is not None:
            await self._message(handoff, letter, say(STAFF_LANGUAGE, "staff_group.not_reached", number=handoff.id))
        elif handoff.state is State.CLOSED:
            key = "staff_group.back_by_seller" if handoff.closed_how == "seller" else "staff_group.back_by_staff"
            await self._group.post(handoff, say(STAFF_LANGUAGE, key, number=handoff.id))
        else:
            who = handoff.taken_by_name or say(STAFF_LANGUAGE, "staff_group.this_group")
            text = say(STAFF_LANGUAGE, "staff_group.taken", number=handoff.id, who=who)
            await self._group.post(handoff, text, give_back_keyboard(handoff.id))


def _clipped(text: str, most: int) -> str:
    return text if len(text) <= most else text[:most] + "…"
