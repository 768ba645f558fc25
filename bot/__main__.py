"""The bot's commands."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console

from bot.answerer import Answerer
from bot.answers import Question
from bot.evaluating import evaluate as evaluate_questions
from bot.evaluating import facts_said
from bot.evaluation_report import as_record, as_table, failure_lines, figures_line
from bot.json_lines import answer_lines, answer_record
from bot.judging import load_judged_questions
from bot.settings import BotSettings
from bot.terminal_chat import chat_on_terminal
from indexer.clock import today
from indexer.embedding import load_embedder
from indexer.faults import IndexerError
from indexer.fields import parse_day
from indexer.live import LiveIndex
from indexer.sections import Language
from indexer.stores import open_store

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

LanguageOption = Annotated[str | None, typer.Option(help="Language of the reply: id or en; else that of the question.")]
DayOption = Annotated[str | None, typer.Option("--on", help="The day asked about, such as 2025-05-01.")]


@app.callback()
def main() -> None:
    """Answer sellers' questions: once, in the terminal, from a pipe, or on Telegram."""


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turn expected errors into one sentence and exit code 1."""
    try:
        yield
    except ValidationError as error:
        for fault in error.errors():
            name = "_".join(map(str, fault["loc"])).upper()
            err.print(f"setting {name}: `{fault['input']}` is not valid; {fault['msg']}.", markup=False)
        raise typer.Exit(1) from error
    except IndexerError as error:
        err.print(str(error), markup=False)
        raise typer.Exit(1) from error


def _open() -> tuple[BotSettings, LiveIndex, Answerer]:
    settings = BotSettings()
    index = LiveIndex(open_store(settings), lambda: load_embedder(settings))
    return settings, index, Answerer(index.current)


def _language(value: str | None) -> Language | None:
    if value in (None, "id", "en"):
        return value  # type: ignore[return-value]
    raise IndexerError(f"`--language {value}` is unknown; write id or en.")


def _day(value: str | None) -> date | None:
    day = parse_day(value) if value else None
    if value and day is None:
        raise IndexerError(f"`--on {value}` is not a day of the calendar; write it as 2025-05-01.")
    return day


@app.command()
def ask(
    text: Annotated[str, typer.Argument(help="The question.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON with citations.")] = False,
    language: LanguageOption = None,
    on: DayOption = None,
) -> None:
    """Ask one question and print the answer."""
    with told_plainly():
        chosen, day = _language(language), _day(on)
        _, _, answerer = _open()
        answer = answerer.answer(Question(text, today(), language=chosen, on=day))
    typer.echo(json.dumps(answer_record(None, answer), ensure_ascii=False, indent=2) if as_json else answer.text)


@app.command("answer")
def answer_from_pipe() -> None:
    """Answer JSON lines from standard input, one JSON line each, in the same order."""
    with told_plainly():
        _, _, answerer = _open()
        for record in answer_lines(answerer, sys.stdin.buffer, today):
            typer.echo(json.dumps(record, ensure_ascii=False))


@app.command()
def chat(language: LanguageOption = None) -> None:
    """Chat in the terminal; questions piped on standard input are answered one by one."""
    with told_plainly():
        chosen = _language(language)
        _, index, answerer = _open()
        index.watch()
        chat_on_terminal(answerer, today, chosen, sys.stdin, out)
        index.close()


@app.command()
def evaluate(
    file: Annotated[Path, typer.Argument(help="A question file in YAML.")],
    covered: Annotated[bool, typer.Option("--covered", help="Only questions of which a section says a fact.")] = False,
    failures: Annotated[bool, typer.Option("--failures", help="Also list what was not right.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Score a question file: share right, wrong, asked back and declined, with 95 % bootstrap intervals."""
    with told_plainly():
        questions = load_judged_questions(file)
        _, index, answerer = _open()
        facts = facts_said(index.current().generation.snapshot.sections)
        judgements = evaluate_questions(answerer, questions, facts, today())
        if covered:
            judgements = [judgement for judgement in judgements if judgement.covered]
    if as_json:
        typer.echo(json.dumps(as_record(judgements), ensure_ascii=False, indent=2))
        return
    out.print(as_table(judgements))
    out.print(figures_line(judgements))
    for line in failure_lines(judgements) if failures else []:
        out.print(line, markup=False)


if __name__ == "__main__":
    app()
