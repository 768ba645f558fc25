from pathlib import Path

import pytest

from indexer.faults import GenerationError
from indexer.folder_store import FolderStore
from indexer.generations import Manifest
from indexer.glossary import Glossary
from indexer.publishing import KEPT, answers_with, prune, publish, roll_back
from indexer.snapshot import Snapshot

pytest_plugins = ["tests.indexes"]
GOOD, SLIGHTLY_WORSE, WORSE = ({"questions": 50.0, "first": share, "first_three": share} for share in (0.9, 0.88, 0.8))
POOR = {"questions": 50.0, "first": 0.2, "first_three": 0.3}


def name_of(day: int) -> str:
    return f"202601{day:02d}-000000-000000"


def add(store: FolderStore, day: int, gate: dict[str, float] | None = None) -> str:
    """Seal a generation of that day of January that has nothing in it but its figures."""
    name = name_of(day)
    store.draft(name).seal(
        Manifest(name, "2026-01-01", "tiny", "f", 2, {}, {"sections": 0}, gate or {}),
        Snapshot({}, {}, Glossary({}, {})),
    )
    return name


def test_the_newest_is_published_unless_another_is_named(store: FolderStore) -> None:
    for day in (1, 2, 3):
        add(store, day)

    assert publish(store).name == store.published() == name_of(3)
    assert publish(store, name_of(1)).name == store.published() == name_of(1)


def test_publishing_from_an_empty_store_says_what_to_run(store: FolderStore) -> None:
    with pytest.raises(GenerationError, match="no generation to publish; run `python -m indexer build`"):
        publish(store)


def test_publishing_what_is_not_there_names_what_is(store: FolderStore) -> None:
    add(store, 1)

    with pytest.raises(GenerationError, match=f"there is no generation `yesterday`; known are: {name_of(1)}"):
        publish(store, "yesterday")


def test_an_unfinished_generation_is_never_published(store: FolderStore) -> None:
    add(store, 1)
    store.draft(name_of(2))

    assert publish(store).name == name_of(1)
    with pytest.raises(GenerationError):
        publish(store, name_of(2), force=True)


def test_a_generation_that_is_worse_is_refused_and_the_old_one_stays(store: FolderStore) -> None:
    add(store, 1, GOOD)
    publish(store)
    add(store, 2, WORSE)

    with pytest.raises(GenerationError, match=rf"^generation {name_of(2)} is not published: .*--force\.$"):
        publish(store)
    assert store.published() == name_of(1)


def test_a_worse_generation_is_published_by_force(store: FolderStore) -> None:
    add(store, 1, GOOD)
    publish(store)
    add(store, 2, WORSE)

    assert publish(store, force=True).name == store.published() == name_of(2)


def test_a_generation_that_finds_too_little_is_refused_although_it_is_the_first(store: FolderStore) -> None:
    add(store, 1, POOR)

    with pytest.raises(GenerationError, match="30% of the known questions"):
        publish(store)
    assert store.published() is None


def test_a_slightly_worse_generation_is_published(store: FolderStore) -> None:
    add(store, 1, GOOD)
    publish(store)
    add(store, 2, SLIGHTLY_WORSE)

    assert publish(store).name == name_of(2)


def test_rolling_back_goes_to_the_generation_before_without_asking_the_gate(store: FolderStore) -> None:
    add(store, 1, POOR)
    for day in (2, 3):
        add(store, day, GOOD)
    publish(store)

    assert roll_back(store).name == store.published() == name_of(2)
    assert roll_back(store).name == store.published() == name_of(1)


def test_rolling_back_beyond_the_oldest_is_refused_and_changes_nothing(store: FolderStore) -> None:
    add(store, 1)
    publish(store)

    with pytest.raises(GenerationError, match="no generation older than"):
        roll_back(store)
    assert store.published() == name_of(1)


def test_rolling_back_when_nothing_is_published_says_what_to_run(store: FolderStore) -> None:
    add(store, 1)

    with pytest.raises(GenerationError, match="nothing is published; run `python -m indexer build`"):
        roll_back(store)


def test_the_published_one_and_three_others_are_kept(store: FolderStore) -> None:
    for day in range(1, 7):
        add(store, day)
    publish(store)

    assert KEPT == 3
    assert prune(store) == [name_of(2), name_of(1)]
    assert store.names() == [name_of(day) for day in (6, 5, 4, 3)]


def test_the_published_one_is_kept_however_old_it_is(store: FolderStore) -> None:
    for day in range(1, 6):
        add(store, day)
    publish(store, name_of(1))

    assert prune(store, keep=1) == [name_of(4), name_of(3), name_of(2)]
    assert store.names() == [name_of(5), name_of(1)]
    assert prune(store, keep=0) == [name_of(5)]
    assert store.published() == name_of(1)


def test_what_was_begun_and_never_sealed_is_removed(store: FolderStore, tmp_path: Path) -> None:
    add(store, 1)
    store.draft(name_of(2))

    assert prune(store) == [name_of(2)]
    assert [path.name for path in (tmp_path / "data" / "generations").iterdir()] == [name_of(1)]


def test_there_may_be_nothing_to_remove(store: FolderStore) -> None:
    add(store, 1)

    assert prune(store) == []


def test_a_published_generation_that_cannot_be_read_does_not_stand_in_the_way(
    store: FolderStore, tmp_path: Path
) -> None:
    add(store, 1, GOOD)
    publish(store)
    (tmp_path / "data" / "generations" / name_of(1) / "generation.json").write_text("{")
    add(store, 2, WORSE)

    assert publish(store).name == name_of(2)


def test_a_published_generation_that_is_gone_does_not_stand_in_the_way(store: FolderStore) -> None:
    add(store, 1, GOOD)
    publish(store)
    store.delete(name_of(1))
    add(store, 2, WORSE)

    assert publish(store).name == name_of(2)


def test_an_index_is_needed_until_one_of_this_model_is_published(store: FolderStore) -> None:
    assert not answers_with(store, "f")
    add(store, 1)
    assert not answers_with(store, "f")
    publish(store)
    assert answers_with(store, "f")
    assert not answers_with(store, "another")
