"""The real bot, with its real storage, on a scripted answerer: in a thread, or in a process that can be killed."""

import asyncio
import multiprocessing
import os
import threading
from collections.abc import Callable
from datetime import date
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from pydantic import SecretStr

from bot.rehearsal.fake_telegram import TOKEN
from bot.settings import BotSettings
from bot.storage import Storage
from bot.telegram_app import TelegramBot, run
from bot.telegram_pace import Pace
from tests.scripted_answerer import ScriptedAnswerer

QUICK = Pace(poll=1, first_wait=0.05, longest_wait=0.2, crash_wait=0.01, grace=1, news=0.05, outbox=0.05, limited=False)


def settings_for(folder: Path, url: str, token: str | None = TOKEN, staff_chat_id: int | None = None) -> BotSettings:
    return BotSettings(
        _env_file=None,
        data_dir=folder,
        telegram_token=SecretStr(token) if token is not None else None,
        telegram_api_url=url,
        staff_chat_id=staff_chat_id,
    )


def open_storage(settings: BotSettings) -> Storage:
    storage = Storage(settings.transcripts_url)
    storage.migrate()
    return storage


class BotInThread:
    """The bot beside the test, so that the test can look into its storage and its answerer."""

    today = date(2026, 11, 23)

    def __init__(self, settings: BotSettings, answerer: ScriptedAnswerer | None = None, pace: Pace = QUICK) -> None:
        self._pace = pace
        self.answerer = answerer or ScriptedAnswerer()
        self.storage = open_storage(settings)
        self.error: BaseException | None = None
        self._settings = settings
        self._thread = threading.Thread(target=self._serve, name="bot", daemon=True)
        self._stop: Callable[[], object] = lambda: None
        self._begun = threading.Event()

    def __enter__(self) -> "BotInThread":
        self._thread.start()
        assert self._begun.wait(20)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self.storage.close()

    def _serve(self) -> None:
        try:
            asyncio.run(self._run())
        except BaseException as error:
            self.error = error
        finally:
            self._begun.set()

    async def _run(self) -> None:
        bot = TelegramBot(self._settings, self.answerer, self.storage, self._pace, lambda: self.today)
        loop = asyncio.get_running_loop()
        self._stop = lambda: loop.call_soon_threadsafe(bot.stop)
        self._begun.set()
        await bot.serve()

    def stop(self) -> None:
        """Stop it as SIGTERM would, and wait for its end."""
        if self._thread.is_alive():
            self._stop()
        self._thread.join(10)
        assert not self._thread.is_alive(), "the bot did not stop"


def _run_in_process(settings: BotSettings) -> None:
    pace = Pace(limited=False, crowded=1_000_000)
    os._exit(run(settings, ScriptedAnswerer(), open_storage(settings), pace))


_processes = multiprocessing.get_context("forkserver")
# So that each process starts in milliseconds, with the heavy libraries imported.
_processes.set_forkserver_preload(["bot.telegram_app"])


def bot_process(settings: BotSettings) -> ForkServerProcess:
    """Start the bot in a process of its own."""
    process = _processes.Process(target=_run_in_process, args=(settings,), daemon=True)
    process.start()
    return process
