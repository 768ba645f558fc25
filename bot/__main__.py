"""The bot's commands."""

import io
import json
import logging
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table

from bot import transcripts as stored
from bot.answerer import Answerer
from bot.answers import Question
from bot.calibration import calibration_of, diagram
from bot.console.parts import secret_of
from bot.console.serving import serve
from bot.desk.auditing import Audit
from bot.desk.proposals import Proposals
from bot.desk.retention import Retention
from bot.evaluating import Judgement, sections_by_fact
from bot.evaluating import evaluate as evaluate_questions
from bot.evaluation_comparison import Judged, changed, compare, comparison_table, judged_by_id, load_judged
from bot.evaluation_report import (
    as_record,
    as_table,
    confusion_lines,
    cost_line,
    failure_lines,
    figures_line,
    reliability_table,
)
from bot.json_lines import answer_lines, answer_record
from bot.judging import load_judged_questions, refuse_unknown_sections
from bot.rehearsal.made_up import demo_file
from bot.rehearsal.made_up.filling import MadeUpStaff, Options, fill, new_passwords
from bot.rehearsal.picture import NoBrowser, photograph
from bot.rehearsal.play import BadScript
from bot.rehearsal.play import play as play_script
from bot.remembered import StorageError
from bot.settings import BotSettings
from bot.staff_commands import staff
from bot.storage import Storage
from bot.telegram_app import refuse_missing_settings
from bot.telegram_app import run as run_on_telegram
from bot.telegram_errors import CannotRun
from bot.terminal_chat import chat_on_terminal
from bot.writing import load_writer
from indexer.clock import JAKARTA, today
from indexer.embedding import Vectors, load_embedder
from indexer.faults import IndexerError
from indexer.fields import parse_day
from indexer.live import LiveIndex
from indexer.reranking import load_reranker
from indexer.search import Retriever
from indexer.sections import Language
from indexer.stores import open_store

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.add_typer(staff, name="staff")
out = Console(highlight=False, soft_wrap=True)
_BEGINNING = date(2020, 1, 1)
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
    except (IndexerError, StorageError, CannotRun, NoBrowser) as error:
        err.print(str(error), markup=False)
        raise typer.Exit(1) from error


def _open() -> tuple[BotSettings, LiveIndex, Answerer]:
    settings = BotSettings()
    index = LiveIndex(open_store(settings), lambda: load_embedder(settings), load_reranker(settings))
    return settings, index, Answerer(index.current, writer=load_writer(settings))


def _language(value: str | None) -> Language | None:
    if value in (None, "id", "en"):
        return value  # type: ignore[return-value]
    raise IndexerError(f"`--language {value}` is unknown; write id or en.")


def _day(value: str | None, option: str = "--on") -> date | None:
    day = parse_day(value) if value else None
    if value and day is None:
        raise IndexerError(f"`{option} {value}` is not a day of the calendar; write it as 2025-05-01.")
    return day


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), JAKARTA)


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
        # Piped text may be in another encoding: what is not UTF-8 must not end the chat.
        lines = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace")
        chat_on_terminal(answerer, today, chosen, lines, out)
        index.close()


@app.command()
def run() -> None:
    """Run the Telegram bot by long polling until it is told to stop."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("bm25s").setLevel(logging.WARNING)
    with told_plainly():
        refuse_missing_settings(BotSettings())
        settings, index, answerer = _open()
        with _storage(settings) as storage:
            index.watch()
            try:
                code = run_on_telegram(settings, answerer, storage)
            finally:
                index.close()
    raise typer.Exit(code)


@app.command()
def console(
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port; else CONSOLE_PORT.")] = None,
    notice: Annotated[str, typer.Option(help="A line that stands on every page.")] = "",
) -> None:
    """Serve the review console until it is told to stop."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("bm25s").setLevel(logging.WARNING)
    with told_plainly():
        settings = BotSettings()
        secret_of(settings)
        with _storage(settings) as storage:
            serve(settings, storage, port, notice)


@app.command()
def proposals(
    export: Annotated[bool, typer.Option("--export", help="Print the accepted proposals as JSON.")] = False,
) -> None:
    """Count the proposals of the reviewers, or export them for `python -m indexer proposals --from -`."""
    with told_plainly(), _storage(BotSettings()) as storage:
        book = Proposals(storage.database, _no_vectors)
        if export:
            typer.echo(json.dumps(book.exported(), ensure_ascii=False, indent=2))
            return
        for state in ("open", "accepted", "taken", "dismissed"):
            typer.echo(f"{state:10} {len(book.all(state, limit=1_000_000))}")


