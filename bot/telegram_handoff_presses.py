"""What the buttons do that stand under what the support desk sends: back to the bot, and answers that came later."""

from telegram import InlineKeyboardMarkup

from bot.telegram_command_presses import Action
from bot.telegram_parts import Parts
from bot.telegram_press import OldButton, Press
from bot.wording import say


class HandoffPresses:
    """The actions behind the buttons of the support desk."""

    def __init__(self, parts: Parts) -> None:
        self._patience = parts.patience
        self._delivery = parts.delivery
        self._desk = parts.desk

    def actions(self) -> dict[str, Action]:
        """Return each action by the word that stands in its button."""
        return {"back": self._back, "news": self._news}

    async def _back(self, press: Press) -> None:
        """Give the chat back to the bot; that it answers again is said by the outbox."""
        handoff = await self._patience.store(self._desk.handoffs.get, press.number(0))
        if handoff is None or handoff.chat_id != press.chat_id:
            raise OldButton
        closed = await self._patience.store(self._desk.handoffs.close, handoff.id, "seller")
        line = "" if closed else say(handoff.language, "handoff.back_already")
        await self._delivery.answer_press(press.query.id, line)
        await self._without_buttons(press)

    async def _news(self, press: Press) -> None:
        """Take whether a seller still wants an answer; the answer itself is sent by the outbox."""
        turn_id, choice = press.number(0), press.arguments[1:2]
        if choice not in (("yes",), ("no",)):
            raise OldButton
        wanted = choice == ("yes",)
        offer = await self._patience.store(self._desk.news.answered, turn_id, press.chat_id, wanted)
        if offer is None:
            raise OldButton
        line = "" if wanted else say(offer.language, "handoff.news_refused")
        await self._delivery.answer_press(press.query.id, line)
        await self._without_buttons(press)

    async def _without_buttons(self, press: Press) -> None:
        await self._delivery.change_keyboard(press.chat_id, press.message_id, InlineKeyboardMarkup([]))
