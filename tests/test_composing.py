from datetime import date

import pytest

from bot.composing import (
    Passage,
    citation,
    compose,
    day_in_words,
    first_sentence,
    law_in_words,
    sources_line,
    with_bold_start,
)
from bot.markup import to_html
from bot.wording import say
from indexer.sections import LANGUAGES, Confidence, Language, Law, Platform, Section, Source, Status, Text
from indexer.validity import Role
from tests.made_sections import COMMISSION, section

OLD = section(
    id="faqs/fees#old",
    status=Status.SUPERSEDED,
    in_force_from=date(2025, 10, 1),
    in_force_until=date(2026, 5, 17),
    replaced_by=COMMISSION.id,
)


def written(one: Section, language: Language = "id", role: Role = Role.CURRENT, **also: object) -> str:
    return compose([Passage(one, role, **also)], language)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("day", "indonesian", "english"),
    [
        (date(2026, 5, 18), "18 Mei 2026", "18 May 2026"),
        (date(2024, 8, 1), "1 Agustus 2024", "1 August 2024"),
        (date(2023, 12, 31), "31 Desember 2023", "31 December 2023"),
        (date(2026, 1, 9), "9 Januari 2026", "9 January 2026"),
    ],
)
def test_a_day_is_written_in_each_language(day: date, indonesian: str, english: str) -> None:
    assert (day_in_words(day, "id"), day_in_words(day, "en")) == (indonesian, english)


def test_an_answer_is_the_text_and_what_it_rests_on() -> None:
    assert written(COMMISSION) == (
        "Komisi platform berapa?\n**Komisinya 4%.** Dihitung setelah diskonmu.\n\n"
        "📅 Berlaku sejak 18 Mei 2026 · Tokopedia & TikTok Shop · menurut sumber per 1 Oktober 2026\n"
        "📎 Sumber: [TikTok Shop](https://seller.example/fees) (18 Mei 2026)"
    )
    assert written(COMMISSION, "en") == (
        "How much is the platform commission?\n**The commission is 4%.** It is counted after your discount.\n\n"
        "📅 In force since 18 May 2026 · Tokopedia & TikTok Shop · sources as of 1 October 2026\n"
        "📎 Sources: [TikTok Shop](https://seller.example/fees) (18 May 2026)"
    )


def loud(text: Text) -> str:
    return text.body.upper()


def test_details_follow_the_text_as_a_paragraph_and_are_put_into_words_with_it() -> None:
    details = ("Mall kena 7%.", "Batal berarti nol.")

    assert "setelah diskonmu.\n\nMall kena 7%. Batal berarti nol.\n\n📅" in written(COMMISSION, details=details)
    assert "MALL KENA 7%." in compose([Passage(COMMISSION, Role.CURRENT, details=details)], "id", loud)


def test_a_text_that_is_missing_in_a_language_is_given_in_the_other() -> None:
    imported = section(texts={"id": Text("Pasal 25", "PPMSE wajib menyediakan layanan.")})

    assert "PPMSE wajib menyediakan layanan." in written(imported, "en")
    assert "In force since 18 May 2026" in written(imported, "en")


def test_each_passage_stands_under_its_heading() -> None:
    one = Passage(COMMISSION, Role.CURRENT)

    assert compose([one], "id").startswith("Komisi platform berapa?\n")
    assert compose([one, one], "id").count("Komisi platform berapa?\n") == 2


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("Bisa. Caranya mudah.", "**Bisa.** Caranya mudah."),
        ("**Bisa**, lewat aplikasi. Caranya mudah.", "**Bisa, lewat aplikasi.** Caranya mudah."),
        ("Cukup satu kalimat", "**Cukup satu kalimat**"),
        ("Syaratnya:\n- KTP", "Syaratnya:\n- KTP"),
        ("Lihat [halamannya](https://a.example). Di situ ada.", "Lihat [halamannya](https://a.example). Di situ ada."),
    ],
)
def test_the_sentence_that_answers_is_bold_unless_it_leads_to_a_list_or_holds_a_link(body: str, shown: str) -> None:
    assert with_bold_start(body) == shown


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("status", [Status.DISPUTED, Status.PLANNED, Status.POSTPONED])
def test_what_is_unsettled_is_warned_about_first(language: Language, status: Status) -> None:
    text = written(section(status=status), language)

    assert text.startswith(say(language, f"answer.warning_{status}"))


def test_weak_sources_are_warned_about() -> None:
    assert written(section(confidence=Confidence.LOW)).startswith(say("id", "answer.warning_low"))
    assert "⚠️" not in written(section(confidence=Confidence.MEDIUM))


def test_what_happened_is_not_warned_about_for_weak_sources() -> None:
    text = written(section(confidence=Confidence.LOW, status=Status.HISTORICAL), role=Role.EVENT)

    assert say("id", "answer.warning_low") not in text


