"""Inline mode: the bot's name and a few words in any chat offer dated rules to post, with their sources."""

import asyncio

from telegram import InlineQuery, InlineQueryResultArticle, InputTextMessageContent, LinkPreviewOptions, Update
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden
from telegram.ext import ContextTypes

from bot.answers import Answer, Outcome, Question
from bot.browsing import code_of
from bot.composing import first_sentence
from bot.markup import split, to_html, to_plain
from bot.telegram_parts import Parts
from bot.telegram_turns import language_of
from indexer.sections import Language

FEWEST_LETTERS = 3
MOST_RESULTS = 5
_CACHED_SECONDS = 60


class Inline:
    """The handler of inline queries. Nothing of them is stored: they are half-typed words in other people's chats."""

    def __init__(self, parts: Parts) -> None:
        self._answerer = parts.answerer
        self._storage = parts.storage
        self._patience = parts.patience
        self._today = parts.today

    async def offer(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Offer the sections that fit what was typed; an offer that comes too late for Telegram is let go."""
        query = update.inline_query
        assert query, "only inline queries come here"
        results = await self._results(query)
        try:
            await self._patience.request(
                "inline results", lambda: query.answer(results, cache_time=_CACHED_SECONDS, is_personal=True)
            )
        except (BadRequest, Forbidden):
            return

    async def _results(self, query: InlineQuery) -> list[InlineQueryResultArticle]:
        words = query.query.strip()
        if len(words) < FEWEST_LETTERS:
            return []
        seller = await self._patience.store(self._storage.seller, query.from_user.id)
        chosen = language_of(seller) if seller else None
        answers = await asyncio.to_thread(self._answers, words, chosen)
        return [_article(address, answer) for address, answer in answers]

    def _answers(self, words: str, chosen: Language | None) -> list[tuple[str, Answer]]:
        today = self._today()
        answer = self._answerer.answer(Question(words, today, language=chosen))
        if answer.outcome is Outcome.SMALLTALK:
            return []
        found = [citation.section for citation in answer.citations]
        found += [candidate.section for candidate in answer.candidates]
        found += [option.section for option in answer.options]
        ours = [address for address in dict.fromkeys(found) if not address.startswith("outside/")][:MOST_RESULTS]
        if answer.outcome is Outcome.DECLINED:
            return []
        shown = []
        for address in ours:
            try:
                shown.append((address, self._answerer.show(address, answer.language, today)))
            except KeyError:
                continue
        return shown


def _article(address: str, answer: Answer) -> InlineQueryResultArticle:
    heading, _, body = answer.markup.partition("\n")
    content = InputTextMessageContent(
        to_html(split(answer.markup)[0]),
        ParseMode.HTML,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )
    description = to_plain(first_sentence(body))[:200] if body else ""
    return InlineQueryResultArticle(code_of(address), to_plain(heading)[:200], content, description=description)
