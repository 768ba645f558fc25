"""Sellers who chat with the bot: asked as the bot is asked, and stored as it stores."""

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random

from bot.answers import Answer, Outcome, Question
from bot.desk.handoffs import Handoffs
from bot.rehearsal.made_up.scripts import Line, to_be_declined
from bot.rehearsal.made_up.world import MadeUpSeller, World
from bot.remembered import StoredTurn
from indexer.clock import JAKARTA

_PICKS = 0.45
_RATES_RIGHT = 0.2
_RATES_WRONG = 0.42
_WANTS_PERSON = 0.05
_REASONS = ("incorrect", "incomplete", "outdated", "misunderstood", "something_else")
_TIMED = ("encode", "dense", "keywords", "compose")
Then = Callable[[StoredTurn], None]


@dataclass(frozen=True)
class Talk:
    """What a seller is about to write, message by message; in a group where one is given, about a theme if it is one.

    `then` is called with the last turn; without it the seller may ask for a person.
    """

    seller: MadeUpSeller
    lines: Sequence[Line]
    chance: Random
    group: int | None = None
    theme: str | None = None
    then: Then | None = None

    @property
    def chat_id(self) -> int:
        """The chat in which it is written."""
        return self.group or self.seller.chat_id


class Chatting:
    """Sellers at the bot. `wants_person` is called where one asks for a person on a turn."""

    def __init__(self, world: World, handoffs: Handoffs, wants_person: Then) -> None:
        self._world = world
        self._handoffs = handoffs
        self._wants_person = wants_person
        self._messages: defaultdict[int, int] = defaultdict(lambda: 100)

    def begin(self, talk: Talk) -> None:
        """Let a seller begin to write, unless a person is with them."""
        self._go_on(talk, 0)

    def _go_on(self, talk: Talk, number: int) -> None:
        if self._handoffs.with_person(talk.chat_id):
            return
        line = talk.lines[number]
        turn = self._asks(talk, line, first=number == 0)
        self._rates(talk, turn)
        picked = self._picks(talk, turn)
        if number + 1 < len(talk.lines):
            wait = talk.chance.uniform(25, 150) + picked
            self._world.timeline.after(wait, lambda: self._go_on(talk, number + 1))
        elif talk.then:
            talk.then(turn)
        elif talk.group is None and self._bad(turn) and talk.chance.random() < _WANTS_PERSON:
            self._world.timeline.after(talk.chance.uniform(30, 200), lambda: self._wants_person(turn))

    def _asks(self, talk: Talk, line: Line, first: bool) -> StoredTurn:
        world, seller = self._world, talk.seller
        way = talk.chance.choice(line.ways)
        plain = bool(talk.theme) or (not line.right and len(way) < 40)  # stands in a manner of its own
        written = way if plain else seller.voice.writes(way, seller.language, talk.chance, first)
        text = world.planted.filled(written)
        asked_at = world.timeline.clock()
        kept = None if first else world.storage.seller(seller.chat_id)
        kept = kept or world.storage.remember_seller(seller.chat_id, seller.language)
        user_id = seller.chat_id if talk.group else None
        previous = world.storage.earlier_messages(talk.chat_id, before=asked_at, user_id=user_id)
        today = asked_at.astimezone(JAKARTA).date()
        answer = world.answerer.answer(Question(text, today, previous, kept.language, platform=kept.platform))
        turn = self._stored(talk, text, answer)
        if line.right:
            world.right[turn.id] = line.right
        if talk.theme:
            world.themes[turn.id] = talk.theme
        return turn

    def _stored(self, talk: Talk, text: str, answer: Answer, pressed: bool = False) -> StoredTurn:
        storage, asked_at = self._world.storage, self._world.timeline.clock()
        answer = replace(answer, timings=_timings(talk.chance))
        took = math.exp(talk.chance.gauss(-0.9, 0.45)) + (talk.chance.random() < 0.01) * talk.chance.uniform(2, 9)
        chat_id = talk.chat_id
        turn_id = storage.add_turn(
            chat_id, "telegram", text, answer, asked_at, asked_at + timedelta(seconds=took),
            user_id=talk.seller.chat_id if talk.group else None,
            question_message_id=None if pressed else self._next_message(chat_id),
        )  # fmt: skip
        storage.set_message_id(turn_id, self._next_message(chat_id))
        turn = storage.turn(turn_id)
        assert turn is not None
        return turn

    def _next_message(self, chat_id: int) -> int:
        self._messages[chat_id] += 1
        return self._messages[chat_id]

    def _picks(self, talk: Talk, turn: StoredTurn) -> float:
        """Let the seller press one of the choices, and return in how many seconds that is done."""
        if turn.outcome is not Outcome.CLARIFY or not turn.options or talk.chance.random() > _PICKS:
            return 0.0
        right = self._world.right.get(turn.id, ())
        option = next((one for one in turn.options if one.section in right), talk.chance.choice(turn.options))
        wait = talk.chance.uniform(6, 40)

        def press() -> None:
            today = self._world.timeline.clock().astimezone(JAKARTA).date()
            shown = self._world.answerer.show(option.section, turn.language, today)
            pressed = self._stored(talk, option.title, shown, pressed=True)
            self._world.right[pressed.id] = right or (option.section,)

        self._world.timeline.after(wait, press)
        return wait

    def _rates(self, talk: Talk, turn: StoredTurn) -> None:
        chance = talk.chance
        bad = self._bad(turn)
        if turn.outcome in (Outcome.SMALLTALK, Outcome.CLARIFY):
            return
        if chance.random() > (_RATES_WRONG if bad else _RATES_RIGHT) / (2 if turn.outcome is Outcome.DECLINED else 1):
            return
        not_right = chance.random() < (0.85 if bad else 0.08)
        reason = chance.choices(_REASONS, (5, 3, 1, 4, 1))[0] if not_right and chance.random() < 0.75 else None
        self._world.timeline.after(
            chance.uniform(8, 400),
            lambda: self._world.storage.rate(turn.id, talk.chat_id, "not_right" if not_right else "right", reason),
        )

    def _bad(self, turn: StoredTurn) -> bool:
        """Tell whether the seller got no good answer; by the bot's own sureness where nobody wrote down which is."""
        right = self._world.right.get(turn.id, ())
        if turn.outcome is Outcome.SMALLTALK:
            return False
        if not right:
            return turn.confidence < 0.5
        if to_be_declined(right):
            return turn.outcome is not Outcome.DECLINED
        return not any(section.cited and section.section in right for section in turn.sections)


def _timings(chance: Random) -> dict[str, float]:
    """Return made-up times of the steps, so that the same seed gives the same database."""
    parts = {name: round(math.exp(chance.gauss(0.2, 0.5)), 2) for name in _TIMED}
    return {**parts, "total": round(sum(parts.values()) + 0.6, 2)}
