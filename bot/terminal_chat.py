"""A chat in the terminal, with the same answers as on Telegram."""

from collections.abc import Callable
from datetime import date
from typing import TextIO

from rich.console import Console
from rich.markdown import Markdown

from bot.answerer import Answerer
from bot.answers import Answer, Option, Outcome, Question
from bot.wording import say
from indexer.sections import Language

REMEMBERED = 3


def chat_on_terminal(
    answerer: Answerer, today: Callable[[], date], language: Language | None, lines: TextIO, out: Console
) -> None:
    """Answer line by line until the input ends; at a keyboard with a prompt, from a pipe without."""
    at_keyboard = lines.isatty()
    chat = _Chat(answerer, today, language)
    if at_keyboard:
        out.print(say(language or "id", "terminal.welcome"), style="bold")
    while True:
        if at_keyboard:
            out.print("\n[bold]> [/bold]", end="")
        try:
            line = lines.readline()
        except KeyboardInterrupt:
            break
        if not line:
            break
        if not line.strip():
            continue
        _show(chat.reply(line.strip()), at_keyboard, out, "" if at_keyboard else line.strip())
    if at_keyboard:
        out.print(f"\n{say(language or 'id', 'talk.goodbye')}")


class _Chat:
    """The turns of one chat: what was said before, and what was offered to choose from."""

    def __init__(self, answerer: Answerer, today: Callable[[], date], language: Language | None) -> None:
        self._answerer = answerer
        self._today = today
        self._language = language
        self._spoken: Language = language or "id"
        self._previous: list[str] = []
        self._options: tuple[Option, ...] = ()

    def reply(self, text: str) -> Answer:
        """Answer a message; a bare number chooses one of the options offered before."""
        chosen = self._chosen(text)
        if chosen is not None:
            return self._answerer.show(chosen.section, self._spoken, self._today())
        question = Question(text, self._today(), tuple(self._previous[-REMEMBERED:]), self._language)
        answer = self._answerer.answer(question)
        self._previous.append(text)
        self._spoken = answer.language
        self._options = answer.options if answer.outcome is Outcome.CLARIFY else ()
        return answer

    def _chosen(self, text: str) -> Option | None:
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 3 else 0
        return self._options[number - 1] if 0 < number <= len(self._options) else None


def _show(answer: Answer, formatted: bool, out: Console, question: str) -> None:
    if formatted:
        out.print(Markdown(answer.markup.replace("\n", "  \n")))
        return
    out.print(f"> {question}\n\n{answer.text}\n", markup=False)
