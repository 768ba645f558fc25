"""What speaks for or against a section besides its words: side, age, kind, the law it rests on."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.question_time import AskedTime
from indexer.ranking import FeatureTable
from indexer.sections import OUTSIDE, Platform, Section, Status
from indexer.validity import names_law


class SectionTraits:
    """The traits of all sections, by position."""

    def __init__(self, sections: Sequence[Section], overviews: Sequence[int]) -> None:
        self._sections = sections
        self._side = {side: _sides(sections, side) for side in (Platform.TOKOPEDIA, Platform.TIKTOK_SHOP)}
        self._history = _where([section.status is Status.HISTORICAL for section in sections])
        self._outside = _where([section.kind == OUTSIDE for section in sections])
        chosen = set(overviews)
        self._overview = _where([number in chosen for number in range(len(sections))])

    def fill(self, table: FeatureTable, candidates: Sequence[int], time: AskedTime, platform: Platform | None) -> None:
        """Fill in what neither vectors nor BM25 say; `time` and `platform` are what is asked about."""
        positions = np.array(candidates, dtype=np.intp)
        table["outside"] = self._outside[positions]
        table["overview"] = self._overview[positions]
        if not (time.past or time.period):
            table["history"] = self._history[positions]
        side = self._side.get(platform) if platform else None
        if side is not None:
            table["side_asked"] = (side[positions] > 0).astype(np.float32)
            table["side_other"] = (side[positions] < 0).astype(np.float32)
        if time.laws:
            table["law"] = _where([names_law(self._sections[number], time.laws) for number in candidates])


def _sides(sections: Sequence[Section], asked: Platform) -> NDArray[np.float32]:
    """Return 1 for the sections of that side, -1 for those of the other, 0 for those of both."""
    sides = [section.platform for section in sections]
    return np.array([(side is not Platform.BOTH) * (1 if side is asked else -1) for side in sides], np.float32)


def _where(truths: Sequence[bool]) -> NDArray[np.float32]:
    return np.array(truths, dtype=np.float32)
