"""Time in the made-up conversations: a clock that jumps from one thing that happens to the next."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from random import Random

from bot.desk.opening_hours import OpeningHours, hours_of
from indexer.clock import JAKARTA

WORK = hours_of("Mon-Sat 09:00-17:00")
# How much is written in each hour of Jakarta's day, and on each weekday from Monday.
_HOURS = (4, 2, 1, 1, 2, 5, 10, 18, 30, 42, 46, 42, 32, 38, 42, 40, 34, 28, 30, 44, 50, 40, 22, 9)
_WEEKDAYS = (1.0, 1.05, 1.0, 0.95, 0.9, 0.65, 0.5)


@dataclass
class Timeline:
    """What is to happen, in order of time; what would happen after the end does not."""

    now: datetime
    end: datetime
    _queue: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    _count: int = 0

    def clock(self) -> datetime:
        """Return the current moment."""
        return self.now

    def at(self, moment: datetime, action: Callable[[], None]) -> None:
        """Let something happen at a moment."""
        if moment <= self.end:
            self._count += 1
            heappush(self._queue, (max(moment, self.now), self._count, action))

    def after(self, seconds: float, action: Callable[[], None]) -> None:
        """Let something happen in so many seconds."""
        self.at(self.now + timedelta(seconds=seconds), action)

    def run(self) -> None:
        """Let everything happen; time stands at the end then."""
        while self._queue:
            self.now, _, action = heappop(self._queue)
            action()
        self.now = self.end


@dataclass(frozen=True)
class Days:
    """The time in which everything happens."""

    start: datetime
    end: datetime

    def moment(self, random: Random, since: datetime | None = None, until: datetime | None = None) -> datetime:
        """Return a moment at which somebody may write: more by day and in the evening, less on Sundays."""
        since, until = since or self.start, until or self.end
        while True:
            moment = since + (until - since) * random.random()
            here = moment.astimezone(JAKARTA)
            if random.random() < _HOURS[here.hour] / max(_HOURS) * _WEEKDAYS[here.weekday()] / max(_WEEKDAYS):
                return moment.replace(microsecond=0)

    def share(self, share: float) -> datetime:
        """Return the moment after that share of the time."""
        return self.start + (self.end - self.start) * share

    def working_hours(self) -> list[datetime]:
        """Return the beginnings of all hours in which staff work."""
        moment = self.start.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        found = []
        while moment <= self.end:
            if WORK.is_open(moment):
                found.append(moment)
            moment += timedelta(hours=1)
        return found


def next_work(moment: datetime, hours: OpeningHours = WORK) -> datetime:
    """Return that moment if staff work then, else when they begin again."""
    return moment if hours.is_open(moment) else hours.next_opening(moment) or moment
