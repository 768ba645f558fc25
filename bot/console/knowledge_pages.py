"""The pages from reviews to knowledge: proposals for the maintainers, and the gaps that sellers ask about."""

from starlette.responses import JSONResponse, Response

from bot.console.visits import Visit
from bot.desk.people import Refused
from bot.desk.proposals import Draft
from indexer.sections import Platform

STATES = ("open", "accepted", "taken", "dismissed")
GAP_STATES = ("open", "answered", "dismissed")


def proposals(visit: Visit) -> Response:
    """Show the proposals in one state."""
    state = visit.query.get("state", "open")
    if state not in STATES:
        raise Refused("filter", name="state", value=state[:40])
    return visit.page(
        "proposals.html", state=state, states=STATES, found=visit.parts.proposals.all(state),
        topics=visit.parts.generations.now().topics, platforms=list(Platform),
        sections=visit.parts.generations.now().sections,
    )  # fmt: skip


def change_proposal(visit: Visit) -> Response:
    """Keep what is known of a draft, and decide on it."""
    proposal_id = visit.number("proposal")
    proposal = visit.parts.proposals.get(proposal_id)
    if proposal is None:
        raise Refused("proposal_gone")
    state = visit.field("state")
    if state not in STATES:
        raise Refused("state")
    visit.parts.proposals.edit(proposal_id, _draft(visit), visit.field("note") or None)
    visit.parts.proposals.decide(proposal_id, state)
    visit.parts.export_proposals()
    visit.note("proposal", f"proposal {proposal_id}: {state}")
    return visit.go(f"/proposals?state={proposal.state}", "proposal_saved")


def export_proposals(visit: Visit) -> Response:
    """Send the accepted proposals as the file that `python -m indexer proposals` reads."""
    visit.note("export", "proposals")
    headers = {"Content-Disposition": 'attachment; filename="proposals.json"'}
    return JSONResponse(visit.parts.proposals.exported(), headers=headers)


def gaps(visit: Visit) -> Response:
    """Show the gaps in one state, those that are asked most first."""
    state = visit.query.get("state", "open")
    if state not in GAP_STATES:
        raise Refused("filter", name="state", value=state[:40])
    visit.parts.gaps.gather()
    return visit.page("gaps.html", state=state, states=GAP_STATES, found=visit.parts.gaps.all(state))


def gap(visit: Visit) -> Response:
    """Show one gap with all that asked it."""
    found = visit.parts.gaps.get(visit.number("gap"))
    if found is None:
        raise Refused("gap_gone")
    return visit.page("gap.html", gap=found, others=visit.parts.gaps.nearest(found.id))


def answer_gap(visit: Visit) -> Response:
    """Answer a gap in both languages, and ask its sellers whether they still want to know."""
    gap_id = visit.number("gap")
    count = visit.parts.gaps.answer(gap_id, visit.field("answer_id"), visit.field("answer_en"))
    if visit.field("propose"):
        _propose(visit, gap_id)
    visit.note("gap_answered", f"gap {gap_id}: {count} told")
    return visit.go(f"/gaps/{gap_id}", "gap_answered")


def tell_more(visit: Visit) -> Response:
    """Tell those of an answer who asked later."""
    gap_id = visit.number("gap")
    visit.note("gap_told", f"gap {gap_id}: {visit.parts.gaps.tell(gap_id)} told")
    return visit.go(f"/gaps/{gap_id}", "gap_told")


def set_gap(visit: Visit) -> Response:
    """Dismiss a gap or open it again, merge it with another one, or take a question out of it."""
    gap_id, action = visit.number("gap"), visit.field("action")
    into, turn_id = visit.field_number("into"), visit.field_number("turn")
    there = f"/gaps/{gap_id}"
    if action in ("dismissed", "open"):
        visit.parts.gaps.set_state(gap_id, action)
    elif action == "merge" and into is not None:
        visit.parts.gaps.merge(gap_id, into)
        there = f"/gaps/{into}"
    elif action == "take_out" and turn_id is not None:
        visit.parts.gaps.take_out(gap_id, turn_id)
        there = there if visit.parts.gaps.get(gap_id) else "/gaps"
    else:
        raise Refused("state")
    visit.note("gap", f"gap {gap_id}: {action}")
    return visit.go(there, "gap_saved")


def _draft(visit: Visit) -> Draft:
    topic, platform = visit.field("topic"), visit.field("platform")
    return Draft(
        topic if topic in visit.parts.generations.now().topics else None,
        platform if platform in set(Platform) else None,
        visit.field("answer_id") or None,
        visit.field("answer_en") or None,
    )


def _propose(visit: Visit, gap_id: int) -> None:
    """Make a proposal of an answered gap, so that the knowledge has the answer too, with all its questions."""
    gap = visit.parts.gaps.get(gap_id)
    assert gap, "it was answered just now"
    found = [visit.parts.conversations.turn(question.turn_id) for question in reversed(gap.questions)]
    asked = [turn for turn in found if turn]
    if asked:
        draft = Draft(asked[0].topic, None, gap.answer_id, gap.answer_en)
        visit.parts.proposals.of_gap(asked, draft)
