"""What the handlers of messages and buttons work with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from bot.answerer import Answerer
from bot.storage import Storage
from bot.telegram_delivery import Delivery
from bot.telegram_desk import Desk
from bot.telegram_patience import Patience
from bot.telegram_person import PersonRequests
from bot.telegram_turns import Turns


@dataclass(frozen=True)
class Parts:
    """The parts of the running bot, each once.

    `today` gives the day in Asia/Jakarta, `username` the bot's own name once it is connected.
    """

    answerer: Answerer
    storage: Storage
    patience: Patience
    delivery: Delivery
    turns: Turns
    people: PersonRequests
    desk: Desk
    today: Callable[[], date]
    username: Callable[[], str]
