import numpy as np
import pytest

from bot.desk.grouping import Grouping, Vector, unit


def towards(degrees: float) -> Vector:
    return np.asarray([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))], dtype=np.float32)


def test_a_vector_joins_the_nearest_group_or_begins_another() -> None:
    grouping = Grouping(joins=0.9)  # 26 degrees

    assert [grouping.add(towards(degrees)) for degrees in (0, 90, 10, 80, 50, 88)] == [0, 1, 0, 1, 2, 1]
    assert len(grouping) == 3


def test_the_centre_moves_with_what_joins_where_it_is_meant_to() -> None:
    moving, standing = Grouping(joins=0.9), Grouping(joins=0.9, moves=False)
    for grouping in (moving, standing):
        for degrees in (0, 20, 20):
            grouping.add(towards(degrees))

    assert standing.centre(0) == pytest.approx(towards(0))
    assert moving.centre(0) == pytest.approx(towards(40 / 3), abs=1e-3)
    assert (moving.add(towards(35)), standing.add(towards(35))) == (0, 1)


def test_groups_that_are_there_go_on() -> None:
    grouping = Grouping(0.9, [(towards(0), 99), (towards(90), 1)])

    assert [grouping.add(towards(degrees)) for degrees in (20, 70, 45)] == [0, 1, 2]
    assert grouping.centre(0) == pytest.approx(towards(0.2), abs=1e-3)
    assert grouping.centre(1) == pytest.approx(towards(80), abs=1e-3)


def test_many_groups_keep_their_places() -> None:
    grouping = Grouping(joins=0.99999)
    vectors = [towards(degrees) for degrees in range(0, 360, 3)]

    assert [grouping.add(vector) for vector in vectors] == list(range(120))
    assert [grouping.add(vector) for vector in vectors] == list(range(120))


def test_the_unit_of_nothing_is_nothing() -> None:
    assert list(unit(np.zeros(2))) == [0, 0]
    assert list(unit(np.asarray([3.0, 4.0]))) == pytest.approx([0.6, 0.8])
