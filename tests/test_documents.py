from pathlib import Path

import pytest

from indexer.documents import RawDocument, read_document
from indexer.faults import Faults
from indexer.sections import Text

HEAD = "---\ntopic: fees\n---\n"
TWO_LANGUAGES = "### id: Judul\n\nIsi.\n\n### en: Title\n\nText.\n"


def read(folder: Path, text: str, name: str = "fees.md") -> tuple[RawDocument | None, list[str]]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    faults = Faults(folder)
    return read_document(path, f"faqs/{path.stem}", faults), [str(fault) for fault in faults.sorted()]


def faults_of(folder: Path, text: str, name: str = "fees.md") -> list[str]:
    return read(folder, text, name)[1]


def test_a_document_is_read_whole(tmp_path: Path) -> None:
    document, faults = read(tmp_path, f"{HEAD}\n## base\n\n```yaml\nfacts: [FEE-001]\n```\n\n{TWO_LANGUAGES}")

    assert document is not None and faults == []
    assert (document.address, document.head.values) == ("faqs/fees", {"topic": "fees"})
    section = document.sections[0]
    assert (section.slug, section.line, section.fields.values) == ("base", 5, {"facts": ["FEE-001"]})
    assert section.fields.line_of("facts") == 8
    assert {language: located.text for language, located in section.texts.items()} == {
        "id": Text("Judul", "Isi."),
        "en": Text("Title", "Text."),
    }
    assert [located.line for located in section.texts.values()] == [11, 15]


def test_a_section_needs_no_fields_of_its_own(tmp_path: Path) -> None:
    document, faults = read(tmp_path, f"{HEAD}## base\n{TWO_LANGUAGES}")

    assert document is not None and faults == []
    assert document.sections[0].fields.values == {}


def test_sections_follow_each_other(tmp_path: Path) -> None:
    document, _ = read(tmp_path, f"{HEAD}## one\n{TWO_LANGUAGES}\n## two\n{TWO_LANGUAGES}")

    assert document is not None
    assert [section.slug for section in document.sections] == ["one", "two"]


def test_lists_steps_bold_and_quotes_stay_in_a_text(tmp_path: Path) -> None:
    body = "**Ya.**\n\n1. satu\n2. dua\n- a < b\n\n> Contoh: 1 + 1 = 2"
    document, faults = read(tmp_path, f"{HEAD}## base\n### id: Judul\n\n{body}\n\n### en: Title\n\nText.\n")

    assert document is not None and faults == []
    assert document.sections[0].texts["id"].text.body == body


def test_a_mark_at_the_start_of_the_file_and_windows_line_ends_do_not_matter(tmp_path: Path) -> None:
    windows = f"\ufeff{HEAD}## base\n{TWO_LANGUAGES}".replace("\n", "\r\n")
    (tmp_path / "fees.md").write_bytes(windows.encode())
    faults = Faults(tmp_path)
    document = read_document(tmp_path / "fees.md", "faqs/fees", faults)

    assert document is not None and faults.found == []
    assert document.sections[0].texts["en"].text == Text("Title", "Text.")


@pytest.mark.parametrize("text", ["", "# Fees\n", "\n---\ntopic: fees\n---\n"])
def test_a_document_without_a_head_is_refused(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text) == (
        None,
        ["fees.md:1: the document must begin with its head between two `---` lines."],
    )


def test_a_head_that_is_not_closed_is_refused(tmp_path: Path) -> None:
    assert read(tmp_path, "---\ntopic: fees\n") == (
        None,
        ["fees.md:1: the head is not closed; end it with a line `---`."],
    )


def test_a_head_that_is_not_yaml_is_reported_at_its_line(tmp_path: Path) -> None:
    found = faults_of(tmp_path, f"---\ntopic: fees\ntitle: a: b\n---\n## base\n{TWO_LANGUAGES}")

    assert len(found) == 1 and found[0].startswith("fees.md:3: not valid YAML (mapping values are not allowed")


def test_a_head_that_is_a_list_is_refused(tmp_path: Path) -> None:
    assert faults_of(tmp_path, f"---\n- fees\n---\n## base\n{TWO_LANGUAGES}") == [
        "fees.md:2: expected `name: value` lines here."
    ]


def test_a_control_character_in_the_head_is_a_fault_and_no_crash(tmp_path: Path) -> None:
    found = faults_of(tmp_path, f"---\ntopic: fe\x07es\n---\n## base\n{TWO_LANGUAGES}")

    assert len(found) == 1 and found[0].startswith("fees.md:2: not valid YAML")


def test_a_yaml_tag_that_nobody_knows_is_a_fault_and_no_crash(tmp_path: Path) -> None:
    found = faults_of(tmp_path, f"---\ntopic: !secret fees\n---\n## base\n{TWO_LANGUAGES}")

    assert len(found) == 1 and found[0].startswith("fees.md:2: cannot be read as YAML")


