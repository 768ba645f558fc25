import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.browsing import changed_sections, code_of
from bot.rehearsal.fake_telegram import FakeTelegram, Seller
from indexer.sections import Platform
from tests.scripted_answerer import generation, section
from tests.telegram_runner import BotInThread, settings_for

pytest_plugins = ["tests.telegram_fixtures"]


def test_a_topic_is_leafed_through_in_one_message(telegram: FakeTelegram, bot: BotInThread, sari: Seller) -> None:
    sari.says("/topik")
    (message,) = sari.waits_for(1)
    sari.presses("Biaya & komisi")
    telegram.wait_until(lambda: "Halaman 1 dari 2" in message.text, "the first page")
    assert "8. Soal faqs/b#s3?" in message.text
    sari.presses("Berikutnya")
    telegram.wait_until(lambda: "Halaman 2 dari 2" in message.text, "the second page")
    assert message.buttons == ["1", "2", "⬅️ Sebelumnya", "📚 Lihat topik"]
    sari.presses("2")
    assert sari.waits_for(2)[1].text == "Jawaban: faqs/b#s5 (2026)"
    sari.presses("📚 Lihat topik", message)
    telegram.wait_until(lambda: "Biaya & komisi" in message.buttons, "the topics again")
    assert len(sari.received) == 2


def test_a_topic_that_is_gone_says_so(telegram: FakeTelegram, bot: BotInThread, sari: Seller) -> None:
    sari.says("/topics")
    (message,) = sari.waits_for(1)
    sari.presses_data("browse:nowhere:id", message)
    assert "sudah terlalu lama" in sari.waits_for(2)[1].text
    sari.presses_data("section:0000000000:id", message)
    sari.waits_for(3)
    sari.presses_data("browse:fees:xx", message)
    sari.waits_for(4)


def test_what_is_new_and_what_is_to_come_is_listed_by_day(
    telegram: FakeTelegram, bot: BotInThread, sari: Seller
) -> None:
    new = section("faqs/n#new", in_force_from=bot.today.replace(day=1))
    bot.answerer.published = generation("generation-1", (), new)
    sari.says("/terbaru")
    text = sari.waits_for(1)[0].text

    assert "1 November 2026: Soal faqs/n#new?" in text
    assert text.index("Yang akan berubah") < text.index("1 Januari 2027: Soal faqs/c#coming?")
    assert "18 Mei 2026" not in text, "longer ago than half a year"
    sari.presses("Soal faqs/n#new?")
    assert sari.waits_for(2)[1].text == "Jawaban: faqs/n#new (2026)"


def test_the_timeline_is_told_from_its_section(bot: BotInThread, sari: Seller) -> None:
    sari.says("/linimasa")
    assert sari.waits_for(1)[0].text == "Jawaban: announcements/timeline#overview (2026)"


def test_the_side_is_remembered_and_used(telegram: FakeTelegram, bot: BotInThread, sari: Seller) -> None:
    sari.says("/sisi")
    (message,) = sari.waits_for(1)
    assert message.buttons == ["Tokopedia", "TikTok Shop", "✅ Tokopedia & TikTok Shop"]
    press = sari.presses("TikTok Shop")
    assert telegram.waits_for_answer(press)["text"] == "Oke, kuutamakan TikTok Shop."
    telegram.wait_until(lambda: "✅ TikTok Shop" in message.buttons, "the mark")
    sari.says("komisi berapa?")
    sari.waits_for(2)
    assert bot.answerer.asked[-1].platform is Platform.TIKTOK_SHOP
    sari.presses("Tokopedia & TikTok Shop", message)
    telegram.wait_until(lambda: "✅ Tokopedia & TikTok Shop" in message.buttons, "the mark")
    sari.says("komisi berapa?")
    sari.waits_for(3)
    assert bot.answerer.asked[-1].platform is None
    sari.presses_data("side:shopee", message)
    assert "sudah terlalu lama" in sari.waits_for(4)[3].text


def test_a_subscriber_is_told_what_a_new_index_says_differently(
    telegram: FakeTelegram, bot: BotInThread, sari: Seller
) -> None:
    budi = telegram.seller("Budi", "en")
    sari.says("/langganan")
    (message,) = sari.waits_for(1)
    assert telegram.waits_for_answer(sari.presses("Biaya & komisi"))["text"].startswith("Sip, kamu kukabari")
    telegram.wait_until(lambda: message.buttons[0] == "🔔 Biaya & komisi", "the bell")
    budi.says("/subscribe")
    budi.waits_for(1)
    telegram.waits_for_answer(budi.presses("Tax"))

    bot.answerer.published = generation("generation-2", (), section("faqs/n#new"))
    news = sari.waits_for(2)[1]
    assert news.text == "🔔 Ada yang berubah soal Biaya & komisi:\n\n• Soal faqs/n#new?"
    sari.presses("Soal faqs/n#new?", news)
    assert sari.waits_for(3)[2].text == "Jawaban: faqs/n#new (2026)"
    sari.presses("Berhenti langganan", news)
    assert "semua langganan kuhentikan (1 topik)" in sari.waits_for(4)[3].text
    assert len(budi.received) == 1, "nothing changed about tax"
    bot.answerer.published = generation("generation-3")
    sari.says("komisi")
    sari.waits_for(5)
    assert bot.storage.unsent_notices() == []


