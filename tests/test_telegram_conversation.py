import time
from pathlib import Path

import pytest

from bot.rehearsal.fake_telegram import FakeTelegram, Seller
from bot.telegram_commands import GROUP_MENU, MENU
from tests.scripted_answerer import ScriptedAnswerer
from tests.telegram_runner import BotInThread, settings_for

pytest_plugins = ["tests.telegram_fixtures"]


@pytest.mark.parametrize(
    ("language_code", "greeting", "topic"),
    [
        ("id", "Halo, aku Tanya Seller!", "Pajak"),
        ("ms", "Halo, aku Tanya Seller!", "Pajak"),
        ("jv-ID", "Halo, aku Tanya Seller!", "Pajak"),
        ("en-GB", "Hi, I'm Tanya Seller!", "Tax"),
        ("zh", "Hi, I'm Tanya Seller!", "Tax"),
        (None, "Hi, I'm Tanya Seller!", "Tax"),
    ],
)
def test_start_greets_in_the_language_of_the_app_and_offers_the_topics(
    telegram: FakeTelegram, bot: BotInThread, language_code: str | None, greeting: str, topic: str
) -> None:
    seller = telegram.seller("Seller", language_code)
    seller.says("/start")
    (message,) = seller.waits_for(1)
    assert message.text.startswith(greeting)
    assert message.entities[0]["type"] == "bold"
    assert topic in message.buttons


def test_a_question_is_answered_with_its_buttons(telegram: FakeTelegram, bot: BotInThread, sari: Seller) -> None:
    sari.says("komisi <b>fashion</b> & berapa?")
    (message,) = sari.waits_for(1)
    assert message.text == "Jawaban: komisi <b>fashion</b> & berapa?"
    assert message.buttons == [
        "👍 Pas",
        "👎 Kurang pas",
        "🔄 Masih berlaku?",
        "📄 Sumber & riwayat",
        "🌐 In English",
        "🙋 Butuh orang",
    ]
    assert message.parameters["parse_mode"] == "HTML"
    assert '"is_disabled": true' in message.parameters["link_preview_options"]
    assert telegram.called("sendChatAction") == [], "it was there at once"


def test_a_turn_is_stored_with_the_message_it_was_sent_in(bot: BotInThread, sari: Seller) -> None:
    sari.says("komisi, nomorku 081234567890")
    sari.waits_for(1)
    bot.stop()
    turn = bot.storage.turn(1)
    assert turn
    assert (turn.chat_id, turn.channel, turn.message_id) == (sari.id, "telegram", sari.last.id)
    assert "081234567890" not in turn.asked
    assert bot.storage.unfinished_updates() == []


def test_earlier_messages_go_with_a_question(bot: BotInThread, sari: Seller) -> None:
    sari.says("komisi berapa?")
    sari.waits_for(1)
    _tick()
    sari.says("kalau di Tokopedia gimana?")
    sari.waits_for(2)
    assert bot.answerer.asked[1].previous == ("komisi berapa?",)


def test_a_long_answer_comes_in_pieces_with_the_buttons_under_the_last(bot: BotInThread, sari: Seller) -> None:
    sari.says("panjang")
    messages = sari.waits_for(3)
    assert [len(message.buttons) for message in messages] == [0, 0, 6]
    assert [part for number in range(1, 19) for part in messages if f"Bagian {number} " in part.text]
    assert all(message.text.startswith("Bagian") for message in messages), "cut at blank lines"


def test_an_answer_that_takes_a_while_shows_that_it_is_being_written(
    telegram: FakeTelegram, bot: BotInThread, sari: Seller
) -> None:
    sari.says("yang lama dong")
    telegram.wait_until(lambda: telegram.called("sendChatAction") != [], "a sign of life")
    assert sari.received == []
    assert telegram.called("sendChatAction")[0].parameters["action"] == "typing"
    assert sari.waits_for(1)[0].text == "Akhirnya: yang lama dong"


