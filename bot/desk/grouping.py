"""Grouping questions by meaning while they come in: each joins the nearest group, or begins another."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]


def unit(vector: NDArray[np.floating]) -> Vector:
    """Return the vector in its direction with length 1."""
    length = float(np.linalg.norm(vector))
    return (vector / length if length else vector).astype(np.float32)


class Grouping:
    """Groups with the mean of their vectors, of length 1; a vector joins the nearest from a cosine of `joins` on.

    With `moves` off the first vector stands for its group, however many join it.
    """

    def __init__(self, joins: float, groups: Iterable[tuple[Vector, int]] = (), moves: bool = True) -> None:
        """Take the groups that there are, each with its mean and how many are in it."""
        known = list(groups)
        self._joins = joins
        self._moves = moves
        self._sizes = [size for _, size in known]
        self._rows = np.stack([centre for centre, _ in known]) if known else np.zeros((0, 0), dtype=np.float32)

    def add(self, vector: Vector) -> int:
        """Put a vector into a group, and return the group's number from 0."""
        count = len(self._sizes)
        if count:
            similarities = self._rows[:count] @ vector
            best = int(np.argmax(similarities))
            if similarities[best] >= self._joins:
                self._join(best, vector)
                return best
        self._make_room(count, len(vector))
        self._rows[count] = vector
        self._sizes.append(1)
        return count

    def centre(self, number: int) -> Vector:
        """Return the mean of a group."""
        centre: Vector = self._rows[number]
        return centre

    def __len__(self) -> int:
        return len(self._sizes)

    def _join(self, number: int, vector: Vector) -> None:
        size = self._sizes[number]
        if self._moves:
            self._rows[number] = unit((self._rows[number] * size + vector) / (size + 1))
        self._sizes[number] += 1

    def _make_room(self, count: int, dimension: int) -> None:
        if count == len(self._rows):
            rows = np.zeros((2 * count + 8, dimension), dtype=np.float32)
            if count:
                rows[:count] = self._rows
            self._rows = rows
