import random
import time

import pytest

from bot.markup import LIMIT, split, to_html, to_plain, utf16_length
from bot.rehearsal.fake_telegram_html import parse


@pytest.mark.parametrize(
    ("markup", "plain", "html"),
    [
        ("**Ya.** Boleh.", "Ya. Boleh.", "<b>Ya.</b> Boleh."),
        ("[Aturan](https://a.id/x)", "Aturan (https://a.id/x)", '<a href="https://a.id/x">Aturan</a>'),
        ("[https://a.id](https://a.id)", "https://a.id", '<a href="https://a.id">https://a.id</a>'),
        ("**[A](http://a.id)**", "A (http://a.id)", '<b><a href="http://a.id">A</a></b>'),
        ("[**A**](http://a.id)", "A (http://a.id)", '<a href="http://a.id"><b>A</b></a>'),
        ("- satu\n- dua", "- satu\n- dua", "• satu\n• dua"),
        ("1. satu\n2. dua", "1. satu\n2. dua", "1. satu\n2. dua"),
        ("a\n> b **c**\n> d\ne", "a\n> b c\n> d\ne", "a\n<blockquote>b <b>c</b>\nd</blockquote>\ne"),
        ("a\n\nb", "a\n\nb", "a\n\nb"),
    ],
)
def test_markup_as_words_and_as_html(markup: str, plain: str, html: str) -> None:
    assert to_plain(markup) == plain
    assert to_html(markup) == html


@pytest.mark.parametrize(
    "markup",
    ["**tebal", "a ** b ** c", "tebal**", "2**3 dan", "**", "****", "[a](javascript:alert(1))", "[a](tg://user?id=1)",
     "[a] (https://a.id)", "_x_ `y`"],
)  # fmt: skip
def test_what_is_not_markup_stays_literal(markup: str) -> None:
    assert to_plain(markup) == markup
    assert to_html(markup) == markup


def test_everything_is_escaped() -> None:
    assert to_html("<b>&</b> **<i>**") == "&lt;b&gt;&amp;&lt;/b&gt; <b>&lt;i&gt;</b>"
    assert to_html('[x](https://a.id/?a=1&b="2")') == '<a href="https://a.id/?a=1&amp;b=&quot;2&quot;">x</a>'


def test_an_address_may_have_brackets() -> None:
    assert to_plain("[a](https://a.id/x_(y)) b") == "a (https://a.id/x_(y)) b"


def test_bold_does_not_run_over_lines() -> None:
    assert to_html("**a\nb**") == "**a\nb**"


def test_a_short_text_is_one_piece() -> None:
    assert split("**a**\n\nb") == ["**a**\n\nb"]


@pytest.mark.parametrize("empty", ["", " ", "\n\n", " \n\t\n "])
def test_nothing_is_no_piece(empty: str) -> None:
    assert split(empty) == []


def test_it_is_cut_at_blank_lines_first() -> None:
    assert split("aa aa\naa\n\nbb bb\n\ncc", limit=14) == ["aa aa\naa", "bb bb\n\ncc"]


def test_then_at_lines_then_at_sentences_then_at_words() -> None:
    assert split("aa aa\nbb bb", limit=8) == ["aa aa", "bb bb"]
    assert [piece.strip() for piece in split("Aa aa. Bb bb. Cc.", limit=11)] == ["Aa aa.", "Bb bb. Cc."]
    assert [piece.strip() for piece in split("aa bb cc", limit=6)] == ["aa bb", "cc"]
    assert split("aaaaaa", limit=4) == ["aaaa", "aa"]


def test_bold_and_links_are_never_cut() -> None:
    assert [piece.strip() for piece in split("aa **bb. bb** cc cc", limit=9)] == ["aa", "**bb. bb**", "cc cc"]
    link = "[b b. b](https://a.id)"
    assert [piece.strip() for piece in split(f"aaa aaa {link} c", limit=23)] == ["aaa aaa", link + " c"]


def test_length_is_counted_in_utf16_units() -> None:
    assert utf16_length("a😀") == 3
    assert split("😀😀😀", limit=4) == ["😀😀", "😀"]


def test_any_text_fits_and_is_valid_html_for_telegram() -> None:
    dice = random.Random(7)
    parts = [
        "**",
        "tebal",
        "b. ",
        "\n",
        "\n\n",
        "[t](http://x.id)",
        "😀",
        " ",
        "<",
        "&",
        "> ",
        "- ",
        "[",
        "]",
        "(",
        ")",
    ]
    for _ in range(1000):
        markup = "".join(dice.choices(parts, k=dice.randint(0, 120)))
        pieces = split(markup, limit=40)
        for piece in pieces:
            assert utf16_length(to_plain(piece)) <= 40
            assert utf16_length(parse(to_html(piece))[0]) <= 40
        assert _letters("".join(map(to_plain, pieces))) == _letters(to_plain(markup))


@pytest.mark.parametrize(
    "hostile",
    ["**a " * 15_000, "**a b. " * 9_000, "[" * 60_000, "[a](http://" * 6_000, "(" * 60_000, "x" * 60_000,
     "😀" * 60_000, "\n" * 60_000, "> " * 30_000],
)  # fmt: skip
def test_sixty_thousand_hostile_characters_take_no_time(hostile: str) -> None:
    start = time.process_time()
    pieces = split(hostile)
    assert all(utf16_length(to_plain(piece)) <= LIMIT for piece in pieces)
    assert time.process_time() - start < 4


def _letters(text: str) -> str:
    return "".join(character for character in text if character.isalpha() or character == "😀")
