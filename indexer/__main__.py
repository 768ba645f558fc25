"""The maintainer's commands."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Column, Table
from rich.text import Text

from indexer import publishing
from indexer.building import build as build_generation
from indexer.building import exclusive, gather
from indexer.candidates import Plan, plan_changes, write_changes
from indexer.clock import today
from indexer.coverage import Coverage
from indexer.embedding import load_embedder
from indexer.faults import IndexerError, KnowledgeError
from indexer.fields import parse_day
from indexer.gate import rank
from indexer.generations import Manifest
from indexer.inventory import Inventory, inventory_of
from indexer.known_questions import KnownQuestion, Wanted
from indexer.live import LiveIndex
from indexer.proposals import AskedProposal, Proposal, one_line, read_file, read_proposals
from indexer.question_time import AskedTime, Period
from indexer.reranking import load_reranker
from indexer.search import Hit, Search
from indexer.sections import Language
from indexer.settings import PROJECT, IndexSettings
from indexer.stores import open_store

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)
STEPS = {"embed": "Embedding new texts", "test": "Trying the questions"}


@app.callback()
def main() -> None:
    """Check, build, publish and search the knowledge."""


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turn expected errors into one sentence and exit code 1."""
    try:
        yield
    except KnowledgeError as error:
        for fault in error.faults:
            out.print(str(fault), markup=False)
        err.print(str(error), markup=False)
        raise typer.Exit(1) from error
    except IndexerError as error:
        err.print(str(error), markup=False)
        raise typer.Exit(1) from error
    except OSError as error:
        err.print(f"{error}; see that there is room and that you may write there, and run it again.", markup=False)
        raise typer.Exit(1) from error


@app.command()
def check(
    coverage: Annotated[
        bool, typer.Option("--coverage", help="Also say how much of the register is said, and count.")
    ] = False,
) -> None:
    """Read all of the knowledge and report every fault as file:line: what was found, what to do."""
    settings = IndexSettings()
    with told_plainly():
        ingredients = gather(settings.knowledge_dir, PROJECT)
    sections, documents = len(ingredients.snapshot.sections), len(ingredients.documents)
    out.print(f"{sections} sections in {documents} documents, {len(ingredients.questions)} known questions, no faults.")
    if coverage:
        _print_coverage(ingredients.coverage)
        _print_inventory(inventory_of(ingredients.snapshot.sections.values(), ingredients.snapshot.glossary))


def _print_coverage(coverage: Coverage) -> None:
    out.print(f"{coverage.share:.1%} of the register is said by a section ({len(coverage.said)} facts).")
    out.print(f"Left out on purpose: {len(coverage.left_out)}.")
    for name, reason in coverage.left_out.items():
        out.print(f"  {name}: {reason}", markup=False)
    out.print(f"Not said: {len(coverage.unsaid)}.")
    for fact in coverage.unsaid:
        out.print(f"  {fact.id}: {fact.topic}", markup=False)
    out.print("Figures, dates and articles in a text that none of its facts holds: none (the check refuses them).")


def _print_inventory(inventory: Inventory) -> None:
    for name, counts in inventory.sections.items():
        out.print(f"Sections by {name}: {', '.join(f'{value} {count}' for value, count in counts.items())}.")
    asked = ", ".join(f"{count} in {language}" for language, count in inventory.asked.items())
    fewest = ", ".join(f"{count} in {language}" for language, count in inventory.fewest_asked.items())
    out.print(
        f"Ways of asking: {asked} (a section has at least {fewest}). Words in the glossary: {inventory.glossary_words}."
    )
    out.print(f"Sections without a source's address: {len(inventory.without_address)}.")
    for name in inventory.without_address:
        out.print(f"  {name}", markup=False)


@app.command()
def build(
    no_publish: Annotated[
        bool, typer.Option("--no-publish", help="Make and test it, but let the old one answer.")
    ] = False,
    if_needed: Annotated[
        bool, typer.Option("--if-needed", help="Only if nothing is published, or the configured model did not make it.")
    ] = False,
) -> None:
    """Make a new generation beside the live one, try it on the known questions, and publish it."""
    settings = IndexSettings()
    with told_plainly():
        store = open_store(settings)
        embedder = load_embedder(settings)
        if if_needed and publishing.answers_with(store, embedder.fingerprint):
            return
        ingredients = gather(settings.knowledge_dir, PROJECT)
        with exclusive(settings.data_dir), _bars() as bars:
            manifest = build_generation(store, ingredients, embedder, today(), _shown_on(bars))
            if not no_publish:
                publishing.publish(store, manifest.name)
                publishing.prune(store)
    _print_made(manifest)
    out.print("Not published." if no_publish else "Published.")


