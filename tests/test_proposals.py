import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner, Result

from indexer.__main__ import app
from indexer.building import gather
from indexer.candidates import plan_changes, write_changes
from indexer.documents import read_document
from indexer.faults import Faults, KnowledgeError, ProposalsError
from indexer.located_yaml import load_entries, load_mapping
from indexer.proposals import read_proposals
from tests.sample_knowledge import change, shown

pytest_plugins = ["tests.indexes"]

SECTION = "faqs/fees#commission-now"
HOSTILE = [
    "he said \"no\": 'yes'",
    "first\nsecond\n\nthird\r\nfourth",
    "---",
    "---\ntitle: x\n---",
    "# not a comment # really",
    "## answer",
    "### en: heading",
    "{a: 1} [b] &c *d !e |f >g %h @i",
    "ends the comment --> <!-- and begins one",
    "```",
    "```yaml\nfacts: [FEE-001]\n```",
    "`code` \\n \\ \\\\",
    "- list",
    "null",
    "no",
    "2026-02-30",
    "  space around  ",
    "tab\there",
    "😅 é \u00a0 \u2028 \u2029 \u0085 \ufeff \x07 \x7f",
    "TODO: not a gap",
    "[bold]markup[/bold] :smile:",
]
Command = Callable[..., Result]


def questions(*texts: str, language: str = "id") -> list[dict[str, str]]:
    return [{"text": text, "language": language} for text in texts]


def asked(*texts: str, **changed: object) -> dict[str, Any]:
    record = {"id": 12, "kind": "asked", "section": SECTION, "questions": questions(*texts), "count": 3, "note": None,
              "proposed_on": "2026-11-25"}  # fmt: skip
    return record | changed


def missing(*texts: str, **changed: object) -> dict[str, Any]:
    record = {"id": 13, "kind": "section", "questions": questions(*texts), "count": 5, "topic": "fees",
              "platform": "both", "answers": {"id": "Begini.", "en": None}, "near": [SECTION, "faqs/gone#x"],
              "note": "seen thrice", "proposed_on": "2026-11-25"}  # fmt: skip
    return record | changed


def export(*entries: object) -> bytes:
    return json.dumps({"version": 1, "proposals": entries}).encode()


def written(knowledge: Path, *entries: object) -> list[str]:
    """Write the proposals into the knowledge, and return what was left alone and what was refused."""
    found = read_proposals(export(*entries))
    plan = plan_changes(knowledge, knowledge, found.proposals)
    write_changes(plan.changes)
    return [*plan.left_alone, *found.faults, *plan.faults]


def faults_of(*entries: object) -> tuple[str, ...]:
    return read_proposals(export(*entries)).faults


def check(knowledge: Path) -> list[str]:
    try:
        gather(knowledge, knowledge)
    except KnowledgeError as error:
        return shown(error.faults)
    return []


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def load(path: Path) -> object:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def the_draft(knowledge: Path) -> Path:
    (path,) = (knowledge / "candidates").glob("*.md")
    return path


def test_a_question_for_a_section_becomes_a_known_question_and_all_its_forms_candidates(knowledge: Path) -> None:
    record = asked("komisinya brp", "brp sih komisinya")
    record["questions"] += questions("how much commission", language="en")

    assert written(knowledge, record) == []
    assert load(knowledge / "questions/reviewed.yaml") == [{"text": "komisinya brp", "section": SECTION}]
    assert load(knowledge / "candidates/asked.yaml") == {
        SECTION: {"id": ["komisinya brp", "brp sih komisinya"], "en": ["how much commission"]}
    }
    assert check(knowledge) == []


def test_the_build_reads_the_known_question_and_nothing_of_the_candidates(knowledge: Path) -> None:
    before = gather(knowledge, knowledge)
    written(knowledge, asked("komisinya brp"), missing("cara ikut program"))
    after = gather(knowledge, knowledge)

    assert after.documents == before.documents and after.snapshot == before.snapshot
    assert [question.text for question in after.questions if question not in before.questions] == ["komisinya brp"]


def test_writing_twice_changes_nothing_the_second_time(knowledge: Path) -> None:
    records = asked("komisinya brp", "brp komisi"), missing("cara ikut program")
    written(knowledge, *records)
    before = everything(knowledge)

    assert written(knowledge, *records) == [
        "proposal 12: its question stands in questions/reviewed.yaml already.",
        "proposal 13: candidates/cara-ikut-program-13.md is there already.",
    ]
    assert everything(knowledge) == before


