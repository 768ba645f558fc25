from dataclasses import replace

import pytest

from bot.rumours import Finding, compared, subject_of
from indexer.sections import Language, Status, Text
from tests.scripted_answerer import section

TEXTS: dict[Language, Text] = {
    "id": Text("Komisi berapa?", "Komisinya 9,25% sejak 18 Mei 2026, paling banyak Rp650.000."),
    "en": Text("How much?", "The commission is 9.25% since 18 May 2026."),
}
SECTION = section("faqs/a#a", texts=TEXTS, details={"id": ("Mall membayar 10,95%.",)})


@pytest.mark.parametrize(
    ("claim", "subject"),
    [
        ("Info dari grup sebelah: mulai Desember komisi platform naik jadi 25%", "komisi platform naik jadi"),
        ("katanya biaya proses pesanan jadi Rp2.000 mulai Januari 2027", "biaya proses pesanan jadi"),
        ("is it true that the fee is 5% from May 2026", "the fee is"),
        ("nib wajib", "nib wajib"),
        ("25%", "25%"),
    ],
)
def test_what_a_claim_is_about_is_looked_for_without_its_figures(claim: str, subject: str) -> None:
    assert subject_of(claim) == subject


@pytest.mark.parametrize(
    ("claim", "finding"),
    [
        ("komisi 9,25% sejak 18 Mei 2026", Finding.SUPPORTED),
        ("commission 9.25% since May 2026", Finding.SUPPORTED),
        ("mall 10,95%", Finding.SUPPORTED),
        ("komisi 25%", Finding.CONTRADICTED),
        ("komisi 9,25% sejak 1 Desember 2026", Finding.CONTRADICTED),
        ("komisi naik", Finding.WRITTEN),
    ],
)
def test_figures_of_a_claim_are_held_against_the_section_and_its_facts(claim: str, finding: Finding) -> None:
    assert compared(claim, [SECTION]) is finding


@pytest.mark.parametrize("status", [Status.DISPUTED, Status.PLANNED, Status.POSTPONED, Status.SUPERSEDED])
def test_what_is_not_settled_supports_nothing(status: Status) -> None:
    assert compared("komisi 9,25%", [replace(SECTION, status=status)]) is Finding.WRITTEN