def _no_vectors(texts: Sequence[str]) -> Vectors:
    raise AssertionError("listing and exporting compares no questions")


@app.command()
def purge(
    days: Annotated[int | None, typer.Option(min=1, help="Days that stay; else RETENTION_DAYS.")] = None,
) -> None:
    """Erase what was said more than RETENTION_DAYS ago, with everything made from it; for a scheduler to run."""
    with told_plainly():
        settings = BotSettings()
        kept = days or settings.retention_days
        if kept is None:
            raise CannotRun("Nothing says how long to keep. Set RETENTION_DAYS, or name --days.")
        with _storage(settings) as storage:
            gone = Retention(storage.database).purge(kept)
            Audit(storage.database).note(None, "purge", f"{gone.turns} questions older than {kept} days")
    typer.echo(
        f"Erased what is older than {kept} days: {gone.turns} questions, {gone.handoffs} hand-offs, {gone.sellers} "
        f"sellers and {gone.audit} entries of the audit trail."
    )


@app.command()
def play(
    files: Annotated[list[Path], typer.Argument(help="Scripts of dialogues; see bot/rehearsal/play.py.")],
    update: Annotated[bool, typer.Option("--update", help="Write what was played into the files.")] = False,
    pictures: Annotated[Path | None, typer.Option(help="Folder for a picture of each, taken by Chromium.")] = None,
) -> None:
    """Play dialogues against a fake Telegram and print them as sellers would see them."""
    with told_plainly():
        _, _, answerer = _open()
        for file in files:
            played = _played(file, answerer)
            if pictures:
                pictures.mkdir(parents=True, exist_ok=True)
                photograph(played, pictures / f"{file.stem}.png")
            if update:
                file.write_text(played, encoding="utf-8")
            elif not pictures:
                out.print(played, markup=False, end="")


def _played(file: Path, answerer: Answerer) -> str:
    try:
        return play_script(file.read_text(encoding="utf-8"), answerer)
    except (OSError, UnicodeDecodeError) as error:
        raise CannotRun(f"{file} cannot be read ({type(error).__name__}); name a script of a dialogue.") from error
    except (BadScript, LookupError, AssertionError) as error:
        raise CannotRun(f"{file}, {error}") from error


@contextmanager
def _storage(settings: BotSettings) -> Iterator[Storage]:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with _storage_at(settings.transcripts_url) as storage:
        yield storage


@contextmanager
def _storage_at(url: str) -> Iterator[Storage]:
    storage = Storage(url)
    try:
        storage.migrate()
        yield storage
    finally:
        storage.close()


@app.command()
def transcripts(
    turn: Annotated[int | None, typer.Argument(help="The id of any turn of a conversation: show all of it.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many conversations are listed.")] = 20,
    export: Annotated[bool, typer.Option("--export", help="Print turns as JSON lines instead.")] = False,
    since: Annotated[str | None, typer.Option(help="First day to export, such as 2026-05-18 (Jakarta).")] = None,
    until: Annotated[str | None, typer.Option(help="Last day to export.")] = None,
) -> None:
    """List the last conversations, show one, or export turns as JSON lines. Personal data is masked."""
    with told_plainly(), _storage(BotSettings()) as storage:
        if export:
            first = _midnight(_day(since, "--since") or _BEGINNING)
            after = _midnight(_day(until, "--until") or today()) + timedelta(days=1)
            for record in stored.export(storage, first, after):
                typer.echo(json.dumps(record, ensure_ascii=False))
        elif turn is None:
            typer.echo(stored.list_as_text(stored.latest(storage, limit)))
        else:
            found = stored.conversation(storage, turn)
            if not found:
                raise StorageError(f"there is no turn {turn}; `python -m bot transcripts` lists the last ones.")
            typer.echo(stored.conversation_as_text(found))


@app.command("demo-data")
def demo_data(
    days: Annotated[int, typer.Option(min=1, max=366, help="Over how many days, until now.")] = 30,
    seed: Annotated[int, typer.Option(help="The same seed makes up the same.")] = 7,
    sellers: Annotated[
        int, typer.Option(min=5, max=5000, help="How many sellers write; 150 take about a minute.")
    ] = 150,
    fresh: Annotated[
        bool, typer.Option(help="Make everything up anew; else keep what is there, with new passwords.")
    ] = True,
) -> None:
    """Fill DATA_DIR/demo.db with made-up conversations, to show the review console with."""
    with told_plainly():
        path = BotSettings().data_dir.absolute() / demo_file.NAME
        if not fresh and demo_file.holds_made_up(path):
            with _storage_at(demo_file.url_of(path)) as storage:
                staff = new_passwords(storage)
            out.print(f"The made-up conversations in {path} stay as they are.", markup=False)
        else:
            demo_file.clear(path)
            staff = _filled(path, Options(days, seed, sellers))
    out.print(_passwords(staff))


