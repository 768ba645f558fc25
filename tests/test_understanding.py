import pytest

from bot.understanding import cleaned, leans_on_before, side_of
from indexer.sections import Platform

BEFORE = ["berapa komisi fashion?"]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("  komisi   fashion\t berapa ", "komisi fashion berapa"),
        ("komisi\u202e fashion\u200f", "komisi fashion"),
        ("kom\x00isi\x07\x9b\u061c", "komisi"),
        ("\ufeffNIB\u200b wajib?", "NIB wajib?"),
        ("baris satu\nbaris dua", "baris satu\nbaris dua"),
        ("\x00\x01\u200b", ""),
        ("harga 5 < 6 & 7", "harga 5 < 6 & 7"),
        ("komisi \udcff\ud83d fashion", "komisi fashion"),
    ],
)
def test_control_characters_and_direction_marks_are_taken_out(typed: str, read: str) -> None:
    assert cleaned(typed) == read


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("komisi di Tokped berapa", Platform.TOKOPEDIA),
        ("TOKOPEDIA wajib COD?", Platform.TOKOPEDIA),
        ("produk di toped hilang", Platform.TOKOPEDIA),
        ("komisi tiktok shop", Platform.TIKTOK_SHOP),
        ("jualan di tts kena apa", Platform.TIKTOK_SHOP),
        ("TikTokShop fee", Platform.TIKTOK_SHOP),
        ("beda tokopedia sama tik tok", Platform.BOTH),
        ("komisi fashion berapa", None),
        ("stopedia", None),
    ],
)
def test_the_side_is_read_from_its_names_and_nicknames(text: str, side: Platform | None) -> None:
    assert side_of(text) is side


@pytest.mark.parametrize(
    "text",
    [
        "kalau di Tokopedia gimana?",
        "klo yg mall?",
        "terus kalau produknya elektronik?",
        "itu berlaku dari kapan?",
        "syaratnya apa",
        "brp hari?",
        "what about shoes?",
        "and for Tokopedia?",
        "is that also true for Mall shops",
    ],
)
def test_a_short_message_that_points_back_leans_on_the_one_before(text: str) -> None:
    assert leans_on_before(text, BEFORE)


@pytest.mark.parametrize(
    "text",
    [
        "gimana cara menarik saldo penjualan ke rekening bank yang terdaftar atas nama suami saya?",
        "apakah penjual perorangan wajib punya NIB untuk jualan online",
        "how long does a new seller have to get an NIB in Indonesia",
    ],
)
def test_a_message_that_stands_on_its_own_does_not_lean(text: str) -> None:
    assert not leans_on_before(text, BEFORE)


def test_the_first_message_of_a_chat_leans_on_nothing() -> None:
    assert not leans_on_before("kalau di Tokopedia gimana?", [])
