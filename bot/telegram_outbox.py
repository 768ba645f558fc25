"""Sends what the support desk has to say, to sellers and to the staff group, each as it comes out of the outbox."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from telegram.error import BadRequest, ChatMigrated, InvalidToken

from bot.desk.outbox import Kind, Letter, NewLetter
from bot.telegram_desk import Desk
from bot.telegram_errors import SellerGone, Stopping, place_of
from bot.telegram_pace import Pace
from bot.telegram_patience import Patience

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 5  # of a letter over which the bot stumbles; then the others go on

Send = Callable[[Letter], Awaitable[None]]


@dataclass(frozen=True)
class Senders:
    """How letters are written and sent: those to sellers, and those to the staff group, if there is one."""

    to_seller: Send
    to_group: Send | None


class OutboxPost:
    """Empties the outbox, on two ways that do not wait for each other: to sellers, and to the staff group.

    What Telegram refuses for good is noted as failed, and the staff see that. A staff group that cannot be written to
    is something that people repair, so that what is for it waits.
    """

    def __init__(self, desk: Desk, senders: Senders, patience: Patience, pace: Pace) -> None:
        self._desk = desk
        self._outbox = desk.outbox
        self._senders = senders
        self._patience = patience
        self._pace = pace
        self._stumbled: dict[int, int] = {}

    def tasks(self) -> list[asyncio.Task[None]]:
        """Start sending, until the bot is stopped."""
        ways = [("outbox to sellers", False, self._senders.to_seller)]
        if self._senders.to_group:
            ways.append(("outbox to the staff group", True, self._senders.to_group))
        return [asyncio.create_task(self._run(to_group, send), name=name) for name, to_group, send in ways]

    async def _run(self, to_group: bool, send: Send) -> None:
        waits = self._pace.waits()
        while not self._patience.stopping:
            try:
                if await self._emptied(to_group, send):
                    waits = self._pace.waits()
                    await self._patience.pause(self._pace.outbox)
                else:
                    await self._patience.pause(next(waits))
            except Stopping:
                return
            except Exception as error:  # what is sent here must never take the answers down
                log.error("the outbox was left for a moment: %s", place_of(error))
                await asyncio.sleep(self._pace.outbox)

    async def _emptied(self, to_group: bool, send: Send) -> bool:
        """Send what waits; False where something of it is to be tried again, and the rest waits behind it."""
        for letter in await self._patience.store(self._outbox.waiting, to_group):
            if not await self._settled(letter, send):
                return False
        return True

    async def _settled(self, letter: Letter, send: Send) -> bool:
        """Send a letter and note what became of it; False where it is to be tried again."""
        try:
            await send(letter)
        except Stopping:
            raise
        except InvalidToken:  # all else stops too; nothing is to be given up for it
            return False
        except (SellerGone, ChatMigrated) as error:
            if letter.chat_id is None and self._desk.group:
                self._desk.group.note_away(error)
                return False
            await self._fail(letter, "gone")
        except BadRequest as error:
            log.error("letter %d (%s): Telegram refuses it (%s)", letter.id, letter.kind, error.message)
            await self._fail(letter, "refused")
        except Exception as error:
            return await self._stumbled_over(letter, error)
        else:
            if letter.chat_id is None and self._desk.group:
                self._desk.group.works = True
            await self._patience.store(self._outbox.sent, letter.id)
        self._stumbled.pop(letter.id, None)
        return True

    async def _fail(self, letter: Letter, why: str) -> None:
        log.info("letter %d (%s) cannot be delivered: %s", letter.id, letter.kind, why)
        tell = None
        if self._desk.group and letter.kind is Kind.STAFF_MESSAGE:
            tell = NewLetter(Kind.STATE, handoff_id=letter.handoff_id, message_id=letter.message_id)
        await self._patience.store(self._outbox.failed, letter.id, why, tell)

    async def _stumbled_over(self, letter: Letter, error: Exception) -> bool:
        """Try a letter again some times over which the bot itself stumbles, then leave it."""
        times = self._stumbled[letter.id] = self._stumbled.get(letter.id, 0) + 1
        log.error("letter %d (%s), attempt %d: %s", letter.id, letter.kind, times, place_of(error))
        if times < MOST_ATTEMPTS:
            return False
        del self._stumbled[letter.id]
        await self._fail(letter, "error")
        return True
