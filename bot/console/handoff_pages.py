"""The pages on which staff talk with sellers who want a person."""

from typing import Any

from starlette.responses import Response

from bot.console.conversation_pages import who
from bot.console.visits import Visit
from bot.desk.handoffs import Handoff, Reason
from bot.desk.opening_hours import in_words, moment_in_words
from bot.desk.people import Refused, Role


def handoffs(visit: Visit) -> Response:
    """Show who waits, who is with whom, and what was closed last."""
    book = visit.parts.handoffs
    found = book.open()
    return visit.page(
        "handoffs.html",
        waiting=[one for one in found if one.state == "waiting"],
        taken=[one for one in found if one.state == "taken"],
        closed=book.closed(),
        last=book.last_messages([one.id for one in found]),
        asked=visit.parts.conversations.asked([one.turn_id for one in found if one.turn_id]),
        **_hours(visit),
    )


def handoff(visit: Visit) -> Response:
    """Show one seller's chat: what was said with the bot before, and with a person."""
    found = _found(visit)
    turn = visit.parts.conversations.turn(found.turn_id) if found.turn_id else None
    around = visit.parts.conversations.around(turn, 6) if turn else []
    return visit.page(
        "handoff.html",
        handoff=found,
        who=who(visit, turn) if turn else visit.say("list.somebody"),
        turns=around,
        messages=visit.parts.handoffs.messages(found.id),
        mine=found.state == "taken" and found.taken_by == visit.person.id,
        may_take=found.state == "waiting"
        or (found.state == "taken" and found.taken_by != visit.person.id and _may_take_from(visit, found)),
        reasons=list(Reason),
        place=visit.parts.handoffs.place_in_queue(found) if found.state == "waiting" else None,
    )


def messages(visit: Visit) -> Response:
    """Show only the messages of a chat, for the page that looks again every few seconds."""
    found = _found(visit)
    return visit.page("handoff_messages.html", handoff=found, messages=visit.parts.handoffs.messages(found.id))


def take(visit: Visit) -> Response:
    """Take a chat over."""
    visit.parts.handoffs.take(visit.person, visit.number("handoff"))
    visit.note("handoff_taken", f"hand-off {visit.number('handoff')}")
    return visit.go(f"/handoffs/{visit.number('handoff')}", "taken")


def step_in(visit: Visit) -> Response:
    """Take over the chat of a turn whose seller did not ask for a person."""
    turn = visit.parts.conversations.turn(visit.number("turn"))
    if turn is None:
        raise Refused("turn_gone")
    handoff_id = visit.parts.handoffs.step_in(visit.person, turn)
    visit.note("handoff_taken", f"hand-off {handoff_id}")
    return visit.go(f"/handoffs/{handoff_id}", "taken")


def write(visit: Visit) -> Response:
    """Send a seller a message."""
    visit.parts.handoffs.write(visit.person, visit.number("handoff"), visit.field("message"))
    visit.note("handoff_message", f"hand-off {visit.number('handoff')}")
    return visit.go(f"/handoffs/{visit.number('handoff')}#newest")


def give_back(visit: Visit) -> Response:
    """Give a chat back to the bot."""
    visit.parts.handoffs.give_back(visit.person, visit.number("handoff"))
    visit.note("handoff_given_back", f"hand-off {visit.number('handoff')}")
    return visit.go("/handoffs", "given_back")


def set_reason(visit: Visit) -> Response:
    """Correct why a seller is with a person."""
    try:
        reason = Reason(visit.field("reason"))
    except ValueError:
        raise Refused("reason") from None
    visit.parts.handoffs.set_reason(visit.person, visit.number("handoff"), reason)
    visit.note("handoff_reason", f"hand-off {visit.number('handoff')}: {reason.value}")
    return visit.go(f"/handoffs/{visit.number('handoff')}", "reason_saved")


def _found(visit: Visit) -> Handoff:
    found = visit.parts.handoffs.get(visit.number("handoff"))
    if found is None:
        raise Refused("handoff_gone")
    return found


def _may_take_from(visit: Visit, found: Handoff) -> bool:
    return found.taken_by is None or visit.person.may(Role.LEAD)


def _hours(visit: Visit) -> dict[str, Any]:
    """Return what sellers are told of when somebody answers."""
    hours, moment = visit.parts.hours, visit.parts.clock()
    opening = hours.next_opening(moment)
    return {
        "hours": in_words(hours, visit.language) if hours.by_day else "",
        "open_now": hours.is_open(moment),
        "opens": moment_in_words(opening, visit.language) if opening else "",
    }
