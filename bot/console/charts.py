"""Charts as SVG, drawn by Matplotlib; each has the same numbers in a table beside it."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

import matplotlib as mpl
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

# Colours that also differ in brightness and for those who see red and green alike (Okabe and Ito 2008).
COLOURS = ("#0072B2", "#E69F00", "#999999", "#56B4E9", "#D55E00", "#009E73")
_TEXT = {"light": "#24292f", "dark": "#e6edf3"}
_GRID = {"light": "#d0d7de", "dark": "#3d444d"}
_SETTINGS: Any = {"svg.fonttype": "none", "svg.hashsalt": "tanya-seller", "font.family": "sans-serif", "font.size": 9}
_one_at_a_time = Lock()  # Matplotlib's settings are one for all threads


@dataclass(frozen=True)
class Series:
    """Values of one kind, in the order of the chart's labels."""

    name: str
    values: Sequence[float]


def stacked_bars(labels: Sequence[str], series: Sequence[Series], theme: str) -> bytes:
    """Return bars of several kinds on each other, one for each label."""
    with _one_at_a_time, mpl.rc_context(_SETTINGS):
        figure = Figure(figsize=(7.2, 2.6), layout="constrained")
        axes = figure.add_subplot()
        below = [0.0] * len(labels)
        for colour, one in zip(COLOURS, series, strict=False):
            axes.bar(range(len(labels)), one.values, bottom=below, color=colour, label=one.name, width=0.85)
            below = [low + value for low, value in zip(below, one.values, strict=True)]
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        step = max(1, -(-len(labels) // 10))
        axes.set_xticks(range(0, len(labels), step), labels[::step])
        axes.legend(frameon=False, ncols=len(series), loc="upper left", bbox_to_anchor=(0, 1.18))
        return _svg(figure, theme)


def flat_bars(labels: Sequence[str], series: Sequence[Series], theme: str) -> bytes:
    """Return lying bars of several kinds beside each other, one row for each label."""
    with _one_at_a_time, mpl.rc_context(_SETTINGS):
        figure = Figure(figsize=(7.2, 0.7 + 0.28 * max(1, len(labels))), layout="constrained")
        axes = figure.add_subplot()
        before = [0.0] * len(labels)
        for colour, one in zip(COLOURS, series, strict=False):
            axes.barh(range(len(labels)), one.values, left=before, color=colour, label=one.name, height=0.75)
            before = [low + value for low, value in zip(before, one.values, strict=True)]
        axes.set_yticks(range(len(labels)), labels)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.invert_yaxis()
        if len(series) > 1:
            axes.legend(frameon=False, ncols=len(series), loc="lower left", bbox_to_anchor=(0, 1.0))
        return _svg(figure, theme)


def reliability(points: Sequence[Sequence[tuple[float, float, int]]], names: Sequence[str], theme: str) -> bytes:
    """Return a reliability diagram: how sure the bot was against how often it was right, per way of judging."""
    with _one_at_a_time, mpl.rc_context(_SETTINGS):
        figure = Figure(figsize=(4.2, 3.6), layout="constrained")
        axes = figure.add_subplot()
        axes.plot([0, 1], [0, 1], linestyle="--", color=_GRID[theme], linewidth=1)
        for colour, marker, series, name in zip(COLOURS, "os^", points, names, strict=False):
            if series:
                said, right, counts = zip(*series, strict=True)
                sizes = [20 + 6 * count**0.5 for count in counts]
                axes.scatter(said, right, s=sizes, color=colour, marker=marker, label=name)
        axes.set_xlim(0, 1.02)
        axes.set_ylim(0, 1.02)
        if any(points):
            axes.legend(frameon=False, loc="lower right")
        return _svg(figure, theme)


def _svg(figure: Figure, theme: str) -> bytes:
    figure.patch.set_alpha(0)
    for axes in figure.axes:
        axes.patch.set_alpha(0)
        axes.grid(visible=True, axis="both", color=_GRID[theme], linewidth=0.5)
        axes.set_axisbelow(True)
        axes.tick_params(colors=_TEXT[theme], length=0)
        for spine in axes.spines.values():
            spine.set_color(_GRID[theme])
        legend = axes.get_legend()
        for text in legend.get_texts() if legend else []:
            text.set_color(_TEXT[theme])
    drawn = io.BytesIO()
    FigureCanvasSVG(figure).print_svg(drawn, metadata={"Date": None})  # type: ignore[no-untyped-call]
    return drawn.getvalue()
