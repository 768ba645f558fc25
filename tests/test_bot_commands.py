import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.answers import Question
from bot.wording import say
from indexer.clock import today
from indexer.settings import PROJECT
from tests.published_index import PublishedIndex

pytest_plugins = ["tests.small_index"]

QUESTIONS = """\
- {id: q1, text: halo, kind: chitchat, lang: id, facts: [FEE-001]}
- {id: q2, text: makasih ya kak, kind: chitchat, lang: id, facts: [FEE-005], must_match: bukan ini}
- {id: q3, text: who are you, kind: chitchat, lang: en, facts: [NO-001]}
- {id: q4, text: komisi shopee berapa, kind: answerable, lang: id, topic: fees, must_match: shopee}
"""


@pytest.fixture
def published(small_index: PublishedIndex, monkeypatch: pytest.MonkeyPatch) -> PublishedIndex:
    monkeypatch.setenv("DATA_DIR", str(small_index.data_dir))
    return small_index


def command(*arguments: str, piped: bytes | None = None) -> Result:
    return CliRunner().invoke(app, list(arguments), input=piped)


def said(result: Result) -> str:
    """Return the one sentence of a refusal."""
    assert result.exit_code == 1 and result.stdout == ""
    assert "Traceback" not in result.stderr and isinstance(result.exception, SystemExit)
    return result.stderr.strip()


# ask


def test_ask_prints_the_answer_as_it_is_read(published: PublishedIndex) -> None:
    result = command("ask", "kapan saldo cair?")

    assert result.exit_code == 0
    assert result.stdout == published.answerer.answer(Question("kapan saldo cair?", today())).text + "\n"
    assert "Saldo cair 2 hari" in result.stdout and "**" not in result.stdout


@pytest.mark.usefixtures("published")
def test_ask_as_json_has_the_fields_that_others_build_on() -> None:
    record = json.loads(command("ask", "kapan saldo cair?", "--json").stdout)

    assert list(record) == ["id", "outcome", "language", "text", "confidence", "citations", "options", "ms"]
    assert (record["id"], record["outcome"], record["language"]) == (None, "answered", "id")
    assert record["citations"][0] == {
        "section": "faqs/payouts#when-paid", "title": "Kapan saldo cair?", "kind": "faqs", "status": "in_force",
        "platform": "both", "in_force_from": None, "in_force_until": None, "checked": "2026-07-01",
        "publisher": "Seller University", "url": "https://uni.example/2",
    }  # fmt: skip
    assert record["ms"] > 0


@pytest.mark.usefixtures("published")
def test_ask_replies_in_the_language_that_is_asked_for() -> None:
    assert "The balance is paid out" in command("ask", "kapan saldo cair?", "--language", "en").stdout


def test_ask_about_a_day_is_asked_about_that_day(published: PublishedIndex) -> None:
    question = Question("media sosial boleh jualan?", today(), on=date(2024, 6, 1))

    assert command("ask", question.text, "--on", "2024-06-01").stdout == published.answerer.answer(question).text + "\n"
    assert published.answerer.answer(question).text != command("ask", question.text).stdout.strip()


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("day", ["2025-02-30", "1 Mei 2025", "20250501", "2025-05", "besok", "2025-W01-1"])
def test_a_day_that_does_not_exist_is_named(day: str) -> None:
    assert said(command("ask", "komisi berapa", "--on", day)) == (
        f"`--on {day}` is not a day of the calendar; write it as 2025-05-01."
    )


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("name", ["ask", "chat"])
def test_a_language_that_is_not_spoken_is_named(name: str) -> None:
    arguments = [name, "komisi"] if name == "ask" else [name]

    assert said(command(*arguments, "--language", "fr")) == "`--language fr` is unknown; write id or en."


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("text", ["", "   ", "\udcff\udcfe", "🙏", "a" * 60_000])
def test_ask_takes_any_text(text: str) -> None:
    result = command("ask", text)

    assert result.exit_code == 0 and result.stdout.strip()


@pytest.mark.parametrize("arguments", [["ask"], ["ask", "a", "b"], ["evaluate"], ["sing"], ["ask", "a", "--loud"]])
def test_a_wrong_command_line_shows_its_usage(arguments: list[str]) -> None:
    result = command(*arguments)

    assert result.exit_code == 2 and "Usage:" in result.stderr


@pytest.mark.parametrize("name", ["ask", "answer", "chat", "evaluate"])
def test_every_command_explains_itself(name: str) -> None:
    result = command(name, "--help")

    assert result.exit_code == 0 and "Usage:" in result.stdout


# No index


@pytest.mark.parametrize("arguments", [["ask", "komisi"], ["ask", "komisi", "--json"], ["answer"], ["chat"]])
def test_without_a_published_index_it_says_what_to_run(arguments: list[str]) -> None:
    assert said(command(*arguments, piped=b"")) == "no index is published yet; run `python -m indexer build`."


def test_evaluating_without_a_published_index_says_what_to_run() -> None:
    path = Path("questions.yaml")
    path.write_text(QUESTIONS, encoding="utf-8")

    assert said(command("evaluate", str(path))) == "no index is published yet; run `python -m indexer build`."


