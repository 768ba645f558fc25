"""The real bot in a thread beside whoever rehearses with it."""

import asyncio
import threading
import time
from collections.abc import Callable
from datetime import date

from bot.answerer import Answerer
from bot.desk.outbox import Outbox
from bot.settings import BotSettings
from bot.storage import Storage
from bot.telegram_app import TelegramBot
from bot.telegram_pace import Pace

_PATIENCE = 60.0
_QUICK = Pace(
    poll=1, first_wait=0.05, longest_wait=0.2, crash_wait=0.01, grace=1, news=0.05, outbox=0.05, limited=False
)


class Stage:
    """Runs the bot while the block lasts."""

    def __init__(self, settings: BotSettings, answerer: Answerer, clock: Callable[[], date]) -> None:
        self._settings = settings
        self._answerer = answerer
        self._clock = clock
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), name="bot", daemon=True)
        self._bot: TelegramBot | None = None
        self._outbox: Outbox | None = None
        self._begun = threading.Event()
        self._stop: Callable[[], object] = lambda: None

    def __enter__(self) -> "Stage":
        self._thread.start()
        if not self._begun.wait(_PATIENCE):
            raise TimeoutError("the bot did not start")
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()
        self._thread.join(10)

    async def _run(self) -> None:
        storage = Storage(self._settings.transcripts_url)
        storage.migrate()
        self._outbox = Outbox(storage.database)
        self._bot = TelegramBot(self._settings, self._answerer, storage, _QUICK, self._clock)
        loop = asyncio.get_running_loop()
        self._stop = lambda: loop.call_soon_threadsafe(self._bot.stop) if self._bot else None
        self._begun.set()
        try:
            await self._bot.serve()
        finally:
            storage.close()

    def wait_until_settled(self, count: int) -> None:
        """Wait until so many updates were worked off since the start, and all that came of them was sent.

        Raises:
            TimeoutError: that takes longer than a minute.
        """
        deadline = time.monotonic() + _PATIENCE
        while self._bot is None or self._bot.settled < count or self._to_send():
            if time.monotonic() > deadline:
                raise TimeoutError("the bot does not come to rest")
            time.sleep(0.01)

    def _to_send(self) -> bool:
        return self._outbox is not None and any(self._outbox.waiting(to_group) for to_group in (False, True))
