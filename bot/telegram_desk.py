"""What the bot needs to hand sellers over to people: the hand-offs, who could answer, when, and where."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.desk.gap_news import GapNews
from bot.desk.handoffs import Handoffs
from bot.desk.opening_hours import OpeningHours
from bot.desk.outbox import Outbox
from bot.desk.people import People, now
from bot.telegram_staff_group import StaffGroup


@dataclass(frozen=True)
class Desk:
    """The parts of the support desk that the bot works with. `group` is None where no staff group is set."""

    handoffs: Handoffs
    outbox: Outbox
    people: People
    news: GapNews
    hours: OpeningHours
    group: StaffGroup | None
    username: Callable[[], str]
    clock: Callable[[], datetime] = now

    def anybody_there(self) -> bool:
        """Tell whether there is anybody at all who could answer a seller, now or later."""
        return (self.group is not None and self.group.works) or self.people.any_active()
