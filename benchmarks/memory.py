"""Resident memory of a process that answers, against one that has only imported the libraries.

Run `python -m benchmarks.memory`; it needs a published index. Linux only: it reads /proc.
"""

import subprocess
import sys

from rich.console import Console

_RESIDENT = (
    "print(next(int(line.split()[1]) // 1024 for line in open('/proc/self/status') if line.startswith('VmRSS')))"
)
_IMPORTS = "import torch, sentence_transformers, chromadb, telegram, telegram.ext, sqlalchemy"
_BOT = """
import tempfile
from bot.answerer import Answerer
from bot.answers import Question
from bot.settings import BotSettings
from bot.storage import Storage
from bot.telegram_app import TelegramBot
from indexer.clock import today
from indexer.embedding import load_embedder
from indexer.live import LiveIndex
from indexer.stores import open_store
settings = BotSettings(telegram_token="1:x")
index = LiveIndex(open_store(settings), lambda: load_embedder(settings))
answerer = Answerer(index.current)
storage = Storage("sqlite:///" + tempfile.mkdtemp() + "/t.db")
storage.migrate()
bot = TelegramBot(settings, answerer, storage)
for text in ("komisi fashion berapa", "cara gabung toko", "what is the order processing fee"):
    answerer.answer(Question(text, today()))
"""


def resident_megabytes(program: str) -> int:
    """Return the resident memory of a fresh Python at the end of that program."""
    done = subprocess.run([sys.executable, "-c", f"{program}\n{_RESIDENT}"], capture_output=True, text=True, check=True)
    return int(done.stdout.split()[-1])


def main() -> None:
    """Print both figures and their ratio."""
    libraries, bot = resident_megabytes(_IMPORTS), resident_megabytes(_BOT)
    Console().print(
        f"libraries imported: {libraries} MB; the bot, after three answers: {bot} MB ({bot / libraries:.2f} times)"
    )


if __name__ == "__main__":
    main()
