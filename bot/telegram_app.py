"""The bot on Telegram: everything is put together here, started and stopped."""

import asyncio
import contextlib
import logging
import os
import re
import signal
import warnings
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeDefault,
    Update,
)
from telegram.error import EndPointNotFound, InvalidToken, TelegramError
from telegram.ext import (
    Application,
    CallbackContext,
    CallbackQueryHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    filters,
)
from telegram.warnings import PTBUserWarning

from bot.answerer import Answerer
from bot.desk.gap_news import GapNews
from bot.desk.handoffs import Handoffs
from bot.desk.outbox import Outbox
from bot.desk.people import People
from bot.settings import BotSettings
from bot.storage import Storage
from bot.telegram_commands import GROUP_MENU, MENU, PRIVATE, Commands
from bot.telegram_crowd import Crowd
from bot.telegram_delivery import Delivery
from bot.telegram_desk import Desk
from bot.telegram_errors import CannotRun, SellerGone, Stopping, kind_of
from bot.telegram_groups import concerns
from bot.telegram_handed_over import HandedOver
from bot.telegram_inbox import Inbox, Sent
from bot.telegram_inline import Inline
from bot.telegram_letters import GroupLetters, SellerLetters
from bot.telegram_limits import Limits
from bot.telegram_messages import Messages
from bot.telegram_metrics import Metrics
from bot.telegram_news import News
from bot.telegram_outbox import OutboxPost, Senders
from bot.telegram_pace import Pace
from bot.telegram_parts import Parts
from bot.telegram_patience import Patience
from bot.telegram_person import PersonRequests
from bot.telegram_polling import WANTED, Poller
from bot.telegram_presses import Presses
from bot.telegram_server import Service, serving
from bot.telegram_staff import Staff
from bot.telegram_staff_group import StaffGroup
from bot.telegram_turns import Turns, language_of, language_of_app
from bot.telegram_webhook import WEBHOOK_PORT, Webhook, webhook_of
from bot.wording import say
from indexer.clock import today
from indexer.sections import Language

log = logging.getLogger(__name__)

_CONNECTIONS = 64
_ANSWER_SECONDS = 20.0  # short ones would send again what Telegram took, only slowly


def run(settings: BotSettings, answerer: Answerer, storage: Storage, pace: Pace | None = None) -> int:
    """Run the bot until SIGTERM or SIGINT, and return the exit code. A second signal ends it at once.

    Raises:
        CannotRun: a setting is missing, or Telegram refuses the token.
    """
    asyncio.run(_run_until_signalled(TelegramBot(settings, answerer, storage, pace)))
    return 0


async def _run_until_signalled(bot: "TelegramBot") -> None:
    loop = asyncio.get_running_loop()
    signals = (signal.SIGTERM, signal.SIGINT)

    def stop() -> None:
        for number in signals:
            loop.remove_signal_handler(number)
        bot.stop()

    for number in signals:
        loop.add_signal_handler(number, stop)
    await bot.serve()


def _prepare_libraries() -> None:
    """Keep tokens and sellers' words out of the log: addresses of requests hold the one, payloads the other."""
    logging.getLogger("httpx").setLevel(logging.WARNING)
    logging.getLogger("httpcore").setLevel(logging.WARNING)
    logging.getLogger("telegram").setLevel(logging.CRITICAL)  # what matters of it is logged by the files here
    warnings.filterwarnings("ignore", r"Please use 'Bot\.getUpdates'", PTBUserWarning)  # Poller says why it does not
    os.environ.setdefault("PTB_TIMEDELTA", "true")  # python-telegram-bot's own switch to durations as they will be