def test_a_rating_is_kept_and_the_buttons_say_thanks(telegram: FakeTelegram, bot: BotInThread, sari: Seller) -> None:
    sari.says("komisi berapa?")
    sari.waits_for(1)
    assert telegram.waits_for_answer(sari.presses("Kurang pas"))["text"].startswith("Makasih sudah bilang")
    telegram.wait_until(lambda: sari.last.edited, "changed buttons")
    reasons = ["Salah", "Kurang lengkap", "Sudah lama", "Bukan itu maksudku", "Lainnya"]
    rest = ["🔄 Masih berlaku?", "📄 Sumber & riwayat", "🌐 In English", "🙋 Butuh orang"]
    assert sari.last.buttons == [*reasons, *rest]
    assert telegram.waits_for_answer(sari.presses("Sudah lama"))["text"] == "Sudah kucatat, makasih!"
    telegram.wait_until(lambda: sari.last.buttons == ["✅ Makasih penilaiannya", *rest], "thanks")
    assert telegram.waits_for_answer(sari.presses("✅"))["text"] == "Penilaianmu sudah kucatat. Makasih, ya!"
    turn = bot.storage.turn(1)
    assert turn
    assert [(rating.rating, rating.reason) for rating in turn.ratings] == [("not_right", "outdated")]


def test_two_quick_ratings_are_both_answered(telegram: FakeTelegram, bot: BotInThread, sari: Seller) -> None:
    sari.says("komisi berapa?")
    (message,) = sari.waits_for(1)
    presses = [sari.presses("Pas", message), sari.presses("Pas", message)]
    for press in presses:
        telegram.waits_for_answer(press)
    sari.says("lagi")
    sari.waits_for(2)
    assert len(telegram.called("editMessageReplyMarkup")) == 2, "the second finds nothing to change, and that is fine"


def test_the_same_in_the_other_language(telegram: FakeTelegram, bot: BotInThread, sari: Seller) -> None:
    sari.says("komisi berapa?")
    sari.waits_for(1)
    telegram.waits_for_answer(sari.presses("In English"))
    assert sari.waits_for(2)[1].text == "Answer: komisi berapa?"
    assert sari.last.buttons[-2:] == ["🌐 Bahasa Indonesia", "🙋 I need a person"]
    telegram.waits_for_answer(sari.presses("Bahasa Indonesia"))
    assert sari.waits_for(3)[2].text == "Jawaban: komisi berapa?"


def test_the_other_language_shows_the_same_section_even_if_searching_finds_another(
    telegram: FakeTelegram, bot: BotInThread, sari: Seller
) -> None:
    sari.says("pilih")
    sari.waits_for(1)
    sari.presses("Komisi")
    assert sari.waits_for(2)[1].text == "Jawaban: faqs/a#one (2026)"
    sari.presses("In English")
    assert sari.waits_for(3)[2].text == "Answer: faqs/a#one (2026)"


def test_options_are_buttons_when_the_bot_asks_back(telegram: FakeTelegram, bot: BotInThread, sari: Seller) -> None:
    sari.says("pilih")
    (message,) = sari.waits_for(1)
    assert message.buttons == ["1. Komisi", "2. Biaya layanan", "3. Hilang", "🌐 In English", "🙋 Butuh orang"]
    telegram.waits_for_answer(sari.presses("Biaya layanan"))
    assert sari.waits_for(2)[1].text == "Jawaban: faqs/a#two (2026)"
    turn = bot.storage.turn(2)
    assert turn
    assert turn.asked == "Biaya layanan"


def test_a_bare_number_chooses_an_option_too(bot: BotInThread, sari: Seller) -> None:
    sari.says("pilih")
    sari.waits_for(1)
    sari.says("2")
    assert sari.waits_for(2)[1].text == "Jawaban: faqs/a#two (2026)"
    sari.says("2")
    assert sari.waits_for(3)[2].text == "Jawaban: 2", "nothing is offered any more"


def test_related_questions_are_buttons_under_an_answer(bot: BotInThread, sari: Seller) -> None:
    sari.says("terkait")
    (message,) = sari.waits_for(1)
    assert message.buttons[2:4] == ["➡️ Komisi", "➡️ Biaya layanan"]
    sari.presses("Biaya layanan")
    assert sari.waits_for(2)[1].text == "Jawaban: faqs/a#two (2026)"


def test_a_declined_question_offers_a_person(bot: BotInThread, sari: Seller) -> None:
    sari.says("mana tahu")
    assert "🙋 Butuh orang" in sari.waits_for(1)[0].buttons


