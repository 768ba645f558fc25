from datetime import date
from pathlib import Path

import pytest

from indexer.building import gather
from indexer.checks import LONGEST_TEXT, check_knowledge
from indexer.faults import KnowledgeError
from indexer.knowledge import Knowledge
from indexer.sections import Confidence, Platform, Source, Status
from tests.sample_knowledge import change, line_of, shown

pytest_plugins = ["tests.indexes"]


def check(knowledge: Path) -> list[str]:
    """Return all faults, as `python -m indexer check` prints them."""
    try:
        gather(knowledge, knowledge)
    except KnowledgeError as error:
        return shown(error.faults)
    return []


def read(knowledge: Path) -> Knowledge:
    found, faults = check_knowledge(knowledge, knowledge)
    assert faults == ()
    return found


@pytest.fixture
def fees(knowledge: Path) -> Path:
    return knowledge / "faqs/fees.md"


def test_the_sample_has_no_fault(knowledge: Path) -> None:
    assert check(knowledge) == []


def test_a_section_takes_from_its_main_fact_what_it_does_not_state(knowledge: Path) -> None:
    section = read(knowledge).sections["announcements/news#new-tax"]

    assert (section.status, section.in_force_from) == (Status.PLANNED, date(2027, 1, 1))
    assert (section.checked, section.confidence) == (date(2026, 11, 1), Confidence.MEDIUM)
    assert section.sources == (Source("Kementerian Keuangan", "Rencana"),)


def test_what_a_section_states_itself_wins(knowledge: Path) -> None:
    section = read(knowledge).sections["faqs/payouts#when-paid"]

    assert (section.checked, section.confidence) == (date(2026, 7, 1), Confidence.MEDIUM)
    assert section.sources == (Source("Seller University", "Pencairan saldo", "2026-07", "https://uni.example/2"),)


def test_a_section_differs_from_its_documents_head_where_it_says_so(knowledge: Path) -> None:
    sections = read(knowledge).sections

    assert sections["faqs/fees#shipping-tokopedia"].platform is Platform.TOKOPEDIA
    assert sections["faqs/fees#overview"].platform is Platform.BOTH


def test_a_replaced_section_ends_the_day_before_and_names_its_successor(knowledge: Path) -> None:
    sections = read(knowledge).sections
    old, oldest = sections["faqs/fees#commission-2025"], sections["faqs/fees#commission-2024"]

    assert (old.status, old.in_force_until) == (Status.SUPERSEDED, date(2026, 5, 17))
    assert (old.replaced_by, oldest.replaced_by) == ("faqs/fees#commission-now", "faqs/fees#commission-2025")
    assert oldest.in_force_until == date(2025, 6, 8)


def test_a_document_may_replace_a_whole_document(knowledge: Path) -> None:
    old = read(knowledge).sections["regulations/old-rule#social-sales"]

    assert (old.replaced_by, old.in_force_until) == ("regulations/new-rule#social-sales", date(2026, 6, 7))


def test_a_section_is_as_sure_and_as_fresh_as_the_weakest_of_its_facts(knowledge: Path, fees: Path) -> None:
    change(fees, "facts: [FEE-001]\nasked:", "facts: [FEE-001, FEE-004, FEE-003]\nasked:")
    change(knowledge / "facts/fees.yaml", "status: superseded\n  superseded_by: FEE-002", "status: historical")
    section = read(knowledge).sections["faqs/fees#commission-now"]

    assert section.confidence is Confidence.MEDIUM
    assert section.checked == date(2026, 9, 1), "the historical fact says nothing about today"


def test_an_imported_document_needs_no_facts_and_one_language_will_do(knowledge: Path) -> None:
    section = read(knowledge).sections["regulations/official-text#article-7"]

    assert (section.facts, set(section.texts)) == ((), {"id"})


def test_a_subject_outside_needs_no_facts_but_both_languages(knowledge: Path) -> None:
    path = knowledge / "outside/other-shops.md"
    change(path, "### en: What is the commission on Shopee?\n\nI only know Tokopedia and TikTok Shop.\n", "")

    assert check(knowledge) == [
        "outside/other-shops.md:7: `outside/other-shops#shopee` has no text in `en`; write it below `### en: …`."
    ]