def _shown_on(bars: Progress) -> Callable[[str, int, int], None]:
    tasks = {name: bars.add_task(label, total=None) for name, label in STEPS.items()}

    def show(step: str, done: int, total: int) -> None:
        bars.update(tasks[step], completed=done or (total == 0), total=max(total, 1))

    return show


def _print_made(manifest: Manifest) -> None:
    counts, gate = manifest.counts, manifest.gate
    embedded, reused = counts["embedded"], counts["reused"]
    out.print(f"{manifest.name}: {counts['sections']} sections, {embedded} texts embedded, {reused} taken over.")
    if gate:
        shares = f"{gate['first']:.1%} found first, {gate['first_three']:.1%} among three"
        out.print(f"Known questions: {shares} ({gate['questions']:.0f}).")


def _bars() -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=err
    )


@app.command("list")
def list_generations() -> None:
    """List the generations, newest first; the published one is marked."""
    with told_plainly():
        store = open_store(IndexSettings())
        published = store.published()
        table = Table("", "generation", "made (UTC)", "model", "sections", "first", "first three", box=None)
        for name in store.names():
            manifest = store.manifest(name)
            gate = [f"{manifest.gate[key]:.1%}" if key in manifest.gate else "–" for key in ("first", "first_three")]
            table.add_row(
                "→" if name == published else "",
                name,
                manifest.created_at[:16],
                manifest.model,
                str(manifest.counts["sections"]),
                *gate,
            )
        out.print(table)


@app.command()
def publish(
    name: Annotated[str | None, typer.Argument(help="The generation; the newest if left out.")] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Although its figures are worse than the published one's.")
    ] = False,
) -> None:
    """Let a generation answer; the running bot notices within seconds."""
    with told_plainly():
        manifest = publishing.publish(open_store(IndexSettings()), name, force)
    out.print(f"{manifest.name} is published.")


@app.command()
def rollback() -> None:
    """Let the generation before the published one answer again."""
    with told_plainly():
        manifest = publishing.roll_back(open_store(IndexSettings()))
    out.print(f"{manifest.name} is published again.")


@app.command()
def prune(
    keep: Annotated[int, typer.Option(min=0, help="How many besides the published one stay.")] = publishing.KEPT,
) -> None:
    """Remove old and unfinished generations."""
    settings = IndexSettings()
    with told_plainly(), exclusive(settings.data_dir):
        removed = publishing.prune(open_store(settings), keep)
    out.print(f"Removed: {', '.join(removed) or 'nothing'}.")


