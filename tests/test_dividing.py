import pytest

from bot.dividing import questions_in


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Komisi fashion berapa? NIB wajib atau tidak?", ["Komisi fashion berapa?", "NIB wajib atau tidak?"]),
        ("komisi fashion berapa dan gimana cara tarik saldo", ["komisi fashion berapa", "gimana cara tarik saldo"]),
        ("biaya admin berapa, terus kapan saldo cair?", ["biaya admin berapa", "kapan saldo cair?"]),
        ("how do I withdraw and when does it arrive", ["how do I withdraw", "when does it arrive"]),
        ("apa itu komisi dinamis\napakah NIB itu wajib", ["apa itu komisi dinamis", "apakah NIB itu wajib"]),
        ("resi hilang gmn, ongkir balik ga", ["resi hilang gmn", "ongkir balik ga"]),
        ("nib bayar ga trus kl telat kena apa", ["nib bayar ga", "kl telat kena apa"]),
        ("is it free? and can i stop", ["is it free?", "can i stop"]),
        ("NIB apa? NPWP apa? SIUP apa?", ["NIB apa?", "NPWP apa?", "SIUP apa?"]),
    ],
)
def test_questions_in_one_message_are_taken_apart(text: str, parts: list[str]) -> None:
    assert questions_in(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        "apa bedanya komisi platform dan komisi dinamis?",
        "komisi platform sama komisi dinamis bedanya apa",
        "which is better, pickup or drop off, and why",
        "stok dan harga di Tokopedia dan TikTok Shop sama?",
        "toko saya di Tokopedia sama TikTok Shop bisa digabung?",
        "apakah nama rekening harus sama dengan nama toko?",
        "can I sell on Tokopedia and TikTok Shop with one account?",
        "kenapa? tolong jelaskan",
        "Rp1.250.000, kena pajak berapa?",
        "komisi fashion berapa",
        "",
    ],
)
def test_one_question_is_not_divided(text: str) -> None:
    assert questions_in(text) == [text]


def test_what_asks_nothing_stays_with_the_question_that_it_is_about() -> None:
    assert questions_in("aku jual sepatu, komisinya berapa, trus saldo cair kapan. makasih kak") == [
        "aku jual sepatu, komisinya berapa",
        "saldo cair kapan. makasih kak",
    ]
