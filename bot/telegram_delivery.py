"""Sending to Telegram what must arrive."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.markup import split, split_plain, to_html, to_plain
from bot.telegram_errors import SellerGone, kind_of
from bot.telegram_groups import ANYWHERE, Place
from bot.telegram_limits import Limits
from bot.telegram_patience import Patience

log = logging.getLogger(__name__)

T = TypeVar("T")

TYPING_SECONDS = 2.0  # a sign of life that comes later than this is worth nothing
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_GONE = ("chat not found", "user is deactivated", "peer_id_invalid", "chat was upgraded", "have no rights to send")


class Delivery:
    """Sends messages, in as many pieces as Telegram needs, and waits out floods and outages request by request."""

    def __init__(self, bot: Bot, patience: Patience, limits: Limits | None = None) -> None:
        self._bot = bot
        self._patience = patience
        self._limits = limits

    async def send(
        self, chat_id: int, markup: str, keyboard: InlineKeyboardMarkup | None = None, place: Place = ANYWHERE
    ) -> int:
        """Send a text in light Markdown with the buttons under its last piece, and return the id of that message.

        Raises:
            SellerGone: the chat cannot be written to.
        """
        *first, last = split(markup)
        for piece in first:
            await self._send_piece(chat_id, piece, None, place)
        return (await self._send_piece(chat_id, last, keyboard, place)).message_id

    async def send_plain(
        self, chat_id: int, text: str, keyboard: InlineKeyboardMarkup | None = None, place: Place = ANYWHERE
    ) -> None:
        """Send somebody's own words, in which nothing is read as markup, with the buttons under the last piece.

        Raises:
            SellerGone: the chat cannot be written to.
        """
        *first, last = split_plain(text)
        for piece in first:
            await self._request(chat_id, self._plain(chat_id, piece, None, place))
        await self._request(chat_id, self._plain(chat_id, last, keyboard, place))

    async def copy(self, message: Message, chat_id: int, caption: str, place: Place = ANYWHERE) -> None:
        """Copy a photo, a voice message or another file into another chat, with a caption of ours.

        Raises:
            SellerGone: the other chat cannot be written to.
        """
        await self._request(
            chat_id,
            lambda: self._bot.copy_message(
                chat_id, message.chat_id, message.message_id, caption, message_thread_id=place.thread_id
            ),
        )

    async def create_topic(self, chat_id: int, name: str) -> int:
        """Make a topic in a forum, and return its thread.

        Raises:
            SellerGone: the group cannot be written to.
            BadRequest: it is no forum, or the bot may not make topics in it.
        """
        topic = await self._request(chat_id, lambda: self._bot.create_forum_topic(chat_id, name))
        return topic.message_thread_id

    async def delete_topic(self, chat_id: int, thread_id: int) -> None:
        """Delete a topic with all that stands in it; one that is gone already, or that may not be deleted, is noted."""
        await self._request_or_note(
            "deleting a topic", lambda: self._bot.delete_forum_topic(chat_id, thread_id)
        )  # fmt: skip

    async def send_file(self, chat_id: int, name: str, content: bytes, caption: str) -> None:
        """Send a file with a line about it.

        Raises:
            SellerGone: the chat cannot be written to.
        """
        await self._request(chat_id, lambda: self._bot.send_document(chat_id, content, caption, filename=name))

    async def reach(self, chat_id: int) -> None:
        """Find out whether a chat can be written to, without writing there.

        Raises:
            SellerGone: it cannot.
        """
        await self._request(chat_id, lambda: self._bot.send_chat_action(chat_id, ChatAction.TYPING))

    async def type(self, chat_id: int) -> None:
        """Show that an answer is being written. Nothing depends on it, so that its failure is only noted."""
        try:
            async with asyncio.timeout(TYPING_SECONDS):
                await self._bot.send_chat_action(chat_id, ChatAction.TYPING)
        except (TelegramError, TimeoutError) as error:
            log.debug("no typing action in chat %s: %s", chat_id, kind_of(error))

    async def draft(self, chat_id: int, draft_id: int, markup: str) -> bool:
        """Show a text that is still being written; return whether Telegram takes drafts here."""
        try:
            async with asyncio.timeout(TYPING_SECONDS):
                await self._bot.send_message_draft(
                    chat_id, draft_id, to_html(split(markup)[0]), parse_mode=ParseMode.HTML
                )
        except (TelegramError, TimeoutError) as error:
            log.debug("no draft in chat %s: %s", chat_id, kind_of(error))
            return False
        return True

    async def answer_press(self, query_id: str, text: str = "") -> None:
        """Stop the pressed button's spinner, with a short line for the seller if there is one to say."""
        await self._request_or_note(
            "answer to a pressed button", lambda: self._bot.answer_callback_query(query_id, text or None)
        )

    async def change_text(
        self, chat_id: int, message_id: int, markup: str, keyboard: InlineKeyboardMarkup | None
    ) -> None:
        """Change a message of ours; that it is so already, or gone, does no harm."""
        await self._request_or_note(
            "change of a message",
            lambda: self._bot.edit_message_text(
                to_html(split(markup)[0]), chat_id, message_id, parse_mode=ParseMode.HTML,
                link_preview_options=_NO_PREVIEW, reply_markup=keyboard,
            ),
        )  # fmt: skip

    async def change_keyboard(self, chat_id: int, message_id: int, keyboard: InlineKeyboardMarkup) -> None:
        """Change the buttons under a message; that they are so already, or the message is gone, does no harm."""
        await self._request_or_note(
            "change of buttons",
            lambda: self._bot.edit_message_reply_markup(chat_id, message_id, reply_markup=keyboard),
        )

    def _plain(
        self, chat_id: int, text: str, keyboard: InlineKeyboardMarkup | None, place: Place
    ) -> Callable[[], Awaitable[Message]]:
        return lambda: self._bot.send_message(
            chat_id, text, link_preview_options=_NO_PREVIEW, reply_markup=keyboard,
            reply_parameters=_reply(place), message_thread_id=place.thread_id,
        )  # fmt: skip

    async def _send_piece(
        self, chat_id: int, piece: str, keyboard: InlineKeyboardMarkup | None, place: Place
    ) -> Message:
        def send(text: str, mode: str | None) -> Awaitable[Message]:
            return self._bot.send_message(
                chat_id, text, mode, link_preview_options=_NO_PREVIEW, reply_markup=keyboard,
                reply_parameters=_reply(place), message_thread_id=place.thread_id,
            )  # fmt: skip

        def html() -> Awaitable[Message]:
            return send(to_html(piece), ParseMode.HTML)

        def plain() -> Awaitable[Message]:
            return send(to_plain(piece), None)

        try:
            return await self._request(chat_id, html)
        except BadRequest as error:
            if "can't parse entities" not in error.message.lower():
                raise
            log.error("Telegram does not read our HTML; sending plain text to chat %s", chat_id)
            return await self._request(chat_id, plain)

    async def _request(self, chat_id: int, request: Callable[[], Awaitable[T]]) -> T:
        if self._limits:
            await self._limits.keep(chat_id)
        try:
            return await self._patience.request(f"message to chat {chat_id}", request)
        except Forbidden as error:
            raise SellerGone(error.message) from error
        except BadRequest as error:
            if any(words in error.message.lower() for words in _GONE):
                raise SellerGone(error.message) from error
            raise

    async def _request_or_note(self, what: str, request: Callable[[], Awaitable[object]]) -> None:
        try:
            await self._patience.request(what, request)
        except (BadRequest, Forbidden) as error:
            log.info("%s refused: %s", what, error.message)


def _reply(place: Place) -> ReplyParameters | None:
    return ReplyParameters(place.reply_to, allow_sending_without_reply=True) if place.reply_to else None
