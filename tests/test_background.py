from dataclasses import replace
from datetime import date

from bot.background import MOST_SOURCES, background
from indexer.sections import Law, Section, Source, Status
from tests.scripted_answerer import section

SOURCES = (
    Source("Kontan", "Biaya naik", "2024-04-22", "https://kontan.example/a"),
    Source("Kontan", "Biaya naik", "2024-04-22", "https://kontan.example/a"),
    Source("DJP", "PENG-46 [salinan]", None, None),
)
NOW = section("faqs/a#now", sources=SOURCES, laws=(Law("Permendag 19/2026", "4", "5"),))


def known(*sections: Section) -> dict[str, Section]:
    return {one.id: one for one in sections}


def test_all_sources_are_shown_each_once_with_title_and_date() -> None:
    assert background(NOW, known(NOW), "id") == (
        "**Soal faqs/a#now?**\n\nSemua sumbernya:\n- Permendag 19/2026 Pasal 4 ayat (5)\n"
        "- Kontan: [Biaya naik](https://kontan.example/a) (22 April 2024)\n- DJP: PENG-46 (salinan)"
    )


def test_the_history_goes_from_the_oldest_rule_to_the_one_to_come() -> None:
    oldest = section("faqs/a#oldest", in_force_from=None, in_force_until=date(2024, 4, 30), replaced_by="faqs/a#old")
    old = section(
        "faqs/a#old", in_force_from=date(2024, 5, 1), in_force_until=date(2026, 5, 17), replaced_by="faqs/a#now",
        status=Status.SUPERSEDED,
    )  # fmt: skip
    now = replace(NOW, replaced_by="faqs/a#next")
    coming = section("faqs/a#next", in_force_from=date(2027, 1, 1))
    text = background(now, known(now, old, oldest, coming), "en")

    assert text.index("… – 30 April 2024: About faqs/a#oldest?") < text.index(
        "1 May 2024 – 17 May 2026: About faqs/a#old?"
    )
    assert text.index("since 18 May 2026: About faqs/a#now?") < text.index("since 1 January 2027: About faqs/a#next?")


def test_rules_that_replace_each_other_in_a_circle_end_somewhere() -> None:
    one, two = replace(NOW, replaced_by="faqs/a#two"), section("faqs/a#two", replaced_by="faqs/a#now")

    assert background(one, known(one, two), "id").count("Soal faqs/a#two?") == 1


def test_very_many_sources_are_cut() -> None:
    many = tuple(Source(f"Media {number}", "Judul") for number in range(40))

    assert background(replace(NOW, sources=many, laws=()), known(NOW), "id").count("Media") == MOST_SOURCES
