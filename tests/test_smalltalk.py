import pytest

from bot.smalltalk import split_talk, without_address

ALONE = {
    "greeting": ["halo", "Halo kak!", "selamat pagi min", "p", "assalamualaikum", "hi there", "Good morning!"],
    "thanks": [
        "makasih",
        "terima kasih ya kak",
        "thank you so much",
        "tq min",
        "matur nuwun",
        "very helpful",
        "makasih banyak min",
        "nuhun kang",
        "ya udah makasih",
        "thank you so much for the help",
    ],
    "acknowledgement": ["sip", "siap min", "paham kak", "noted", "got it", "oh gitu ya", "alright"],
    "goodbye": ["bye", "sampai jumpa", "itu aja kak", "that's all", "That’s all", "see you later"],
    "who": ["kamu siapa?", "ini bot atau orang sih", "siapa yang bikin kamu", "who are you?", "what can you do"],
    "help": ["bantu dong", "mau tanya kak", "izin bertanya min", "help me please", "I have a question"],
    "test": ["tes", "cek cek", "ping", "test", "123"],
    "person": [
        "mau dibantu orang",
        "sambungkan ke admin dong",
        "I'd like a person to help",
        "can I talk to a human please",
    ],
    "insult": ["goblok", "bot bodoh", "ga nyambung deh", "useless bot", "you suck"],
}


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in ALONE.items() for text in texts])
def test_each_kind_of_small_talk_is_known_in_both_languages(kind: str, text: str) -> None:
    talk = split_talk(text)

    assert (talk.kind, talk.rest) == (kind, "")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("oke makasih", "thanks"),
        ("halo, ini bot?", "who"),
        ("hi, thanks, bye!", "goodbye"),
        ("Halo kak, mau tanya", "help"),
    ],
)
def test_of_several_kinds_the_last_one_counts(text: str, kind: str) -> None:
    assert (split_talk(text).kind, split_talk(text).rest) == (kind, "")


@pytest.mark.parametrize("text", ["kak", "min dong", "wkwkwk", "please"])
def test_nothing_but_words_of_address_is_a_greeting(text: str) -> None:
    assert split_talk(text).kind == "greeting"


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Halo kak, Komisi Fashion brp ya?", "Komisi Fashion brp ya?"),
        ("min mau nanya dong, gimana cara cairin saldo?", "gimana cara cairin saldo?"),
        ("Good morning! How do I withdraw my Balance?", "How do I withdraw my Balance?"),
        ("thanks, and what about VAT?", "and what about VAT?"),
        ("Assalamualaikum, NIB wajib?\nKalau belum punya gimana", "NIB wajib?\nKalau belum punya gimana"),
        ("Selamat pagi. 0,5% itu pajak apa", "0,5% itu pajak apa"),
        ("What's up! Is NIB mandatory?", "Is NIB mandatory?"),
        ("What’s up! Is NIB mandatory?", "Is NIB mandatory?"),
    ],
)
def test_small_talk_before_a_question_leaves_the_question_as_typed(text: str, rest: str) -> None:
    assert split_talk(text).rest == rest


@pytest.mark.parametrize(
    "text",
    [
        "cek resi",
        "tes produk BPOM di mana?",
        "test my product listing how",
        "ping pong termasuk kategori apa",
        "who are you allowed to ship with",
        "anjing boleh dijual di tiktok shop?",
        "sampah plastik kena komisi berapa",
        "tidak bisa tarik saldo",
        "no tracking number yet, why?",
        "cukup pakai NIB aja?",
        "komisi berapa",
    ],
)
def test_a_question_that_begins_with_a_word_of_small_talk_is_a_question(text: str) -> None:
    talk = split_talk(text)

    assert (talk.kind, talk.rest) == (None, text)


def test_a_greeting_with_the_same_word_in_the_question_is_taken_off_once() -> None:
    assert split_talk("Pagi min, kurir jemput Pagi atau siang?").rest == "kurir jemput Pagi atau siang?"


@pytest.mark.parametrize("text", ["", "   ", "?!…", "🙏🙏"])
def test_a_message_without_words_is_no_small_talk(text: str) -> None:
    assert split_talk(text).kind is None


def test_letters_that_grow_in_small_letters_do_not_break_the_rest() -> None:
    assert split_talk("Halo İİİ, komisi fashion İ berapa?").rest.endswith("komisi fashion İ berapa?")


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("kak, komisi fashion berapa ya kak?", "komisi fashion berapa?"),
        ("min resi kosong kenapa dong", "resi kosong kenapa"),
        ("komisi fashion brp sih", "komisi fashion brp"),
        ("seller center itu apa", "seller center itu apa"),
        ("bang jago itu apa kak", "jago itu apa"),
        ("how do I withdraw, please?", "how do I withdraw?"),
        ("ya kak", "ya kak"),
        ("saya mau tanya", "saya mau tanya"),
    ],
)
def test_words_of_address_around_a_question_are_left_out(typed: str, asked: str) -> None:
    assert without_address(typed) == asked
