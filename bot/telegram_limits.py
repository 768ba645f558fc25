"""Telegram's limits on sending, kept before Telegram has to say so: per chat, per group, and over all chats.

The figures are those of the Bot API's FAQ ("My bot is hitting limits"): about one message a second in a chat, twenty a
minute in a group, thirty a second over all. Short bursts in a chat are let through, as Telegram does.
"""

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

CHAT_BURST = 4
_MOST_CHATS = 10_000


@dataclass
class Bucket:
    """So many at once, then one each `interval` seconds (the generic cell rate algorithm)."""

    interval: float
    burst: int
    _due: float = field(default=0.0, init=False)

    def wait(self, now: float) -> float:
        """Take a place and return how many seconds it lies ahead."""
        self._due = max(self._due, now) + self.interval
        return max(0.0, self._due - now - self.interval * self.burst)


class Limits:
    """Tells each message when it may go."""

    def __init__(self, pause: Callable[[float], Awaitable[None]], clock: Callable[[], float] = time.monotonic) -> None:
        self._pause = pause
        self._clock = clock
        self._overall = Bucket(1 / 30, 30)
        self._chats: OrderedDict[int, Bucket] = OrderedDict()

    async def keep(self, chat_id: int) -> None:
        """Wait until a message may be sent to that chat; groups have negative ids."""
        now = self._clock()
        wait = max(self._bucket(chat_id).wait(now), self._overall.wait(now))
        if wait > 0:
            await self._pause(wait)

    def _bucket(self, chat_id: int) -> Bucket:
        bucket = self._chats.get(chat_id)
        if bucket is None:
            bucket = self._chats[chat_id] = Bucket(3.0, 20) if chat_id < 0 else Bucket(1.0, CHAT_BURST)
            if len(self._chats) > _MOST_CHATS:
                self._chats.popitem(last=False)
        self._chats.move_to_end(chat_id)
        return bucket
