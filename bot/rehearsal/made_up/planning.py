"""When which made-up seller writes what."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random

from bot.rehearsal.made_up.chatting import Chatting, Talk
from bot.rehearsal.made_up.scripts import Dialogue, Line, Rescue, Theme, bursts, dialogues, rescues, themes
from bot.rehearsal.made_up.timeline import WORK
from bot.rehearsal.made_up.voices import voice_of
from bot.rehearsal.made_up.world import FIRST_CHAT, FIRST_GROUP, MadeUpSeller, World
from bot.remembered import StoredTurn
from indexer.sections import Platform

_MONTH = 30
_TALKS_A_MONTH = 4.6  # of the middle seller; some write much more
_ENGLISH = 0.13
_GROUPS = 4
_IN_GROUP = 0.3  # of the dialogues that may be heard in one
_LATELY = timedelta(days=14)
_ASKS_A_THEME = 0.11  # of the sellers
Rescued = Callable[[Rescue, StoredTurn], None]


@dataclass(frozen=True)
class Planned:
    """A seller who writes at a moment."""

    at: datetime
    talk: Talk


class Plan:
    """Everything that sellers write in a month, laid on the timeline."""

    def __init__(self, world: World, count: int) -> None:
        self._world = world
        self._sellers = [self._seller(number) for number in range(count)]

    def lay(self, chatting: Chatting, rescued: Rescued) -> None:
        """Lay it on the timeline."""
        planned = [*self._everyday(), *self._bursts(), *self._asking_in_vain(), *self._with_a_person(rescued)]
        for one in planned:
            self._world.timeline.at(one.at, partial(chatting.begin, one.talk))

    def choose(self) -> None:
        """Let some sellers choose a language, a side, or topics to hear of."""
        storage = self._world.storage
        for seller in self._sellers:
            chance = self._world.chance("chooses", seller.chat_id)
            if chance.random() < 0.08:
                storage.set_language(seller.chat_id, seller.language)
            if seller.side and chance.random() < 0.5:
                storage.set_platform(seller.chat_id, seller.side)
            if chance.random() < 0.12:
                storage.toggle_subscription(seller.chat_id, chance.choice(("fees", "tax", "payouts", "shipping")))

    def _seller(self, number: int, language: str | None = None) -> MadeUpSeller:
        chance = self._world.chance("seller", number)
        english = language == "en" if language else chance.random() < _ENGLISH
        side = chance.choices((None, Platform.TOKOPEDIA, Platform.TIKTOK_SHOP), (6, 3, 2))[0]
        chat_id = FIRST_CHAT + number * 7919 + chance.randrange(7000)
        return MadeUpSeller(chat_id, voice_of(chance), "en" if english else "id", side)

    def _everyday(self) -> list[Planned]:
        """Return what each seller asks in their own time."""
        found = []
        days = (self._world.days.end - self._world.days.start) / timedelta(days=1)
        for seller in self._sellers:
            chance = self._world.chance("everyday", seller.chat_id)
            count = math.exp(chance.gauss(math.log(_TALKS_A_MONTH), 0.7)) * days / _MONTH
            fitting = [one for one in dialogues() if one.language == seller.language and _fits(one, seller)]
            weights = [one.weight for one in fitting]
            for number in range(max(1, round(count))):
                dialogue = chance.choices(fitting, weights)[0]
                own = self._world.chance("talk", seller.chat_id, number)
                group = self._group(dialogue, own)
                found.append(Planned(self._world.days.moment(own), Talk(seller, dialogue.lines, own, group)))
        return found

    def _group(self, dialogue: Dialogue, chance: Random) -> int | None:
        heard = dialogue.group and chance.random() < _IN_GROUP
        return FIRST_GROUP - chance.randrange(_GROUPS) if heard else None

    def _bursts(self) -> list[Planned]:
        by_name = {one.name: one for one in dialogues()}
        found = []
        for number, burst in enumerate(bursts()):
            chance = self._world.chance("burst", number)
            since = self._world.days.share(burst.at)
            for seller in chance.sample(self._sellers, max(1, round(len(self._sellers) * burst.share))):
                asked = [by_name[name] for name in burst.asks if by_name[name].language == seller.language]
                own = self._world.chance("burst", number, seller.chat_id)
                moment = self._world.days.moment(own, since, since + timedelta(hours=10))
                found.append(Planned(moment, Talk(seller, own.choice(asked).lines[:2], own)))
        return found

    def _asking_in_vain(self) -> list[Planned]:
        since = max(self._world.days.start, self._world.days.end - _LATELY)
        found = []
        for theme in themes():
            chance = self._world.chance("theme", theme.name)
            count = min(len(theme.asks), len(self._sellers), max(5, round(len(self._sellers) * _ASKS_A_THEME)))
            asked = chance.sample(theme.asks, count)
            for words, seller in zip(asked, chance.sample(self._sellers, count), strict=True):
                own = self._world.chance("theme", theme.name, seller.chat_id)
                moment = self._world.days.moment(own, since)
                found.append(Planned(moment, self._of_theme(theme, words, seller, own)))
        return found

    def _of_theme(self, theme: Theme, words: str, seller: MadeUpSeller, chance: Random) -> Talk:
        return Talk(seller, [Line((words,), theme.right)], chance, theme=theme.name)

    def _with_a_person(self, rescued: Rescued) -> list[Planned]:
        """Return those who end up with a person, each a seller of their own."""
        found = []
        for number, rescue in enumerate(rescues()):
            seller = self._seller(len(self._sellers) + number, rescue.language)
            chance = self._world.chance("rescued", rescue.name)
            then = partial(rescued, rescue)  # with the turn that it ends with
            found.append(Planned(self._moment_of(rescue, chance), Talk(seller, rescue.lines, chance, then=then)))
        return found

    def _moment_of(self, rescue: Rescue, chance: Random) -> datetime:
        """Return when it begins: what is not closed yet came last, while staff were there."""
        days = self._world.days
        last = days.end - timedelta(minutes=10)
        while not WORK.is_open(last) and last > days.start:
            last -= timedelta(minutes=30)
        if rescue.ends == "waiting":
            return last - timedelta(minutes=chance.uniform(5, 25))
        if rescue.ends == "taken":
            return last - timedelta(minutes=chance.uniform(70, 180))
        return days.moment(chance, until=max(days.start + timedelta(hours=12), last - timedelta(days=1, hours=6)))


def _fits(dialogue: Dialogue, seller: MadeUpSeller) -> bool:
    return dialogue.side is None or seller.side in (None, dialogue.side)
