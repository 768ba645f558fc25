import pytest

from bot.language import LanguageGuesser
from indexer.keys import Key
from indexer.sections import Language

INDONESIAN = (
    "Komisi platform itu apa, dan siapa yang kena?",
    "Penjual baru dapat keringanan biaya pemrosesan pesanan",
    "Batas waktu pengiriman pesanan dan jadwal penjemputan kurir",
    "Pencairan saldo penjual ke rekening bank",
    "Cara menggabungkan toko Tokopedia dengan TikTok Shop",
)
ENGLISH = (
    "What is the platform commission, and who pays it?",
    "New sellers get relief from the order processing fee",
    "The deadline for shipping orders and the courier's pickup times",
    "Withdrawing the seller balance to a bank account",
    "How to merge a Tokopedia shop with TikTok Shop",
)


def keys(language: Language, texts: tuple[str, ...]) -> list[Key]:
    return [Key(f"{language}{number}", "faqs/a#b", language, "heading", text) for number, text in enumerate(texts)]


GUESSER = LanguageGuesser([*keys("id", INDONESIAN), *keys("en", ENGLISH)])


@pytest.mark.parametrize(
    "text",
    [
        "Bagaimana cara menarik saldo penjualan ke rekening saya?",
        "Apakah penjual wajib memiliki Nomor Induk Berusaha?",
        "min komisi fashion brp ya skrg",
        "gmn cairin saldo kok blm masuk jg",
        "knp orderan gw dicancel",
        "pencairan saldo",
        "biaya pengiriman",
    ],
)
def test_formal_and_chat_indonesian_are_known(text: str) -> None:
    assert GUESSER.guess(text, otherwise="en") == "id"


@pytest.mark.parametrize(
    "text", ["piye carane narik saldo?", "iki biaya opo to?", "kumaha cara ngagabungkeun toko", "naha saldo teu asup"]
)
def test_regional_languages_are_answered_in_indonesian(text: str) -> None:
    assert GUESSER.guess(text, otherwise="en") == "id"


@pytest.mark.parametrize(
    "text",
    [
        "How do I withdraw my balance?",
        "is nib mandatory",
        "what is PPh 22",
        "shipping deadline",
        "When will Tokopedia and TikTok Shop be merged?",
        "can i sell without npwp",
    ],
)
def test_english_is_known(text: str) -> None:
    assert GUESSER.guess(text, otherwise="id") == "en"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("withdraw balance gimana caranya kak", "id"),
        ("settlement period itu berapa hari ya", "id"),
        ("kenapa order status masih pending terus", "id"),
        ("how to daftar NIB for my toko", "en"),
        ("what is the difference between Poin Pelanggaran and Kesehatan Toko", "en"),
    ],
)
def test_in_a_mixed_message_the_small_words_decide(text: str, language: Language) -> None:
    assert GUESSER.guess(text) == language


@pytest.mark.parametrize("text", ["", "123", "11021035", "Rp1.250.000?", "🙏", "2025-05-01"])
@pytest.mark.parametrize("earlier", ["id", "en"])
def test_a_message_that_says_nothing_keeps_the_earlier_language(text: str, earlier: Language) -> None:
    assert GUESSER.guess(text, otherwise=earlier) == earlier


def test_a_guesser_that_learned_nothing_still_knows_the_small_words() -> None:
    untaught = LanguageGuesser([])

    assert untaught.guess("gimana caranya ya") == "id"
    assert untaught.guess("how do i do this") == "en"


def test_the_evidence_is_signed_by_language() -> None:
    assert GUESSER.odds("kenapa saldo saya belum cair") > 0 > GUESSER.odds("why is my balance not paid out")
    assert GUESSER.odds("12345") == 0