@app.command()
def search(
    text: Annotated[str, typer.Argument(help="The question.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    on: Annotated[str | None, typer.Option(help="A day, such as 2025-05-01.")] = None,
    language: Annotated[Language, typer.Option(help="Language of the headings.")] = "id",
    limit: Annotated[int, typer.Option(min=1, max=50)] = 8,
) -> None:
    """Search the published generation and show the scores by method."""
    with told_plainly():
        settings = IndexSettings()
        index = LiveIndex(open_store(settings), lambda: load_embedder(settings), load_reranker(settings))
        retriever = index.current()
        found = retriever.search(Search(text, today(), AskedTime(Period.of_day(_day(on))) if on else None, limit=limit))
        records = [_record(hit, language) for hit in found.hits]
        if as_json:
            record = {"generation": retriever.generation.manifest.name, "ms": dict(found.milliseconds), "hits": records}
            typer.echo(json.dumps(record, ensure_ascii=False, indent=2))
        else:
            _print_hits(records)


def _day(value: str) -> date:
    day = parse_day(value)
    if day is None:
        raise IndexerError(f"`{value}` is not a day of the calendar; write it as 2025-05-01.")
    return day


def _record(hit: Hit, language: Language) -> dict[str, object]:
    section = hit.section
    text = section.text(language)
    numbers = {name: round(value, 4) for name, value in asdict(hit).items() if isinstance(value, float)}
    return {"section": section.id, "title": text.heading, **numbers, "role": hit.role, "status": section.status,
            "platform": section.platform, "in_force_from": str(section.in_force_from or "") or None,
            "in_force_until": str(section.in_force_until or "") or None, "matched": hit.key}  # fmt: skip


def _print_hits(records: list[dict[str, object]]) -> None:
    table = Table("score", "dense", "words", "role", "section", "title", box=None)
    for record in records:
        numbers = [f"{record[name]:.3f}" for name in ("score", "dense", "keywords")]
        table.add_row(*numbers, str(record["role"]), escape(str(record["section"])), escape(str(record["title"])))
    out.print(table)


@app.command()
def proposals(
    source: Annotated[
        str | None, typer.Option("--from", help="The file; `-` reads from a pipe. DATA_DIR/proposals.json if left out.")
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="Write the files; without it they are only listed.")] = False,
) -> None:
    """Turn accepted proposals of the reviews into changes of the knowledge folder, to be looked through and kept."""
    settings = IndexSettings()
    with told_plainly():
        path = Path(source or settings.data_dir / "proposals.json")
        export = read_proposals(typer.get_binary_stream("stdin").read() if source == "-" else read_file(path))
        plan = plan_changes(settings.knowledge_dir, PROJECT, export.proposals)
        if write:
            write_changes(plan.changes)
        else:
            _print_proposals(export.proposals, plan, settings)
        _print_changes(plan, settings.knowledge_dir, write)
    for fault in (*export.faults, *plan.faults):
        err.print(fault, markup=False)
    if export.faults or plan.faults:
        raise typer.Exit(1)


def _print_proposals(every: Iterable[Proposal], plan: Plan, settings: IndexSettings) -> None:
    taken = [proposal for proposal in every if proposal.id in plan.places]
    tried = _tried([proposal for proposal in taken if isinstance(proposal, AskedProposal)], settings)
    folding = (Column(name, overflow="fold") for name in ("question", "goes to", "published index"))
    table = Table("id", "turns", *folding, box=None)
    for proposal in taken:
        texts = (proposal.questions[0].text, plan.places[proposal.id], tried.get(proposal.id, ""))
        table.add_row(str(proposal.id), str(proposal.count), *map(_cell, texts))
    out.print(table)


def _cell(text: str) -> Text:
    """Return a seller's words as a cell: on one line, not too long, with nothing that a terminal would obey."""
    plain = "".join(letter for letter in one_line(text) if letter.isprintable())
    return Text(plain if len(plain) <= 70 else f"{plain[:69]}…")


def _tried(asked: list[AskedProposal], settings: IndexSettings) -> dict[int, str]:
    """Return what the published index makes of each question now."""
    if not asked:
        return {}
    try:
        store = open_store(settings)
        if store.published() is None:
            return {proposal.id: "no index published" for proposal in asked}
        retriever = LiveIndex(store, lambda: load_embedder(settings), load_reranker(settings)).current()
    except IndexerError as error:
        # The proposals can be looked through and written without it.
        err.print(str(error), markup=False)
        return {proposal.id: "cannot be tried" for proposal in asked}
    places = {0: "found first", 1: "found second or third", 2: "found second or third"}
    ranks = {proposal.id: rank(retriever, _as_known(proposal), today()) for proposal in asked}
    return {identity: places.get(place, "not among three") for identity, place in ranks.items()}


def _as_known(proposal: AskedProposal) -> KnownQuestion:
    return KnownQuestion(proposal.questions[0].text, Wanted.FOUND, (proposal.section,))


def _print_changes(plan: Plan, folder: Path, written: bool) -> None:
    for sentence in plan.left_alone:
        out.print(sentence, markup=False)
    for change in plan.changes:
        name = f"{folder.name}/{change.path.relative_to(folder)}"
        out.print(f"{'Wrote' if written else 'Would write'} {name}: {change.news}.", markup=False)
    if not plan.changes:
        out.print("Nothing to write.")
    elif not written:
        out.print("Nothing is written yet; run it again with --write.")


if __name__ == "__main__":
    app()