def test_a_broken_head_is_reported(knowledge: Path) -> None:
    change(knowledge / "outside/other-shops.md", "topic: news", "topic news")

    assert check(knowledge)[0].startswith("outside/other-shops.md:")


def test_a_document_without_a_topic_is_refused(knowledge: Path) -> None:
    change(knowledge / "faqs/payouts.md", "topic: fees\n", "")

    assert check(knowledge) == ["faqs/payouts.md:2: the head needs a `topic` (one of topics.yaml)."]


def test_an_unknown_topic_is_named_with_the_known_ones(knowledge: Path) -> None:
    change(knowledge / "faqs/payouts.md", "topic: fees", "topic: money")

    assert check(knowledge) == ["faqs/payouts.md:1: topic `money` is unknown; write one of fees, rules, news."]


@pytest.mark.parametrize("place", ["topic: fees\n", "facts: [FEE-002]\n"])
def test_an_unknown_field_is_reported_in_the_head_and_in_a_section(knowledge: Path, fees: Path, place: str) -> None:
    change(fees, place, f"{place}colour: red\n")
    line = line_of(fees, "colour: red")

    found = check(knowledge)
    assert len(found) == 1 and found[0].startswith(f"faqs/fees.md:{line}: unknown field `colour`; known are ")


def test_facts_stand_in_a_section_and_not_in_the_head(knowledge: Path) -> None:
    change(knowledge / "faqs/payouts.md", "topic: fees\n", "topic: fees\nfacts: [FEE-005]\n")

    assert check(knowledge)[0].startswith("faqs/payouts.md:4: unknown field `facts`; known are ")


def test_a_date_that_does_not_exist_is_refused(knowledge: Path, fees: Path) -> None:
    change(fees, "in_force_from: 2026-05-18", "in_force_from: 2026-02-30")
    line = line_of(fees, "2026-02-30")

    assert check(knowledge)[0] == (
        f"faqs/fees.md:{line}: `in_force_from: 2026-02-30` is not a day of the calendar; write it as 2026-05-18."
    )


def test_two_sections_of_one_id_are_refused_at_the_second(knowledge: Path, fees: Path) -> None:
    line = line_of(fees, "## commission-2024")
    change(fees, "## commission-2024", "## overview")

    assert f"faqs/fees.md:{line}: `faqs/fees#overview` stands twice; give one section another name." in check(knowledge)


@pytest.mark.parametrize("field", ["replaces: faqs/fees#commission-2025", "see_also: [faqs/payouts#when-paid]"])
def test_an_address_that_points_nowhere_is_refused(knowledge: Path, fees: Path, field: str) -> None:
    name = field.split(":", maxsplit=1)[0]
    change(fees, field, f"{name}: faqs/fees#gone")
    line = line_of(fees, "faqs/fees#gone")

    assert f"faqs/fees.md:{line}: `{name}: faqs/fees#gone` points nowhere; write the address of a section." in check(
        knowledge
    )


@pytest.mark.parametrize("address", ["regulations/gone", "regulations/old-rule#social-sales"])
def test_a_head_that_replaces_no_document_is_refused(knowledge: Path, address: str) -> None:
    change(knowledge / "regulations/new-rule.md", "replaces: regulations/old-rule", f"replaces: {address}")

    assert (
        f"regulations/new-rule.md:5: `replaces: {address}` names no document; "
        "write it as folder/name, or put a section's address into a section."
    ) in check(knowledge)