def test_a_draft_of_the_same_proposal_is_left_alone_whatever_its_question_is_now(knowledge: Path) -> None:
    written(knowledge, missing("cara ikut program"))
    the_draft(knowledge).write_text("being written")
    written(knowledge, missing("gimana ikutnya"), missing("gimana", id=3))

    assert (knowledge / "candidates/cara-ikut-program-13.md").read_text() == "being written"
    assert len(list((knowledge / "candidates").glob("*.md"))) == 2


def test_what_stands_in_the_files_stays_with_its_comments(knowledge: Path) -> None:
    reviewed = knowledge / "questions/reviewed.yaml"
    reviewed.write_text("# By hand.\n- text: lama\n  section: faqs/fees#overview  # kept")
    written(knowledge, asked("komisinya brp"))

    assert reviewed.read_text() == (
        "# By hand.\n- text: lama\n  section: faqs/fees#overview  # kept\n"
        f'- text: "komisinya brp"\n  section: {SECTION}\n'
    )


def test_candidates_are_merged_with_those_that_are_there(knowledge: Path) -> None:
    (knowledge / "candidates").mkdir()
    (knowledge / "candidates/asked.yaml").write_text(f"{SECTION}:\n  id: [Komisinya  BRP]\nfaqs/old#x:\n  en:\n")
    written(knowledge, asked("komisinya brp", "brp komisi"), asked("kena brp", "BRP komisi", id=14))

    assert load(knowledge / "candidates/asked.yaml") == {SECTION: {"id": ["Komisinya  BRP", "brp komisi", "kena brp"]}}


def test_what_the_section_is_found_by_already_is_no_candidate(knowledge: Path) -> None:
    written(knowledge, asked("komisinya brp", "Potongan  KOMISI", "komisi sekarang berapa?"))

    assert load(knowledge / "candidates/asked.yaml") == {SECTION: {"id": ["komisinya brp"]}}


@pytest.mark.parametrize(
    ("text", "doubt"),
    [("Komisi sekarang  BERAPA", ""), ("komisi shopee berapa", ", with something else wanted; see which is right")],
)
def test_a_question_that_is_known_already_is_not_added_again(knowledge: Path, text: str, doubt: str) -> None:
    said = written(knowledge, asked(text))

    assert said == [f"proposal 12: its question stands in questions/known.yaml already{doubt}."]
    assert not (knowledge / "questions/reviewed.yaml").exists()


def test_two_proposals_with_one_question_bring_it_once(knowledge: Path) -> None:
    written(knowledge, asked("komisinya brp"), asked("Komisinya brp", id=14))

    assert load(knowledge / "questions/reviewed.yaml") == [{"text": "komisinya brp", "section": SECTION}]


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_was_typed_is_read_again_as_that_text(knowledge: Path, text: str) -> None:
    assert written(knowledge, asked(text, f"{text}!")) == []
    known, candidates = knowledge / "questions/reviewed.yaml", knowledge / "candidates/asked.yaml"
    faults = Faults(knowledge)

    assert load(known) == [{"text": text, "section": SECTION}]
    assert load(candidates) == {SECTION: {"id": [text, f"{text}!"]}}
    assert [entry.values["text"] for entry in load_entries(known.read_text("utf-8"), known, faults)] == [text]
    assert load_mapping(candidates.read_text("utf-8"), 1, candidates, faults).values[SECTION]["id"][0] == text
    assert not faults.found and check(knowledge) == []


@pytest.mark.parametrize("text", HOSTILE)
def test_candidates_stay_as_they_were_typed_when_others_are_added(knowledge: Path, text: str) -> None:
    written(knowledge, asked(text))
    written(knowledge, asked("komisinya brp", id=14))

    assert load(knowledge / "candidates/asked.yaml") == {SECTION: {"id": [text, "komisinya brp"]}}


