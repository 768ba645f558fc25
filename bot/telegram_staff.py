"""What the bot does with what the support staff write and press in their group."""

import re

from telegram import CallbackQuery, InlineKeyboardMarkup, Message, Update
from telegram.ext import filters

from bot.desk.handoffs import Handoff, Handoffs, State
from bot.desk.people import Refused
from bot.telegram_delivery import Delivery
from bot.telegram_groups import place_of
from bot.telegram_keyboards import give_back_keyboard
from bot.telegram_patience import Patience
from bot.telegram_staff_group import STAFF_LANGUAGE, StaffGroup, number_in
from bot.wording import say

_INTERNAL = "//"  # begins a comment among colleagues
_DONE = ("/selesai", "/done")
_COMMAND = re.compile(r"(/\w+)(?:@(\w+))?")


class Staff:
    """The handler of all updates of the staff group. Sellers' handlers never see them, nor these the sellers' ones."""

    def __init__(self, group: StaffGroup, handoffs: Handoffs, patience: Patience, delivery: Delivery) -> None:
        self._group = group
        self._handoffs = handoffs
        self._patience = patience
        self._delivery = delivery

    def concerns(self, update: Update) -> bool:
        """Tell whether an update is of the staff group."""
        return update.effective_chat is not None and update.effective_chat.id == self._group.chat_id

    async def work(self, update: Update) -> None:
        """Do what somebody of the staff wants."""
        if update.callback_query:
            await self._press(update.callback_query)
            return
        message = update.message or update.edited_message
        if message is None or not self._of_a_person(message) or filters.StatusUpdate.ALL.check_update(update):
            return
        handoff = await self._handoff_of(message)
        if handoff is None:
            await self._about_nobody(message)
        elif not (message.text or "").startswith(_INTERNAL):
            await self._work(handoff, message, update)

    async def apologise(self, update: Update) -> None:
        """Say that something could not be worked on, so that nobody believes it was sent."""
        if update.callback_query:
            await self._delivery.answer_press(update.callback_query.id, say(STAFF_LANGUAGE, "staff_group.trouble"))
        elif update.message:
            await self._say(update.message, "staff_group.trouble")

    async def _work(self, handoff: Handoff, message: Message, update: Update) -> None:
        if update.edited_message:
            await self._say(message, "staff_group.not_edited")
        elif message.text is None:
            await self._say(message, "staff_group.only_text")
        elif command := _COMMAND.match(message.text):
            await self._command(handoff, message, command[1].lower())
        else:
            await self._pass_on(handoff, message, update.update_id)

    async def _pass_on(self, handoff: Handoff, message: Message, update_id: int) -> None:
        try:
            await self._patience.store(self._handoffs.group_wrote, handoff, message.text or "", update_id)
        except Refused:
            await self._say(message, "staff_group.closed", number=handoff.id)

    async def _command(self, handoff: Handoff, message: Message, command: str) -> None:
        if command not in _DONE:
            await self._say(message, "staff_group.unknown_command")
        elif not await self._patience.store(self._handoffs.close, handoff.id, "staff"):
            await self._say(message, "staff_group.closed_already", number=handoff.id)

    async def _press(self, query: CallbackQuery) -> None:
        action, _, number = (query.data or "").partition(":")
        known = number.isascii() and number.isdigit() and len(number) < 19
        handoff = await self._patience.store(self._handoffs.get, int(number)) if known else None
        if handoff is None or action not in ("take", "giveback"):
            await self._delivery.answer_press(query.id, say(STAFF_LANGUAGE, "staff_group.gone"))
            return
        if action == "take":
            done = await self._patience.store(self._handoffs.taken_in_group, handoff)
            key = "staff_group.you_took" if done else "staff_group.taken_already"
        else:
            done = await self._patience.store(self._handoffs.close, handoff.id, "staff")
            key = "staff_group.you_gave_back" if done else "staff_group.closed_already"
        await self._delivery.answer_press(query.id, say(STAFF_LANGUAGE, key, number=handoff.id))
        await self._show_what_is_left(query, handoff)

    async def _show_what_is_left(self, query: CallbackQuery, handoff: Handoff) -> None:
        """Change the buttons to what can still be done."""
        now = await self._patience.store(self._handoffs.get, handoff.id)
        closed = now is None or now.state is State.CLOSED
        keyboard = InlineKeyboardMarkup([]) if closed else give_back_keyboard(handoff.id)
        if isinstance(query.message, Message):
            await self._delivery.change_keyboard(self._group.chat_id, query.message.message_id, keyboard)

    async def _handoff_of(self, message: Message) -> Handoff | None:
        """Return the hand-off that a message is about: of its topic, or of the message of ours that it replies to."""
        found: Handoff | None = None
        if message.is_topic_message and message.message_thread_id:
            found = await self._patience.store(self._handoffs.of_thread, message.message_thread_id)
        number = self._number_replied_to(message) if found is None else None
        if number is not None:
            found = await self._patience.store(self._handoffs.get, number)
        if found and found.state is State.CLOSED:  # the same seller may be here again
            found = await self._patience.store(self._handoffs.open_of_chat, found.chat_id) or found
        return found

    def _number_replied_to(self, message: Message) -> int | None:
        replied = message.reply_to_message
        if replied is None or not self._is_ours(replied):
            return None
        return number_in(replied.text or replied.caption or "")

    async def _about_nobody(self, message: Message) -> None:
        """Let colleagues talk, unless they believe that a seller reads it."""
        replied, text = message.reply_to_message, message.text or ""
        command = _COMMAND.match(text)
        if command and command[1].lower() in _DONE:
            await self._say(message, "staff_group.which")
        elif replied and self._is_ours(replied) and not text.startswith(_INTERNAL):
            await self._say(message, "staff_group.nobody")

    def _is_ours(self, message: Message) -> bool:
        return message.from_user is not None and message.from_user.id == message.get_bot().id

    def _of_a_person(self, message: Message) -> bool:
        """Tell whether somebody of the staff wrote this; an administrator may do so in the name of the group."""
        if message.sender_chat is not None:
            return message.sender_chat.id == self._group.chat_id
        return message.from_user is not None and not message.from_user.is_bot

    async def _say(self, message: Message, key: str, **values: object) -> None:
        text = say(STAFF_LANGUAGE, key, **values)
        await self._delivery.send_plain(self._group.chat_id, text, place=place_of(message))