def test_a_section_that_replaces_itself_is_refused(knowledge: Path, fees: Path) -> None:
    change(fees, "replaces: faqs/fees#commission-2024", "replaces: faqs/fees#commission-2025")
    found = check(knowledge)

    assert any("`replaces` points to the section itself; remove it." in fault for fault in found)


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_text_without_its_twin_is_reported_at_the_section(knowledge: Path, language: str) -> None:
    texts = {
        "id": "### id: Aturan: media sosial boleh jualan?\n\nBoleh, dengan izin (Pasal 25).\n",
        "en": "### en: The rule: may social media sell?\n\nYes, with a licence (article 25).\n",
    }
    change(knowledge / "regulations/new-rule.md", texts[language], "")

    assert check(knowledge) == [
        "regulations/new-rule.md:8: `regulations/new-rule#social-sales` has no text in "
        f"`{language}`; write it below `### {language}: …`."
    ]


def test_a_section_without_any_text_is_refused(knowledge: Path, fees: Path) -> None:
    fees.write_text(fees.read_text(encoding="utf-8") + "\n## empty\n\n```yaml\nfacts: [FEE-001]\n```\n")
    line = line_of(fees, "## empty")

    assert check(knowledge) == [f"faqs/fees.md:{line}: `empty` has no text; write it below `### id:` and `### en:`."]


def test_a_fact_that_is_not_in_the_register_is_refused(knowledge: Path, fees: Path) -> None:
    change(fees, "facts: [FEE-002]", "facts: [FEE-002, FEE-777]")
    line = line_of(fees, "FEE-777")

    assert check(knowledge) == [
        f"faqs/fees.md:{line}: fact FEE-777 is not in the register; correct the id or add the fact to facts/."
    ]


@pytest.mark.parametrize("field", ["facts: []\n", "facts:\n", ""])
def test_a_section_without_facts_is_refused(knowledge: Path, field: str) -> None:
    change(knowledge / "regulations/new-rule.md", "facts: [RUL-002]\n", field)

    assert ("regulations/new-rule.md:8: `social-sales` names no facts; add `facts: […]` from the register.") in check(
        knowledge
    )


def test_a_section_without_a_platform_is_refused(knowledge: Path) -> None:
    change(knowledge / "faqs/payouts.md", "platform: both\n", "")

    assert check(knowledge) == ["faqs/payouts.md:6: `when-paid` needs a `platform` (tokopedia, tiktok_shop or both)."]


def test_a_number_that_stands_in_none_of_its_facts_is_refused(knowledge: Path, fees: Path) -> None:
    change(fees, "Komisinya 8%.", "Komisinya 8,5%.")
    change(fees, "The commission was 8%.", "The commission was 8.5%.")

    assert check(knowledge) == [
        f"faqs/fees.md:{line_of(fees, heading)}: `8.5` stands in none of its facts (FEE-002); "
        "correct it or cite the fact."
        for heading in ("### id: Komisi mulai Juni 2025", "### en: What was the commission from June")
    ]


@pytest.mark.parametrize(
    ("old", "new", "figure"),
    [
        ("Tutup 4 Oktober 2023", "Tutup 6 Oktober 2023", "2023-10-06"),
        ("Tutup 4 Oktober 2023 pukul 17.00", "Tutup 4 Oktober 2023 pukul 18.00", "18"),
        ("### id: Kapan TikTok Shop tutup?", "### id: Kapan TikTok Shop tutup tahun 2024?", "2024"),
    ],
)
def test_dates_times_and_headings_are_held_to_the_facts_too(knowledge: Path, old: str, new: str, figure: str) -> None:
    news = knowledge / "announcements/news.md"
    change(news, old, new)
    line = line_of(news, "### id: Kapan TikTok")

    assert (
        f"announcements/news.md:{line}: `{figure}` stands in none of its facts (RUL-003); correct it or cite the fact."
    ) in check(knowledge)


def test_a_number_in_words_counts_as_the_number(knowledge: Path) -> None:
    assert "2 hari" in (knowledge / "faqs/payouts.md").read_text(encoding="utf-8")
    assert "two days" in (knowledge / "facts/fees.yaml").read_text(encoding="utf-8")
    assert check(knowledge) == []