def test_small_talk_offers_the_topics(telegram: FakeTelegram, bot: BotInThread, sari: Seller) -> None:
    sari.says("halo")
    assert sari.waits_for(1)[0].buttons == ["📚 Lihat topik", "🌐 In English"]
    telegram.waits_for_answer(sari.presses("Lihat topik"))
    assert sari.waits_for(2)[1].buttons == ["Biaya & komisi", "Pajak"]


def test_a_topic_opens_and_turns_into_the_other_language(bot: BotInThread, sari: Seller) -> None:
    sari.says("/start")
    sari.waits_for(1)
    sari.presses("Pajak")
    assert sari.waits_for(2)[1].text == "Jawaban: topics/tax (2026)"
    sari.presses("In English")
    assert sari.waits_for(3)[2].text == "Answer: topics/tax (2026)"
    bot.stop()
    turn = bot.storage.turn(2)
    assert turn
    assert turn.asked == "Tax"


def test_a_chosen_language_is_remembered(telegram: FakeTelegram, bot: BotInThread, sari: Seller) -> None:
    sari.says("/bahasa")
    assert sari.waits_for(1)[0].buttons == ["Bahasa Indonesia", "English"]
    telegram.waits_for_answer(sari.presses("English"))
    assert sari.waits_for(2)[1].text.startswith("Done, from now on")
    sari.says("/start")
    assert sari.waits_for(3)[2].text.startswith("Hi, I'm Tanya Seller!")
    sari.says("komisi berapa?")
    assert sari.waits_for(4)[3].text == "Answer: komisi berapa?"
    assert bot.answerer.asked[0].language == "en"


@pytest.mark.parametrize("command", ["/help", "/bantuan", "/bantuan@tanya_bot", "/HELP"])
def test_help_is_given(bot: BotInThread, sari: Seller, command: str) -> None:
    sari.says(command)
    assert sari.waits_for(1)[0].text.startswith("Begini cara pakainya\n• Tulis")


def test_language_has_an_english_name_too(bot: BotInThread, sari: Seller) -> None:
    sari.says("/language")
    assert "English" in sari.waits_for(1)[0].buttons


def test_an_unknown_command_gets_a_helpful_line(bot: BotInThread, sari: Seller) -> None:
    sari.says("/jualan sekarang")
    assert "/bantuan" in sari.waits_for(1)[0].text
    assert bot.answerer.asked == []


FILE = {"file_id": "f", "file_unique_id": "u"}


@pytest.mark.parametrize(
    "content",
    [
        {"photo": [{**FILE, "width": 1, "height": 1}], "caption": "ini kenapa?"},
        {"voice": {**FILE, "duration": 3}},
        {"sticker": {**FILE, "width": 1, "height": 1, "is_animated": False, "is_video": False, "type": "regular"}},
        {"document": FILE},
        {"location": {"latitude": -6.2, "longitude": 106.8}},
        {"contact": {"phone_number": "0812", "first_name": "Budi"}},
        {"dice": {"emoji": "🎲", "value": 3}},
        {"something_of_tomorrow": {"x": 1}},
    ],
    ids=lambda content: next(iter(content)),
)
def test_what_is_no_text_gets_a_helpful_line(bot: BotInThread, sari: Seller, content: dict[str, object]) -> None:
    sari.sends(**content)
    assert sari.waits_for(1)[0].text.startswith("Maaf, aku baru bisa membaca tulisan")


def test_an_album_gets_one_line(bot: BotInThread, sari: Seller) -> None:
    for _ in range(3):
        sari.sends(photo=[{**FILE, "width": 1, "height": 1}], media_group_id="album-1")
    sari.says("sudah")
    assert [message.text[:4] for message in sari.waits_for(2)] == ["Maaf", "Jawa"]


def test_a_service_message_is_left_alone(bot: BotInThread, sari: Seller) -> None:
    sari.sends(delete_chat_photo=True)
    sari.says("sudah")
    assert sari.waits_for(1)[0].text == "Jawaban: sudah"


