"""Updates by webhook, and the server beside the bot."""

import logging
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from bot.rehearsal.fake_telegram import FakeTelegram, Seller
from bot.settings import BotSettings
from bot.telegram_errors import CannotRun
from bot.telegram_webhook import webhook_of
from tests.telegram_runner import BotInThread, settings_for

SECRET = "a-secret-of-the-tests-123"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    with FakeTelegram() as telegram:
        yield telegram


@pytest.fixture
def settings(telegram: FakeTelegram, tmp_path: Path) -> BotSettings:
    port = free_port()
    telegram.delivers_to = f"http://127.0.0.1:{port}"
    return settings_for(tmp_path, telegram.url).model_copy(
        update={"webhook_url": "https://bot.example", "webhook_secret": SecretStr(SECRET), "http_port": port}
    )


@pytest.fixture
def bot(telegram: FakeTelegram, settings: BotSettings) -> Iterator[BotInThread]:
    with BotInThread(settings) as bot:
        yield bot


def address(settings: BotSettings, path: str) -> str:
    return f"http://127.0.0.1:{settings.http_port}{path}"


def test_updates_come_by_webhook_and_are_answered_in_order(
    telegram: FakeTelegram, bot: BotInThread, settings: BotSettings
) -> None:
    telegram.wait_until(lambda: bool(telegram.webhook_url), "the webhook")
    sari = telegram.seller("Sari")
    for number in range(4):
        sari.says(f"tanya {number}")
    assert [message.text for message in sari.waits_for(4)] == [f"Jawaban: tanya {number}" for number in range(4)]
    sari.presses("Pas")
    telegram.wait_until(lambda: telegram.waiting == [], "all delivered")
    assert telegram.webhook_url == "https://bot.example/telegram"
    assert telegram.called("getUpdates") == []


@pytest.mark.parametrize("header", [{}, {"X-Telegram-Bot-Api-Secret-Token": "wrong"}])
def test_a_request_without_the_secret_is_refused_and_its_body_not_logged(
    telegram: FakeTelegram, bot: BotInThread, settings: BotSettings, caplog: pytest.LogCaptureFixture,
    header: dict[str, str],
) -> None:  # fmt: skip
    telegram.wait_until(lambda: bool(telegram.webhook_url), "the webhook")
    with caplog.at_level(logging.DEBUG):
        answer = httpx.post(address(settings, "/telegram"), headers=header, json={"update_id": 1, "x": "rahasia"})

    assert answer.status_code == 403
    assert "without the right secret" in caplog.text and "rahasia" not in caplog.text


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"update_id": "x"}', b'{"message": {}}'])
def test_what_is_no_update_is_refused(
    telegram: FakeTelegram, bot: BotInThread, settings: BotSettings, body: bytes
) -> None:
    telegram.wait_until(lambda: bool(telegram.webhook_url), "the webhook")
    answer = httpx.post(
        address(settings, "/telegram"), headers={"X-Telegram-Bot-Api-Secret-Token": SECRET}, content=body
    )

    assert answer.status_code == 400


def test_health_and_metrics_are_served(telegram: FakeTelegram, bot: BotInThread, settings: BotSettings) -> None:
    telegram.wait_until(lambda: bool(telegram.webhook_url), "the webhook")
    sari = telegram.seller("Sari")
    sari.says("komisi berapa?")
    sari.waits_for(1)

    assert httpx.get(address(settings, "/healthz")).text == "ok"
    assert httpx.get(address(settings, "/readyz")).text == "ready"
    deadline = time.monotonic() + 5
    while 'tanya_updates_settled_total{result="done"} 1.0' not in (
        metrics := httpx.get(address(settings, "/metrics")).text
    ):
        assert time.monotonic() < deadline, metrics
    assert "tanya_updates_waiting 0.0" in metrics and "komisi" not in metrics


def test_with_polling_too_health_is_served_where_a_port_is_set(telegram: FakeTelegram, tmp_path: Path) -> None:
    settings = settings_for(tmp_path, telegram.url).model_copy(update={"http_port": free_port()})
    with BotInThread(settings):
        telegram.wait_until(lambda: telegram.called("setMyCommands") != [], "a connection")
        assert httpx.get(address(settings, "/healthz")).status_code == 200
        assert httpx.post(address(settings, "/telegram")).status_code == 404, "no webhook"


def test_until_it_is_connected_it_is_not_ready(telegram: FakeTelegram, tmp_path: Path) -> None:
    settings = settings_for(tmp_path, telegram.url).model_copy(update={"http_port": free_port()})
    hold = telegram.holds("getMe")
    with BotInThread(settings):
        hold.waits_until_arrived()
        assert httpx.get(address(settings, "/readyz")).status_code == 503
        hold.release()


def test_a_port_that_is_taken_is_named(telegram: FakeTelegram, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        bot = BotInThread(settings_for(tmp_path, telegram.url).model_copy(update={"http_port": port}))
        with bot:
            bot._thread.join(10)
    assert isinstance(bot.error, CannotRun)
    assert f"127.0.0.1:{port}" in str(bot.error) and "HTTP_PORT" in str(bot.error)


@pytest.mark.parametrize(
    ("url", "secret", "hint"),
    [
        ("https://bot.example", None, "WEBHOOK_SECRET"),
        ("https://bot.example", "short", "WEBHOOK_SECRET"),
        ("https://bot.example", "with spaces in it 123", "WEBHOOK_SECRET"),
        ("http://bot.example", SECRET, "WEBHOOK_URL"),
        ("bot.example", SECRET, "WEBHOOK_URL"),
    ],
)
def test_a_webhook_that_anybody_could_use_is_refused(url: str, secret: str | None, hint: str) -> None:
    settings = BotSettings(_env_file=None, webhook_url=url, webhook_secret=SecretStr(secret) if secret else None)

    with pytest.raises(CannotRun, match=hint) as refused:
        webhook_of(settings)
    assert secret is None or secret not in str(refused.value)


def test_a_webhook_left_by_an_earlier_run_is_taken_over(
    telegram: FakeTelegram, bot: BotInThread, settings: BotSettings
) -> None:
    sari: Seller = telegram.seller("Sari")
    telegram.wait_until(lambda: bool(telegram.webhook_url), "the webhook")
    bot.stop()
    sari.says("masih ada?")
    with BotInThread(settings):
        assert [message.text for message in sari.waits_for(1)] == ["Jawaban: masih ada?"]