def test_numbers_that_differ_between_the_languages_are_refused(knowledge: Path) -> None:
    change(knowledge / "faqs/fees.md", "Shipping costs Rp1,250.", "Shipping costs Rp2,500.")
    path = knowledge / "faqs/fees.md"
    indonesian, english = line_of(path, "### id: Ongkir di Tokopedia"), line_of(path, "### en: What is shipping on Tok")

    assert check(knowledge) == [
        f"faqs/fees.md:{indonesian}: `1250` stands in the `id` text but not in the `en` one; say the same in both.",
        f"faqs/fees.md:{english}: `2500` stands in the `en` text but not in the `id` one; say the same in both.",
    ]


def test_a_worked_example_that_does_not_come_out_is_reported_at_its_own_line(knowledge: Path, fees: Path) -> None:
    change(fees, "× 9,25% = Rp18.500", "× 9,25% = Rp18.700")
    line = line_of(fees, "Rp18.700")

    assert check(knowledge) == [f"faqs/fees.md:{line}: `Rp200.000 × 9,25% = Rp18.700` does not come out; it is 18500."]


def test_an_example_may_use_numbers_of_its_own_but_no_rate_of_its_own(knowledge: Path, fees: Path) -> None:
    change(fees, "harga Rp200.000 × 9,25% = Rp18.500", "harga Rp200.000 × 11% = Rp22.000")
    line = line_of(fees, "### id: Komisi sekarang berapa?")

    assert check(knowledge) == [
        f"faqs/fees.md:{line}: `11` stands in none of its facts (FEE-001); correct it or cite the fact."
    ]


def test_a_quote_without_arithmetic_is_no_example(knowledge: Path, fees: Path) -> None:
    change(fees, "> Contoh: harga Rp200.000 × 9,25% = Rp18.500.", "> Contoh: Rp18.500.")

    assert any("`18500` stands in none of its facts" in fault for fault in check(knowledge))


@pytest.mark.parametrize(
    ("field", "wrong"), [("article: 21", "article: 22"), ("Permendag 31/2023, article", "PP 80/2019, article")]
)
def test_a_law_that_none_of_its_facts_names_is_refused(knowledge: Path, field: str, wrong: str) -> None:
    change(knowledge / "regulations/old-rule.md", field, wrong)
    found = check(knowledge)

    assert found and all(fault.startswith("regulations/old-rule.md:10: `") for fault in found)
    assert all("stands in none of its facts" in fault for fault in found)


def test_a_file_that_is_not_utf8_is_reported_at_its_line(knowledge: Path) -> None:
    (knowledge / "outside/other-shops.md").write_bytes(b"---\ntopic: news\ntitle: caf\xe9\n---\n")

    assert check(knowledge) == ["outside/other-shops.md:3: byte 0xe9 is not UTF-8; save the file as UTF-8."]


@pytest.mark.parametrize("name", ["facts/fees.yaml", "topics.yaml", "glossary.yaml", "questions/known.yaml"])
def test_every_file_is_held_to_utf8(knowledge: Path, name: str) -> None:
    path = knowledge / name
    path.write_bytes(b"# caf\xe9\n" + path.read_bytes())

    assert f"{name}:1: byte 0xe9 is not UTF-8; save the file as UTF-8." in check(knowledge)


def test_a_section_that_states_a_superseded_fact_as_in_force_is_stale(knowledge: Path) -> None:
    change(knowledge / "faqs/payouts.md", "facts: FEE-005", "status: in_force\nfacts: [FEE-005, FEE-002]")
    line = line_of(knowledge / "faqs/payouts.md", "facts:")

    assert check(knowledge) == [
        f"faqs/payouts.md:{line}: stale: FEE-002 is superseded by FEE-001; "
        "rewrite the section from that fact, or mark it superseded."
    ]


def test_a_fact_that_is_replaced_shows_the_sections_that_still_say_it(knowledge: Path) -> None:
    sheet = knowledge / "facts/fees.yaml"
    change(sheet, "as_of: '2026-08-01'\n  status: in_force", "as_of: '2026-08-01'\n  status: superseded")

    assert check(knowledge) == [
        "faqs/payouts.md:6: superseded, but no successor `replaces` it and it has no `in_force_until`; add one of them."
    ]


