from dataclasses import replace
from pathlib import Path

import pytest

from bot.answers import Answer, Outcome
from bot.composing import citation
from bot.judging import WANTED, JudgedQuestion, Verdict, load_judged_questions, refuse_unknown_sections
from indexer.faults import IndexerError
from indexer.sections import Language
from tests.made_sections import section


def question(kind: str = "answerable", **fields: object) -> JudgedQuestion:
    plain: dict[str, object] = {
        "id": "q1", "text": "komisi?", "language": "id", "register": "chat", "topic": "fees", "facts": (),
        "must_match": (), "must_not_match": (), "previous": (),
    }  # fmt: skip
    return JudgedQuestion(kind=kind, **{**plain, **fields})  # type: ignore[arg-type]


def answer(outcome: Outcome = Outcome.ANSWERED, markup: str = "Komisinya **4%**.", language: Language = "id") -> Answer:
    return Answer(outcome, language, markup, 0.9, "generation-1")


@pytest.mark.parametrize(("kind", "wanted"), WANTED.items())
def test_the_wanted_outcome_is_right(kind: str, wanted: Outcome) -> None:
    assert question(kind).judge(answer(wanted)) is Verdict.RIGHT


@pytest.mark.parametrize(
    ("kind", "outcome", "verdict"),
    [
        ("answerable", Outcome.CLARIFY, Verdict.ASKED_BACK),
        ("answerable", Outcome.DECLINED, Verdict.DECLINED),
        ("answerable", Outcome.SMALLTALK, Verdict.WRONG),
        ("out_of_scope", Outcome.ANSWERED, Verdict.WRONG),
        ("out_of_scope", Outcome.CLARIFY, Verdict.ASKED_BACK),
        ("unsafe", Outcome.ANSWERED, Verdict.WRONG),
        ("ambiguous", Outcome.ANSWERED, Verdict.WRONG),
        ("ambiguous", Outcome.DECLINED, Verdict.DECLINED),
        ("chitchat", Outcome.ANSWERED, Verdict.WRONG),
        ("followup", Outcome.DECLINED, Verdict.DECLINED),
    ],
)
def test_another_outcome_is_named_by_what_was_done_instead(kind: str, outcome: Outcome, verdict: Verdict) -> None:
    assert question(kind).judge(answer(outcome)) is verdict


def test_every_wanted_pattern_must_be_found() -> None:
    assert question(must_match=("4 ?%", "komisi")).judge(answer()) is Verdict.RIGHT
    assert question(must_match=("4 ?%", "diskon")).judge(answer()) is Verdict.WRONG


def test_no_unwanted_pattern_may_be_found() -> None:
    assert question(must_not_match=("5%", "diskon")).judge(answer()) is Verdict.RIGHT
    assert question(must_not_match=("5%", "komisi")).judge(answer()) is Verdict.WRONG


@pytest.mark.parametrize(
    ("sections", "never", "verdict"),
    [
        ((("faqs/a#a", "faqs/a#z"),), (), Verdict.RIGHT),
        ((("faqs/a#a",), ("faqs/a#b", "faqs/a#c")), (), Verdict.RIGHT),
        ((("faqs/a#a",), ("faqs/a#c",)), (), Verdict.WRONG),
        ((("faqs/a#c",),), (), Verdict.WRONG),
        ((("faqs/a#a",),), ("faqs/a#b",), Verdict.WRONG),
        ((), ("faqs/a#c",), Verdict.RIGHT),
    ],
)
def test_one_section_of_each_group_must_be_cited_and_none_of_those_that_never_may_be(
    sections: tuple[tuple[str, ...], ...], never: tuple[str, ...], verdict: Verdict
) -> None:
    cited = tuple(citation(section(id=f"faqs/a#{name}"), "id") for name in "ab")

    assert question(sections=sections, never=never).judge(replace(answer(), citations=cited)) is verdict