@pytest.mark.parametrize("text", HOSTILE)
def test_a_draft_holds_whatever_was_typed_as_plain_text(knowledge: Path, text: str) -> None:
    written(knowledge, missing(text, note=text, topic=text, platform=text, answers={"id": text}))
    path = the_draft(knowledge)
    faults = Faults(knowledge)
    document = read_document(path, f"faqs/{path.stem}", faults)

    assert document is not None and [section.slug for section in document.sections] == ["answer"]
    (section,) = document.sections
    assert section.fields.values == {"facts": [], "asked": {"id": [text]}, "see_also": [SECTION]}
    assert section.texts["id"].text.heading == " ".join(text.split())
    assert list(section.texts) == ["id", "en"] and document.head.values["topic"] is None
    assert path.read_text("utf-8").count("-->") == 1 + 2 * text.count("-->") + ("-->" in text)


def test_a_draft_has_what_is_known_and_says_what_is_missing(knowledge: Path) -> None:
    record = missing("Gimana cara ikut program [phone]?", "ikut program gmn")
    record["questions"] += questions("how to join", language="en")
    written(knowledge, record)

    assert the_draft(knowledge).name == "gimana-cara-ikut-program-phone-13.md"
    assert the_draft(knowledge).read_text() == DRAFT


DRAFT = f"""\
---
title:
  id: "TODO: a short title in Indonesian"
  en: "TODO: a short title in English"
topic: fees
platform: both
---

<!--
A draft from proposal 13 of 2026-11-25: sellers asked this in 5 turns, and no section answers it.
Note of the review: seen thrice

Missing:
- a title in both languages
- the facts: each statement with its sources as an entry of facts/, and the ids in `facts`, the main one first
- the heading in English
- the answer in English

Every figure in the answer must stand in one of the facts. Make the heading the question as it should be
asked, keep sellers' own words in `asked`, and put a question that does not stand there into questions/.
Then move the file to faqs/ (or regulations/, announcements/, outside/), name it and its `## answer` as they can
stay for ever, delete this comment, and run `python -m indexer check`: it says what is still wrong.
-->

## answer

```yaml
facts: []
asked:
  id:
    - "Gimana cara ikut program [phone]?"
    - "ikut program gmn"
  en:
    - "how to join"
see_also:
  - {SECTION}
```

### id: Gimana cara ikut program [phone]?

Begini.

### en: TODO: the question in English

TODO: the answer in English; its first sentence answers the question.
"""


def test_an_unfinished_draft_that_is_moved_shows_in_the_check_what_it_lacks(knowledge: Path) -> None:
    written(knowledge, missing("cara ikut program", topic=None, platform=None))
    the_draft(knowledge).rename(knowledge / "faqs/joining.md")
    found = "\n".join(check(knowledge))

    for sentence in (
        "faqs/joining.md:3: unfinished (`TODO: a short title in Indonesian`)",
        "faqs/joining.md:4: unfinished (`TODO: a short title in English`)",
        "the head needs a `topic`",
        "`answer` needs a `platform`",
        "`answer` names no facts",
        "unfinished (`TODO: the question in English`)",
        "unfinished (`TODO: the answer in English; its first sentence answers the question.`)",
    ):
        assert sentence in found


def test_a_finished_draft_that_is_moved_has_no_fault_and_is_not_drafted_again(knowledge: Path) -> None:
    written(knowledge, missing("cara ikut program", answers={"id": "Begini.", "en": "Like this."}))
    document = the_draft(knowledge).rename(knowledge / "faqs/joining.md")
    change(document, "facts: []", "facts: [FEE-001]")
    change(document, "TODO: a short title in Indonesian", "Ikut")
    change(document, "TODO: a short title in English", "Joining")
    change(document, "TODO: the question in English", "How to join?")

    assert check(knowledge) == []
    assert written(knowledge, missing("cara ikut program")) == [
        "proposal 13: its question is one of `faqs/joining#answer` already; no draft."
    ]
    assert not list((knowledge / "candidates").iterdir())


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("😅😅", "question-13.md"),
        ("Café  déjà -- VU?!", "cafe-deja-vu-13.md"),
        ("a" * 200, f"{'a' * 60}-13.md"),
        ("../../etc/passwd", "etc-passwd-13.md"),
        (f"{'a' * 59} b", f"{'a' * 59}-13.md"),
    ],
)
def test_a_draft_is_named_by_its_question(knowledge: Path, text: str, name: str) -> None:
    written(knowledge, missing(text))

    assert the_draft(knowledge).name == name


