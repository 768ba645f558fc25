import json
import logging
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.rehearsal.fake_telegram import PATIENCE, TOKEN, FakeTelegram, Seller
from bot.remembered import StorageError
from bot.storage import Storage
from bot.telegram_app import TelegramBot, run
from bot.telegram_errors import CannotRun
from bot.updates_log import MOST_ATTEMPTS
from tests.scripted_answerer import ScriptedAnswerer
from tests.telegram_runner import BotInThread, open_storage, settings_for


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    with FakeTelegram() as telegram:
        yield telegram


@pytest.fixture
def bot(telegram: FakeTelegram, tmp_path: Path) -> Iterator[BotInThread]:
    with BotInThread(settings_for(tmp_path, telegram.url)) as bot:
        yield bot


@pytest.fixture
def sari(telegram: FakeTelegram, bot: BotInThread) -> Seller:
    return telegram.seller("Sari")


@pytest.fixture
def budi(telegram: FakeTelegram, bot: BotInThread) -> Seller:
    return telegram.seller("Budi")


@pytest.mark.parametrize("token", [None, ""])
def test_without_a_token_it_does_not_start_and_says_which_setting(tmp_path: Path, token: str | None) -> None:
    settings = settings_for(tmp_path, "http://127.0.0.1:1/bot", token)
    with pytest.raises(CannotRun, match="TELEGRAM_TOKEN is not set"):
        run(settings, ScriptedAnswerer(), open_storage(settings))


def test_a_token_of_the_wrong_form_is_not_even_tried(telegram: FakeTelegram, tmp_path: Path) -> None:
    settings = settings_for(tmp_path, telegram.url, "my token/../getMe")
    with pytest.raises(CannotRun, match="has not the form of a token"):
        TelegramBot(settings, ScriptedAnswerer(), open_storage(settings))
    assert telegram.calls == []


@pytest.mark.parametrize("url", ["127.0.0.1:80/bot", "http://127.0.0.1:80", "http://127.0.0.1/bot123:ABC"])
def test_an_address_of_the_wrong_form_is_named(tmp_path: Path, url: str) -> None:
    settings = settings_for(tmp_path, url)
    with pytest.raises(CannotRun, match=r"TELEGRAM_API_URL is .* form http://host:port/bot"):
        TelegramBot(settings, ScriptedAnswerer(), open_storage(settings))


def test_a_wrong_token_ends_it_with_a_clear_sentence_without_the_token(telegram: FakeTelegram, tmp_path: Path) -> None:
    settings = settings_for(tmp_path, telegram.url, "4242:wrong-token")
    with pytest.raises(CannotRun) as error:
        run(settings, ScriptedAnswerer(), open_storage(settings))
    assert str(error.value).startswith("Telegram refuses the token in TELEGRAM_TOKEN.")
    assert error.value.__cause__ is None
    assert error.value.__suppress_context__


def test_a_token_that_is_revoked_later_ends_it_too(telegram: FakeTelegram, bot: BotInThread, sari: Seller) -> None:
    sari.says("satu")
    sari.waits_for(1)
    telegram.token = "4242:another"
    bot._thread.join(PATIENCE)
    assert isinstance(bot.error, CannotRun)


def test_a_server_that_refuses_the_bot_otherwise_is_named(telegram: FakeTelegram, tmp_path: Path) -> None:
    telegram.refuses("getMe", 403, "Forbidden: go away")
    settings = settings_for(tmp_path, telegram.url)
    with pytest.raises(CannotRun, match="The server at TELEGRAM_API_URL refuses the bot"):
        run(settings, ScriptedAnswerer(), open_storage(settings))


