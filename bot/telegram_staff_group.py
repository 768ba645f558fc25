"""The group in which the support staff answer sellers: in a forum with a topic for each seller, else all in one place.

What stands here about a hand-off names it as `#12` in its first line, so that a reply to it can be told apart.
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Iterable

from telegram import InlineKeyboardMarkup, Message
from telegram.error import BadRequest, ChatMigrated

from bot.desk.handoffs import Handoff, Handoffs, Reason
from bot.telegram_delivery import Delivery
from bot.telegram_errors import SellerGone
from bot.telegram_groups import Place
from bot.telegram_patience import Patience
from bot.wording import say
from indexer.sections import Language

log = logging.getLogger(__name__)

STAFF_LANGUAGE: Language = "id"
_NO_FORUM = "not a forum"
_TOPIC_GONE = ("message thread not found", "topic_deleted", "topic_closed", "topic_id_invalid")
_NUMBER = re.compile(r"#(\d{1,18})\b")
_REASONS = {
    Reason.ASKED: "staff_group.reason_asked",
    Reason.MISSING_KNOWLEDGE: "staff_group.reason_missing_knowledge",
    Reason.WRONG_ANSWER: "staff_group.reason_wrong_answer",
    Reason.OUTDATED: "staff_group.reason_outdated",
    Reason.OWN_CASE: "staff_group.reason_own_case",
    Reason.COMPLAINT: "staff_group.reason_complaint",
    Reason.STAFF: "staff_group.reason_staff",
    Reason.OTHER: "staff_group.reason_other",
}


class StaffGroup:
    """Writes into the group. `works` tells whether it took the last message; who waits for it is told so honestly."""

    def __init__(self, chat_id: int, handoffs: Handoffs, patience: Patience, delivery: Delivery) -> None:
        self.chat_id = chat_id
        self.works = True
        self._handoffs = handoffs
        self._patience = patience
        self._delivery = delivery
        self._making = asyncio.Lock()  # messages and the outbox may both need a seller's topic, and make it once
        self._warned = False

    async def look(self) -> None:
        """Find out at the start whether the group can be written to, so that nobody is promised what is not there."""
        try:
            await self._delivery.reach(self.chat_id)
        except (SellerGone, BadRequest, ChatMigrated) as error:
            self.note_away(error)

    def note_away(self, error: Exception) -> None:
        """Note that the group takes nothing, and say so once in the log; what is for it waits in the outbox."""
        if self.works:
            log.error("the staff group takes nothing (%s), what is for it waits; check STAFF_CHAT_ID", error)
        self.works = False

    async def post(self, handoff: Handoff, text: str, keyboard: InlineKeyboardMarkup | None = None) -> None:
        """Write about a hand-off, in its topic if there are topics.

        Raises:
            SellerGone: the group cannot be written to.
        """
        await self._in_topic(handoff, lambda place: self._delivery.send_plain(self.chat_id, text, keyboard, place))

    async def copy(self, handoff: Handoff, message: Message, caption: str) -> None:
        """Copy a seller's photo or another file there.

        Raises:
            SellerGone: the group cannot be written to.
            BadRequest: Telegram does not copy such a message.
        """
        await self._in_topic(handoff, lambda place: self._delivery.copy(message, self.chat_id, caption, place))

    async def forget(self, topics: Iterable[int]) -> None:
        """Delete the topics of a seller who had everything erased."""
        for thread_id in topics:
            await self._delivery.delete_topic(self.chat_id, thread_id)

    async def _in_topic(self, handoff: Handoff, send: Callable[[Place], Awaitable[None]]) -> None:
        thread_id = await self._topic(handoff)
        try:
            await send(Place(thread_id=thread_id))
        except BadRequest as error:
            if thread_id is None or not any(words in error.message.lower() for words in _TOPIC_GONE):
                raise
            await send(Place(thread_id=await self._topic(handoff, gone=thread_id)))

    async def _topic(self, handoff: Handoff, gone: int | None = None) -> int | None:
        """Return the thread of a seller's topic, which is made if there is none, or it is that one, which is gone."""
        async with self._making:
            current = await self._patience.store(self._handoffs.get, handoff.id)
            noted = current.thread_id if current else None
            thread_id = noted or await self._patience.store(self._handoffs.thread_of_chat, handoff.chat_id)
            if thread_id is None or thread_id == gone:
                thread_id = await self._make_topic(handoff)
            if thread_id is not None and thread_id != noted:
                await self._patience.store(self._handoffs.set_thread, handoff.id, thread_id)
            return thread_id

    async def _make_topic(self, handoff: Handoff) -> int | None:
        reason = reason_in_words(handoff.reason)
        name = say(STAFF_LANGUAGE, "staff_group.topic", number=handoff.id, reason=reason)
        try:
            return await self._delivery.create_topic(self.chat_id, name)
        except BadRequest as error:
            if _NO_FORUM not in error.message.lower() and not self._warned:
                self._warned = True
                log.warning("no topic in the staff group (%s); all is written outside of topics", error.message)
            return None


def reason_in_words(reason: Reason) -> str:
    """Return why a seller is with a person, as the staff group reads it."""
    return say(STAFF_LANGUAGE, _REASONS[reason])


def number_in(text: str) -> int | None:
    """Return which hand-off a message of ours in the group is about: its first line names it."""
    found = _NUMBER.search(text.split("\n", 1)[0])
    return int(found[1]) if found else None