def test_edits_channel_posts_groups_and_other_bots_are_ignored(
    telegram: FakeTelegram, bot: BotInThread, sari: Seller
) -> None:
    telegram._allowed = {"message", "edited_message", "channel_post", "callback_query"}
    first = sari.says("satu")
    sari.waits_for(1)
    telegram._allowed |= {"edited_message", "channel_post"}  # as those that came before the bot said what it wants
    sari.edits(first, "satu sekali")
    group = telegram.group("Grup Seller")
    channel = {"id": -5, "type": "channel", "title": "Kanal"}
    telegram.deliver("channel_post", {"message_id": 7, "date": 1, "chat": channel, "text": "kabar"})
    telegram.deliver("message", {"message_id": 8, "date": 1, "chat": group.about, "from": sari.user, "text": "komisi?"})
    other_bot = {"id": 77, "is_bot": True, "first_name": "Bot"}
    telegram.deliver(
        "message", {"message_id": 9, "date": 1, "chat": {**sari.about}, "from": other_bot, "text": "komisi?"}
    )
    sari.says("dua")
    assert sari.waits_for(2)[1].text == "Jawaban: dua"
    assert group.received == []
    bot.stop()
    assert bot.storage.unfinished_updates() == []


@pytest.mark.parametrize(
    "data",
    ["right:999", "other:999", "person:999", "option:1:99", "option:1:0", "option:1", "option:1:3", "topic:gone:id",
     "topic:fees", "topic:fees:xx", "language:xx", "right:x", "right:99999999999999999999", "tomorrow:1", "::", " "],
)  # fmt: skip
def test_an_old_button_gets_a_kind_line(telegram: FakeTelegram, bot: BotInThread, sari: Seller, data: str) -> None:
    sari.says("pilih")
    (message,) = sari.waits_for(1)
    press = sari.presses_data(data, message)
    assert telegram.waits_for_answer(press)["text"] == ""
    assert sari.waits_for(2)[1].text.startswith("Tombol itu sudah terlalu lama")


@pytest.mark.parametrize("action", ["right:1", "person:1", "other:1", "option:1:1"])
def test_nobody_acts_on_the_turn_of_another(
    telegram: FakeTelegram, bot: BotInThread, sari: Seller, action: str
) -> None:
    sari.says("pilih rahasia")
    sari.waits_for(1)
    budi = telegram.seller("Budi")
    budi.says("halo")
    (message,) = budi.waits_for(1)
    budi.presses_data(action, message)
    assert budi.waits_for(2)[1].text.startswith("Tombol itu sudah terlalu lama")
    turn = bot.storage.turn(1)
    assert turn
    assert (turn.ratings, turn.person_asked_at) == ((), None)


def test_a_button_under_a_message_that_telegram_forgot_still_works(
    telegram: FakeTelegram, bot: BotInThread, sari: Seller
) -> None:
    sari.says("komisi berapa?")
    (message,) = sari.waits_for(1)
    inaccessible = {"chat": sari.about, "message_id": message.id, "date": 0}
    query = {"id": "55", "from": sari.user, "chat_instance": "1", "data": "right:1", "message": inaccessible}
    telegram.deliver("callback_query", query)
    sari.says("lagi")
    sari.waits_for(2)
    turn = bot.storage.turn(1)
    assert turn
    assert len(turn.ratings) == 1, "the press is too old to be answered, but it is counted"


def test_a_person_is_asked_for_without_a_staff_chat(telegram: FakeTelegram, bot: BotInThread, sari: Seller) -> None:
    sari.says("komisi berapa?")
    sari.waits_for(1)
    telegram.waits_for_answer(sari.presses("Butuh orang"))
    assert "belum ada orang yang langsung membalas" in sari.waits_for(2)[1].text
    telegram.wait_until(lambda: sari.received[0].edited, "changed buttons")
    assert sari.received[0].buttons == [
        "👍 Pas",
        "👎 Kurang pas",
        "🔄 Masih berlaku?",
        "📄 Sumber & riwayat",
        "🌐 In English",
    ]
    turn = bot.storage.turn(1)
    assert turn
    assert turn.person_asked_at
    sari.presses_data("person:1", sari.received[0])
    assert sari.waits_for(3)[2].text.startswith("Permintaanmu untuk pertanyaan ini sudah tercatat")


def test_the_staff_chat_is_told_when_a_person_is_asked_for(telegram: FakeTelegram, tmp_path: Path) -> None:
    staff = telegram.group("Staf")
    with BotInThread(settings_for(tmp_path, telegram.url, staff_chat_id=staff.id)) as bot:
        sari = telegram.seller("Sari")
        sari.says("**saldo** [klik](https://x.id) ke 081234567890")
        sari.waits_for(1)
        sari.presses("Butuh orang")
        assert "sudah masuk ke tim kami. Kamu di antrean nomor 1." in sari.waits_for(2)[1].text
        (note,) = staff.waits_for(1)
        turn = bot.storage.turn(1)
    assert turn and turn.person_asked_at
    assert f"Percakapan: 1\nPertanyaan: {turn.asked}" in note.text
    assert str(sari.id) not in note.text
    assert "**saldo** [klik](https://x.id)" in note.text, "the seller's words are no markup in the staff chat"
    assert "081234567890" not in note.text
    assert note.entities == []


