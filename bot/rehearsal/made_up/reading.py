"""Staff who read answers: the tasks of their queues, verdicts, final ones, and what they propose."""

from collections.abc import Sequence
from functools import partial
from random import Random

from bot.answers import Outcome
from bot.desk.auditing import Audit
from bot.desk.people import Person, Role
from bot.desk.proposals import Draft, Encode, Proposals
from bot.desk.queues import Queues
from bot.desk.reviewing import Judgement, Reason, Reviews, Verdict
from bot.rehearsal.made_up.scripts import GAP, desk_words, to_be_declined
from bot.rehearsal.made_up.world import World
from bot.remembered import StoredTurn

_READS = 0.62  # of what is given to them
_SKIPS = 0.03
_AGREES = 0.84
_DECIDES = 0.6  # of the disagreements, each day
_VIEWS = (Reason.TEXT_UNCLEAR, Reason.TEXT_UNCLEAR, Reason.OTHER)
_PROPOSES = 0.5  # of what is not right and has a remedy


class Reading:
    """The reviewing of the made-up month."""

    def __init__(self, world: World, staff: Sequence[Person], encode: Encode) -> None:
        database, clock = world.storage.database, world.timeline.clock
        self._world = world
        self._readers = [person for person in staff if person.role is Role.REVIEWER]
        self._lead = next(person for person in staff if person.role is Role.LEAD)
        self._queues = Queues(database, clock)
        self._reviews = Reviews(database, clock)
        self._audit = Audit(database, clock)
        self.proposals = Proposals(database, encode, clock)
        self._seen = {person.id: 0 for person in self._readers}
        self._done = {person.id: 0 for person in self._readers}
        self.given = 0

    def one_hour(self) -> None:
        """Let each reviewer read some of what they have, one after another within the hour."""
        self._queues.fill()
        for person in self._readers:
            left = self._queues.open_of(person)
            self._seen[person.id] = max(self._seen[person.id], self._done[person.id] + left)
            wanted = int(self._seen[person.id] * _READS) - self._done[person.id]
            chance = self._world.chance("hour", person.id, self._done[person.id])
            wait = chance.uniform(60, 600)
            for _ in range(max(0, min(wanted, 25))):
                self._world.timeline.after(wait, partial(self._reads_next, person))
                wait += chance.uniform(20, 110)

    def decide(self) -> None:
        """Let the lead give the final verdict on some of the answers on which reviewers differ."""
        for turn, said in self._reviews.disagreements():
            chance = self._world.chance("final", turn.id)
            if chance.random() < _DECIDES:
                judgement = self._judgement(turn, chance, agrees=True)
                note = chance.choice(desk_words().finals) if chance.random() < 0.4 else None
                noted = Judgement(judgement.verdict, judgement.reason, judgement.section, note)
                self._reviews.give(self._lead, turn.id, noted, final=True)
                self._audit.note(self._lead.id, "final", f"turn {turn.id}")
                self._propose(turn, judgement, chance)
                self.given += len(said) > 0

    def decide_proposals(self) -> None:
        """Let the lead accept some of the proposals, dismiss one, and draft what one of the sections would say."""
        found = self.proposals.all()
        for number, proposal in enumerate(found):
            chance = self._world.chance("proposal", proposal.id)
            if number == 0 or chance.random() < 0.3:
                self.proposals.decide(proposal.id, "accepted")
                self._audit.note(self._lead.id, "proposal", f"proposal {proposal.id}: accepted")
            elif number == len(found) - 1 or chance.random() < 0.06:
                self.proposals.decide(proposal.id, "dismissed")
                self._audit.note(self._lead.id, "proposal", f"proposal {proposal.id}: dismissed")
        drafts = [one for state in ("open", "accepted") for one in self.proposals.all(state) if one.kind == "section"]
        if drafts:
            self._draft(drafts[0].id, drafts[0].draft.topic)

    def _draft(self, proposal_id: int, topic: str | None) -> None:
        draft = Draft(
            topic or "service", "both", "Belum ada jawaban resmi; sedang kami tanyakan. (Contoh rancangan.)",
            "There is no official answer yet; we are asking. (A made-up draft.)",
        )  # fmt: skip
        self.proposals.edit(proposal_id, draft, "Perlu sumber resmi sebelum diterbitkan.")

    def _reads_next(self, person: Person) -> None:
        task = self._queues.next_task(person)
        turn = self._world.storage.turn(task.turn_id) if task else None
        if task is None or turn is None:
            return
        chance = self._world.chance("reads", person.id, turn.id)
        left = self._queues.open_of(person)
        final = any(review.final for review in self._reviews.of_turns([turn.id]).get(turn.id, []))
        if final or chance.random() < _SKIPS:
            self._queues.skip(person, task.id)
        else:
            judgement = self._judgement(turn, chance, agrees=chance.random() < _AGREES)
            self._reviews.give(person, turn.id, judgement)
            self._propose(turn, judgement, chance)
            self.given += 1
        self._done[person.id] += left - self._queues.open_of(person)

    def _judgement(self, turn: StoredTurn, chance: Random, agrees: bool) -> Judgement:
        """Return what somebody finds; who does not agree finds something near it."""
        found = _truth(turn, self._world.right.get(turn.id, ()), self._world.chance("truth", turn.id))
        if not agrees:
            found = _otherwise(found, turn, chance)
        return Judgement(found.verdict, found.reason, found.section, _note(found, turn, chance))

    def _propose(self, turn: StoredTurn, judgement: Judgement, chance: Random) -> None:
        if judgement.verdict is Verdict.RIGHT or chance.random() > _PROPOSES or self.proposals.of_turn(turn.id):
            return
        if judgement.section:
            self.proposals.for_section(turn, judgement.section, judgement.note)
        elif judgement.reason is Reason.MISSING:
            self.proposals.for_new_section(turn, note=judgement.note)


