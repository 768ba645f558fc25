"""Making the bundled model again: `python -m training all`, or its two steps `distil` and `teach`."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import torch
import typer
from rich.console import Console

from indexer.building import gather
from indexer.embedding import BUNDLED_FOLDER
from indexer.faults import IndexerError
from indexer.settings import PROJECT, IndexSettings
from training.data import Views, load_pairs, views_of
from training.distil import DistilRecipe, distil, teacher_vectors
from training.export import export
from training.finetune import Recipe, finetune
from training.transformer_model import TrainableTransformer
from training.validation import left_out_share

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
out = Console(highlight=False, soft_wrap=True)

DataOption = Annotated[Path, typer.Option("--data", help="Folder with pairs.tsv, informal_formal.tsv and slang.tsv.")]
TeacherOption = Annotated[Path, typer.Option(help="A small English BERT sentence model, such as all-MiniLM-L6-v2.")]
WordsOption = Annotated[Path, typer.Option(help="A static bilingual model: its word pieces and where they lie.")]
TargetOption = Annotated[Path, typer.Option("--out", help="Where the bundled model goes.")]


@app.command("all")
def make(
    data: DataOption,
    teacher: TeacherOption,
    words: WordsOption,
    work: Annotated[Path, typer.Option(help="Where the model lies between the two steps.")],
    target: TargetOption = BUNDLED_FOLDER,
) -> None:
    """Do both steps: about an hour on two cores."""
    distil_layers(data, teacher, words, work)
    teach(data, work, target)


@app.command("distil")
def distil_layers(
    data: DataOption,
    teacher: TeacherOption,
    words: WordsOption,
    target: Annotated[Path, typer.Option("--out", help="Where the model goes, in 32 bits.")],
    steps: Annotated[int, typer.Option(min=1)] = DistilRecipe.steps,
) -> None:
    """Teach the layers of an English model Indonesian, from sentences in both languages."""
    torch.manual_seed(0)
    with _told_plainly():
        pairs = load_pairs(data)
    targets = teacher_vectors(teacher, [english for english, _ in pairs.translations])
    model = TrainableTransformer.grown(teacher, words)
    distil(model, pairs, targets, DistilRecipe(steps=steps), _reporter())
    model.save(target)
    out.print(f"Saved to {target}; go on with `python -m training teach`.")


@app.command()
def teach(
    data: DataOption,
    base: Annotated[Path, typer.Option(help="The model that `distil` wrote.")],
    target: TargetOption = BUNDLED_FOLDER,
    steps: Annotated[int, typer.Option(min=1)] = Recipe.steps,
    hold_out: Annotated[float, typer.Option(min=0, max=0.9, help="Share of documents kept out, to validate.")] = 0.0,
) -> None:
    """Teach the model the knowledge of today; with --hold-out only measure, on documents that it has not seen."""
    torch.manual_seed(0)
    with _told_plainly():
        views = views_of(list(gather(IndexSettings().knowledge_dir, PROJECT).snapshot.sections.values()))
        pairs = load_pairs(data)
    held = _held_out(views, hold_out)
    model = TrainableTransformer.load(base)
    asked_for = held or {view.section for view in views}
    out.print(f"before: {_figure(model, views, asked_for)}")
    finetune(model, [view for view in views if view.section not in held], pairs, Recipe(steps=steps), _reporter())
    out.print(f"after:  {_figure(model, views, asked_for)}")
    if hold_out:
        out.print("Validated on documents that were held out; nothing was saved.")
        return
    export(model, target)
    out.print(f"Saved to {target}; run `python -m indexer build`.")


@contextmanager
def _told_plainly() -> Iterator[None]:
    try:
        yield
    except IndexerError as error:
        out.print(str(error), markup=False)
        raise typer.Exit(1) from error


def _held_out(views: list[Views], share: float) -> set[str]:
    documents = sorted({view.section.split("#")[0] for view in views})
    random.Random(3).shuffle(documents)
    chosen = set(documents[: round(len(documents) * share)])
    return {view.section for view in views if view.section.split("#")[0] in chosen}


def _figure(model: TrainableTransformer, views: list[Views], wanted: set[str]) -> str:
    with torch.no_grad():
        vectors = model.encode([text for view in views for _, text in view.questions], dropped=0.0).numpy()
    share, count = left_out_share(views, wanted, vectors)
    return f"{share:.1%} of {count} left-out ways of asking find their section first, by their vector alone"


def _reporter() -> Callable[[int, float], None]:
    """Return what prints the mean loss of each 20 steps."""
    losses: list[float] = []

    def report(step: int, loss: float) -> None:
        losses.append(loss)
        if len(losses) == 20:
            out.print(f"step {step + 1}: loss {sum(losses) / len(losses):.3f}")
            losses.clear()

    return report


if __name__ == "__main__":
    app()