def test_what_is_to_come_says_when() -> None:
    text = written(section(in_force_from=date(2027, 1, 16)), "en", Role.UPCOMING)

    assert text.startswith(say("en", "answer.warning_upcoming", start="16 January 2027"))


def test_an_old_rule_says_since_when_it_no_longer_holds() -> None:
    assert written(OLD, role=Role.PAST).startswith(say("id", "answer.warning_past_since", end="18 Mei 2026"))
    assert "📅 Berlaku 1 Oktober 2025 sampai 17 Mei 2026" in written(OLD, role=Role.PAST)


def test_an_old_rule_whose_end_is_unknown_is_only_called_old() -> None:
    text = written(section(status=Status.SUPERSEDED, in_force_until=None), role=Role.PAST)

    assert text.startswith(say("id", "answer.warning_past"))


def test_an_old_rule_stands_under_its_heading_so_that_it_is_not_read_as_todays() -> None:
    assert "Komisi platform berapa?\n" in written(OLD, role=Role.PAST)


def test_an_old_rule_names_what_replaced_it_with_its_first_sentence() -> None:
    text = written(OLD, "en", Role.PAST, now=COMMISSION)

    assert "**Today:** How much is the platform commission?\nThe commission is **4%**.\n" in text
    assert text.count("It is counted after your discount.") == 1  # the old rule's own


def test_a_rule_that_will_change_says_when_and_to_what() -> None:
    later = section(id="faqs/fees#later", in_force_from=date(2027, 3, 1))

    assert "⏳ Akan berganti mulai 1 Maret 2027: Komisi platform berapa?" in written(COMMISSION, later=later)


def test_a_successor_of_unknown_start_is_not_announced() -> None:
    assert "⏳" not in written(COMMISSION, later=section(in_force_from=None))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_did_not_hold_yet_on_the_asked_day_says_so(language: Language) -> None:
    start = day_in_words(date(2026, 5, 18), language)

    assert written(COMMISSION, language, not_yet=True).startswith(say(language, "answer.not_yet", start=start))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_start_that_nobody_knows_is_told(language: Language) -> None:
    text = written(section(in_force_from=None), language, start_unknown=True)

    assert text.startswith(say(language, "answer.warning_start_unknown"))


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({}, "📅 In force since 18 May 2026 · "),
        ({"in_force_until": date(2026, 12, 31)}, "📅 In force from 18 May 2026 to 31 December 2026 · "),
        ({"in_force_from": None, "in_force_until": date(2026, 12, 31)}, "📅 In force until 31 December 2026 · "),
        ({"status": Status.HISTORICAL}, "📅 Happened on 18 May 2026 · "),
        ({"status": Status.PLANNED}, "📅 From 18 May 2026 · "),
        ({"status": Status.HISTORICAL, "in_force_from": None}, "📅 Tokopedia & TikTok Shop · "),
        ({"in_force_from": None}, "📅 Tokopedia & TikTok Shop · "),
    ],
)
def test_the_dates_say_since_until_or_happened(changes: dict[str, object], line: str) -> None:
    assert line in written(section(**changes), "en")


@pytest.mark.parametrize(
    ("platform", "words"),
    [
        (Platform.TOKOPEDIA, " · Tokopedia · "),
        (Platform.TIKTOK_SHOP, " · TikTok Shop · "),
        (Platform.BOTH, " · Tokopedia & TikTok Shop · "),
    ],
)
def test_the_side_is_named(platform: Platform, words: str) -> None:
    assert words in written(section(platform=platform))


def test_without_a_check_no_day_of_checking_is_claimed() -> None:
    assert "per" not in written(section(checked=None)).split("📅")[1].split("\n")[0].lower().split()


@pytest.mark.parametrize(
    ("law", "indonesian", "english"),
    [
        (Law("PP 80/2019"), "PP 80/2019", "PP 80/2019"),
        (Law("PMK 37/2025", "8"), "PMK 37/2025 Pasal 8", "PMK 37/2025, Article 8"),
        (
            Law("Permendag 19/2026", "25", "3"),
            "Permendag 19/2026 Pasal 25 ayat (3)",
            "Permendag 19/2026, Article 25(3)",
        ),
    ],
)
def test_a_place_in_a_law_is_written_with_article_and_paragraph(law: Law, indonesian: str, english: str) -> None:
    assert (law_in_words(law, "id"), law_in_words(law, "en")) == (indonesian, english)


def test_the_law_stands_before_the_publishers() -> None:
    one = section(laws=(Law("PMK 37/2025", "8"),))

    assert sources_line(one, "id").startswith("📎 Sumber: PMK 37/2025 Pasal 8; [TikTok Shop](")


