from datetime import date

import pytest

from bot.details import LONGEST_WITH_DETAILS, MOST_DETAILS, fitting_details
from indexer.details import details_of, sentences
from indexer.facts import Fact
from indexer.sections import Confidence, Language, Status


def fact(name: str, status: Status, indonesian: str = "Tarifnya 5% dari harga barang.") -> Fact:
    texts: dict[Language, str] = {"id": indonesian, "en": f"{name} says something in English."}
    return Fact(name, "fees", texts, date(2026, 1, 1), date(2026, 1, 2), status, Confidence.HIGH, None, ())


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Baru 5%. Tarif ini mulai Mei 2026. Mall 7%.", ["Baru 5%. Tarif ini mulai Mei 2026.", "Mall 7%."]),
        ("Biayanya Rp1.250 per pesanan selesai. Mulai Juli.", ["Biayanya Rp1.250 per pesanan selesai.", "Mulai Juli."]),
        (
            "It is run by PT. Tokopedia from Jakarta. It is big.",
            ["It is run by PT. Tokopedia from Jakarta.", "It is big."],
        ),
        (
            "Pemiliknya TikTok Nusantara (SG) Pte. Ltd. sejak awal 2024. Sisanya GoTo.",
            ["Pemiliknya TikTok Nusantara (SG) Pte. Ltd. sejak awal 2024.", "Sisanya GoTo."],
        ),
        ("Langkahnya begini saja, kak: 1. Buka menu toko. 2. Pilih nama.", None),
        ("  dua\n baris   jadi satu  ", ["dua baris jadi satu"]),
    ],
)
def test_a_fact_is_taken_apart_into_sentences(text: str, parts: list[str] | None) -> None:
    found = sentences(text)
    assert " ".join(found) == " ".join(text.split())
    assert parts is None or found == parts


def test_the_number_of_a_step_stays_with_the_step() -> None:
    found = sentences("Langkahnya begini saja, kakak semua: 1. Buka menu toko yang baru. 2. Pilih nama toko itu.")
    assert not any(sentence.rstrip().endswith(("1.", "2.")) for sentence in found)


def test_a_fact_that_has_ended_says_nothing_beside_a_rule_that_holds() -> None:
    facts = [fact("FEE-001", Status.IN_FORCE), fact("FEE-002", Status.SUPERSEDED), fact("FEE-003", Status.DISPUTED)]

    assert details_of(facts, Status.IN_FORCE)["en"] == ("FEE-001 says something in English.",)
    assert details_of(facts, Status.SUPERSEDED)["en"] == (
        "FEE-001 says something in English.",
        "FEE-002 says something in English.",
    )


def test_two_facts_that_say_the_same_say_it_once() -> None:
    facts = [fact("FEE-001", Status.IN_FORCE), fact("FEE-002", Status.IN_FORCE)]

    assert details_of(facts, Status.IN_FORCE)["id"] == ("Tarifnya 5% dari harga barang.",)


def test_a_single_step_of_a_list_is_no_detail() -> None:
    listed = fact(
        "FEE-001", Status.IN_FORCE, "Caranya begini, lewat aplikasi penjual. 1. Buka menu toko. 2. Pilih nama."
    )

    assert details_of([listed], Status.IN_FORCE)["id"] == ("Caranya begini, lewat aplikasi penjual.",)


DETAILS = (
    "Toko Mall membayar komisi lebih tinggi daripada toko biasa.",
    "Banding diajukan paling lambat tiga puluh hari kalender.",
    "Keputusan banding keluar lewat pesan di Seller Center.",
)


def test_what_the_question_asks_for_is_added() -> None:
    assert fitting_details(DETAILS, {"mall": 5.0, "komisi": 1.0}, "x" * 640) == [DETAILS[0]]


def test_details_stand_in_the_order_of_the_facts() -> None:
    chosen = fitting_details(DETAILS, {"keputusan": 5.0, "banding": 2.0}, "Tarifnya 5%.")

    assert chosen == [DETAILS[1], DETAILS[2]]
    assert len(chosen) == MOST_DETAILS


def test_a_detail_that_the_answer_says_already_is_left_out() -> None:
    said = "**Banding** diajukan paling lambat tiga puluh hari kalender setelah keputusan."

    assert DETAILS[1] not in fitting_details(DETAILS, {"banding": 5.0}, said)


def test_a_long_answer_gets_one_detail_and_no_second() -> None:
    assert len(fitting_details(DETAILS, {"banding": 5.0}, "x" * LONGEST_WITH_DETAILS)) == 1


def test_no_details_add_nothing() -> None:
    assert fitting_details((), {"banding": 5.0}, "Tarifnya 5%.") == []