def test_a_proposal_that_cannot_be_used_is_told_by_its_id_and_the_others_are_written(knowledge: Path) -> None:
    said = written(knowledge, asked("x", id=1, section="faqs/fees#gone"), {"id": 2}, asked("komisinya brp", id=3))

    assert [sentence.split(":")[0] for sentence in said] == ["proposal 2", "proposal 1"]
    assert "`faqs/fees#gone` is not a section" in said[1]
    assert load(knowledge / "questions/reviewed.yaml") == [{"text": "komisinya brp", "section": SECTION}]


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ("text", "entry 1: it is not an object with `id` and `kind`."),
        (asked("x", id=None), "entry 1: `id` is missing; it must be a whole number."),
        (asked("x", id="../x"), 'proposal ../x: `id` is "../x"; it must be a whole number.'),
        (asked("x", id=True), "proposal True: `id` is true; it must be a whole number."),
        (asked("x", kind=None), 'proposal 12: `kind` is missing; it must be "asked" or "section".'),
        (asked("x", kind="other"), 'proposal 12: `kind` is "other"; it must be "asked" or "section".'),
        (asked("x", section=None), "proposal 12: `section` is missing; say which section is asked for."),
        (asked(), "proposal 12: `questions` must be a list with at least one question."),
        (asked(" "), "proposal 12: a question needs a `text`."),
        (asked("x", questions=["x"]), "proposal 12: a question needs a `text`."),
        (
            asked("x", questions=questions("x", language="fr")),
            'proposal 12: a question\'s `language` is "fr"; it must be "id" or "en".',
        ),
        (asked("x", count="many"), 'proposal 12: `count` is "many"; it must be a whole number.'),
        (asked("x", note=[1]), "proposal 12: `note` is [1]; it must be a text."),
        (
            asked("x", proposed_on="yesterday"),
            'proposal 12: `proposed_on` is "yesterday"; it must be a day such as 2026-11-25.',
        ),
        (missing("x", answers="y"), "proposal 13: `answers` must have the parts `id` and `en`."),
        (missing("x", near="y"), "proposal 13: `near` must be a list."),
        (asked("\ud800"), "proposal 12: it holds half a character (a lone surrogate)."),
    ],
)
def test_an_entry_that_cannot_be_used_is_told_in_a_sentence(entry: object, sentence: str) -> None:
    assert faults_of(entry) == (sentence,)


def test_an_id_that_stands_twice_counts_once() -> None:
    found = read_proposals(export(asked("a"), missing("b", id=12)))

    assert len(found.proposals) == 1
    assert found.faults == ("proposal 12: this id stands twice; the first one counts.",)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"{", "the proposals are not JSON in UTF-8"),
        (b"\xff", "the proposals are not JSON in UTF-8"),
        (b"[" * 100_000, "the proposals are not JSON in UTF-8"),
        (b"[]", "the proposals are of version null, and 1 is what is read here"),
        (b'{"version": 2, "proposals": []}', "the proposals are of version 2, and 1 is what is read here"),
        (b'{"version": 1}', "the file has no list `proposals`"),
    ],
)
def test_a_file_that_is_no_export_is_refused_in_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(ProposalsError, match="export the proposals from the console") as refused:
        read_proposals(data)
    assert str(refused.value).startswith(sentence)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("questions/reviewed.yaml", "a: mapping\n"),
        ("questions/reviewed.yaml", "[]\n"),
        ("candidates/asked.yaml", "- a list\n"),
        ("candidates/asked.yaml", "faqs/fees#overview: [x]\n"),
        ("candidates/asked.yaml", "faqs/fees#overview: {id: [{a: b}]}\n"),
        ("candidates/asked.yaml", "faqs/fees#overview: {fr: [x]}\n"),
    ],
)
def test_a_file_that_cannot_be_added_to_is_told_and_nothing_is_written(knowledge: Path, name: str, text: str) -> None:
    (knowledge / name).parent.mkdir(exist_ok=True)
    (knowledge / name).write_text(text)
    before = everything(knowledge)

    with pytest.raises(KnowledgeError) as refused:
        written(knowledge, asked("komisinya brp"), missing("cara ikut program"))
    assert [fault.path for fault in refused.value.faults] == [name]
    assert everything(knowledge) == before


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, knowledge: Path, word_model: Path, tmp_path: Path) -> Command:
    """Give `python -m indexer …` with the sample knowledge, and an export in the data folder."""
    monkeypatch.setenv("KNOWLEDGE_DIR", str(knowledge))
    monkeypatch.setenv("EMBEDDING_MODEL", str(word_model))
    monkeypatch.setenv("COLUMNS", "200")
    (tmp_path / "data").mkdir()
    (tmp_path / "data/proposals.json").write_bytes(
        export(asked("komisi sekarang berapa ya"), missing("cara ikut\n[bold]program"))
    )

    def run(*arguments: str, piped: bytes | None = None) -> Result:
        result = CliRunner().invoke(app, ["proposals", *arguments], input=piped)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return run


