"""An answer that appears while it is written: drafts in private chats, at most one each second and a half."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

from bot.telegram_delivery import Delivery
from bot.writing import Shown

log = logging.getLogger(__name__)

EACH_SECONDS = 1.5  # Telegram's own apps do no better, and more would count against the limits


class Draft:
    """What is written so far. `shown` may be called from any thread; the newest text wins."""

    def __init__(self) -> None:
        self._text = ""

    def shown(self, text: str) -> None:
        """Take what is written so far."""
        self._text = text

    async def send(self, delivery: Delivery, chat_id: int, draft_id: int) -> None:
        """Send what is new, again and again, until cancelled or Telegram takes no drafts here."""
        sent = ""
        while True:
            await asyncio.sleep(EACH_SECONDS)
            if self._text != sent:
                sent = self._text
                if not await delivery.draft(chat_id, draft_id, sent):
                    return


@contextlib.asynccontextmanager
async def drafting(delivery: Delivery, chat_id: int, draft_id: int) -> AsyncIterator[Shown]:
    """Show drafts while the block runs; whatever becomes of them, the answer itself is sent by others."""
    draft = Draft()
    sending = asyncio.create_task(draft.send(delivery, chat_id, draft_id), name=f"draft in chat {chat_id}")
    try:
        yield draft.shown
    finally:
        sending.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await sending