def test_a_staff_chat_that_takes_no_notes_is_not_promised(
    telegram: FakeTelegram, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with BotInThread(settings_for(tmp_path, telegram.url, staff_chat_id=-404)) as bot:
        sari = telegram.seller("Sari")
        sari.says("komisi")
        sari.waits_for(1)
        sari.presses("Butuh orang")
        assert "belum ada orang yang langsung membalas" in sari.waits_for(2)[1].text
        turn = bot.storage.turn(1)
    assert turn
    assert turn.person_asked_at
    assert "check STAFF_CHAT_ID" in caplog.text


def test_a_staff_group_that_became_a_supergroup_is_named_in_the_log_and_told_later(
    telegram: FakeTelegram, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    staff = telegram.group("Staf")
    with BotInThread(settings_for(tmp_path, telegram.url, staff_chat_id=staff.id)):
        sari = telegram.seller("Sari")
        sari.says("komisi")
        sari.waits_for(1)
        words = "Bad Request: group chat was upgraded to a supergroup chat"
        telegram.refuses("createForumTopic", 400, words, migrate_to_chat_id=-1001234)
        sari.presses("Butuh orang")
        staff.waits_for(1)
    assert "New chat id: -1001234), what is for it waits; check STAFF_CHAT_ID" in caplog.text


def test_a_person_is_asked_for_in_words(
    telegram: FakeTelegram, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram_messages.split_talk", lambda text: _Talk("person" if "orang" in text else None))
    staff = telegram.group("Staf")
    with BotInThread(settings_for(tmp_path, telegram.url, staff_chat_id=staff.id)) as bot:
        sari = telegram.seller("Sari")
        sari.says("saldo tertahan")
        sari.waits_for(1)
        _tick()
        sari.says("halo, mau dibantu orang")
        assert "Kamu di antrean nomor 1" in sari.waits_for(2)[1].text
        note = staff.waits_for(1)[0].text
        assert "Pertanyaan: saldo tertahan\nPesan di sekitarnya: saldo tertahan / halo, mau dibantu orang" in note
        bot.stop()
        turn = bot.storage.turn(2)
    assert turn
    assert turn.sent == sari.last.text, "what was sent is what is stored"
    assert turn.person_asked_at
    assert turn.message_id == sari.last.id


def test_command_menus_are_set_in_both_languages(telegram: FakeTelegram, bot: BotInThread, sari: Seller) -> None:
    sari.says("halo")
    sari.waits_for(1)
    assert [command["command"] for command in telegram.commands["id"]] == list(MENU["id"])
    assert [command["command"] for command in telegram.commands[""]] == list(MENU["en"])
    assert [command["command"] for command in telegram.group_commands["id"]] == list(GROUP_MENU["id"])
    assert telegram.commands["id"][-1]["description"] == "Cara pakai"


def test_messages_of_one_chat_stay_in_order_and_chats_run_side_by_side(
    telegram: FakeTelegram, bot: BotInThread, sari: Seller
) -> None:
    budi = telegram.seller("Budi")
    hold = telegram.holds("sendMessage", chat_id=sari.id)
    for number in range(5):
        sari.says(f"sari {number}")
        budi.says(f"budi {number}")
    hold.waits_until_arrived()
    assert [message.text for message in budi.waits_for(5)] == [f"Jawaban: budi {number}" for number in range(5)]
    assert sari.received == [], "still waiting, and nobody waits for her"
    hold.release()
    assert [message.text for message in sari.waits_for(5)] == [f"Jawaban: sari {number}" for number in range(5)]


class _Talk:
    def __init__(self, kind: str | None) -> None:
        self.kind = kind


def _tick() -> None:
    """Let a second begin: Telegram's times have no finer grain."""
    time.sleep(1.05 - time.time() % 1)


def test_the_scripted_answerer_is_an_answerer() -> None:
    assert ScriptedAnswerer().topics("en")[1].title == "Tax"
