"""How long the bot waits for what."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Pace:
    """Seconds: of a long poll, of the first and longest wait in an outage, after a crash, and for the end.

    `news` is the time between two messages to subscribers, `outbox` between two looks at what the support team has to
    send. Whoever sends more than `crowded` messages within a minute
    is answered each `crowded_wait` seconds. `limited` keeps Telegram's limits before Telegram says so.
    """

    poll: float = 25.0
    first_wait: float = 1.0
    longest_wait: float = 30.0
    crash_wait: float = 0.1
    grace: float = 20.0
    news: float = 2.0
    outbox: float = 1.0
    crowded: int = 20
    crowded_wait: float = 2.0
    limited: bool = True

    def waits(self) -> Iterator[float]:
        """Yield how long to wait after the first, the second, … failure in a row."""
        wait = self.first_wait
        while True:
            yield wait
            wait = min(wait * 2, self.longest_wait)

    def after_crash(self, attempt: int) -> float:
        """Return how long to wait before an update is tried again after that attempt."""
        return self.crash_wait * float(3 ** (attempt - 1))
