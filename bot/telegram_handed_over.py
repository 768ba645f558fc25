"""A seller is with a person: what they send goes to the staff, and the bot keeps silent."""

from collections.abc import Mapping

from telegram import Message
from telegram.error import BadRequest, ChatMigrated

from bot.desk.handoffs import Handoff
from bot.desk.people import Refused
from bot.markup import utf16_length
from bot.masking import mask
from bot.telegram_desk import Desk
from bot.telegram_errors import SellerGone
from bot.telegram_patience import Patience
from bot.telegram_staff_group import STAFF_LANGUAGE
from bot.telegram_turns import Asked
from bot.wording import say

_LONGEST_CAPTION = 1024  # of Telegram
# What is copied for staff, and what stands for it in what is kept. A contact or a place is somebody's data, not a file.
_FILES: Mapping[str, str] = {
    "animation": "staff_group.animation",  # first: it comes with a document too
    "photo": "staff_group.photo",
    "video": "staff_group.video",
    "voice": "staff_group.voice",
    "audio": "staff_group.audio",
    "document": "staff_group.document",
    "video_note": "staff_group.video_note",
    "sticker": "staff_group.sticker",
}
_WITHOUT_CAPTION = ("video_note", "sticker")


class HandedOver:
    """Passes on what sellers write while a person is there for them."""

    def __init__(self, patience: Patience, desk: Desk) -> None:
        self._patience = patience
        self._desk = desk

    async def handoff(self, chat_id: int) -> Handoff | None:
        """Return the hand-off in which a person has taken this chat over."""
        if chat_id < 0:  # of a group of sellers nobody takes over anything
            return None
        return await self._patience.store(self._desk.handoffs.with_person, chat_id)

    async def passed_on(self, asked: Asked, edited: bool = False) -> bool:
        """Keep what a seller wrote for the person, if there is one; else the bot is to answer it."""
        handoff = await self.handoff(asked.chat_id)
        if handoff is None:
            return False
        text = say(STAFF_LANGUAGE, "staff_group.edited", text=asked.text) if edited else asked.text
        return await self._keep(handoff, text, asked.update_id)

    async def file_passed_on(self, handoff: Handoff, message: Message, asked: Asked) -> bool:
        """Copy a file to the staff group, and keep only that there was one; False where only text gets through.

        `asked` holds the caption, without its secrets.
        """
        kind = next((name for name in _FILES if getattr(message, name)), None)
        group = self._desk.group
        if kind is None or group is None:
            return False
        line = f"{say(STAFF_LANGUAGE, _FILES[kind])} {mask(asked.text)}".rstrip()
        header = say(STAFF_LANGUAGE, "staff_group.seller", number=handoff.id)
        caption = f"{header}\n{line}"
        fits = utf16_length(caption) <= _LONGEST_CAPTION
        try:
            await group.copy(handoff, message, caption if fits else header)
        except (SellerGone, BadRequest, ChatMigrated):
            return False
        # Where the copy could not say whose it is, or not all of it, a line below it does.
        told = fits and kind not in _WITHOUT_CAPTION
        return await self._keep(handoff, line, asked.update_id, told)

    async def _keep(self, handoff: Handoff, text: str, update_id: int, group_has_it: bool = False) -> bool:
        try:
            await self._patience.store(self._desk.handoffs.seller_wrote, handoff, text, update_id, group_has_it)
        except Refused:  # it was given back in this very moment
            return False
        return True