def test_news_for_who_blocked_the_bot_ends_their_subscriptions(
    telegram: FakeTelegram, bot: BotInThread, sari: Seller
) -> None:
    sari.says("/langganan")
    sari.waits_for(1)
    telegram.waits_for_answer(sari.presses("Biaya & komisi"))
    sari.blocks()
    bot.answerer.published = generation("generation-2", (), section("faqs/n#new"))
    telegram.wait_until(lambda: not bot.storage.subscribed_topics(sari.id), "the end of the subscription")
    assert bot.storage.unsent_notices() == []


def test_everything_stored_is_handed_out_as_a_file(telegram: FakeTelegram, bot: BotInThread, sari: Seller) -> None:
    sari.says("komisi toko 081234567890?")
    sari.waits_for(1)
    sari.says("/dataku")
    sari.waits_for(2)
    ((chat_id, name, content),) = telegram.files
    stored = json.loads(content)
    assert (chat_id, name) == (sari.id, "tanya-seller.json")
    assert [turn["asked"] for turn in stored["turns"]] == ["komisi toko [phone]?"]


def test_erasing_asks_first_and_then_says_how_much(telegram: FakeTelegram, bot: BotInThread, sari: Seller) -> None:
    sari.says("komisi berapa?")
    sari.waits_for(1)
    telegram.waits_for_answer(sari.presses("Pas"))
    sari.says("/hapus")
    message = sari.waits_for(2)[1]
    assert "1 percakapan" in message.text
    sari.presses("Tidak jadi")
    telegram.wait_until(lambda: message.text == "Oke, tidak ada yang dihapus.", "nothing erased")
    assert bot.storage.turn(1)
    sari.says("/delete")
    message = sari.waits_for(3)[2]
    sari.presses("Ya, hapus", message)
    telegram.wait_until(lambda: message.text.startswith("Sudah kuhapus: 1 percakapan, 1 penilaian"), "the counts")
    assert bot.storage.turn(1) is None
    sari.presses_data("right:1", message)
    assert "sudah terlalu lama" in sari.waits_for(4)[3].text


def test_privacy_is_told(bot: BotInThread, sari: Seller) -> None:
    sari.says("/privasi")
    assert "Yang kusimpan" in sari.waits_for(1)[0].text


@pytest.mark.parametrize(
    ("typed", "said"),
    [("/langgannan", "Maksudmu /langganan?"), ("/topics2", "Maksudmu /topik?"), ("/xyzzy", "Coba /topik")],
)
def test_an_unknown_command_offers_the_nearest(bot: BotInThread, sari: Seller, typed: str, said: str) -> None:
    sari.says(typed)
    assert said in sari.waits_for(1)[0].text


def test_a_link_opens_a_section(bot: BotInThread, sari: Seller) -> None:
    sari.says(f"/start {code_of('faqs/a#two')}")
    assert sari.waits_for(1)[0].text == "Jawaban: faqs/a#two (2026)"
    sari.says("/start 0123456789")
    assert "sudah tidak ada" in sari.waits_for(2)[1].text


def test_news_that_were_noted_before_a_stop_are_sent_after_the_start(
    telegram: FakeTelegram, sari: Seller, tmp_path: Path
) -> None:
    settings = settings_for(tmp_path / "news", telegram.url)
    with BotInThread(settings) as bot:
        sari.says("/langganan")
        sari.waits_for(1)
        telegram.waits_for_answer(sari.presses("Biaya & komisi"))
        bot.stop()
        bot.storage.announce("generation-1", {"fees": ["faqs/a#one"]})
    with BotInThread(settings):
        assert "Soal faqs/a#one?" in sari.waits_for(2)[1].text


def test_a_section_that_only_moved_its_sources_is_no_news() -> None:
    before, after = generation("a"), generation("b")
    moved = replace(after.snapshot.sections["faqs/a#one"], checked=None)
    sections = {**after.snapshot.sections, "faqs/a#one": moved}

    assert changed_sections(before.snapshot, replace(after.snapshot, sections=sections)) == {}
