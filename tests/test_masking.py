import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.masking import mask, mask_echoes
from tests.masking_corpus import corpus, labelled
from tests.masking_report import score, table

KNOWLEDGE = Path(__file__).parent.parent / "knowledge"
PUBLIC_CONTACTS = ("0853-1111-1010", "(021) 3441839", "pengaduan.konsumen@kemendag.go.id")


@pytest.mark.parametrize("seed", [7, 8, 9])
def test_personal_data_is_masked_and_little_else(seed: int, record_property: Callable[[str, object], None]) -> None:
    messages = corpus(seed)
    dirty = sum(bool(message.spans) for message in messages)
    scores = score(messages)
    print(f"\n{len(messages)} made-up messages, {dirty} of them with personal data\n{table(scores)}")  # noqa: T201
    record_property("masking_precision", scores.precision)
    record_property("masking_recall", scores.recall)

    assert len(messages) - dirty >= dirty >= 200
    assert scores.recall >= 0.97, scores.faults
    assert scores.precision >= 0.97, scores.faults
    assert scores.leaked / scores.marked.total() <= 0.005, scores.faults


def test_the_placeholder_says_what_stood_there() -> None:
    text = "Wa 0812-3456-7890, budi@gmail.com, rek BCA 1234567890, order 577087614418520388, resi JP1234567890"

    assert mask(text) == "Wa [phone], [email], rek BCA [account], order [order], resi [receipt]"


def test_each_identity_number_has_its_own_placeholder() -> None:
    text = "NIK 3273010101900001, NPWP 01.234.567.8-901.000, kartu 4111 1111 1111 1111"

    assert mask(text) == "NIK [nik], NPWP [npwp], kartu [card]"


@pytest.mark.parametrize(
    "text",
    [
        "Rp1.250.000",
        "omzet 500 juta",
        "340000000",
        "PMK 37/2025 pasal 8",
        "KBLI 47911",
        "error 11021035",
        "1 Mei 2025 sampai 31-12-2025",
        "0,5% dari 4.800.000.000",
    ],
)
def test_amounts_dates_and_public_codes_stay(text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize("day", ["32", "00", "72", "99"])
def test_sixteen_digits_with_an_impossible_birthday_are_no_nik(day: str) -> None:
    assert mask(f"3273 01{day} 0190 0001") == f"3273 01{day} 0190 0001"


def test_a_long_number_of_unknown_purpose_goes_too() -> None:
    assert mask("ini ya 1370012345678") == "ini ya [number]"


def test_a_date_or_a_price_before_a_phone_does_not_hide_it() -> None:
    assert mask("01-05-2025 0812 3456 7890") == "01-05-2025 [phone]"
    assert mask("Rp 500.000 0812 3456 7890") == "Rp 500.000 [phone]"


def test_masking_again_changes_nothing() -> None:
    for message in corpus():
        once = mask(message.text)
        assert mask(once) == once


def test_what_stands_around_stays_as_it_was_written() -> None:
    text = "Halo\t<b>KAK</b> “ＡＢＣ” \u200b😅 wa 0812\u200b34567890\r\n makasih"

    assert mask(text) == "Halo\t<b>KAK</b> “ＡＢＣ” \u200b😅 wa [phone]\r\n makasih"


def test_the_address_of_a_page_is_not_personal() -> None:
    url = "https://seller-id.tokopedia.com/university/essay?knowledge_id=6837752061085442"

    assert mask(url) == url


def test_an_order_in_an_address_is() -> None:
    url = "https://seller-id.tokopedia.com/order/detail?order_no=577087614418520388&lang=id"

    assert mask(url) == "https://seller-id.tokopedia.com/order/detail?order_no=[order]&lang=id"


def test_the_knowledge_itself_has_nothing_to_mask_but_public_contacts() -> None:
    files = [*KNOWLEDGE.rglob("*.md"), *KNOWLEDGE.rglob("*.yaml")]
    assert files
    for file in files:
        text = file.read_text(encoding="utf-8")
        for contact in PUBLIC_CONTACTS:
            text = text.replace(contact, "…")
        for line in text.splitlines():
            assert mask(line) == line, file.name


def test_the_bot_s_own_words_lose_only_what_the_seller_wrote() -> None:
    asked = "wa saya 0812 3456 7890, rek bca 1234567890, budi@gmail.com"
    sent = "Nomor +62 812-3456-7890 atau 081234567890, 1234-567-890, Budi@gmail.com. Kemendag: 0853-1111-1010."

    assert mask_echoes(sent, asked) == "Nomor +[phone] atau [phone], [account], [email]. Kemendag: 0853-1111-1010."


@pytest.mark.parametrize("piece", ["1", "08 ", "a.", "1.000 ", "081234567890 ", "a-1", "@ ", "wa.me/", "+62", "(at) "])
def test_hostile_text_of_telegram_s_longest_message_takes_no_time(piece: str) -> None:
    text = (piece * 4096)[:4096]
    start = time.perf_counter()
    mask(text)

    assert time.perf_counter() - start < 1


def test_marks_in_the_corpus_are_read_as_written() -> None:
    message = labelled("wa <phone:0812>!")

    assert message.text == "wa 0812!"
    assert [(span.start, span.end, span.kind) for span in message.spans] == [(3, 7, "phone")]