class TelegramBot:
    """The bot by long polling. `serve` runs it in the current event loop until `stop` is called."""

    def __init__(
        self,
        settings: BotSettings,
        answerer: Answerer,
        storage: Storage,
        pace: Pace | None = None,
        clock: Callable[[], date] = today,
    ) -> None:
        """Put the parts together.

        Raises:
            CannotRun: a setting is missing or cannot be right.
        """
        _prepare_libraries()
        pace = pace or Pace()
        self._application = _application(_token(settings), _api_url(settings))
        self._bot: Bot = self._application.bot
        self._storage = storage
        self._settings = settings
        self._stopping = asyncio.Event()
        self._patience = Patience(pace, self._stopping)
        self._delivery = Delivery(self._bot, self._patience, Limits(self._patience.pause) if pace.limited else None)
        self._metrics = Metrics()
        crowd = Crowd(settings.queue_limit, pace, self._patience, self._tell)
        self._inbox = Inbox(
            self._bot, storage, self._patience, pace, self._work, self._apologise, crowd, self._metrics
        )  # fmt: skip
        self._webhook = webhook_of(settings)
        self._ready = False
        self._poller = Poller(self._bot, self._patience, pace)
        turns = Turns(storage, self._patience, self._delivery)
        desk = self._desk = self._open_desk()
        people = PersonRequests(storage, self._patience, self._delivery, turns, desk)
        self._staff = Staff(desk.group, desk.handoffs, self._patience, self._delivery) if desk.group else None
        self._outbox = OutboxPost(desk, self._senders(desk), self._patience, pace)
        self._news = News(answerer, storage, self._patience, self._delivery, pace.news)
        parts = Parts(answerer, storage, self._patience, self._delivery, turns, people, desk, clock, self._username)
        self._handed_over = HandedOver(self._patience, desk)
        self._grace = pace.grace
        self._add_handlers(Messages(parts), Commands(parts), Presses(parts), Inline(parts))

    def _open_desk(self) -> Desk:
        """Return the support desk on the storage's database."""
        database, chat_id = self._storage.database, self._settings.staff_chat_id
        handoffs = Handoffs(database, group=chat_id is not None)
        group = None if chat_id is None else StaffGroup(chat_id, handoffs, self._patience, self._delivery)
        return Desk(
            handoffs, Outbox(database), People(database), GapNews(database), self._settings.opening_hours, group,
            self._username,
        )  # fmt: skip

    def _senders(self, desk: Desk) -> Senders:
        to_group = GroupLetters(desk.group, desk, self._storage, self._patience).send if desk.group else None
        return Senders(SellerLetters(desk, self._patience, self._delivery).send, to_group)

    def _add_handlers(self, messages: Messages, commands: Commands, presses: Presses, inline: Inline) -> None:
        """List the handlers. The order matters: the first that fits is the only one."""
        in_groups = filters.ChatType.GROUPS
        self._application.add_handlers(
            [
                InlineQueryHandler(inline.offer),
                CallbackQueryHandler(presses.press),
                MessageHandler(filters.UpdateType.EDITED_MESSAGE, messages.edited),
                CommandHandler("start", messages.greet),
                CommandHandler(["help", "bantuan"], messages.help),
                CommandHandler(PRIVATE, commands.private_only, in_groups),
                CommandHandler(["bahasa", "language"], messages.offer_languages),
                *(CommandHandler(names, handler) for names, handler in commands.handlers().items()),
                MessageHandler(filters.COMMAND, commands.unknown),
                MessageHandler(filters.FORWARDED & filters.TEXT, messages.rumour),
                MessageHandler(filters.TEXT, messages.question),
                MessageHandler(filters.StatusUpdate.ALL, messages.ignore),
                MessageHandler(filters.ALL, messages.not_text),
            ]
        )

    def _username(self) -> str:
        return self._bot.username

    @property
    def settled(self) -> int:
        """How many updates were worked off in this run."""
        return self._metrics.settled_count

    def stop(self) -> None:
        """Stop: what is under way is finished, the rest stays recorded. Call it in the loop of `serve`."""
        self._stopping.set()

    async def serve(self) -> None:
        """Run until stopped.

        Raises:
            CannotRun: Telegram refuses the token.
        """
        try:
            async with self._served():
                await self._connect()
                if self._desk.group:
                    await self._desk.group.look()
                await self._inbox.resume()
                await self._run_until_stopped()
        except Stopping:
            log.info("stopped before it was connected")
        except TelegramError as error:
            raise _refused(error) from None  # the library's own words hold the token
        finally:
            self.stop()
            self._ready = False
            await self._inbox.close()
            await self._bot.shutdown()
        log.info("stopped")

    async def _connect(self) -> None:
        await self._patience.request("connecting to Telegram", self._bot.initialize)
        if self._webhook is None:
            await self._patience.request("leaving the webhook", self._bot.delete_webhook)
        log.info("connected as @%s", self._bot.username)
        menus: tuple[tuple[Language, str | None], ...] = (("en", None), ("id", "id"))
        for language, code in menus:
            await self._set_commands(language, MENU, BotCommandScopeDefault(), code)
            await self._set_commands(language, GROUP_MENU, BotCommandScopeAllGroupChats(), code)

    async def _set_commands(
        self, language: Language, menu: Mapping[Language, Sequence[str]], scope: BotCommandScope, code: str | None
    ) -> None:
        """Fill the menu of apps in that language, or of all others; without a menu the bot works as well."""
        commands = [BotCommand(name, say(language, f"telegram.command_{name}")) for name in menu[language]]
        try:
            await self._bot.set_my_commands(commands, scope, language_code=code)
        except TelegramError as error:
            log.warning("the command menu was not set: %s", kind_of(error))

    @asynccontextmanager
    async def _served(self) -> AsyncIterator[None]:
        """Serve health, metrics and the webhook, where the settings want that."""
        port = self._settings.http_port or (WEBHOOK_PORT if self._webhook else None)
        if port is None:
            yield
            return
        secret = self._webhook.secret if self._webhook else None
        service = Service(self._metrics, lambda: self._ready, self._inbox.receive, secret)
        try:
            async with serving(service, self._settings.http_host, port):
                yield
        except OSError as error:
            place = f"{self._settings.http_host}:{port}"
            raise CannotRun(
                f"Nothing can be served at {place} ({error.strerror}). Change HTTP_HOST or HTTP_PORT."
            ) from None

    async def _run_until_stopped(self) -> None:
        tasks = [asyncio.create_task(self._news.run(), name="news"), *self._outbox.tasks()]
        stopping = asyncio.create_task(self._stopping.wait(), name="stopping")
        watched: set[asyncio.Task[Any]] = {stopping}
        if self._webhook:
            await self._register(self._webhook)
        else:
            polling = asyncio.create_task(self._poller.run(self._inbox.receive), name="polling")
            watched.add(polling)
        self._ready = True
        await asyncio.wait(watched, return_when=asyncio.FIRST_COMPLETED)
        self.stop()
        # What is just being sent is let through and noted, so that it is not sent again at the next start.
        _, hanging = await asyncio.wait(tasks, timeout=self._grace)
        for task in (*watched, *hanging):
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError, Stopping):
            for task in watched - {stopping}:
                await task
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _register(self, webhook: Webhook) -> None:
        """Tell Telegram where to send updates: one at a time, so that they come in order."""
        await self._patience.request(
            "registering the webhook",
            lambda: self._bot.set_webhook(
                webhook.url, max_connections=1, allowed_updates=list(WANTED), secret_token=webhook.secret
            ),
        )
        log.info("updates come by webhook")

    async def _work(self, update: Update) -> Sent | None:
        """Give an update to its handler and return what that sent.

        `Application.process_update` is not used: it keeps a handler's errors and result to itself, and on them depends
        whether the update is settled.
        """
        if self._staff and self._staff.concerns(update):
            await self._staff.work(update)
            return None
        if not concerns(update, self._bot):
            return None
        if await self._came_too_late(update):
            await self._tell(update, "telegram.late")
            return None
        for handler in self._application.handlers[0]:
            check = handler.check_update(update)
            if check is not None and check is not False:
                context = CallbackContext.from_update(update, self._application)
                sent: Sent | None = await handler.handle_update(update, self._application, check, context)
                return sent
        return None

    async def _came_too_late(self, update: Update) -> bool:
        """Whether a question is so old that its seller has long looked elsewhere: the bot was down meanwhile.

        To a person who is there for the seller it still goes.
        """
        message = update.message
        if message is None or not message.text or message.text.startswith("/"):
            return False
        late = datetime.now(UTC) - message.date > timedelta(hours=self._settings.answer_within_hours)
        return late and await self._handed_over.handoff(message.chat_id) is None

    async def _tell(self, update: Update, key: str) -> None:
        """Send one of the bot's own texts to whoever sent an update."""
        chat, user = update.effective_chat, update.effective_user
        if self._staff and self._staff.concerns(update):
            return
        if chat and user and concerns(update, self._bot):
            seller = await self._patience.store(self._storage.seller, user.id)
            language = language_of(seller) if seller else language_of_app(user.language_code)
            with contextlib.suppress(SellerGone, Stopping):
                await self._delivery.send(chat.id, say(language, key))

    async def _apologise(self, update: Update) -> None:
        """Tell the seller, or the staff, that their message could not be worked on."""
        if self._staff and self._staff.concerns(update):
            await self._staff.apologise(update)
            return
        chat, user, query = update.effective_chat, update.effective_user, update.callback_query
        if not chat or not user or not concerns(update, self._bot):
            return
        if query:
            await self._delivery.answer_press(query.id)
        await self._tell(update, "telegram.trouble")