def test_a_field_that_stands_twice_is_reported_at_the_second(tmp_path: Path) -> None:
    assert faults_of(tmp_path, f"---\ntopic: fees\ntopic: tax\n---\n## base\n{TWO_LANGUAGES}") == [
        "fees.md:3: `topic` stands twice; keep one of them."
    ]


def test_a_document_without_sections_is_refused(tmp_path: Path) -> None:
    assert faults_of(tmp_path, HEAD) == ["fees.md:3: no section; start one with `## name-of-the-section`."]


@pytest.mark.parametrize("slug", ["Base", "the base", "base_1", "-base", "dasar/komisi"])
def test_a_section_name_that_makes_no_address_is_refused(tmp_path: Path, slug: str) -> None:
    assert faults_of(tmp_path, f"{HEAD}## {slug}\n{TWO_LANGUAGES}") == [
        f"fees.md:4: `## {slug}` must be small letters, digits and hyphens (the section's address)."
    ]


def test_a_file_name_that_makes_no_address_is_refused(tmp_path: Path) -> None:
    assert faults_of(tmp_path, f"{HEAD}## base\n{TWO_LANGUAGES}", "My Fees.md") == [
        "My Fees.md:1: the file name `My Fees.md` must be small letters, digits and hyphens."
    ]


def test_a_yaml_block_that_is_not_closed_is_reported_where_it_opens(tmp_path: Path) -> None:
    assert faults_of(tmp_path, f"{HEAD}## base\n\n```yaml\nfacts: [A]\n\n{TWO_LANGUAGES}") == [
        "fees.md:6: the yaml block is not closed; end it with a line of three backticks."
    ]


def test_text_outside_a_language_is_refused(tmp_path: Path) -> None:
    assert faults_of(tmp_path, f"{HEAD}## base\n\nHello.\nAgain.\n\n{TWO_LANGUAGES}") == [
        "fees.md:6: text outside a language; put it below `### id:` or `### en:`."
    ]


@pytest.mark.parametrize("heading", ["### fr: Titre", "### Title", "### id:", "### id : Judul"])
def test_a_language_that_we_do_not_have_is_refused(tmp_path: Path, heading: str) -> None:
    assert faults_of(tmp_path, f"{HEAD}## base\n{TWO_LANGUAGES}{heading}\n\nText.\n") == [
        "fees.md:12: expected `### id: …` or `### en: …` with the question as heading."
    ]


def test_a_language_that_stands_twice_is_reported_at_the_second(tmp_path: Path) -> None:
    assert faults_of(tmp_path, f"{HEAD}## base\n{TWO_LANGUAGES}### en: Again\n\nText.\n") == [
        "fees.md:12: `### en:` stands twice in `base`; keep one."
    ]


def test_a_heading_without_a_text_is_refused(tmp_path: Path) -> None:
    assert faults_of(tmp_path, f"{HEAD}## base\n### id: Judul\n\n### en: Title\n\nText.\n") == [
        "fees.md:5: `base` has no text in `id`; write the answer below the heading."
    ]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("| a | b |", "a table"),
        ("  | a | b |", "a table"),
        ("--- | ---", "a table"),
        ("#### More", "a heading"),
        ("# More", "a heading"),
        ("```", "a code block"),
        ("![a picture](a.png)", "a picture"),
        ("Lihat ![gambar](a.png)", "a picture"),
        ("<b>bold</b>", "HTML"),
        ("see <a href='x'>here</a>", "HTML"),
        ("done<br/>", "HTML"),
    ],
)
def test_what_a_chat_cannot_show_is_refused_at_its_line(tmp_path: Path, line: str, name: str) -> None:
    assert faults_of(tmp_path, f"{HEAD}## base\n### id: Judul\n\nIsi.\n{line}\n\n### en: Title\n\nText.\n") == [
        f"fees.md:8: {name} cannot be sent in a chat; write it as text or a list."
    ]


def test_lines_are_counted_as_an_editor_counts_them(tmp_path: Path) -> None:
    text = f"{HEAD}## base\n### id: Judul\n\nSatu\u2028dua\x0ctiga.\n\n### en: Title\n\n<b>Text</b>.\n"

    assert faults_of(tmp_path, text) == ["fees.md:11: HTML cannot be sent in a chat; write it as text or a list."]


def test_a_file_that_is_not_utf8_is_reported_at_the_line_of_the_byte(tmp_path: Path) -> None:
    path = tmp_path / "fees.md"
    path.write_bytes(f"{HEAD}## base\n".encode() + b"### id: caf\xe9\n")
    faults = Faults(tmp_path)

    assert read_document(path, "faqs/fees", faults) is None
    assert [str(fault) for fault in faults.sorted()] == ["fees.md:5: byte 0xe9 is not UTF-8; save the file as UTF-8."]