def test_an_unreachable_server_is_tried_again_until_it_is_there(
    telegram: FakeTelegram, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    telegram.goes_down()
    with BotInThread(settings_for(tmp_path, telegram.url)):
        _until(lambda: caplog.text.count("connecting to Telegram: Telegram cannot be reached") > 1)
        telegram.comes_up()
        sari = telegram.seller("Sari")
        sari.says("halo")
        sari.waits_for(1)
    assert TOKEN not in caplog.text


def test_it_can_be_stopped_while_the_server_is_unreachable(telegram: FakeTelegram, tmp_path: Path) -> None:
    telegram.goes_down()
    with BotInThread(settings_for(tmp_path, telegram.url)) as bot:
        time.sleep(0.1)
        bot.stop()
        assert bot.error is None


def test_a_webhook_left_from_before_is_taken_away(telegram: FakeTelegram, tmp_path: Path) -> None:
    telegram.webhook_url = "https://example.org"
    with BotInThread(settings_for(tmp_path, telegram.url)):
        sari = telegram.seller("Sari")
        sari.says("halo")
        sari.waits_for(1)


def test_command_menus_that_are_refused_are_logged_and_not_fatal(
    telegram: FakeTelegram, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    telegram.refuses("setMyCommands", 400, "Bad Request: BOT_COMMAND_INVALID", times=2)
    with BotInThread(settings_for(tmp_path, telegram.url)):
        sari = telegram.seller("Sari")
        sari.says("halo")
        sari.waits_for(1)
    assert caplog.text.count("the command menu was not set: BadRequest") == 2


def test_polling_goes_on_after_every_kind_of_failure(telegram: FakeTelegram, bot: BotInThread, sari: Seller) -> None:
    telegram.breaks("getUpdates")
    telegram.cuts("getUpdates")
    telegram.floods("getUpdates")
    telegram.refuses("getUpdates", 409, "Conflict: terminated by other getUpdates request")
    telegram.refuses("getUpdates", 500, "Internal Server Error")
    sari.says("halo")
    sari.waits_for(1)
    assert len([call for call in telegram.called("getUpdates") if call.error == "fault"]) == 5


def test_a_flood_is_waited_out_and_others_go_on(
    telegram: FakeTelegram, bot: BotInThread, sari: Seller, budi: Seller
) -> None:
    telegram.floods("sendMessage", retry_after=1, times=1, chat_id=sari.id)
    sari.says("satu")
    budi.says("dua")
    budi.waits_for(1)
    assert sari.received == []
    assert sari.waits_for(1)[0].text == "Jawaban: satu"
    refused, sent = [call for call in telegram.called("sendMessage") if call.parameters["chat_id"] == str(sari.id)]
    assert sent.at - refused.at >= 1


def test_a_seller_who_blocked_the_bot_does_not_stop_it(
    telegram: FakeTelegram, bot: BotInThread, sari: Seller, budi: Seller, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    sari.blocks()
    sari.says("satu")
    budi.says("dua")
    budi.waits_for(1)
    _until(lambda: "the chat cannot be written to" in caplog.text)
    sari.unblocks()
    sari.says("tiga")
    assert [message.text for message in sari.waits_for(1)] == ["Jawaban: tiga"]
    bot.stop()
    assert bot.storage.unfinished_updates() == []


def test_html_that_telegram_does_not_read_is_sent_as_plain_text(
    telegram: FakeTelegram, bot: BotInThread, sari: Seller, caplog: pytest.LogCaptureFixture
) -> None:
    telegram.refuses("sendMessage", 400, "Bad Request: can't parse entities: Unclosed start tag at byte offset 1")
    sari.says("satu & dua")
    (message,) = sari.waits_for(1)
    assert message.text == "Jawaban: satu & dua"
    assert "parse_mode" not in message.parameters
    assert "👍 Pas" in message.buttons
    assert "sending plain text" in caplog.text


@pytest.mark.parametrize("fault", ["breaks", "cuts"])
def test_an_outage_while_sending_loses_nothing(
    telegram: FakeTelegram, bot: BotInThread, sari: Seller, budi: Seller, fault: str
) -> None:
    getattr(telegram, fault)("sendMessage", times=4)
    for number in range(3):
        sari.says(f"{number}")
        budi.says(f"{number}")
    expected = [f"Jawaban: {number}" for number in range(3)]
    assert [message.text for message in sari.waits_for(3)] == expected
    assert [message.text for message in budi.waits_for(3)] == expected


def test_a_server_that_goes_down_and_comes_back_loses_nothing(
    telegram: FakeTelegram, bot: BotInThread, sari: Seller
) -> None:
    hold = telegram.holds("sendMessage")
    sari.says("satu")
    hold.waits_until_arrived()
    telegram.goes_down()
    sari.says("dua")
    time.sleep(0.3)
    telegram.comes_up()
    assert sorted({message.text for message in sari.waits_for(2)}) == ["Jawaban: dua", "Jawaban: satu"]
    hold.release()


def test_an_answer_whose_confirmation_got_lost_is_sent_again(
    telegram: FakeTelegram, bot: BotInThread, sari: Seller
) -> None:
    telegram.cuts("sendMessage", after=True)
    sari.says("satu")
    assert [message.text for message in sari.waits_for(2)] == ["Jawaban: satu"] * 2, "rather twice than not at all"


def test_a_failed_typing_action_delays_nothing(telegram: FakeTelegram, bot: BotInThread, sari: Seller) -> None:
    telegram.floods("sendChatAction", retry_after=60)
    sari.says("yang lama")
    sari.waits_for(1)


def test_a_press_that_is_too_old_to_be_answered_is_still_worked_on(
    telegram: FakeTelegram, bot: BotInThread, sari: Seller
) -> None:
    sari.says("satu")
    sari.waits_for(1)
    hold = telegram.holds("answerCallbackQuery")
    press = sari.presses("In English")
    hold.waits_until_arrived()
    press.too_old = True
    hold.release()
    assert sari.waits_for(2)[1].text == "Answer: satu"


def test_a_crash_is_tried_again_then_told_kindly_and_logged_without_their_words(
    telegram: FakeTelegram, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    answerer = ScriptedAnswerer()
    with BotInThread(settings_for(tmp_path, telegram.url), answerer) as bot:
        sari, budi = telegram.seller("Sari"), telegram.seller("Budi")
        sari.says("rusak, rahasiaku 4711")
        budi.says("dua")
        assert budi.waits_for(1)[0].text == "Jawaban: dua"
        assert sari.waits_for(1)[0].text.startswith("Maaf, ada gangguan di sisiku")
        sari.says("tiga")
        assert sari.waits_for(2)[1].text == "Jawaban: tiga"
        bot.stop()
        assert bot.storage.unfinished_updates() == []
    assert len([question for question in answerer.asked if "rusak" in question.text]) == MOST_ATTEMPTS
    assert f"attempt {MOST_ATTEMPTS} of {MOST_ATTEMPTS}: ValueError at" in caplog.text
    assert "scripted_answerer.py" in caplog.text
    assert "4711" not in caplog.text


def test_a_fault_that_passes_is_not_noticed(telegram: FakeTelegram, tmp_path: Path) -> None:
    answerer = ScriptedAnswerer()
    answerer.crashes_left = 2
    with BotInThread(settings_for(tmp_path, telegram.url), answerer):
        sari = telegram.seller("Sari")
        sari.says("rusak")
        assert sari.waits_for(1)[0].text == "Sudah beres."


def test_a_crash_behind_a_button_stops_its_spinner(telegram: FakeTelegram, tmp_path: Path) -> None:
    answerer = ScriptedAnswerer()
    answerer.crashes_left = 0
    with BotInThread(settings_for(tmp_path, telegram.url), answerer):
        sari = telegram.seller("Sari")
        sari.says("rusak")
        sari.waits_for(1)
        answerer.crashes_left = 100
        telegram.waits_for_answer(sari.presses("In English"))
        assert sari.waits_for(2)[1].text.startswith("Maaf, ada gangguan")


def test_an_update_that_took_the_program_down_each_time_is_given_up(telegram: FakeTelegram, tmp_path: Path) -> None:
    sari = telegram.seller("Sari")
    sari.says("mematikan")
    settings = settings_for(tmp_path, telegram.url)
    storage = open_storage(settings)
    storage.record_update(700_000_001, sari.id, json.dumps(telegram.waiting[0]))
    for _ in range(MOST_ATTEMPTS):
        storage.start_update(700_000_001)
    answerer = ScriptedAnswerer()
    with BotInThread(settings, answerer):
        assert sari.waits_for(1)[0].text.startswith("Maaf, ada gangguan")
        sari.says("hidup")
        assert sari.waits_for(2)[1].text == "Jawaban: hidup"
    assert [question.text for question in answerer.asked] == ["hidup"]
    storage.close()


def test_an_update_that_the_library_cannot_read_does_not_hold_up_the_others(
    telegram: FakeTelegram, bot: BotInThread, sari: Seller, caplog: pytest.LogCaptureFixture
) -> None:
    telegram.deliver("message", {"text": "rahasia", "chat": "not even an object"})
    sari.says("satu")
    assert sari.waits_for(1)[0].text == "Jawaban: satu"
    bot.stop()
    assert "update 700000001 cannot be read" in caplog.text
    assert "rahasia" not in caplog.text
    assert bot.storage.unfinished_updates() == []


def test_updates_that_were_settled_long_ago_are_forgotten(telegram: FakeTelegram, tmp_path: Path) -> None:
    settings = settings_for(tmp_path, telegram.url)
    old = Storage(settings.transcripts_url, clock=lambda: datetime.now(UTC) - timedelta(days=8))
    old.migrate()
    for update_id in (1, 2):
        old.record_update(update_id, None, json.dumps({"update_id": update_id}))
    old.finish_update(1)
    old.close()
    with BotInThread(settings) as bot:
        sari = telegram.seller("Sari")
        sari.says("satu")
        sari.waits_for(1)
        assert bot.storage.record_update(1, None, "{}"), "it is not known any more"
        assert not bot.storage.record_update(2, None, "{}"), "it was still open when the bot started"


def test_a_database_that_does_not_answer_is_waited_for(
    telegram: FakeTelegram, bot: BotInThread, sari: Seller, monkeypatch: pytest.MonkeyPatch
) -> None:
    record, failures = bot.storage.record_update, iter([True, True, False])

    def record_late(update_id: int, chat_id: int | None, payload: str) -> bool:
        known = record(update_id, chat_id, payload)
        if next(failures, False):
            raise StorageError("The connection broke, after the row was written.")
        return known

    monkeypatch.setattr(bot.storage, "record_update", record_late)
    sari.says("satu")
    sari.waits_for(1)
    sari.says("dua")
    assert [message.text for message in sari.waits_for(2)] == ["Jawaban: satu", "Jawaban: dua"]


def test_stopping_finishes_what_is_under_way_and_keeps_the_rest(telegram: FakeTelegram, tmp_path: Path) -> None:
    settings = settings_for(tmp_path, telegram.url)
    sari = telegram.seller("Sari")
    with BotInThread(settings) as bot:
        hold = telegram.holds("sendMessage")
        sari.says("satu")
        hold.waits_until_arrived()
        sari.says("dua")
        _until(lambda: len(bot.storage.unfinished_updates()) == 2)
        bot._stop()
        time.sleep(0.1)
        hold.release()
        bot.stop()
        assert sari.texts == ["Jawaban: satu"]
        assert len(bot.storage.unfinished_updates()) == 1
    with BotInThread(settings):
        sari.waits_for(2)
        sari.says("tiga")
        sari.waits_for(3)
    assert sari.texts == ["Jawaban: satu", "Jawaban: dua", "Jawaban: tiga"]


def test_stopping_during_an_outage_does_not_wait_for_its_end(telegram: FakeTelegram, tmp_path: Path) -> None:
    settings = settings_for(tmp_path, telegram.url)
    sari = telegram.seller("Sari")
    with BotInThread(settings) as bot:
        telegram.breaks("sendMessage", times=1000)
        sari.says("satu")
        _until(lambda: len(telegram.called("sendMessage")) > 1)
        start = time.monotonic()
        bot.stop()
        assert time.monotonic() - start < 5
    telegram.works_again()
    with BotInThread(settings):
        assert sari.waits_for(1)[0].text == "Jawaban: satu"


def test_a_reply_that_hangs_is_left_after_the_time_of_grace(telegram: FakeTelegram, tmp_path: Path) -> None:
    settings = settings_for(tmp_path, telegram.url)
    sari = telegram.seller("Sari")
    with BotInThread(settings) as bot:
        hold = telegram.holds("sendMessage")
        sari.says("satu")
        hold.waits_until_arrived()
        start = time.monotonic()
        bot.stop()
        assert 0.9 < time.monotonic() - start < 8
        assert len(bot.storage.unfinished_updates()) == 1


def test_what_came_in_while_the_bot_was_down_is_answered_in_order(telegram: FakeTelegram, tmp_path: Path) -> None:
    sari = telegram.seller("Sari")
    for number in range(4):
        sari.says(f"{number}")
    with BotInThread(settings_for(tmp_path, telegram.url)):
        assert [message.text for message in sari.waits_for(4)] == [f"Jawaban: {number}" for number in range(4)]


def test_neither_token_nor_words_are_in_the_log(
    telegram: FakeTelegram, bot: BotInThread, sari: Seller, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    telegram.breaks("sendMessage")
    telegram.cuts("getUpdates")
    sari.says("rahasiaku 4711")
    sari.waits_for(1)
    bot.stop()
    own = [record.getMessage() for record in caplog.records if record.name.startswith(("bot.", "httpx", "telegram"))]
    assert own
    assert not [line for line in own if "4711" in line or TOKEN in line]


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)
