from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from indexer.embedding import Embedder
from indexer.faults import ModelError
from indexer.folder_store import FolderStore
from indexer.hub_encoder import HubEncoder
from indexer.keys import keys_of
from indexer.question_forms import Steps
from indexer.question_time import AskedTime
from indexer.search import Found, Retriever, Search
from indexer.sections import Platform, Status
from indexer.validity import Role
from tests.indexes import make
from tests.sample_knowledge import TODAY, change, on

pytest_plugins = ["tests.indexes"]
NOW, IN_2025, IN_2024 = (f"faqs/fees#commission-{when}" for when in ("now", "2025", "2024"))


def search(retriever: Retriever, text: str, time: AskedTime | None = None, platform: Platform | None = None) -> Found:
    return retriever.search(Search(text, TODAY, on=time, platform=platform, limit=50))


def roles(found: Found) -> dict[str, Role]:
    return {hit.section.id: hit.role for hit in found.hits}


@pytest.mark.parametrize(
    ("text", "section"),
    [
        ("komisi sekarang berapa", NOW),
        ("what is the commission now", NOW),
        ("brp potongan admin sekarang", NOW),
        ("kapan saldo cair", "faqs/payouts#when-paid"),
        ("when is the balance paid out?", "faqs/payouts#when-paid"),
        ("aturan media sosial boleh jualan?", "regulations/new-rule#social-sales"),
        ("pelaku usaha wajib punya izin paling lambat 90 hari", "regulations/official-text#article-7"),
        ("komisi shopee berapa", "outside/other-shops#shopee"),
        ("kapan tiktok shop tutup", "announcements/news#closing"),
    ],
)
def test_the_section_that_answers_is_found_first(retriever: Retriever, text: str, section: str) -> None:
    assert search(retriever, text).hits[0].section.id == section


def test_a_text_in_one_language_is_found_from_the_other(retriever: Retriever) -> None:
    found = search(retriever, "tax")

    assert "regulations/official-text#article-7" in [hit.section.id for hit in found.hits[:4]]


@pytest.mark.parametrize("text", ["komisi", "komisi 8%", "komisi tahun 2026", "aturan lama media sosial", "semua"])
@pytest.mark.parametrize("today", [TODAY, date(2030, 1, 1)])
def test_what_has_been_superseded_is_never_offered_as_current(retriever: Retriever, text: str, today: date) -> None:
    for hit in retriever.search(Search(text, today, limit=50)).hits:
        assert not (hit.section.status is Status.SUPERSEDED and hit.role is Role.CURRENT)


@pytest.mark.parametrize("text", ["komisi mulai juni berapa", "komisi berapa", "aturan: media sosial boleh jualan?"])
def test_without_a_time_what_is_over_is_not_offered_at_all(retriever: Retriever, text: str) -> None:
    assert {IN_2025, IN_2024, "regulations/old-rule#social-sales"}.isdisjoint(roles(search(retriever, text)))


@pytest.mark.parametrize(
    ("text", "section"),
    [
        ("berapa komisi mei 2024?", IN_2024),
        ("komisi 8 juni 2025", IN_2024),
        ("komisi 9 juni 2025", IN_2025),
        ("commission in December 2025", IN_2025),
        ("komisi 17 mei 2026", IN_2025),
    ],
)
def test_a_date_in_the_question_finds_what_held_then(retriever: Retriever, text: str, section: str) -> None:
    found = search(retriever, text)
    commissions = [hit for hit in found.hits if "#commission-" in hit.section.id]

    assert [(hit.section.id, hit.role) for hit in commissions] == [(section, Role.PAST)]


def test_a_day_asked_about_from_outside_counts_like_one_in_the_question(retriever: Retriever) -> None:
    assert roles(search(retriever, "komisi", on(2024, 5, 18)))[IN_2024] is Role.PAST
    assert NOW not in roles(search(retriever, "komisi", on(2024, 5, 18)))
    assert roles(search(retriever, "komisi", on(2026, 5, 18)))[NOW] is Role.CURRENT


def test_a_year_in_which_the_rule_changed_finds_both(retriever: Retriever) -> None:
    found = roles(search(retriever, "komisi tahun lalu"))

    assert found[IN_2024] is found[IN_2025] is Role.PAST
    assert NOW not in found


@pytest.mark.parametrize("text", ["dulu komisinya berapa", "komisi sebelumnya", "commission previously"])
def test_asking_about_the_past_without_a_date_finds_all_of_it(retriever: Retriever, text: str) -> None:
    found = roles(search(retriever, text))

    assert found[IN_2024] is found[IN_2025] is Role.PAST
    assert found[NOW] is Role.CURRENT


@pytest.mark.parametrize("text", ["apa isi Permendag 31/2023?", "permendag nomor 31 tahun 2023 boleh jualan?"])
def test_naming_an_old_law_finds_it_as_the_past(retriever: Retriever, text: str) -> None:
    found = roles(search(retriever, text))

    assert found["regulations/old-rule#social-sales"] is Role.PAST
    assert IN_2024 not in found, "the year in the law's name is not the time asked about"


def test_what_did_not_hold_yet_is_told_apart(retriever: Retriever) -> None:
    found = search(retriever, "komisi sekarang berapa", on(2024, 1, 1))

    assert NOW not in roles(found)
    assert NOW in [hit.section.id for hit in found.not_yet]
    assert all(hit.score >= found.hits[0].score for hit in found.not_yet)


