"""Many sellers at once: `python -m benchmarks.telegram_load` (`make load`). It needs a published index.

Two hundred sellers ask, each at their own pace, on the fake Telegram with Telegram's limits on; the bot is the real
program, in a process of its own. Printed are answers a second, how long a question waits, and what was lost, doubled or
out of order; then the same with the bot killed (SIGKILL) and started again in the middle; then the engine by itself,
limits off and everything asked at once.
"""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from benchmarks.report import percentile
from bot.rehearsal.fake_telegram import TOKEN, FakeTelegram, Message, Seller
from bot.settings import BotSettings
from indexer.faults import Faults
from indexer.known_questions import load_questions

out = Console()
_PATIENCE = 300.0


@dataclass(frozen=True)
class Load:
    """So many sellers, each asking so many questions, one after so many seconds on average."""

    sellers: int
    questions: int
    pause: float


@dataclass(frozen=True)
class Outcome:
    """Seconds from each question to its answer, and what went wrong."""

    asked: int
    seconds: float
    waits: Sequence[float]
    lost: int
    doubled: int
    out_of_order: int

    @property
    def cells(self) -> tuple[str, ...]:
        """The outcome as a row of the table."""
        rate = f"{(self.asked - self.lost) / self.seconds:.0f}"
        waits = (f"{percentile(self.waits, share):.2f}" for share in (0.5, 0.99)) if self.waits else ("–", "–")
        return (str(self.asked), rate, *waits, str(self.lost), str(self.doubled), str(self.out_of_order))


class BotProcess:
    """`python -m bot run` on the fake, with a database in a folder of its own."""

    def __init__(self, folder: Path, url: str, limited: bool) -> None:
        self._environment = {
            **os.environ,
            "TELEGRAM_TOKEN": TOKEN,
            "TELEGRAM_API_URL": url,
            "DATABASE_URL": f"sqlite:///{folder / 'load.db'}",
            "QUEUE_LIMIT": "100000",
        }
        self._program = "from bot.__main__ import app; app(['run'])" if limited else _WITHOUT_LIMITS
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it."""
        self._process = subprocess.Popen(
            [sys.executable, "-c", self._program],
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        if self._process:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()

    def stop(self) -> None:
        """End it in order."""
        if self._process:
            self._process.terminate()
            self._process.wait()


_WITHOUT_LIMITS = """
import bot.telegram_pace as pace
fields = pace.Pace.__dataclass_fields__
pace.Pace.__init__.__defaults__ = tuple(
    False if name == 'limited' else 10**9 if name == 'crowded' else field.default for name, field in fields.items()
)
from bot.__main__ import app
app(['run'])
"""


def run(load: Load, limited: bool, kill: bool, texts: Sequence[str]) -> Outcome:
    """Let the sellers ask, wait for all answers, and say how it went."""
    with tempfile.TemporaryDirectory() as folder, FakeTelegram() as telegram:
        telegram.enforces_limits = limited
        bot = BotProcess(Path(folder), telegram.url, limited)
        bot.start()
        telegram.wait_until(lambda: telegram.called("getUpdates") != [], "the bot", _PATIENCE)
        sellers = [telegram.seller(f"Penjual {number}") for number in range(load.sellers)]
        asked: list[tuple[Message, float]] = []
        started = time.monotonic()
        threads = [threading.Thread(target=_ask, args=(seller, load, texts, asked)) for seller in sellers]
        for thread in threads:
            thread.start()
        if kill:
            time.sleep(load.questions * load.pause / 2 or 1.0)
            bot.kill()
            bot.start()
        for thread in threads:
            thread.join()
        wanted = load.sellers * load.questions
        _wait_for_answers(telegram, wanted)
        seconds = time.monotonic() - started
        time.sleep(2.0)  # what would be doubled comes now
        bot.stop()
        return _outcome(telegram, Path(folder) / "load.db", asked, seconds)


def _ask(seller: Seller, load: Load, texts: Sequence[str], asked: list[tuple[Message, float]]) -> None:
    drawing = random.Random(seller.id)
    for _ in range(load.questions):
        if load.pause:
            time.sleep(drawing.uniform(0, 2 * load.pause))
        asked.append((seller.says(drawing.choice(texts)), time.monotonic()))


def _answers(telegram: FakeTelegram) -> list[Message]:
    return [message for message in list(telegram.messages.values()) if message.from_bot and message.keyboard]


def _wait_for_answers(telegram: FakeTelegram, wanted: int) -> None:
    deadline = time.monotonic() + _PATIENCE
    while len(_answers(telegram)) < wanted and time.monotonic() < deadline:
        time.sleep(0.1)


def _outcome(telegram: FakeTelegram, database: Path, asked: Sequence[tuple[Message, float]], seconds: float) -> Outcome:
    """Match questions and answers by what the bot stored of them."""
    with sqlite3.connect(database) as connection:
        pairs = connection.execute("SELECT question_message_id, message_id FROM turns ORDER BY id").fetchall()
    answer_of = {question: answer for question, answer in pairs if answer in telegram.messages}
    waits = [telegram.messages[answer_of[message.id]].at - at for message, at in asked if message.id in answer_of]
    lost = sum(message.id not in answer_of for message, _ in asked)
    doubled = len(_answers(telegram)) - len(answer_of)
    return Outcome(len(asked), seconds, waits, lost, doubled, _out_of_order(asked, answer_of))


def _out_of_order(asked: Sequence[tuple[Message, float]], answer_of: dict[int, int]) -> int:
    by_chat: dict[int, list[int]] = {}
    for message, _ in sorted(asked, key=lambda pair: pair[0].id):
        if message.id in answer_of:
            by_chat.setdefault(message.chat_id, []).append(answer_of[message.id])
    return sum(later < earlier for answers in by_chat.values() for earlier, later in pairwise(answers))


def main(
    sellers: Annotated[int, typer.Option(min=1)] = 200,
    questions: Annotated[int, typer.Option(min=1, help="Of each seller.")] = 6,
    pause: Annotated[
        float, typer.Option(min=0.0, help="Seconds between two questions of a seller, on average.")
    ] = 10.0,
) -> None:
    """Run all three and print the table."""
    folder = BotSettings().knowledge_dir
    known = load_questions(folder / "questions", [], Faults(folder))
    texts = [question.text for question in known if question.sections and len(question.text) > 15]
    load, engine = Load(sellers, questions, pause), Load(sellers, questions, 0.0)
    table = Table("run", "questions", "answers/s", "median s", "99 % s", "lost", "doubled", "out of order", box=None)
    for name, one, limited, kill in (
        ("each at their own pace", load, True, False),
        ("killed and started again", load, True, True),
        ("the engine, all at once", engine, False, False),
    ):
        out.print(f"{name} …")
        table.add_row(name, *run(one, limited, kill, texts).cells)
    out.print(table)


if __name__ == "__main__":
    typer.run(main)
