"""A fake Telegram, the bot on it, and a seller. Use with `pytest_plugins = ["tests.telegram_fixtures"]`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.rehearsal.fake_telegram import FakeTelegram, Seller
from tests.telegram_runner import BotInThread, settings_for


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    """Give a strict Bot API over HTTP."""
    with FakeTelegram() as telegram:
        yield telegram


@pytest.fixture
def bot(telegram: FakeTelegram, tmp_path: Path) -> Iterator[BotInThread]:
    """Give the real bot on it, with a scripted answerer."""
    with BotInThread(settings_for(tmp_path, telegram.url)) as bot:
        yield bot


@pytest.fixture
def sari(telegram: FakeTelegram) -> Seller:
    """Give a seller whose app is in Indonesian."""
    return telegram.seller("Sari")
