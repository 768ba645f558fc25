"""A picture of a played dialogue, laid out as Telegram shows it: one page of HTML, photographed by a browser."""

import html
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
WIDTH = 460
_QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--force-device-scale-factor=2",
)  # fmt: skip
# What a message of the bot begins with in a played dialogue, and the sign that it stands under.
_BEGINNINGS = {"▸": "", "✎ changed to": "✎"}
_STYLE = """
body { margin: 0; padding: 12px 10px 16px; width: 440px; background: #cfdfc4;
  font: 15px/1.35 "DejaVu Sans", sans-serif; }
.bubble { max-width: 370px; padding: 7px 11px; margin: 5px 0; border-radius: 13px; white-space: pre-wrap;
  overflow-wrap: anywhere; background: #fff; box-shadow: 0 1px 1px #0002; width: fit-content; }
.mine { background: #e3fecb; margin-left: auto; }
.who { color: #3a78b7; font-weight: bold; font-size: 13px; }
.note { margin: 6px auto; width: fit-content; background: #0005; color: #fff; border-radius: 10px; padding: 2px 10px;
  font-size: 13px; max-width: 360px; }
.keys { max-width: 392px; display: flex; flex-wrap: wrap; gap: 4px; }
.key { flex: 1 1 auto; text-align: center; background: #6b8c5acc; color: #fff; border-radius: 7px; padding: 6px 9px;
  font-size: 13px; }
"""


class NoBrowser(Exception):
    """No browser to take the picture with; the text says what to do."""


@dataclass
class _Bubble:
    kind: str
    lines: list[str] = field(default_factory=list)
    who: str = ""
    keys: list[str] = field(default_factory=list)


def page_of(played: str) -> str:
    """Return a played dialogue as a page of HTML."""
    bubbles = "\n".join(_as_html(bubble) for bubble in _bubbles(played))
    head = f'<meta charset="utf-8"><title>Tanya Seller</title><style>{_STYLE}</style>'
    return f"<!doctype html><html><head>{head}</head><body>\n{bubbles}\n</body></html>\n"


def photograph(played: str, target: Path) -> None:
    """Write the picture of a played dialogue as PNG.

    Raises:
        NoBrowser: there is no Chromium or Chrome, or it took no picture.
    """
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if browser is None:
        raise NoBrowser("a picture needs Chromium or Chrome; install one, or leave out --pictures.")
    with TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(page_of(played), encoding="utf-8")
        size = f"--window-size={WIDTH},{_height(browser, page, folder)}"
        _browse(browser, page, folder, size, f"--screenshot={target.absolute()}")
    if not target.exists():
        raise NoBrowser(f"{browser} took no picture; run it by hand to see why.")


def _height(browser: str, page: Path, folder: str) -> int:
    """Return how high the page is, in its own points: the browser writes it into the page's title."""
    measuring = page.with_name("measuring.html")
    script = "<script>document.title = Math.ceil(document.body.getBoundingClientRect().height)</script></body>"
    measuring.write_text(page.read_text(encoding="utf-8").replace("</body>", script), encoding="utf-8")
    shown = _browse(browser, measuring, folder, f"--window-size={WIDTH},800", "--dump-dom")
    title = shown.partition("<title>")[2].partition("</title>")[0]
    return int(title) + 4 if title.isdigit() else 2000


def _browse(browser: str, page: Path, folder: str, *options: str) -> str:
    command = [browser, *_QUIET, f"--user-data-dir={folder}/profile", *options, page.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False).stdout


def _bubbles(played: str) -> Iterator[_Bubble]:
    bubble: _Bubble | None = None
    for line in played.splitlines():
        ours, inner = line.startswith("    "), line.strip()
        begins, _, place = inner.partition(" (")
        if not ours or begins in _BEGINNINGS:
            if bubble:
                yield bubble
            bubble = _Bubble("its", who=f"{_BEGINNINGS[begins]} {place.rstrip(')')}".strip()) if ours else None
            if not ours and inner and not inner.startswith("#"):
                yield _said(inner)
        elif bubble and inner[0] in "│[":
            _continue(bubble, inner)
        elif inner:
            yield _Bubble("note", [inner.strip("()")])
    if bubble:
        yield bubble


def _continue(bubble: _Bubble, line: str) -> None:
    if line.startswith("│"):
        bubble.lines.append(line[1:].removeprefix(" "))
    else:
        bubble.keys = line[1:-1].split("] [")


def _said(line: str) -> _Bubble:
    who, _, text = line.partition(": ")
    if " taps" in who or " inline" in who:
        return _Bubble("note", [line])
    return _Bubble("mine", [text], who=who if " " in who else "")


def _as_html(bubble: _Bubble) -> str:
    text = html.escape("\n".join(bubble.lines))
    if bubble.kind == "note":
        return f'<div class="note">{text}</div>'
    who = f'<div class="who">{html.escape(bubble.who)}</div>' if bubble.who else ""
    keys = "".join(f'<div class="key">{html.escape(key)}</div>' for key in bubble.keys)
    keyboard = f'<div class="keys">{keys}</div>' if keys else ""
    mine = " mine" if bubble.kind == "mine" else ""
    return f'<div class="bubble{mine}">{who}{text}</div>{keyboard}'