def test_nothing_is_not_yet_where_no_date_is_asked_about(retriever: Retriever) -> None:
    assert search(retriever, "rencana pajak baru").not_yet == ()


def test_a_rule_holds_until_the_day_before_its_successor_starts(
    store: FolderStore, knowledge: Path, embedder: Embedder
) -> None:
    change(knowledge / "faqs/fees.md", "in_force_from: 2026-05-18", "in_force_from: 2027-01-01")
    coming = Retriever(store.open(make(store, knowledge, embedder).name), embedder)

    before, after = (roles(coming.search(Search("komisi", day, limit=50))) for day in (TODAY, date(2027, 1, 1)))
    assert (before[IN_2025], before[NOW]) == (Role.CURRENT, Role.UPCOMING)
    assert after[NOW] is Role.CURRENT and IN_2025 not in after


def test_plans_are_offered_as_plans_and_events_as_events(retriever: Retriever) -> None:
    found = roles(search(retriever, "pajak tutup"))

    assert found["announcements/news#new-tax"] is found["announcements/news#tax-put-off"] is Role.UPCOMING
    assert found["announcements/news#closing"] is Role.EVENT
    assert found["announcements/news#share"] is Role.CURRENT


def test_the_side_that_is_asked_about_comes_first(retriever: Retriever) -> None:
    for platform, first in ((Platform.TOKOPEDIA, "tokopedia"), (Platform.TIKTOK_SHOP, "tiktok")):
        found = search(retriever, "ongkir penjual", platform=platform)
        shipping = [hit.section.id for hit in found.hits if "#shipping" in hit.section.id]
        assert shipping[0] == f"faqs/fees#shipping-{first}" and len(shipping) == 2


def test_without_a_side_both_count_alike(retriever: Retriever) -> None:
    one, other = (search(retriever, "ongkir", platform=platform) for platform in (None, Platform.BOTH))

    assert [hit.section.id for hit in one.hits] == [hit.section.id for hit in other.hits]


def test_a_message_that_goes_on_from_an_earlier_one_is_read_with_it(retriever: Retriever) -> None:
    alone = retriever.search(Search("kalau di tokopedia?", TODAY, limit=3))
    continued = retriever.search(Search("kalau di tokopedia?", TODAY, earlier="kapan saldo cair", limit=3))

    assert "faqs/payouts#when-paid" not in [hit.section.id for hit in alone.hits]
    assert "faqs/payouts#when-paid" in [hit.section.id for hit in continued.hits]


def test_the_time_of_the_earlier_message_counts_for_the_next(retriever: Retriever) -> None:
    found = retriever.search(Search("kalau ongkir?", TODAY, earlier="komisi mei 2024 berapa", limit=50))

    assert roles(found)[IN_2024] is Role.PAST and NOW not in roles(found)


def test_the_overviews_of_the_topics_are_told_apart(retriever: Retriever) -> None:
    assert [hit.section.id for hit in search(retriever, "komisi").overviews] == ["faqs/fees#overview"]


def test_a_hit_tells_its_scores_by_method_and_the_key_that_matched(retriever: Retriever) -> None:
    first, *others = search(retriever, "komisi sekarang berapa").hits

    assert first.dense > max(hit.dense for hit in others)
    assert 0 < first.keywords <= 1 and first.score > 0
    assert first.key in {key.text for key in keys_of(first.section)}


def test_hits_come_best_first_and_as_many_as_asked(retriever: Retriever) -> None:
    scores = [hit.score for hit in search(retriever, "komisi").hits]

    assert scores == sorted(scores, reverse=True)
    assert len(retriever.search(Search("komisi", TODAY, limit=3)).hits) == 3


def test_each_section_is_a_hit_once(retriever: Retriever) -> None:
    ids = [hit.section.id for hit in search(retriever, "komisi commission").hits]

    assert len(ids) == len(set(ids)) > 5


def test_the_time_of_each_part_is_told(retriever: Retriever) -> None:
    parts = search(retriever, "komisi apa saja yang belum dicari").milliseconds

    assert {"encode", "dense", "keywords"} <= set(parts) and all(value >= 0 for value in parts.values())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "🙂🙂",
        "\x00\x07",
        "<b>komisi</b>",
        "'; DROP TABLE keys;",
        "\u202eisimok",
        "komisi " * 9000,
        "a" * 60_000,
    ],
    ids=["empty", "blank", "emoji", "control", "html", "sql", "rtl", "long", "one-long-word"],
)
def test_no_question_breaks_the_search(retriever: Retriever, text: str) -> None:
    for hit in search(retriever, text).hits:
        assert hit.score == hit.score, "no NaN"


def test_a_question_encoded_by_another_model_is_refused(retriever: Retriever, embedder: Embedder) -> None:
    assert isinstance(embedder.encoder, HubEncoder)
    other = Embedder("other", replace(embedder.encoder, fingerprint="ffff"))

    with pytest.raises(ModelError, match=r"made by the model `words`.*configured one is `other` \(ffff\)"):
        Retriever(retriever.generation, other)


def test_slips_are_mended_before_the_words_are_looked_for(retriever: Retriever, embedder: Embedder) -> None:
    typed = "aturan medai sosail"
    without = Retriever(retriever.generation, embedder, steps=Steps(spelling=False))
    as_typed, mended = (next(iter(search(each, typed).hits)) for each in (without, retriever))

    assert mended.section.id == "regulations/new-rule#social-sales"
    assert mended.keywords > as_typed.keywords
