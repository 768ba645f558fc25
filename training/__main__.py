"""The command that makes the bundled model again: `python -m training --data FOLDER`."""

import random
import shutil
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
from training.finetune import Recipe, finetune
from training.static_model import TrainableStatic
from training.validation import left_out_share

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
out = Console(highlight=False, soft_wrap=True)


@app.command()
def train(
    data: Annotated[Path, typer.Option(help="Folder with pairs.tsv, informal_formal.tsv and slang.tsv.")],
    base: Annotated[Path, typer.Option(help="The static model to start from.")] = BUNDLED_FOLDER,
    target: Annotated[Path, typer.Option("--out", help="Where the trained model goes.")] = BUNDLED_FOLDER,
    steps: Annotated[int, typer.Option(min=1)] = Recipe.steps,
    hold_out: Annotated[float, typer.Option(min=0, max=0.9, help="Share of documents kept out, to validate.")] = 0.0,
) -> None:
    """Teach the model the knowledge of today; with --hold-out only measure, on documents that it has not seen."""
    torch.manual_seed(0)
    try:
        views = views_of(list(gather(IndexSettings().knowledge_dir, PROJECT).snapshot.sections.values()))
        pairs = load_pairs(data)
    except IndexerError as error:
        out.print(str(error), markup=False)
        raise typer.Exit(1) from error
    held = _held_out(views, hold_out)
    model = TrainableStatic(base)
    asked_for = held or {view.section for view in views}
    out.print(f"before: {_figure(model, views, asked_for)}")
    finetune(model, [view for view in views if view.section not in held], pairs, Recipe(steps=steps), _report)
    out.print(f"after:  {_figure(model, views, asked_for)}")
    if hold_out:
        out.print("Validated on documents that were held out; nothing was saved.")
        return
    _save(model, target)
    out.print(f"Saved to {target}; run `python -m indexer build`.")


def _held_out(views: list[Views], share: float) -> set[str]:
    documents = sorted({view.section.split("#")[0] for view in views})
    random.Random(3).shuffle(documents)
    chosen = set(documents[: round(len(documents) * share)])
    return {view.section for view in views if view.section.split("#")[0] in chosen}


def _figure(model: TrainableStatic, views: list[Views], wanted: set[str]) -> str:
    with torch.no_grad():
        vectors = model.encode([text for view in views for _, text in view.questions], dropped=0.0).numpy()
    share, count = left_out_share(views, wanted, vectors)
    return f"{share:.1%} of {count} left-out ways of asking find their section first, by their vector alone"


def _report(step: int, loss: float) -> None:
    if step % 100 == 0:
        out.print(f"step {step}: loss {loss:.3f}")


def _save(model: TrainableStatic, target: Path) -> None:
    card = target / "README.md"
    text = card.read_text(encoding="utf-8") if card.exists() else None
    beside = target.with_name(f"{target.name}.new")
    shutil.rmtree(beside, ignore_errors=True)
    model.save(beside)
    if text is not None:
        (beside / "README.md").write_text(text, encoding="utf-8")
    shutil.rmtree(target, ignore_errors=True)
    beside.rename(target)


if __name__ == "__main__":
    app()