def test_the_command_lists_what_it_would_write_and_writes_nothing(command: Command, knowledge: Path) -> None:
    before = everything(knowledge)
    result = command()

    assert result.exit_code == 0 and everything(knowledge) == before
    assert [" ".join(line.split()) for line in result.stdout.splitlines()[1:3]] == [
        f"12 3 komisi sekarang berapa ya {SECTION} no index published",
        "13 5 cara ikut [bold]program candidates/cara-ikut-bold-program-13.md",
    ]
    assert "Would write knowledge/questions/reviewed.yaml: 1 question.\n" in result.stdout
    assert "Would write knowledge/candidates/asked.yaml: 1 candidate.\n" in result.stdout
    assert result.stdout.endswith("Nothing is written yet; run it again with --write.\n")


def test_the_command_says_whether_the_published_index_finds_the_section(command: Command, tmp_path: Path) -> None:
    assert CliRunner().invoke(app, ["build"]).exit_code == 0
    far = asked("kapan saldo cair", id=14, section="regulations/old-rule#social-sales")
    result = command("--from", "-", piped=export(asked("komisi sekarang berapa ya"), far))

    assert result.exit_code == 0
    assert [line.split()[-2:] for line in result.stdout.splitlines()[1:3]] == [["found", "first"], ["among", "three"]]


def test_an_index_that_cannot_be_opened_does_not_stand_in_the_way(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHROMA_URL", "nonsense")
    result = command()

    assert result.exit_code == 0 and "cannot be tried" in result.stdout
    assert "CHROMA_URL is `nonsense`" in result.stderr


def test_the_command_writes_and_says_what(command: Command, knowledge: Path) -> None:
    assert command("--write").stdout == (
        "Wrote knowledge/candidates/cara-ikut-bold-program-13.md: a draft of a section.\n"
        "Wrote knowledge/candidates/asked.yaml: 1 candidate.\n"
        "Wrote knowledge/questions/reviewed.yaml: 1 question.\n"
    )
    assert check(knowledge) == []
    assert command("--write").stdout.endswith("Nothing to write.\n")


def test_the_command_fails_after_writing_what_can_be_written(command: Command, knowledge: Path) -> None:
    result = command("--from", "-", "--write", piped=export(asked("x", section="gone"), asked("komisinya brp", id=2)))

    assert result.exit_code == 1 and "proposal 12: `gone` is not a section" in result.stderr
    assert load(knowledge / "questions/reviewed.yaml") == [{"text": "komisinya brp", "section": SECTION}]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--from", "nowhere.json"], "nowhere.json is not there; export the proposals from the console, or with "),
        (["--from", "-"], "the proposals are not JSON in UTF-8; export the proposals from the console"),
        (["--from", "."], "see that there is room and that you may write there"),
    ],
)
def test_the_command_refuses_what_it_cannot_read_in_a_sentence(
    command: Command, arguments: list[str], sentence: str
) -> None:
    result = command(*arguments, piped=b"nonsense")

    assert result.exit_code == 1 and sentence in result.stderr and "Traceback" not in result.output


def test_a_folder_without_knowledge_is_told(command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KNOWLEDGE_DIR", str(tmp_path / "nowhere"))
    result = command("--write")

    assert result.exit_code == 1 and "mend them and run it again." in result.stderr
    assert not (tmp_path / "nowhere").exists()


def test_the_command_explains_itself(command: Command) -> None:
    result = command("--help")

    assert result.exit_code == 0 and "--from" in result.stdout and "--write" in result.stdout