def sources(*publishers: str) -> tuple[Source, ...]:
    return tuple(
        Source(publisher, f"Page {number}", None, f"https://{publisher.lower()}.example/{number}")
        for number, publisher in enumerate(publishers)
    )


def test_two_publishers_are_shown_rather_than_two_pages_of_one() -> None:
    line = sources_line(section(sources=sources("TikTok", "TikTok", "Kontan", "Detik")), "id", limit=2)

    assert line == "📎 Sumber: [TikTok](https://tiktok.example/0); [Kontan](https://kontan.example/2)"


def test_a_publisher_is_named_once() -> None:
    assert sources_line(section(sources=sources("TikTok", "TikTok")), "id").count("[TikTok](") == 1


def test_the_first_source_stays_the_first_whoever_wrote_it_again() -> None:
    line = sources_line(section(sources=sources("TikTok", "Kontan", "Detik", "TikTok")), "id", limit=2)

    assert line == "📎 Sumber: [TikTok](https://tiktok.example/0); [Kontan](https://kontan.example/1)"


def test_many_laws_leave_room_for_one_publisher() -> None:
    one = section(laws=(Law("PP 80/2019"), Law("PMK 37/2025"), Law("UU 8/1999")), sources=sources("Kontan", "Detik"))

    assert sources_line(one, "id") == (
        "📎 Sumber: PP 80/2019; PMK 37/2025; UU 8/1999; [Kontan](https://kontan.example/0)"
    )


def test_without_sources_no_line_of_sources_is_written() -> None:
    assert sources_line(section(sources=()), "id") == ""
    assert not written(section(sources=())).endswith("\n")


def test_a_publisher_without_an_address_is_named_plainly() -> None:
    one = section(sources=(Source("Kontan", "Berita"),))

    assert sources_line(one, "en") == "📎 Sources: Kontan"


@pytest.mark.parametrize(
    ("known", "indonesian", "english"),
    [("2026-05-18", "18 Mei 2026", "18 May 2026"), ("2026-05", "Mei 2026", "May 2026"), ("2026", "2026", "2026")],
)
def test_the_date_of_a_source_is_as_precise_as_it_is_known(known: str, indonesian: str, english: str) -> None:
    one = section(sources=(Source("Kontan", "Berita", known),))

    assert sources_line(one, "id") == f"📎 Sumber: Kontan ({indonesian})"
    assert sources_line(one, "en") == f"📎 Sources: Kontan ({english})"


def test_a_copy_of_a_law_is_not_passed_off_as_the_ministrys_own_page() -> None:
    one = section(sources=(Source("Kemendag", "Permendag 31/2023", None, "https://github.com/laws/permendag"),))

    assert sources_line(one, "en") == "📎 Sources: [Kemendag, public copy](https://github.com/laws/permendag)"


def test_brackets_in_a_publishers_name_do_not_break_its_link() -> None:
    one = section(sources=(Source("Kemendag [arsip]", "Siaran", None, "https://kemendag.example/a"),))

    assert '<a href="https://kemendag.example/a">Kemendag (arsip)</a>' in to_html(sources_line(one, "id"))


@pytest.mark.parametrize(
    ("body", "first"),
    [
        ("Dari harga setelah diskon. Ongkir tidak ikut.", "Dari harga setelah diskon."),
        ("Rp1.250 per pesanan. Sejak 2025.", "Rp1.250 per pesanan."),
        ("**Ya!** Wajib.", "**Ya!**"),
        ("Satu kalimat saja", "Satu kalimat saja"),
        ("Apa bedanya?\nBegini.", "Apa bedanya?"),
        ("**Tidak. Kamu bebas memilih.** Sisanya sama.", "**Tidak. Kamu bebas memilih.**"),
        ("**Wajib** menurut Pasal 25. Sisanya sama.", "**Wajib** menurut Pasal 25."),
        ("**Lewat Seller Center:**\n\n1. Buka pesanan.", "**Lewat Seller Center:**"),
    ],
)
def test_the_first_sentence_ends_at_its_stop(body: str, first: str) -> None:
    assert first_sentence(body) == first


def test_a_citation_holds_the_section_and_its_first_source() -> None:
    cited = citation(COMMISSION, "en")

    assert (cited.section, cited.title, cited.kind) == (
        "faqs/fees#commission", "How much is the platform commission?", "faqs",
    )  # fmt: skip
    assert (cited.in_force_from, cited.in_force_until) == (date(2026, 5, 18), None)
    assert (cited.publisher, cited.url) == ("TikTok Shop", "https://seller.example/fees")


def test_a_citation_without_sources_names_nobody() -> None:
    cited = citation(section(sources=()), "id")

    assert (cited.publisher, cited.url) == (None, None)
