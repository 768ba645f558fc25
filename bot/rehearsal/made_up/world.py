"""What the parts of a made-up month share: the database, what answers, the time, chance, and what is known of it."""

from dataclasses import dataclass, field
from random import Random

from bot.answerer import Answerer
from bot.rehearsal.made_up.timeline import Days, Timeline
from bot.rehearsal.made_up.voices import Planted, Voice
from bot.storage import Storage
from indexer.sections import Language, Platform

# No number of Telegram is as long as these, so that nobody can ever be written to from such a database.
FIRST_CHAT = 900_000_000_000
FIRST_GROUP = -100_900_000_000_000


@dataclass(frozen=True)
class MadeUpSeller:
    """Somebody who writes to the bot. `side` is where they sell, `language` the one they write."""

    chat_id: int
    voice: Voice
    language: Language
    side: Platform | None = None


@dataclass
class World:
    """What is shared. `right` are the sections that would answer a turn, `themes` which gap it stands for."""

    storage: Storage
    answerer: Answerer
    timeline: Timeline
    days: Days
    seed: int
    planted: Planted
    right: dict[int, tuple[str, ...]] = field(default_factory=dict)
    themes: dict[int, str] = field(default_factory=dict)

    def chance(self, *names: object) -> Random:
        """Return chance of its own for something: what happens elsewhere does not change it."""
        return Random(":".join(map(str, (self.seed, *names))))


def made_up_chat(chat_id: int | None) -> bool:
    """Tell whether a chat is one of the made-up ones."""
    return chat_id is not None and (chat_id >= FIRST_CHAT or chat_id <= FIRST_GROUP)
