from pathlib import Path

import pytest

from indexer.faults import Faults
from indexer.publishers import Publishers, load_publishers
from indexer.sections import Source

PUBLISHERS = Publishers(("kementerian", "seller university"), ("blog", "github"), well_known=("koran besar",))
OFFICIAL = Source("Seller University", "Komisi", "2026", "https://uni.example")
PRESS = Source("Koran", "Komisi naik", "2026", "https://koran.example")
BLOG = Source("A seller's blog", "My fees", None, "https://blog.example")


@pytest.mark.parametrize(
    ("publisher", "rank"),
    [
        ("Kementerian Perdagangan", 0),
        ("SELLER UNIVERSITY", 0),
        ("Koran Besar", 1),
        ("Koran", 2),
        ("Public GitHub copy", 3),
        ("My Blog", 3),
    ],
)
def test_official_ranks_before_the_press_before_notes(publisher: str, rank: int) -> None:
    assert PUBLISHERS.rank(Source(publisher, "x")) == rank


def test_a_name_that_only_mentions_an_official_one_is_not_official() -> None:
    assert PUBLISHERS.rank(Source("Koran tentang Kementerian", "x")) == 2


def test_official_sources_are_shown_first_and_notes_left_out_where_better_is_there() -> None:
    assert PUBLISHERS.shown([BLOG, PRESS, OFFICIAL]) == (OFFICIAL, PRESS)


def test_notes_are_shown_where_nothing_better_is_known() -> None:
    assert PUBLISHERS.shown([BLOG]) == (BLOG,)


def test_an_address_comes_before_none() -> None:
    bare = Source("Seller University", "Ongkir")

    assert PUBLISHERS.shown([bare, OFFICIAL]) == (OFFICIAL, bare)


def test_one_source_is_shown_once_with_its_address() -> None:
    again = Source(OFFICIAL.publisher, OFFICIAL.title)

    assert PUBLISHERS.shown([again, OFFICIAL, OFFICIAL]) == (OFFICIAL,)


def test_how_a_source_was_read_is_not_part_of_its_name() -> None:
    noted = Source("Seller University (seller-id.tokopedia.com)", "Komisi (text of 20 May 2026)", "2026-05-20")
    named = Source("Koran", "Komisi (lengkap)")

    assert PUBLISHERS.shown([noted]) == (Source("Seller University", "Komisi", "2026-05-20"),)
    assert PUBLISHERS.shown([named]) == (named,)


def test_no_sources_are_no_sources() -> None:
    assert PUBLISHERS.shown([]) == ()


def test_publishers_are_read(tmp_path: Path) -> None:
    (tmp_path / "publishers.yaml").write_text("official: [kementerian]\nsecond_hand: [blog]\n")
    faults = Faults(tmp_path)

    assert load_publishers(tmp_path / "publishers.yaml", faults) == Publishers(("kementerian",), ("blog",))
    assert faults.found == []


def test_a_missing_file_means_that_nobody_is_known(tmp_path: Path) -> None:
    assert load_publishers(tmp_path / "publishers.yaml", Faults(tmp_path)) == Publishers()


def test_an_unknown_part_is_refused(tmp_path: Path) -> None:
    (tmp_path / "publishers.yaml").write_text("official: [kementerian]\npress: [koran]\n")
    faults = Faults(tmp_path)
    load_publishers(tmp_path / "publishers.yaml", faults)

    assert [str(fault) for fault in faults.sorted()] == [
        "publishers.yaml:2: unknown field `press`; known are official, second_hand, well_known."
    ]
