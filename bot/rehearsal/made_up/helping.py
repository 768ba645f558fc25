"""Staff who help sellers: hand-offs that are asked for, taken, written in and closed."""

from collections.abc import Sequence
from functools import partial
from random import Random

from bot.answers import Outcome
from bot.desk.auditing import Audit
from bot.desk.handoffs import Handoff, Handoffs, Reason, State
from bot.desk.outbox import Outbox
from bot.desk.people import Person
from bot.rehearsal.made_up.scripts import Rescue, desk_words
from bot.rehearsal.made_up.timeline import next_work
from bot.rehearsal.made_up.world import World
from bot.remembered import StoredTurn

_FIRST_UPDATE = 700_000_000
_BLOCKED = 0.02
_COMPLAINTS = {Reason.WRONG_ANSWER.value: "incorrect", Reason.OUTDATED.value: "outdated"}


class Helping:
    """The hand-offs of the made-up month. `staff` are those who answer sellers."""

    def __init__(self, world: World, handoffs: Handoffs, staff: Sequence[Person]) -> None:
        self._world = world
        self._handoffs = handoffs
        self._staff = staff
        self._audit = Audit(world.storage.database, world.timeline.clock)
        self._outbox = Outbox(world.storage.database, world.timeline.clock)
        self._updates = _FIRST_UPDATE

    def wanted(self, turn: StoredTurn) -> None:
        """Let a seller ask for a person after any answer; some find it themselves meanwhile."""
        chance, words = self._world.chance("wanted", turn.id), desk_words()
        if turn.chat_id is None or self._handoffs.open_of_chat(turn.chat_id):
            return
        handoff = self._asked(turn, turn.chat_id)
        language = turn.language
        then = [("staff", chance.choice(words.openers[language])), ("seller", chance.choice(words.replies[language]))]
        then.append(("staff", chance.choice(words.closers[language])))
        if chance.random() < 0.2:
            self._world.timeline.after(
                chance.uniform(300, 5000), lambda: self._close(handoff.id, "seller", None)
            )  # fmt: skip
        else:
            self._serve(handoff, then, "closed", chance)

    def rescued(self, rescue: Rescue, turn: StoredTurn) -> None:
        """Let a hand-off go as it is written down."""
        chance = self._world.chance("rescue", rescue.name)
        if turn.chat_id is None:
            return
        if rescue.reason == Reason.STAFF.value:
            person = self._reader(rescue.language, chance)
            self._world.timeline.after(chance.uniform(200, 900), partial(self._steps_in, person, turn, rescue, chance))
            return
        if (complaint := _COMPLAINTS.get(rescue.reason)) and turn.outcome in (Outcome.ANSWERED, Outcome.DECLINED):
            self._world.storage.rate(turn.id, turn.chat_id, "not_right", complaint)
        handoff = self._asked(turn, turn.chat_id)
        if rescue.ends == State.WAITING.value:
            return
        self._serve(handoff, rescue.then, rescue.ends, chance, Reason(rescue.reason))

    def _steps_in(self, person: Person, turn: StoredTurn, rescue: Rescue, chance: Random) -> None:
        handoff_id = self._handoffs.step_in(person, turn)
        self._audit.note(person.id, "handoff_taken", f"handoff {handoff_id}")
        self._deliver_soon(chance)
        self._line_up(handoff_id, person, rescue.then, rescue.ends, chance)

    def _asked(self, turn: StoredTurn, chat_id: int) -> Handoff:
        self._world.storage.ask_for_person(turn.id, chat_id)
        newest = self._world.storage.turn(turn.id)  # with the rating that the seller may have given meanwhile
        return self._handoffs.ask(chat_id, turn.language, newest)[0]

    def _serve(
        self, handoff: Handoff, then: Sequence[tuple[str, str]], ends: str, chance: Random, reason: Reason | None = None
    ) -> None:
        """Let somebody take a hand-off when staff are there."""
        person = self._reader(handoff.language, chance)
        now = self._world.timeline.clock()
        begins = next_work(now)
        waits = chance.uniform(60, 1500) if begins == now else (begins - now).total_seconds() + chance.uniform(60, 3600)

        def take() -> None:
            open_now = self._handoffs.get(handoff.id)
            if open_now is None or open_now.state is not State.WAITING:
                return
            self._handoffs.take(person, handoff.id)
            self._audit.note(person.id, "handoff_taken", f"handoff {handoff.id}")
            if reason and reason is not open_now.reason:
                self._handoffs.set_reason(person, handoff.id, reason)
            self._deliver_soon(chance)
            self._line_up(handoff.id, person, then, ends, chance)

        self._world.timeline.after(waits, take)

    def _line_up(
        self, handoff_id: int, person: Person, then: Sequence[tuple[str, str]], ends: str, chance: Random
    ) -> None:
        """Let the messages be written, one after another, and the chat be given back."""
        wait = chance.uniform(15, 60)
        for sender, text in then:
            write = self._seller_writes if sender == "seller" else partial(self._staff_writes, person)
            self._world.timeline.after(wait, partial(write, handoff_id, text, chance))
            wait += chance.uniform(45, 420)
        if ends == State.CLOSED.value:
            self._world.timeline.after(wait, partial(self._close, handoff_id, "staff", person))
        elif ends == "left":
            self._world.timeline.after(wait, partial(self._close, handoff_id, "seller", None))

    def _staff_writes(self, person: Person, handoff_id: int, text: str, chance: Random) -> None:
        self._handoffs.write(person, handoff_id, text.replace("{staff}", person.name.split(" (")[0]))
        self._deliver_soon(chance)

    def _seller_writes(self, handoff_id: int, text: str, _: Random) -> None:
        handoff = self._handoffs.get(handoff_id)
        if handoff and handoff.state is State.TAKEN:
            self._updates += 1
            self._handoffs.seller_wrote(handoff, self._world.planted.filled(text), self._updates)

    def _close(self, handoff_id: int, how: str, person: Person | None) -> None:
        if person:
            self._handoffs.give_back(person, handoff_id)
            self._audit.note(person.id, "handoff_given_back", f"handoff {handoff_id}")
        else:
            self._handoffs.close(handoff_id, how)
        self._deliver_soon(self._world.chance("closed", handoff_id))

    def _deliver_soon(self, chance: Random) -> None:
        self._world.timeline.after(chance.uniform(1, 3), self.deliver)

    def deliver(self) -> None:
        """Send what waits for sellers, as the bot would; a few have blocked it."""
        for letter in self._outbox.waiting(to_group=False):
            if self._world.chance("letter", letter.id).random() < _BLOCKED:
                self._outbox.failed(letter.id, "blocked")
            else:
                self._outbox.sent(letter.id)

    def _reader(self, language: str, chance: Random) -> Person:
        return chance.choice([person for person in self._staff if language in person.reads])