def _truth(turn: StoredTurn, right: tuple[str, ...], chance: Random) -> Judgement:
    """Return what a careful reader would find."""
    if not right:
        return _by_sureness(turn, chance)
    answered = turn.outcome is Outcome.ANSWERED
    if to_be_declined(right):
        return Judgement(Verdict.SHOULD_DECLINE, Reason.MISREAD) if answered else Judgement(Verdict.RIGHT)
    if right[0] == GAP:
        return Judgement(Verdict.WRONG if answered else Verdict.SHOULD_ANSWER, Reason.MISSING)
    cited = [section for section in turn.sections if section.cited]
    if any(section.section in right for section in cited):
        unclear = len(cited) > 1 and chance.random() < 0.3
        return Judgement(Verdict.INCOMPLETE, Reason.TEXT_UNCLEAR) if unclear else Judgement(Verdict.RIGHT)
    if not answered:
        offered = any(option.section in right for option in turn.options)
        return Judgement(Verdict.RIGHT) if offered else Judgement(Verdict.SHOULD_ANSWER, Reason.MISREAD, right[0])
    old = any(section.then.get("status") in ("superseded", "historical") for section in cited)
    return Judgement(Verdict.OUTDATED if old else Verdict.WRONG, Reason.OTHER_SECTION, right[0])


def _by_sureness(turn: StoredTurn, chance: Random) -> Judgement:
    if turn.outcome is not Outcome.ANSWERED:
        return Judgement(Verdict.RIGHT) if chance.random() < 0.8 else Judgement(Verdict.SHOULD_ANSWER, Reason.MISREAD)
    if chance.random() < turn.confidence:
        return Judgement(Verdict.RIGHT)
    return Judgement(Verdict.INCOMPLETE, Reason.TEXT_UNCLEAR)


def _otherwise(found: Judgement, turn: StoredTurn, chance: Random) -> Judgement:
    """Return what somebody with another view finds."""
    if found.verdict is not Verdict.RIGHT:
        return Judgement(chance.choice((Verdict.INCOMPLETE, Verdict.RIGHT)), Reason.TEXT_UNCLEAR)
    if turn.outcome is Outcome.ANSWERED:
        sided = bool(turn.reading and turn.reading["side"])
        return Judgement(Verdict.INCOMPLETE, Reason.WRONG_SIDE if sided else chance.choice(_VIEWS))
    return Judgement(Verdict.SHOULD_ANSWER, Reason.MISREAD)


def _note(found: Judgement, turn: StoredTurn, chance: Random) -> str | None:
    """Return a note, more often where something is not right."""
    notes = desk_words().notes
    if chance.random() > (0.12 if found.verdict is Verdict.RIGHT else 0.45):
        return None
    key = "right" if found.verdict is Verdict.RIGHT else str(found.reason or "")
    if found.verdict is Verdict.SHOULD_DECLINE:
        key = "should_decline"
    if key not in notes:
        return None
    if turn.language == "en" and key in ("right", "other_section", "missing", "text_unclear"):
        place = ("right", "other_section", "missing", "text_unclear").index(key)
        return notes["en"][place]
    return chance.choice(notes[key])
