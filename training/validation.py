"""How well a model finds a section by a way of asking that it is not shown among the keys."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from indexer.embedding import Vectors
from training.data import Views


def left_out_share(views: Sequence[Views], wanted: set[str], questions: Vectors) -> tuple[float, int]:
    """Return the share of questions that lie nearest to another way of asking their own section, and their number.

    `questions` holds one unit vector per question of all views, in order; only sections in `wanted` are asked for,
    but all are found among.
    """
    sizes = np.cumsum([0, *(len(view.questions) for view in views)])
    owner = np.repeat(np.arange(len(views)), [len(view.questions) for view in views])
    right = total = 0
    for number, (start, end) in enumerate(pairwise(sizes)):
        if views[number].section not in wanted:
            continue
        scores = questions[start:end] @ questions.T
        scores[np.arange(end - start), np.arange(start, end)] = -1.0
        right += int((owner[scores.argmax(axis=1)] == number).sum())
        total += int(end - start)
    return (right / total if total else 0.0), total