def test_a_section_that_the_index_does_not_have_is_told() -> None:
    known = {"faqs/a#a"}
    refuse_unknown_sections([question(sections=(("faqs/a#a",),))], known, Path("q.yaml"))

    with pytest.raises(IndexerError, match="entry q1: the index has no section faqs/a#b; correct the ids"):
        refuse_unknown_sections([question(sections=(("faqs/a#a", "faqs/a#b"),))], known, Path("q.yaml"))
    with pytest.raises(IndexerError, match="faqs/a#c"):
        refuse_unknown_sections([question(never=("faqs/a#c",))], known, Path("q.yaml"))


@pytest.mark.parametrize("written", ['"faqs/a#a"', '["faqs/a#a"]', "[[]]"])
def test_sections_that_are_not_groups_are_told(tmp_path: Path, written: str) -> None:
    path = tmp_path / "q.yaml"
    path.write_text(f"- {{text: komisi, kind: answerable, sections: {written}}}\n", encoding="utf-8")

    with pytest.raises(IndexerError, match="entry 1: `sections` must be a list of lists"):
        load_judged_questions(path)


def test_the_words_are_looked_for_as_they_are_read_and_case_does_not_count() -> None:
    assert question(must_match=("komisinya 4%",)).judge(answer()) is Verdict.RIGHT


@pytest.mark.parametrize(
    ("asked", "replied", "fits"), [("id", "id", True), ("id", "en", False), ("en", "en", True), ("mixed", "en", True)]
)
def test_the_language_of_the_reply_must_be_the_questions(asked: str, replied: Language, fits: bool) -> None:
    assert question(language=asked).language_fits(answer(language=replied)) is fits


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "questions.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_a_question_file_is_read(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """
- id: Q1
  text: komisi brp?
  kind: followup
  lang: id
  register: chat
  topic: fees
  facts: [FEE-001, FEE-002]
  must_match: ["4 ?%"]
  must_not_match: ["5%"]
  previous: [halo]
- text: halo
  kind: chitchat
""",
    )
    first, second = load_judged_questions(path)

    assert (first.id, first.language, first.facts, first.previous) == ("Q1", "id", ("FEE-001", "FEE-002"), ("halo",))
    assert (first.must_match, first.must_not_match) == (("4 ?%",), ("5%",))
    assert (second.id, second.language, second.facts, second.must_match) == ("2", "", (), ())


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        ("text: komisi\nkind: answerable\n", "list of questions"),
        ("", "list of questions"),
        ("- [unclosed", "not a YAML file"),
        (b"- text: \xff\xfe\n", "not a YAML file"),
        ("- komisi\n", "entry 1"),
        ("- {text: halo, kind: chitchat}\n- {kind: answerable}\n", "entry 2"),
        ("- {text: komisi, kind: answerable}\n", "cannot be judged"),
        ("- {id: a, text: halo, kind: chitchat}\n- {id: a, text: hai, kind: chitchat}\n", "the id a;"),
        ("- {text: komisi, kind: easy}\n", "out of answerable"),
        ("- {text: komisi}\n", "entry 1"),
        ("- {text: komisi, kind: answerable, must_match: '('}\n", "entry 1"),
        ("[]", "list of questions"),
        ("- {text: komisi, kind: [answerable]}\n", "entry 1"),
    ],
)
def test_a_faulty_file_is_refused_with_its_name_and_what_is_wrong(
    tmp_path: Path, content: str | bytes, hint: str
) -> None:
    with pytest.raises(IndexerError) as refused:
        load_judged_questions(written(tmp_path, content))

    assert "questions.yaml" in str(refused.value) and hint in str(refused.value)


def test_a_single_pattern_needs_no_list(tmp_path: Path) -> None:
    path = written(tmp_path, "- {text: komisi, kind: answerable, must_match: '4%'}\n")

    assert load_judged_questions(path)[0].must_match == ("4%",)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(IndexerError, match=r"there is no file .*nowhere\.yaml"):
        load_judged_questions(tmp_path / "nowhere.yaml")


def test_a_folder_in_the_place_of_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IndexerError, match=str(tmp_path)):
        load_judged_questions(tmp_path)