def test_a_section_is_not_checked_later_than_its_sources(knowledge: Path) -> None:
    change(knowledge / "faqs/payouts.md", "checked: 2026-07-01", "checked: 2026-08-02")

    assert check(knowledge) == [
        "faqs/payouts.md:10: checked on 2026-08-02, but its newest fact is of 2026-08-01; "
        "nothing newer than its sources."
    ]


def test_a_section_that_ends_before_it_starts_is_refused(knowledge: Path, fees: Path) -> None:
    change(fees, "in_force_from: 2026-05-18", "in_force_from: 2026-05-18\nin_force_until: 2026-05-01")
    line = line_of(fees, "in_force_until")

    assert check(knowledge) == [
        f"faqs/fees.md:{line}: ends on 2026-05-01, before it starts on 2026-05-18; correct one of the two."
    ]


def test_a_superseded_section_needs_an_end_or_a_successor(knowledge: Path) -> None:
    change(knowledge / "faqs/payouts.md", "platform: both", "platform: both\nstatus: superseded")

    assert check(knowledge) == [
        "faqs/payouts.md:10: superseded, but no successor `replaces` it and it has no `in_force_until`; "
        "add one of them."
    ]


@pytest.mark.parametrize(
    ("line", "name"), [("| a | b |", "a table"), ("<b>Ya</b>", "HTML"), ("#### Lagi", "a heading")]
)
def test_what_a_chat_cannot_show_is_refused(knowledge: Path, line: str, name: str) -> None:
    change(knowledge / "outside/other-shops.md", "Aku cuma paham", f"{line}\nAku cuma paham")

    assert check(knowledge) == [
        f"outside/other-shops.md:11: {name} cannot be sent in a chat; write it as text or a list."
    ]


def test_a_text_that_is_too_long_for_a_chat_is_refused(knowledge: Path) -> None:
    path = knowledge / "regulations/new-rule.md"
    change(path, "Boleh, dengan izin (Pasal 25).", "Boleh, dengan izin (Pasal 25). " + "Ya. " * 300)
    line = line_of(path, "### id:")
    found = check(knowledge)

    assert len(found) == 1 and found[0].startswith(f"regulations/new-rule.md:{line}: the text has 12")
    assert LONGEST_TEXT < 1230


def test_an_overview_that_is_no_section_is_refused(knowledge: Path) -> None:
    change(knowledge / "topics.yaml", "overview: faqs/fees#overview", "overview: faqs/fees#gone")

    assert check(knowledge) == ["topics.yaml:1: overview `faqs/fees#gone` is not a section; correct the address."]


def test_a_topic_without_a_name_in_both_languages_is_refused(knowledge: Path) -> None:
    change(knowledge / "topics.yaml", "  en: Rules\n", "")

    assert check(knowledge) == ["topics.yaml:5: topic `rules` needs a name in `id` and in `en`."]


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("section: faqs/fees#commission-now\n", "section: faqs/fees#gone\n", 2, "is not a section"),
        ("- text: komisi shopee berapa\n  refuse", "- refuse", 10, "a question needs `text`, and one of"),
        ("refuse: true", "refuse: true\n  section: faqs/fees#overview", 10, "a question needs `text`, and one of"),
        ("refuse: true", "refuse: true\n  mood: bad", 12, "unknown field `mood`"),
    ],
)
def test_a_known_question_that_cannot_be_tried_is_refused(
    knowledge: Path, old: str, new: str, line: int, message: str
) -> None:
    change(knowledge / "questions/known.yaml", old, new)
    found = check(knowledge)

    assert len(found) == 1 and found[0].startswith(f"questions/known.yaml:{line}: ") and message in found[0]


def test_a_fact_left_out_that_is_unknown_or_said_after_all_is_refused(knowledge: Path) -> None:
    (knowledge / "left_out.yaml").write_text("FEE-009: Older.\nFEE-001: Said.\nFEE-999: Unknown.\n")

    assert check(knowledge) == [
        "left_out.yaml:2: FEE-001 is said by a section after all; remove the line.",
        "left_out.yaml:3: FEE-999 is not in the register; correct the id or remove the line.",
    ]


