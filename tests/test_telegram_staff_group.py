"""The staff group: requests, topics, what staff write there, and what of it reaches the seller."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.desk.handoffs import Handoff, Handoffs, State
from bot.desk.people import People, Role
from bot.rehearsal.fake_telegram import PATIENCE, Chat, FakeTelegram, Message, Seller
from bot.telegram_staff_group import number_in
from tests.telegram_runner import BotInThread, settings_for

pytest_plugins = ["tests.telegram_fixtures"]

FILE = {"file_id": "f", "file_unique_id": "u"}
PHOTO = [{**FILE, "width": 1, "height": 1}]
HERE = "👤 Sekarang ada orang dari tim kami di sini."


@pytest.fixture
def forum(telegram: FakeTelegram) -> Chat:
    return telegram.group("Staf", forum=True)


@pytest.fixture
def plain(telegram: FakeTelegram) -> Chat:
    return telegram.group("Staf")


@pytest.fixture
def rina(telegram: FakeTelegram) -> Seller:
    """Give somebody of the staff."""
    return telegram.seller("Rina")


@pytest.fixture
def in_forum(telegram: FakeTelegram, tmp_path: Path, forum: Chat) -> Iterator[BotInThread]:
    with BotInThread(settings_for(tmp_path, telegram.url, staff_chat_id=forum.id)) as bot:
        yield bot


@pytest.fixture
def in_plain(telegram: FakeTelegram, tmp_path: Path, plain: Chat) -> Iterator[BotInThread]:
    with BotInThread(settings_for(tmp_path, telegram.url, staff_chat_id=plain.id)) as bot:
        yield bot


def asks(seller: Seller, text: str = "komisi berapa?") -> None:
    before = len(seller.received)
    seller.says(text)
    seller.waits_for(before + 1)
    seller.presses("Butuh orang")
    seller.waits_for(before + 2)


def handoffs_of(bot: BotInThread) -> Handoffs:
    return Handoffs(bot.storage.database, group=True)


def newest(bot: BotInThread, number: int = 1) -> Handoff:
    found = handoffs_of(bot).get(number)
    assert found
    return found


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def settled(bot: BotInThread) -> None:
    until(lambda: not bot.storage.unfinished_updates())


def topic_of(forum: Chat, count: int = 1) -> int:
    """Wait for a note and return the thread of the last topic."""
    forum.waits_for(count)
    return list(forum.topics)[-1]


def replies(group: Chat, person: Seller, text: str, message: Message) -> None:
    group.hears(person, text, reply_to_message=group._telegram.as_json(message))


def test_a_request_makes_a_topic_with_a_note_and_only_masked_words(
    telegram: FakeTelegram, in_forum: BotInThread, forum: Chat, sari: Seller
) -> None:
    asks(sari, "**saldo** ke 081234567890")
    (note,) = forum.waits_for(1)
    (thread_id,) = forum.topics
    assert forum.topics[thread_id] == "Penjual #1 · mau bicara dengan orang"
    assert note.thread_id == thread_id
    assert note.text.startswith(
        "🙋 #1 · Penjual minta dibantu orang\nAlasan: mau bicara dengan orang\nBahasa: Bahasa Indonesia\n"
        "Percakapan: 1\nPertanyaan: **saldo** ke [phone]\n"
    )
    assert note.buttons == ["🙋 Ambil alih"]
    assert str(sari.id) not in note.text and "Sari" not in note.text
    assert newest(in_forum).thread_id == thread_id


def test_the_first_message_in_the_topic_takes_the_seller_over(
    telegram: FakeTelegram, in_forum: BotInThread, forum: Chat, sari: Seller, rina: Seller
) -> None:
    asks(sari)
    thread_id = topic_of(forum)
    forum.hears(rina, "Halo **Sari**, saya Rina", thread_id)
    here, message = sari.waits_for(4)[2:]
    assert here.text.startswith(HERE)
    assert message.text == "👤 Tim kami:\nHalo **Sari**, saya Rina"
    state = forum.waits_for(2)[1]
    assert state.text == "✅ #1 · Diambil alih oleh tim di grup ini. Bot diam sampai dikembalikan."
    assert state.thread_id == thread_id and state.buttons == ["🤖 Kembalikan ke bot"]
    sari.says("saldo saya, nomor 081234567890")
    assert forum.waits_for(3)[2].text == "💬 #1 · Penjual:\nsaldo saya, nomor [phone]"
    assert len(sari.received) == 4
    forum.hears(rina, "Baik, saya cek", thread_id)
    assert sari.waits_for(5)[4].text == "👤 Tim kami:\nBaik, saya cek"


def test_a_seller_who_has_everything_erased_takes_the_topic_along(
    telegram: FakeTelegram, in_forum: BotInThread, forum: Chat, sari: Seller, rina: Seller
) -> None:
    asks(sari)
    thread_id = topic_of(forum)
    forum.hears(rina, "Halo Sari", thread_id)
    sari.waits_for(4)
    sari.says("/hapus")
    sari.waits_for(5)
    sari.presses("Ya, hapus")

    until(lambda: not forum.topics)
    until(lambda: "1 obrolan dengan tim" in sari.received[4].text)
    assert handoffs_of(in_forum).open() == []
    assert not [message for message in forum.messages if message.thread_id == thread_id]


def test_a_seller_is_taken_over_and_given_back_by_buttons(
    telegram: FakeTelegram, in_forum: BotInThread, forum: Chat, sari: Seller, rina: Seller
) -> None:
    asks(sari)
    (note,) = forum.waits_for(1)
    taken = telegram.waits_for_answer(forum.presses_of(rina, "Ambil alih"))
    assert taken["text"] == "#1 sekarang denganmu. Tulis saja, pesanmu dikirim ke penjual."
    telegram.wait_until(lambda: note.buttons == ["🤖 Kembalikan ke bot"], "the other button")
    assert sari.waits_for(3)[2].text.startswith(HERE)
    late = telegram.waits_for_answer(telegram.press(rina, "take:1", note))
    assert late["text"] == "#1 sudah diambil alih atau sudah selesai."
    back = telegram.waits_for_answer(forum.presses_of(rina, "Kembalikan", note))
    assert back["text"] == "#1 kembali ke bot."
    assert sari.waits_for(4)[3].text.startswith("🤖 Sekarang aku yang menjawab lagi.")
    telegram.wait_until(lambda: note.buttons == [], "no buttons")
    assert forum.waits_for(3)[2].text == "🤖 #1 · Dikembalikan ke bot oleh tim."
    for data in ("giveback:1", "take:1"):
        telegram.waits_for_answer(telegram.press(rina, data, note))
    for data in ("take:999", "take:x", "right:1", "::"):
        assert telegram.waits_for_answer(telegram.press(rina, data, note))["text"] == "Yang ini sudah tidak ada."
    assert len(sari.received) == 4


@pytest.mark.parametrize("command", ["/selesai", "/done", "/selesai@tanya_bot", "/DONE"])
def test_a_command_in_the_topic_gives_the_seller_back(
    in_forum: BotInThread, forum: Chat, sari: Seller, rina: Seller, command: str
) -> None:
    asks(sari)
    thread_id = topic_of(forum)
    forum.hears(rina, "Halo!", thread_id)
    sari.waits_for(4)
    forum.waits_for(2)
    forum.hears(rina, command, thread_id)
    assert sari.waits_for(5)[4].text.startswith("🤖 Sekarang aku yang menjawab lagi.")
    assert forum.waits_for(3)[2].text == "🤖 #1 · Dikembalikan ke bot oleh tim."
    forum.hears(rina, command, thread_id)
    assert forum.waits_for(4)[3].text == "#1 sudah selesai sebelumnya."
    forum.hears(rina, "Satu lagi:", thread_id)
    assert forum.waits_for(5)[4].text == "#1 sudah kembali ke bot, jadi pesanmu tidak dikirim."
    assert len(sari.received) == 5


def test_comments_files_edits_and_other_commands_do_not_reach_the_seller(
    telegram: FakeTelegram, in_forum: BotInThread, forum: Chat, sari: Seller, rina: Seller
) -> None:
    asks(sari)
    thread_id = topic_of(forum)
    forum.hears(rina, "// ini penjual yang kemarin", thread_id)
    forum.gets(rina, thread_id, photo=PHOTO)
    assert forum.waits_for(2)[1].text == "Yang diteruskan ke penjual hanya tulisan; yang ini tidak kukirim."
    forum.hears(rina, "/topik", thread_id)
    assert forum.waits_for(3)[2].text.startswith("Perintah itu tidak kukenal dan tidak kukirim.")
    assert newest(in_forum).state is State.WAITING, "none of them takes the seller over"
    message = forum.hears(rina, "Halo!", thread_id)
    sari.waits_for(4)
    forum.waits_for(4)
    forum.edits(message, "Halo, Kak!")
    assert forum.waits_for(5)[4].text.startswith("Pesan yang sudah dikirim tidak bisa kuubah.")
    forum.gets(rina, thread_id, forum_topic_edited={"name": "Sari"})
    robot = telegram.seller("Robot")
    robot.user["is_bot"] = True
    forum.hears(robot, "beep", thread_id)
    settled(in_forum)
    assert len(sari.received) == 4 and len(forum.received) == 5
    assert all(message.thread_id == thread_id for message in forum.received)


def test_an_administrator_may_write_in_the_name_of_the_group(
    telegram: FakeTelegram, in_forum: BotInThread, forum: Chat, sari: Seller
) -> None:
    asks(sari)
    anonymous = telegram.seller("Group")
    anonymous.user["is_bot"] = True
    forum.hears(anonymous, "Halo!", topic_of(forum), sender_chat=forum.about)
    assert sari.waits_for(4)[3].text == "👤 Tim kami:\nHalo!"


def test_colleagues_who_talk_among_themselves_are_left_alone(
    telegram: FakeTelegram, in_forum: BotInThread, forum: Chat, sari: Seller, rina: Seller
) -> None:
    own = forum.opens_topic("Kantin")
    forum.hears(rina, "komisi berapa ya?")
    forum.hears(rina, "@tanya_bot komisi berapa?", own)
    forum.hears(rina, "/topik")
    forum.hears(rina, "/selesai", own)
    assert forum.waits_for(1)[0].text.startswith("Tulis /selesai di topik penjualnya")
    settled(in_forum)
    assert len(forum.received) == 1 and in_forum.answerer.asked == []


def test_a_seller_who_comes_again_has_the_same_topic(
    telegram: FakeTelegram, in_forum: BotInThread, forum: Chat, sari: Seller, rina: Seller
) -> None:
    asks(sari)
    thread_id = topic_of(forum)
    forum.hears(rina, "/selesai", thread_id)
    forum.waits_for(2)
    sari.waits_for(3)
    asks(sari, "pajak?")
    assert forum.waits_for(3)[2].text.startswith("🙋 #2 · ")
    assert list(forum.topics) == [thread_id]
    forum.hears(rina, "Halo lagi!", thread_id)
    assert sari.waits_for(7)[6].text == "👤 Tim kami:\nHalo lagi!"
    assert (newest(in_forum, 2).state, newest(in_forum, 1).state) == (State.TAKEN, State.CLOSED)


def test_each_seller_has_a_topic_of_their_own(
    telegram: FakeTelegram, in_forum: BotInThread, forum: Chat, sari: Seller, rina: Seller
) -> None:
    budi = telegram.seller("Budi")
    asks(sari)
    asks(budi)
    forum.waits_for(2)
    first, second = forum.topics
    forum.hears(rina, "Untuk Budi", second)
    forum.hears(rina, "Untuk Sari", first)
    assert budi.waits_for(4)[3].text.endswith("Untuk Budi")
    assert sari.waits_for(4)[3].text.endswith("Untuk Sari")


def test_a_topic_that_was_deleted_is_made_again(in_forum: BotInThread, forum: Chat, sari: Seller, rina: Seller) -> None:
    asks(sari)
    thread_id = topic_of(forum)
    forum.hears(rina, "Halo!", thread_id)
    sari.waits_for(4)
    forum.waits_for(2)
    forum.deletes_topic(thread_id)
    sari.says("masih di sana?")
    (message,) = forum.waits_for(1)
    (again,) = forum.topics
    assert (message.thread_id, message.text) == (again, "💬 #1 · Penjual:\nmasih di sana?")
    forum.hears(rina, "Ya!", again)
    assert sari.waits_for(5)[4].text.endswith("Ya!")


def test_a_closed_topic_is_made_again_too(
    telegram: FakeTelegram, in_forum: BotInThread, forum: Chat, sari: Seller, rina: Seller
) -> None:
    asks(sari)
    forum.hears(rina, "Halo!", topic_of(forum))
    sari.waits_for(4)
    forum.waits_for(2)
    telegram.refuses("sendMessage", 400, "Bad Request: TOPIC_CLOSED")
    handoffs_of(in_forum).seller_wrote(newest(in_forum), "halo", 1)
    assert forum.waits_for(3)[2].thread_id == list(forum.topics)[1]


def test_without_the_right_to_make_topics_all_is_written_plainly_and_said_once_in_the_log(
    telegram: FakeTelegram,
    in_forum: BotInThread,
    forum: Chat,
    sari: Seller,
    caplog: pytest.LogCaptureFixture,
) -> None:
    rina = telegram.seller("Rina")
    forum.may_manage_topics = False
    budi = telegram.seller("Budi")
    asks(sari)
    asks(budi)
    first, second = sorted(forum.waits_for(2), key=lambda message: message.text)
    assert (first.thread_id, second.thread_id) == (None, None)
    replies(forum, rina, "Halo Budi", second)
    assert budi.waits_for(4)[3].text == "👤 Tim kami:\nHalo Budi"
    assert caplog.text.count("no topic in the staff group (Not enough rights to create a topic)") == 1


def test_in_a_group_without_topics_replies_reach_the_seller(
    telegram: FakeTelegram,
    in_plain: BotInThread,
    plain: Chat,
    sari: Seller,
    caplog: pytest.LogCaptureFixture,
) -> None:
    rina = telegram.seller("Rina")
    asks(sari)
    (note,) = plain.waits_for(1)
    plain.hears(rina, "siapa yang mau?")
    replies(plain, rina, "Halo!", note)
    assert sari.waits_for(4)[3].text == "👤 Tim kami:\nHalo!"
    plain.waits_for(2)
    sari.says("saya bukan #7")
    words = plain.waits_for(3)[2]
    assert words.text == "💬 #1 · Penjual:\nsaya bukan #7"
    replies(plain, rina, "Sudah dicek", words)
    assert sari.waits_for(5)[4].text == "👤 Tim kami:\nSudah dicek"
    replies(plain, rina, "/selesai", words)
    assert sari.waits_for(6)[5].text.startswith("🤖 Sekarang aku yang menjawab lagi.")
    assert "no topic" not in caplog.text


def test_only_a_message_of_the_bot_can_name_a_hand_off(
    telegram: FakeTelegram, in_plain: BotInThread, plain: Chat, sari: Seller, rina: Seller
) -> None:
    asks(sari)
    plain.waits_for(1)
    forged = plain.hears(rina, "#1 itu siapa?")
    replies(plain, rina, "rahasia kita", forged)
    plain.hears(rina, "/selesai")
    hint = plain.waits_for(2)[1]
    replies(plain, rina, "oke", hint)
    assert plain.waits_for(3)[2].text.startswith("Tidak ada penjual yang bisa kukirimi pesan ini")
    settled(in_plain)
    assert len(sari.received) == 2 and newest(in_plain).state is State.WAITING


@pytest.mark.parametrize(
    ("text", "number"), [("🙋 #12 · Penjual", 12), ("💬 #3 · Penjual:\n#4", 3), ("halo\n#4", None), ("", None)]
)
def test_the_number_stands_in_the_first_line(text: str, number: int | None) -> None:
    assert number_in(text) == number


def test_after_erasing_staff_are_told_that_nobody_reads_it(
    in_forum: BotInThread, forum: Chat, sari: Seller, rina: Seller
) -> None:
    asks(sari)
    thread_id = topic_of(forum)
    in_forum.storage.erase(sari.id)
    forum.hears(rina, "Halo!", thread_id)
    assert forum.waits_for(2)[1].text.startswith("Tidak ada penjual yang bisa kukirimi pesan ini")
    forum.hears(rina, "// sudah dihapus ya", thread_id)
    settled(in_forum)
    assert len(forum.received) == 2 and len(sari.received) == 2


def test_a_file_is_copied_into_the_topic_and_only_a_word_of_it_is_kept(
    in_forum: BotInThread, forum: Chat, sari: Seller, rina: Seller
) -> None:
    asks(sari)
    thread_id = topic_of(forum)
    forum.hears(rina, "Kirim fotonya, ya", thread_id)
    sari.waits_for(4)
    forum.waits_for(2)
    sari.sends(photo=PHOTO, caption="ini, nomor 081234567890")
    copy = forum.waits_for(3)[2]
    assert copy.thread_id == thread_id and copy.content["photo"]
    assert copy.content["caption"] == "💬 #1 · Penjual:\n[foto] ini, nomor [phone]"
    sari.sends(voice={**FILE, "duration": 3})
    assert forum.waits_for(4)[3].content["caption"].endswith("[pesan suara]")
    sari.sends(sticker={**FILE, "width": 1, "height": 1, "is_animated": False, "is_video": False, "type": "regular"})
    assert forum.waits_for(6)[5].text == "💬 #1 · Penjual:\n[stiker]"
    sari.sends(contact={"phone_number": "0812", "first_name": "Budi"})
    assert "yang sampai ke mereka hanya tulisan" in sari.waits_for(5)[4].text
    settled(in_forum)
    kept = [message.text for message in handoffs_of(in_forum).messages(1) if message.sender == "seller"]
    assert kept == ["[foto] ini, nomor [phone]", "[pesan suara]", "[stiker]"]
    assert len(forum.received) == 6


def test_a_long_caption_follows_the_photo_as_text(
    in_forum: BotInThread, forum: Chat, sari: Seller, rina: Seller
) -> None:
    asks(sari)
    forum.hears(rina, "Halo!", topic_of(forum))
    sari.waits_for(4)
    forum.waits_for(2)
    sari.sends(photo=PHOTO, caption="kata " * 204)
    copy, words = forum.waits_for(4)[2:]
    assert copy.content["caption"] == "💬 #1 · Penjual:" and words.text.count("kata") == 204


def test_a_photo_that_cannot_be_copied_is_told_honestly(
    telegram: FakeTelegram, in_forum: BotInThread, forum: Chat, sari: Seller, rina: Seller
) -> None:
    asks(sari)
    forum.hears(rina, "Halo!", topic_of(forum))
    sari.waits_for(4)
    telegram.refuses("copyMessage", 400, "Bad Request: message can't be copied")
    sari.sends(photo=PHOTO)
    assert "yang sampai ke mereka hanya tulisan" in sari.waits_for(5)[4].text


def test_the_group_sees_what_is_done_in_the_console(
    in_forum: BotInThread, forum: Chat, sari: Seller, rina: Seller
) -> None:
    sari.says("komisi?")
    sari.waits_for(1)
    handoffs = handoffs_of(in_forum)
    lia = People(in_forum.storage.database).add("Lia", Role.LEAD, "a long password 1")
    turn = in_forum.storage.turn(1)
    assert turn
    number = handoffs.step_in(lia, turn)
    handoffs.write(lia, number, "Halo, saya Lia")
    state, words = forum.waits_for(2)
    assert state.text == "✅ #1 · Diambil alih oleh Lia. Bot diam sampai dikembalikan."
    assert words.text == "🖥️ #1 · Lia (dari konsol):\nHalo, saya Lia"
    assert list(forum.topics.values()) == ["Penjual #1 · diambil alih oleh tim"]
    forum.hears(rina, "Saya bantu juga", topic_of(forum))
    assert sari.waits_for(4)[3].text.endswith("Saya bantu juga")
    sari.presses("Kembali ke bot")
    assert forum.waits_for(3)[2].text == "🤖 #1 · Penjual kembali ke bot."


def test_what_does_not_reach_the_seller_is_told_in_the_group(
    in_forum: BotInThread, forum: Chat, sari: Seller, rina: Seller
) -> None:
    asks(sari)
    thread_id = topic_of(forum)
    sari.blocks()
    forum.hears(rina, "Halo!", thread_id)
    texts = [message.text for message in forum.waits_for(3)]
    assert "⚠️ #1 · Pesan ini tidak sampai, penjualnya tidak bisa dikirimi pesan:\nHalo!" in texts
    (message,) = handoffs_of(in_forum).messages(1)
    assert (message.failed, message.sent_at) == ("gone", None)


def test_a_message_that_crashes_is_told_to_staff_and_not_to_a_seller(
    in_forum: BotInThread, forum: Chat, sari: Seller, rina: Seller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise ValueError

    asks(sari)
    thread_id = topic_of(forum)
    monkeypatch.setattr(Handoffs, "group_wrote", crash)
    forum.hears(rina, "Halo!", thread_id)
    assert forum.waits_for(2)[1].text.startswith("Maaf, ada gangguan di sisiku. Yang tadi tidak sampai ke penjual")
    monkeypatch.setattr(Handoffs, "taken_in_group", crash)
    assert telegram_text(forum, forum.presses_of(rina, "Ambil alih").id).startswith("Maaf, ada gangguan")


def telegram_text(forum: Chat, press_id: str) -> str:
    telegram = forum._telegram
    return str(telegram.waits_for_answer(telegram.presses[press_id])["text"])


def test_staff_who_write_a_lot_are_not_told_to_wait(
    telegram: FakeTelegram, in_plain: BotInThread, plain: Chat, sari: Seller, rina: Seller
) -> None:
    asks(sari)
    (note,) = plain.waits_for(1)
    hold = telegram.holds("answerCallbackQuery")
    plain.presses_of(rina, "Ambil alih")
    hold.waits_until_arrived()
    for number in range(8):
        replies(plain, rina, f"baris {number}", note)
    hold.release()
    sari.waits_for(11)
    assert [message.text.split("\n")[-1] for message in sari.received[3:]] == [f"baris {n}" for n in range(8)]
    assert not [message for message in plain.received if "satu per satu" in message.text]


def test_a_group_that_is_away_holds_up_no_seller_and_is_told_later(
    telegram: FakeTelegram,
    in_forum: BotInThread,
    forum: Chat,
    sari: Seller,
    caplog: pytest.LogCaptureFixture,
) -> None:
    rina = telegram.seller("Rina")
    asks(sari)
    forum.hears(rina, "Halo!", topic_of(forum))
    sari.waits_for(4)
    forum.waits_for(2)
    forum.blocks()
    sari.says("satu")
    sari.says("dua")
    until(lambda: "the staff group takes nothing" in caplog.text)
    lia = People(in_forum.storage.database).add("Lia", Role.LEAD, "a long password 1")
    handoffs_of(in_forum).write(lia, 1, "Dari konsol")
    assert sari.waits_for(5)[4].text == "👤 Tim kami:\nDari konsol"
    assert len(forum.received) == 2
    forum.unblocks()
    assert [message.text.split("\n")[1] for message in forum.waits_for(5)[2:]] == ["satu", "dua", "Dari konsol"]
    assert caplog.text.count("the staff group takes nothing") == 1


def test_who_asks_while_the_group_is_away_and_nobody_else_is_there_is_promised_nothing(
    telegram: FakeTelegram, tmp_path: Path, forum: Chat, sari: Seller
) -> None:
    forum.blocks()
    with BotInThread(settings_for(tmp_path, telegram.url, staff_chat_id=forum.id)):
        asks(sari)
        assert "belum ada orang yang langsung membalas" in sari.last.text
        forum.unblocks()
        assert forum.waits_for(1)[0].text.startswith("🙋 #1"), "and all the same it is noted"


@pytest.mark.parametrize("fault", ["breaks", "cuts"])
def test_an_outage_of_telegram_loses_nothing_on_either_way(
    telegram: FakeTelegram, in_forum: BotInThread, forum: Chat, sari: Seller, fault: str
) -> None:
    rina = telegram.seller("Rina")
    asks(sari)
    thread_id = topic_of(forum)
    getattr(telegram, fault)("sendMessage", times=4)
    for number in range(3):
        forum.hears(rina, f"tim {number}", thread_id)
    assert [message.text.split("\n")[-1] for message in sari.waits_for(6)[3:]] == [f"tim {n}" for n in range(3)]
    getattr(telegram, fault)("sendMessage", times=3)
    for number in range(3):
        sari.says(f"sari {number}")
    assert [message.text.split("\n")[-1] for message in forum.waits_for(5)[2:]] == [f"sari {n}" for n in range(3)]


def test_a_flood_of_the_group_is_waited_out_and_sellers_go_on(
    telegram: FakeTelegram, in_forum: BotInThread, forum: Chat, sari: Seller, rina: Seller
) -> None:
    asks(sari)
    thread_id = topic_of(forum)
    telegram.floods("sendMessage", retry_after=2, chat_id=forum.id)
    forum.hears(rina, "Halo!", thread_id)
    sari.waits_for(4)
    assert len(forum.received) == 1
    forum.waits_for(2)


def test_what_staff_wrote_while_the_bot_was_down_is_sent_when_it_comes_back(
    telegram: FakeTelegram, tmp_path: Path, forum: Chat, sari: Seller, rina: Seller
) -> None:
    settings = settings_for(tmp_path, telegram.url, staff_chat_id=forum.id)
    with BotInThread(settings):
        asks(sari)
        thread_id = topic_of(forum)
    telegram.later = -48 * 3600  # however late that is
    forum.hears(rina, "Maaf lama", thread_id)
    with BotInThread(settings):
        assert sari.waits_for(4)[3].text == "👤 Tim kami:\nMaaf lama"


def test_stopping_lets_what_is_being_sent_through_and_sends_it_once(
    telegram: FakeTelegram, tmp_path: Path, forum: Chat, sari: Seller, rina: Seller
) -> None:
    settings = settings_for(tmp_path, telegram.url, staff_chat_id=forum.id)
    with BotInThread(settings) as bot:
        asks(sari)
        thread_id = topic_of(forum)
        hold = telegram.holds("sendMessage", after=True, chat_id=sari.id)
        forum.hears(rina, "Halo!", thread_id)
        hold.waits_until_arrived()
        bot._stop()
        time.sleep(0.1)
        hold.release()
    with BotInThread(settings):
        assert [message.text.split("\n")[0] for message in sari.waits_for(4)[3:]] == ["👤 Tim kami:"]
        time.sleep(0.3)
        assert len(sari.received) == 4