def _filled(path: Path, options: Options) -> tuple[MadeUpStaff, ...]:
    settings, index, _ = _open()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    embedder = index.current().embedder
    until = datetime.now(UTC).replace(second=0, microsecond=0)
    err.print("Making up conversations …")
    answerer = Answerer(index.current)  # in the sections' words, whichever model words the real answers
    filled = fill(demo_file.url_of(path), answerer, embedder.encode_queries, embedder.fingerprint, until, options)
    out.print(
        f"{path}: made-up conversations, {filled.turns} turns in {filled.chats} chats, with {filled.handoffs} "
        f"hand-offs and {filled.reviews} reviews. Nobody said any of this.",
        markup=False,
    )
    return filled.staff


def _passwords(staff: Sequence[MadeUpStaff]) -> Table:
    table = Table("Made-up staff", "Role", "Reads", "Password (shown only now)")
    for person in staff:
        table.add_row(person.name, person.role.value, ", ".join(person.reads), person.password)
    return table


@app.command()
def evaluate(  # noqa: PLR0913, PLR0917 - one option each
    file: Annotated[Path, typer.Argument(help="A question file in YAML.")],
    covered: Annotated[bool, typer.Option("--covered", help="Only questions of which a section says a fact.")] = False,
    failures: Annotated[bool, typer.Option("--failures", help="Also list what was not right.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    generation: Annotated[str | None, typer.Option(help="Another generation than the published one.")] = None,
    against: Annotated[
        str | None,
        typer.Option(help="Compare pair by pair with another generation, or with the saved --json of other settings."),
    ] = None,
    picture: Annotated[Path | None, typer.Option("--diagram", help="Write the reliability diagram as SVG.")] = None,
) -> None:
    """Score a question file: share right, wrong, asked back and declined, with 95 % bootstrap intervals.

    Two models or settings are compared by running it twice: `--json` of the first saved to a file, the second with
    `--against FILE`.
    """
    with told_plainly():
        judgements = _judged(file, generation, covered)
        other = _other_judged(against, file, covered) if against else None
        rows = compare(other, judged_by_id(judgements)) if other is not None else []
    if picture:
        picture.write_text(diagram(calibration_of(judgements), file.name, "said", "true"), encoding="utf-8")
    if as_json:
        typer.echo(json.dumps(as_record(judgements), ensure_ascii=False, indent=2))
        return
    if other is not None:
        out.print(comparison_table(rows))
        for line in changed(other, judged_by_id(judgements)):
            out.print(line, markup=False)
        return
    _print_evaluation(judgements, failures)


def _print_evaluation(judgements: Sequence[Judgement], failures: bool) -> None:
    out.print(as_table(judgements))
    out.print(figures_line(judgements))
    out.print(reliability_table(judgements))
    out.print(cost_line(judgements))
    for line in [*confusion_lines(judgements), *(failure_lines(judgements) if failures else [])]:
        out.print(line, markup=False)


def _judged(file: Path, generation: str | None, covered: bool) -> list[Judgement]:
    questions = load_judged_questions(file)
    settings = BotSettings()
    store = open_store(settings)
    if generation is None:
        index = LiveIndex(store, lambda: load_embedder(settings), load_reranker(settings))
        current = index.current
    else:
        retriever = Retriever(store.open(generation), load_embedder(settings), reranker=load_reranker(settings))
        current = lambda: retriever  # noqa: E731 - what LiveIndex.current does for the published one
    sections = current().generation.snapshot.sections
    refuse_unknown_sections(questions, sections, file)
    answerer = Answerer(current, writer=load_writer(settings))
    judgements = evaluate_questions(answerer, questions, sections_by_fact(sections), today())
    return [judgement for judgement in judgements if judgement.covered or not covered]


def _other_judged(against: str, file: Path, covered: bool) -> dict[str, Judged]:
    saved = Path(against)
    return load_judged(saved) if saved.exists() else judged_by_id(_judged(file, against, covered))


if __name__ == "__main__":
    app()
