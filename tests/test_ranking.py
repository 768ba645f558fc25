import json

import pytest

from indexer.question_time import asked_time
from indexer.ranking import FEATURES, WEIGHTS, FeatureTable, project_weights, score
from indexer.section_traits import SectionTraits
from indexer.sections import Law, Platform, Status, Text
from tests.made_sections import section
from tests.sample_knowledge import TODAY

ADS, OLD_ADS = Text("Iklan?", "Pakai TopAds atau GMV Max, lalu TopAds."), Text("Iklan 2024?", "Dulu TopAds.")
ELSEWHERE = Text("Shopee?", "Saya tidak tahu, tanya TopAds 2.")
SECTIONS = [
    section(id="faqs/a#a", platform=Platform.TOKOPEDIA, texts={"id": ADS}),
    section(id="faqs/b#b", platform=Platform.TIKTOK_SHOP, status=Status.HISTORICAL, texts={"id": OLD_ADS}),
    section(id="outside/c#c", platform=Platform.BOTH, texts={"id": ELSEWHERE}),
]  # fmt: skip
TRAITS = SectionTraits(SECTIONS, overviews=[0])


def filled(text: str, platform: Platform | None = None) -> FeatureTable:
    table = FeatureTable(len(SECTIONS))
    TRAITS.fill(table, [0, 1, 2], asked_time(text, TODAY), platform)
    return table


def test_each_weight_belongs_to_a_feature_and_each_feature_is_explained() -> None:
    assert set(json.loads(WEIGHTS.read_text(encoding="utf-8"))) == set(FEATURES) == set(project_weights())


def test_the_shares_of_the_similarities_sum_to_one() -> None:
    weights = project_weights()

    assert sum(weights[name] for name in ("nearest", "nearest_three", "text", "other_language")) == pytest.approx(1)


def test_the_score_is_the_weighted_sum() -> None:
    table = FeatureTable(2)
    table["nearest"], table["law"][1] = 0.5, 1.0

    assert score(table, {"nearest": 2.0, "law": 0.25}).tolist() == [1.0, 1.25]


def test_kinds_of_sections_are_told_apart() -> None:
    table = filled("iklan")

    assert table["outside"].tolist() == [0, 0, 1]
    assert table["overview"].tolist() == [1, 0, 0]


def test_what_happened_counts_as_such_unless_the_past_is_asked_about() -> None:
    assert filled("iklan")["history"].tolist() == [0, 1, 0]
    assert filled("iklan dulu")["history"].tolist() == [0, 0, 0]


def test_the_side_counts_only_where_one_is_asked_about() -> None:
    assert not filled("iklan")["side_asked"].any()
    table = filled("iklan", Platform.TOKOPEDIA)

    assert table["side_asked"].tolist() == [1, 0, 0]
    assert table["side_other"].tolist() == [0, 1, 0]


def test_a_named_law_counts_for_the_sections_that_rest_on_it() -> None:
    ours = section(laws=(Law("Permendag 31/2023"),))
    table = FeatureTable(2)
    SectionTraits([ours, section()], []).fill(table, [0, 1], asked_time("isi permendag 31/2023", TODAY), None)

    assert table["law"].tolist() == [1, 0]