def _refused(error: TelegramError) -> CannotRun:
    if isinstance(error, (InvalidToken, EndPointNotFound)):
        return CannotRun("Telegram refuses the token in TELEGRAM_TOKEN. Copy it again from @BotFather.")
    return CannotRun(f"The server at TELEGRAM_API_URL refuses the bot ({kind_of(error)}). Check that address.")


def refuse_missing_settings(settings: BotSettings) -> None:
    """Raise CannotRun where a setting is missing or cannot be right, before anything slow is loaded."""
    _token(settings)
    _api_url(settings)
    webhook_of(settings)


def _token(settings: BotSettings) -> str:
    if settings.telegram_token is None or not settings.telegram_token.get_secret_value():
        raise CannotRun("TELEGRAM_TOKEN is not set. Get a token from @BotFather and set it in the environment or .env.")
    token = settings.telegram_token.get_secret_value()
    if not re.fullmatch(r"\d+:[A-Za-z0-9_-]+", token):
        raise CannotRun("TELEGRAM_TOKEN has not the form of a token (123456:ABC-…). Copy it again from @BotFather.")
    return token


def _api_url(settings: BotSettings) -> str:
    if not re.fullmatch(r"https?://[^\s/]+\S*/bot", settings.telegram_api_url):
        raise CannotRun(
            f"TELEGRAM_API_URL is {settings.telegram_api_url!r}. Write it in the form http://host:port/bot."
        )
    return settings.telegram_api_url


def _application(token: str, api_url: str) -> Application:  # type: ignore[type-arg]
    builder = Application.builder().token(token).base_url(api_url).updater(None).job_queue(None)
    builder = builder.connection_pool_size(_CONNECTIONS).pool_timeout(None)
    return builder.connect_timeout(_ANSWER_SECONDS).read_timeout(_ANSWER_SECONDS).build()
