"""Fetching updates from Telegram by long polling."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from telegram import Bot

from bot.telegram_pace import Pace
from bot.telegram_patience import Patience

log = logging.getLogger(__name__)

WANTED = ("message", "edited_message", "callback_query", "inline_query")
_ANSWER_SECONDS = 10.0


class Poller:
    """Fetches updates and hands them over one by one; what was handed over is confirmed with the next request.

    python-telegram-bot's own `Updater` is not used: a refused token ends its polling without a word, and a batch with
    one update that it cannot read is fetched for ever. So updates are fetched as they are, and read one by one.
    """

    def __init__(self, bot: Bot, patience: Patience, pace: Pace) -> None:
        self._bot = bot
        self._patience = patience
        self._seconds = pace.poll
        self._offset = 0

    async def run(self, receive: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
        """Fetch until cancelled.

        Raises:
            TelegramError: Telegram refuses the token.
        """
        while True:
            for update in await self._patience.request("polling", self._fetch):
                await receive(update)
                self._offset = update["update_id"] + 1

    async def _fetch(self) -> list[dict[str, Any]]:
        wanted = {"offset": self._offset, "timeout": int(self._seconds), "allowed_updates": list(WANTED)}
        updates: list[dict[str, Any]] = await self._bot.do_api_request(
            "getUpdates", api_kwargs=wanted, read_timeout=self._seconds + _ANSWER_SECONDS
        )
        return updates
