"""The pages on which staff review: the form under an answer, the queues, and where two disagree."""

from starlette.responses import Response

from bot.console.conversation_pages import find_sections
from bot.console.visits import Visit, own_path
from bot.desk.people import Refused, Role
from bot.desk.proposals import Draft
from bot.desk.queues import Kind, QueueRules
from bot.desk.reviewing import Judgement, Reason, Verdict
from bot.remembered import StoredTurn
from indexer.sections import LANGUAGES

_PAST_TURNS = 20_000


def home(visit: Visit) -> Response:
    """Show what waits for the visitor today."""
    parts = visit.parts
    return visit.page(
        "home.html",
        tasks=parts.queues.open_of(visit.person),
        handoffs=[one for one in parts.handoffs.open() if one.state == "waiting"],
        mine=[one for one in parts.handoffs.open() if one.taken_by == visit.person.id],
        disagreements=len(parts.reviews.disagreements()) if visit.person.may(Role.LEAD) else 0,
        gaps=parts.gaps.all()[:5],
        proposals=len(parts.proposals.all()) if visit.person.may(Role.LEAD) else 0,
    )


def review(visit: Visit) -> Response:
    """Keep what a reviewer says of an answer, and go on to where they came from or to the next task."""
    turn = visit.parts.conversations.turn(visit.number("turn"))
    if turn is None:
        raise Refused("turn_gone")
    said = _judgement(visit)
    final = bool(visit.field("final"))
    _refuse_other_task(visit, turn.id)
    visit.parts.reviews.give(visit.person, turn.id, said, final)
    _propose(visit, turn, said)
    visit.note("final" if final else "review", f"turn {turn.id}: {said.verdict.value}")
    return visit.go(_after_review(visit, turn.id), "reviewed")


def take_back(visit: Visit) -> Response:
    """Take back what the visitor said of an answer."""
    turn_id = visit.number("turn")
    if visit.parts.reviews.take_back(visit.person, turn_id):
        visit.parts.proposals.withdraw(turn_id)
        visit.note("review_back", f"turn {turn_id}")
    return visit.go(f"/conversations/{turn_id}", "review_back")


def queues(visit: Visit) -> Response:
    """Show the queues, how far each is, and for leads the form of a new one."""
    visit.parts.queues.fill()
    return visit.page(
        "queues.html",
        queues=visit.parts.queues.all(),
        agreement=visit.parts.reviews.agreement(),
        agreements={one.id: visit.parts.reviews.agreement(one.id) for one in visit.parts.queues.all()},
        people=[person for person in visit.parts.people.all() if person.active],
        kinds=list(Kind),
        languages=LANGUAGES,
        next=visit.parts.queues.next_task(visit.person),
    )


def add_queue(visit: Visit) -> Response:
    """Make a queue."""
    queue_id = visit.parts.queues.add(_rules(visit), past_turns=_PAST_TURNS if visit.field("past") else 0)
    visit.parts.queues.fill()
    visit.note("queue_added", f"queue {queue_id}")
    return visit.go("/queues", "queue_saved")


def change_queue(visit: Visit) -> Response:
    """Change a queue."""
    visit.parts.queues.change(visit.number("queue"), _rules(visit))
    visit.parts.queues.fill()
    visit.note("queue_changed", f"queue {visit.number('queue')}")
    return visit.go("/queues", "queue_saved")


def next_task(visit: Visit) -> Response:
    """Open the visitor's oldest task, in one queue or in any."""
    queue_id = visit.number("queue") if "queue" in visit.request.path_params else None
    visit.parts.queues.fill()
    task = visit.parts.queues.next_task(visit.person, queue_id)
    if task is None:
        return visit.go("/queues", "nothing_left")
    return visit.go(f"/conversations/{task.turn_id}?queue={task.queue_id}")


def skip(visit: Visit) -> Response:
    """Put a task aside."""
    visit.parts.queues.skip(visit.person, visit.number("task"))
    visit.note("task_skipped", f"task {visit.number('task')}")
    return visit.go("/queues/next")


def disagreements(visit: Visit) -> Response:
    """Show the answers of which two reviewers say different things."""
    return visit.page("disagreements.html", found=visit.parts.reviews.disagreements())


def _judgement(visit: Visit) -> Judgement:
    try:
        verdict = Verdict(visit.field("verdict"))
        reason = Reason(visit.field("reason")) if visit.field("reason") else None
    except ValueError:
        raise Refused("verdict") from None
    section = _section(visit)
    if reason is Reason.OTHER_SECTION and section is None:
        raise Refused("section_needed")
    return Judgement(verdict, reason, section, visit.field("note") or None)


def _section(visit: Visit) -> str | None:
    """Return the section that should have been found: typed, else chosen among those that were considered."""
    named = visit.field("section") or visit.field("candidate")
    if not named:
        return None
    if named in visit.parts.generations.now().sections:
        return named
    near = [one.id for one in find_sections(visit, named)][:3]
    raise Refused("section", section=named[:120], near=", ".join(near) or "–")


def _refuse_other_task(visit: Visit, turn_id: int) -> None:
    """Refuse a review of what is only for others to read, so that two readings stay two persons'."""
    tasks = visit.parts.queues.tasks_of_turn(turn_id)
    meant = visit.field("task")
    if meant and not any(str(task.id) == meant and task.staff_id == visit.person.id for task in tasks):
        raise Refused("not_yours")


def _propose(visit: Visit, turn: StoredTurn, said: Judgement) -> None:
    """Make a proposal of a review: the section that should have been found, or one that is to be written."""
    visit.parts.proposals.withdraw(turn.id)
    if said.section and visit.field("propose_asked"):
        visit.parts.proposals.for_section(turn, said.section, said.note)
    elif visit.field("propose_section"):
        topic = visit.field("topic")
        known = topic if topic in visit.parts.generations.now().topics else turn.topic
        visit.parts.proposals.for_new_section(turn, Draft(topic=known), said.note)


def _after_review(visit: Visit, turn_id: int) -> str:
    queue = visit.field_number("queue")
    if visit.field("then") == "next":
        return f"/queues/{queue}/next" if queue is not None else "/queues/next"
    back = own_path(visit.field("back"))
    return back if back != "/" else f"/conversations/{turn_id}"


def _rules(visit: Visit) -> QueueRules:
    try:
        kind = Kind(visit.field("kind"))
        percent = int(visit.field("percent") or 100)
        twice = int(visit.field("twice_percent") or 0)
        below = float(visit.field("below").replace(",", ".")) if visit.field("below") else None
        members = tuple(int(value) for value in visit.fields("member"))
    except ValueError:
        raise Refused("queue_form") from None
    active = {person.id for person in visit.parts.people.all() if person.active}
    language = visit.field("language")
    return QueueRules(
        " ".join(visit.field("name").split()), kind, percent, below if kind is Kind.LOW_CONFIDENCE else None,
        language if language in LANGUAGES else None, twice, tuple(one for one in members if one in active),
        active=visit.field("paused") == "",
    )  # fmt: skip
