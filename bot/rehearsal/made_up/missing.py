"""What nobody could answer: gathered into gaps, of which staff answer one and put another aside."""

from bot.desk.auditing import Audit
from bot.desk.gaps import Gap, Gaps
from bot.desk.people import Person
from bot.desk.proposals import Encode
from bot.rehearsal.made_up.scripts import Theme, themes
from bot.rehearsal.made_up.world import World


class Missing:
    """The gaps of the made-up month."""

    def __init__(self, world: World, lead: Person, encode: Encode, model: str) -> None:
        self._world = world
        self._lead = lead
        self._gaps = Gaps(world.storage.database, encode, model, world.timeline.clock)
        self._audit = Audit(world.storage.database, world.timeline.clock)

    def gather(self) -> None:
        """Put what came into its groups."""
        self._gaps.gather()

    def settle(self) -> None:
        """Answer the gap that has an answer, and dismiss the one that is none."""
        for theme in themes():
            gap = self._gap_of(theme)
            if gap is None:
                continue
            if theme.state == "answered":
                self._gaps.answer(gap.id, theme.answers["id"], theme.answers["en"])
                self._audit.note(self._lead.id, "gap_answered", f"gap {gap.id}")
            elif theme.state == "dismissed":
                self._gaps.set_state(gap.id, "dismissed")
                self._audit.note(self._lead.id, "gap", f"gap {gap.id}: dismissed")

    def _gap_of(self, theme: Theme) -> Gap | None:
        """Return the open gap with most of a theme's questions."""
        counted = [(self._of_theme(gap, theme), gap.id, gap) for gap in self._gaps.all()]
        most = max(counted, default=(0, 0, None), key=lambda one: one[:2])
        return most[2] if most[0] else None

    def _of_theme(self, gap: Gap, theme: Theme) -> int:
        return sum(self._world.themes.get(question.turn_id) == theme.name for question in gap.questions)
