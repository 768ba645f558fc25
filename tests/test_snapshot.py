from pathlib import Path

from indexer.building import gather
from indexer.glossary import Glossary
from indexer.sections import Law, Source
from indexer.snapshot import Snapshot, snapshot_from_json
from tests.made_sections import section

pytest_plugins = ["tests.indexes"]


def test_what_is_written_is_read_again_unchanged(knowledge: Path) -> None:
    snapshot = gather(knowledge, knowledge).snapshot

    assert snapshot_from_json(snapshot.to_json()) == snapshot


def test_a_section_with_every_field_is_read_again_unchanged() -> None:
    full = section(
        replaces=("faqs/fees#old",),
        replaced_by="faqs/fees#next",
        sources=(Source("Koran", "Naik", "2026-05", "https://koran.example"), Source("Koran", "Turun")),
        laws=(Law("Permendag 19/2026", "25", "3"), Law("UU 8/1999")),
        facts=("FEE-001",),
        asked={"id": ("berapa 🙂", "“brp”"), "en": ()},
        see_also=("faqs/fees#more",),
    )
    snapshot = Snapshot({full.id: full}, {}, Glossary({("seller", "center"): "pusat"}, {("brp",): "berapa"}))

    assert snapshot_from_json(snapshot.to_json()) == snapshot


def test_a_section_with_hardly_a_field_is_read_again_unchanged() -> None:
    bare = section(in_force_from=None, checked=None, sources=())
    snapshot = Snapshot({bare.id: bare}, {}, Glossary({}, {}))

    assert snapshot_from_json(snapshot.to_json()) == snapshot


def test_the_order_of_sections_and_topics_stays(knowledge: Path) -> None:
    snapshot = gather(knowledge, knowledge).snapshot
    again = snapshot_from_json(snapshot.to_json())

    assert list(again.sections) == list(snapshot.sections)
    assert list(again.topics) == ["fees", "rules", "news"]
