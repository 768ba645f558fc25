"""The inbox: each update is recorded before it is worked on, and settled once its reply was sent.

What is promised across a `kill -9` at any moment:

- Nothing is lost. An update is in the database before its offset is confirmed to Telegram. Until it is settled it is
  worked on again at the next start, before anything newer of its chat.
- Nothing is answered twice, with one window left: between the moment in which Telegram accepted the last request of a
  reply and the moment in which `complete_turn` (one transaction: the reply's message id and "done") is committed, one
  round trip and one write. Who is killed in this window answers once more after the start: the bot rather says
  something twice than not at all. A reply of several pieces is sent again from its first piece.
"""

import asyncio
import json
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from telegram import Bot, Update
from telegram.error import InvalidToken

from bot.storage import Storage
from bot.telegram_crowd import Crowd
from bot.telegram_errors import SellerGone, Stopping, place_of
from bot.telegram_metrics import Metrics
from bot.telegram_pace import Pace
from bot.telegram_patience import Patience
from bot.updates_log import MOST_ATTEMPTS

log = logging.getLogger(__name__)

_ALL = 1_000_000
_KEPT = timedelta(days=7)  # Telegram itself gives an update for a day


@dataclass(frozen=True)
class Sent:
    """A turn, and the message in which it was sent."""

    turn_id: int
    message_id: int


Work = Callable[[Update], Awaitable[Sent | None]]
Apologise = Callable[[Update], Awaitable[None]]


class Inbox:
    """Takes updates in, and has them worked on: chats side by side, the updates of one chat one after the other."""

    def __init__(  # noqa: PLR0913, PLR0917 - the parts it works with, each once
        self,
        bot: Bot,
        storage: Storage,
        patience: Patience,
        pace: Pace,
        work: Work,
        apologise: Apologise,
        crowd: Crowd,
        metrics: Metrics,
    ) -> None:
        self._bot = bot
        self._storage = storage
        self._patience = patience
        self._pace = pace
        self._work = work
        self._apologise = apologise
        self._crowd = crowd
        self._metrics = metrics
        self._arrived: dict[int, float] = {}
        self._lines: dict[int | None, deque[Update]] = {}
        self._workers: set[asyncio.Task[None]] = set()

    async def resume(self) -> None:
        """Line up what an earlier run left unfinished, in order, and forget what was settled long ago."""
        await self._patience.store(self._storage.forget_updates_before, datetime.now(UTC) - _KEPT)
        left = await self._patience.store(self._storage.unfinished_updates, _ALL)
        if left:
            log.info("%d updates of an earlier run are worked on first", len(left))
        for update_id, payload in left:
            await self._line_up(update_id, self._read(json.loads(payload)))

    async def receive(self, payload: dict[str, Any]) -> None:
        """Record an update, and line it up to be worked on. After that its offset may be confirmed.

        One that is known already is lined up too: when its turn comes, `start_update` says whether it is settled.
        """
        update_id, update = payload["update_id"], self._read(payload)
        record = json.dumps(payload, ensure_ascii=False)
        await self._patience.store(self._storage.record_update, update_id, _chat_of(update), record)
        await self._line_up(update_id, update)

    async def close(self) -> None:
        """Let what is under way finish, within the time of grace; the rest stays recorded."""
        if self._workers:
            _, unfinished = await asyncio.wait(self._workers, timeout=self._pace.grace)
            for worker in unfinished:
                worker.cancel()
            await asyncio.gather(*unfinished, return_exceptions=True)

    def _read(self, payload: dict[str, Any]) -> Update | None:
        try:
            return Update.de_json(payload, self._bot)
        except Exception as error:  # whatever the library stumbles over in it
            log.error("update %s cannot be read: %s", payload["update_id"], place_of(error))
            return None

    async def _line_up(self, update_id: int, update: Update | None) -> None:
        if update is None:
            await self._patience.store(self._storage.finish_update, update_id)
            return
        chat_id = _chat_of(update)
        if update_id not in self._arrived:
            self._arrived[update_id] = time.monotonic()
            self._metrics.received()
        await self._crowd.room(len(self._arrived))
        self._crowd.arrived(update, waiting=len(self._arrived), of_this_chat=len(self._lines.get(chat_id, ())))
        if chat_id in self._lines:
            self._lines[chat_id].append(update)
            return
        self._lines[chat_id] = deque([update])
        worker = asyncio.create_task(self._work_off(chat_id), name=f"chat {chat_id}")
        self._workers.add(worker)
        worker.add_done_callback(self._workers.discard)

    async def _work_off(self, chat_id: int | None) -> None:
        line = self._lines[chat_id]
        try:
            while line and not self._patience.stopping:
                await self._crowd.slow_down(chat_id)
                await self._settle(line.popleft())
        except Stopping:
            log.debug("chat %s goes on at the next start", chat_id)
        except InvalidToken:
            log.error("Telegram refused the token while chat %s was worked on", chat_id)
        finally:
            del self._lines[chat_id]

    async def _settle(self, update: Update) -> None:
        """Work on an update, again if it fails, until it is done or given up."""
        while attempt := await self._patience.store(self._storage.start_update, update.update_id):
            if attempt > MOST_ATTEMPTS:  # each of the earlier ones took the whole program down
                await self._give_up(update)
                return
            try:
                sent = await self._work(update)
            except (Stopping, InvalidToken):
                raise
            except SellerGone as gone:
                log.info("update %s: the chat cannot be written to (%s)", update.update_id, gone)
                await self._settled(update.update_id, None)
            except Exception as error:  # a fault of ours in one update must not stop the others
                await self._failed(update, attempt, error)
            else:
                await self._settled(update.update_id, sent)
        self._left(update.update_id, "done")  # one that was settled before it came again

    async def _failed(self, update: Update, attempt: int, error: Exception) -> None:
        update_id = update.update_id
        log.error("update %s failed, attempt %d of %d: %s", update_id, attempt, MOST_ATTEMPTS, place_of(error))
        if attempt >= MOST_ATTEMPTS:
            await self._give_up(update)
            return
        await self._patience.store(self._storage.fail_update, update_id)
        await self._patience.pause(self._pace.after_crash(attempt))

    async def _settled(self, update_id: int, sent: Sent | None) -> None:
        self._left(update_id, "done")
        if sent is None:
            await self._patience.store(self._storage.finish_update, update_id)
        else:
            await self._patience.store(self._storage.complete_turn, sent.turn_id, sent.message_id)

    def _left(self, update_id: int, result: str) -> None:
        arrived = self._arrived.pop(update_id, None)
        if arrived is not None:
            self._metrics.settled(result, time.monotonic() - arrived)
            self._crowd.left(len(self._arrived))

    async def _give_up(self, update: Update) -> None:
        self._left(update.update_id, "failed")
        try:
            await self._apologise(update)
        except Stopping:
            raise
        except Exception as error:
            log.error("update %s: no apology either: %s", update.update_id, place_of(error))
        await self._patience.store(self._storage.fail_update, update.update_id)


def _chat_of(update: Update | None) -> int | None:
    return update.effective_chat.id if update and update.effective_chat else None
