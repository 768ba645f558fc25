"""Many messages at once, and messages that waited too long."""

import time
from pathlib import Path

from bot.rehearsal.fake_telegram import FakeTelegram, Seller
from bot.telegram_pace import Pace
from tests.telegram_runner import QUICK, BotInThread, settings_for

pytest_plugins = ["tests.telegram_fixtures"]


def test_when_the_queue_is_full_sellers_are_told_once_and_nothing_is_lost(
    telegram: FakeTelegram, tmp_path: Path
) -> None:
    settings = settings_for(tmp_path, telegram.url).model_copy(update={"queue_limit": 2})
    sellers = [telegram.seller(f"Penjual {number}") for number in range(6)]
    answers = [f"Jawaban: tanya {number}" for number in range(3)]
    with BotInThread(settings):
        for seller in sellers:
            for number in range(3):
                seller.says(f"tanya {number}")
        for seller in sellers:
            telegram.wait_until(lambda s=seller: set(answers) <= set(s.texts), "all answers")  # type: ignore[misc]
            notices = [text for text in seller.texts if "Lagi ramai" in text]
            assert [text for text in seller.texts if text.startswith("Jawaban")] == answers
            assert len(notices) <= 1
        assert any("Lagi ramai" in text for seller in sellers for text in seller.texts)


def test_whoever_sends_very_much_at_once_is_told_once_and_answered_in_order(
    telegram: FakeTelegram, bot: BotInThread, sari: Seller
) -> None:
    hold = telegram.holds("sendMessage")
    sari.says("tanya 0")
    hold.waits_until_arrived()
    for number in range(1, 12):
        sari.says(f"tanya {number}")
    time.sleep(0.3)
    hold.release()
    sari.waits_for(13)
    assert [text for text in sari.texts if text.startswith("Jawaban")] == [f"Jawaban: tanya {n}" for n in range(12)]
    assert sum("satu per satu" in text for text in sari.texts) == 1


def test_a_flood_of_one_seller_is_slowed_down_and_others_are_not(telegram: FakeTelegram, tmp_path: Path) -> None:
    pace = Pace(**{**vars(QUICK), "crowded": 3, "crowded_wait": 0.4})
    sari, budi = telegram.seller("Sari"), telegram.seller("Budi")
    with BotInThread(settings_for(tmp_path, telegram.url), pace=pace):
        for number in range(5):
            sari.says(f"tanya {number}")
        sari.waits_for(3)
        budi.says("halo")
        budi.waits_for(1)
        assert len(sari.received) < 5, "the fourth and fifth wait, and budi does not wait for them"
        sari.waits_for(5)


def test_a_message_that_waited_too_long_gets_an_apology_and_an_offer(
    telegram: FakeTelegram, bot: BotInThread, sari: Seller
) -> None:
    yesterday = int(time.time()) - 25 * 3600
    sari.sends(text="komisi berapa?", entities=[], date=yesterday)
    assert "waktu aku sedang mati" in sari.waits_for(1)[0].text
    assert bot.answerer.asked == []
    command = [{"type": "bot_command", "offset": 0, "length": 8}]
    sari.sends(text="/bantuan", entities=command, date=yesterday)
    assert "Begini cara pakainya" in sari.waits_for(2)[1].text
    sari.sends(text="komisi berapa?", entities=[], date=int(time.time()) - 3600)
    assert sari.waits_for(3)[2].text == "Jawaban: komisi berapa?"