def test_a_model_that_is_not_there_is_named(published: PublishedIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMBEDDING_MODEL", str(published.data_dir / "no-model"))

    assert "EMBEDDING_MODEL" in said(command("ask", "komisi"))


# evaluate


@pytest.fixture
def question_file() -> str:
    path = Path("questions.yaml")
    path.write_text(QUESTIONS, encoding="utf-8")
    return str(path)


@pytest.mark.usefixtures("published")
def test_evaluate_prints_the_table_and_the_other_figures(question_file: str) -> None:
    result = command("evaluate", question_file)

    assert result.exit_code == 0
    lines = [line.split() for line in result.stdout.splitlines() if line.strip().startswith("kind")]
    rows = {" ".join(words[:2]): words[2:] for words in lines}
    assert rows["kind chitchat"][:2] == ["3", "66.7%"]
    assert rows["kind answerable"][:2] == ["1", "0.0%"]
    assert "language right 1" in result.stdout and "median ms" in result.stdout
    assert "makasih" not in result.stdout


@pytest.mark.usefixtures("published")
def test_evaluate_lists_what_was_not_right_when_asked(question_file: str) -> None:
    stdout = command("evaluate", question_file, "--failures").stdout

    assert "q2 chitchat wrong" in stdout and "makasih ya kak" in stdout and "q1 chitchat" not in stdout


@pytest.mark.usefixtures("published")
def test_evaluate_may_leave_out_what_no_section_says(question_file: str) -> None:
    record = json.loads(command("evaluate", question_file, "--covered", "--json").stdout)

    assert {row["group"]: row["count"] for row in record["rows"]}["kind chitchat"] == 2
    assert [failure["id"] for failure in record["failures"]] == ["q2", "q4"]


@pytest.mark.usefixtures("published")
def test_evaluate_of_nothing_that_is_covered_is_an_empty_report() -> None:
    Path("questions.yaml").write_text(
        "- {text: komisi, kind: answerable, must_match: x, facts: [NO-001]}\n", encoding="utf-8"
    )

    assert command("evaluate", "questions.yaml", "--covered").exit_code == 0


@pytest.mark.usefixtures("published")
def test_evaluate_names_a_missing_file_and_a_bad_entry() -> None:
    Path("bad.yaml").write_text("- {text: komisi}\n", encoding="utf-8")

    assert said(command("evaluate", "nowhere.yaml")) == "there is no file nowhere.yaml."
    assert said(command("evaluate", "bad.yaml")).startswith("bad.yaml, entry 1: needs `text` and a `kind`")


@pytest.mark.usefixtures("published")
def test_evaluate_says_how_sure_the_bot_was_and_what_that_cost(question_file: str) -> None:
    stdout = command("evaluate", question_file, "--diagram", "sure.svg").stdout

    assert "expected calibration error" in stdout and "mean cost" in stdout
    assert Path("sure.svg").read_text(encoding="utf-8").startswith("<svg")


def test_evaluate_compares_with_what_was_saved_and_with_another_generation(
    published: PublishedIndex, question_file: str
) -> None:
    Path("old.json").write_text(command("evaluate", question_file, "--json").stdout, encoding="utf-8")
    name = published.retriever.generation.manifest.name

    for other in ("old.json", name):
        result = command("evaluate", question_file, "--against", other)
        assert result.exit_code == 0 and "+0.0%" in result.stdout and "→" not in result.stdout
    assert command("evaluate", question_file, "--generation", name).exit_code == 0


@pytest.mark.usefixtures("published")
def test_evaluate_names_a_generation_and_a_saved_file_that_are_not_there(question_file: str) -> None:
    assert "no generation" in said(command("evaluate", question_file, "--generation", "20200101"))
    assert "no generation" in said(command("evaluate", question_file, "--against", "nowhere.json"))


@pytest.mark.usefixtures("published")
def test_evaluate_names_a_section_that_the_index_does_not_have() -> None:
    Path("q.yaml").write_text('- {text: komisi, kind: answerable, sections: [["faqs/no#no"]]}\n', encoding="utf-8")

    assert "the index has no section faqs/no#no" in said(command("evaluate", "q.yaml"))


# Over a real pipe, in a process of its own


def piped(published: PublishedIndex, *arguments: str, lines: bytes) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "DATA_DIR": str(published.data_dir), "PYTHONPATH": str(PROJECT), "LC_ALL": "C.UTF-8"}
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        input=lines, capture_output=True, env=environment, cwd=published.data_dir, timeout=60, check=False,
    )  # fmt: skip


def test_json_lines_over_a_pipe_are_answered_in_order_and_bad_ones_do_not_stop_it(published: PublishedIndex) -> None:
    lines = [
        json.dumps({"id": 1, "text": "kapan saldo cair?"}).encode(),
        b"not json",
        json.dumps({"id": "two", "text": "halo", "previous": ["what is the commission now"]}).encode(),
        b'{"id": 3, "text": "\xff"}',
        json.dumps({"id": 4, "text": "kapan saldo cair?", "language": "en", "on": None}).encode(),
        json.dumps({"id": 5, "text": "", "on": "2024-05-01"}).encode(),
    ]
    done = piped(published, "answer", lines=b"\n".join(lines))
    records = [json.loads(line) for line in done.stdout.decode().splitlines()]

    assert (done.returncode, done.stderr) == (0, b"")
    assert [record["id"] for record in records] == [1, None, "two", None, 4, 5]
    assert [record.get("line") for record in records] == [None, 2, None, 4, None, None]
    assert "Saldo cair 2 hari" in records[0]["text"] and records[2]["outcome"] == "smalltalk"
    assert (records[4]["language"], records[5]["outcome"]) == ("en", "clarify")


def test_questions_piped_into_the_chat_are_answered_one_by_one_and_it_ends_with_0(published: PublishedIndex) -> None:
    done = piped(published, "chat", lines="halo\n\nkapan saldo cair?\nmakasih \xff\n".encode("latin-1"))
    printed = done.stdout.decode()

    assert (done.returncode, done.stderr) == (0, b"")
    parts = ["> halo", "Aku Tanya Seller", "> kapan saldo cair?", "Saldo cair 2 hari", "> makasih \ufffd", "Sama-sama"]
    assert [printed.index(part) for part in parts] == sorted(printed.index(part) for part in parts)
    assert say("id", "terminal.welcome") not in printed