def test_coverage_counts_what_is_said_left_out_and_not_said(knowledge: Path) -> None:
    (knowledge / "left_out.yaml").unlink()
    before = gather(knowledge, knowledge).coverage
    (knowledge / "left_out.yaml").write_text("FEE-009: Older.\n")
    after = gather(knowledge, knowledge).coverage

    assert [fact.id for fact in before.unsaid] == ["FEE-009"] and after.unsaid == ()
    assert after.left_out == {"FEE-009": "Older."}
    assert after.share == before.share == pytest.approx(10 / 11)


def test_a_folder_without_knowledge_is_refused_and_no_crash(tmp_path: Path) -> None:
    found = check(tmp_path / "elsewhere")

    assert any("no document" in fault for fault in found)
    assert any("topics.yaml" in fault for fault in found)


def test_all_faults_are_reported_in_one_run_in_order(knowledge: Path, fees: Path) -> None:
    (knowledge / "announcements/broken.md").write_text("no head\n")
    (knowledge / "announcements/latin.md").write_bytes(b"---\nx: \xff\n---\n")
    change(fees, "facts: [FEE-002]", "facts: [FEE-002, FEE-777]\ncolour: red")
    change(fees, "in_force_from: 2026-05-18", "in_force_from: 2026-06-31")
    change(fees, "see_also: [faqs/payouts#when-paid]", "see_also: [faqs/payouts#gone]")
    change(fees, "Komisinya 6,5% mulai", "Komisinya 7,5% mulai")
    change(fees, "## shipping-tiktok", "## shipping-tokopedia")
    change(knowledge / "regulations/new-rule.md", "replaces: regulations/old-rule", "replaces: regulations/gone")
    change(knowledge / "outside/other-shops.md", "### en: What is the commission on Shopee?", "#### Shopee")
    change(knowledge / "facts/rules.yaml", "status: disputed", "status: debated")
    change(knowledge / "topics.yaml", "en: News", "fr: Nouvelles")
    change(knowledge / "glossary.yaml", "means: komisi", "meaning: komisi")
    found = check(knowledge)

    for path, message in (
        ("announcements/broken.md:1", "the document must begin with its head"),
        ("announcements/latin.md:2", "is not UTF-8"),
        (f"faqs/fees.md:{line_of(fees, 'FEE-777')}", "fact FEE-777 is not in the register"),
        (f"faqs/fees.md:{line_of(fees, 'colour: red')}", "unknown field `colour`"),
        (f"faqs/fees.md:{line_of(fees, '2026-06-31')}", "is not a day of the calendar"),
        (f"faqs/fees.md:{line_of(fees, '#gone')}", "points nowhere"),
        (f"faqs/fees.md:{line_of(fees, '### id: Komisi tahun 2024')}", "`7.5` stands in none of its facts"),
        ("faqs/fees.md:", "`faqs/fees#shipping-tokopedia` stands twice"),
        ("regulations/new-rule.md:5", "names no document"),
        ("outside/other-shops.md:", "a heading cannot be sent in a chat"),
        (f"facts/rules.yaml:{line_of(knowledge / 'facts/rules.yaml', 'debated')}", "`status: debated` is unknown"),
        ("topics.yaml:8", "topic `news` needs a name"),
        ("glossary.yaml:4", "unknown field `meaning`"),
    ):
        assert any(fault.startswith(path) and message in fault for fault in found), (path, message)
    assert len(found) == len(set(found))
    assert [fault.split(":")[0] for fault in found] == sorted(fault.split(":")[0] for fault in found)


def test_the_number_of_faults_is_said(knowledge: Path) -> None:
    change(knowledge / "topics.yaml", "overview: faqs/fees#overview", "overview: faqs/fees#gone")

    with pytest.raises(KnowledgeError, match=r"^1 fault in the knowledge; mend them and run it again\.$"):
        gather(knowledge, knowledge)
