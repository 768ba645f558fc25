"""Groups, edited messages, forwarded ones, inline mode, secrets, and older answers."""

import time
from dataclasses import replace
from typing import Any

import pytest

from bot.rehearsal.fake_telegram import Chat, FakeTelegram, Seller
from indexer.sections import Status, Text
from tests.scripted_answerer import generation, section
from tests.telegram_runner import BotInThread

pytest_plugins = ["tests.telegram_fixtures"]

FORWARDED = {"forward_origin": {"type": "hidden_user", "sender_user_name": "Grup sebelah", "date": 1_780_000_000}}


@pytest.fixture
def group(telegram: FakeTelegram, bot: BotInThread) -> Chat:
    return telegram.group("Seller Bandung")


def still_silent(group: Chat, sari: Seller, answered_before: int) -> None:
    """Tell that a group got nothing: what is asked after it in private is answered, and it still has nothing."""
    sari.says("tanda")
    sari.waits_for(len(sari.received) or 1)
    assert len(group.received) == answered_before


def test_in_a_group_only_what_is_addressed_to_the_bot_is_answered(
    telegram: FakeTelegram, bot: BotInThread, sari: Seller, group: Chat
) -> None:
    group.hears(sari, "komisi berapa sih")
    group.hears(sari, "@orang_lain komisi berapa?")
    asked = group.hears(sari, "@tanya_bot komisi berapa?")
    (answer,) = group.waits_for(1)
    assert answer.text == "Jawaban: komisi berapa?", "without the bot's name in it"
    assert f'"message_id": {asked.id}' in str(answer.parameters["reply_parameters"]).replace("'", '"')
    group.hears(sari, "kalau mall?", reply_to_message=telegram.as_json(answer))
    assert group.waits_for(2)[1].text == "Jawaban: kalau mall?"
    group.hears(sari, "/topik@tanya_bot")
    group.waits_for(3)
    group.hears(sari, "/topik@lain_bot")
    still_silent(group, sari, 3)


def test_in_a_group_each_person_has_a_history_of_their_own(
    telegram: FakeTelegram, bot: BotInThread, sari: Seller, group: Chat
) -> None:
    budi = telegram.seller("Budi")
    group.hears(sari, "@tanya_bot komisi berapa?")
    group.waits_for(1)
    later = int(time.time()) + 5  # Telegram's times have whole seconds
    group.hears(budi, "@tanya_bot kalau mall?", date=later)
    group.waits_for(2)
    group.hears(sari, "@tanya_bot kalau mall?", date=later)
    group.waits_for(3)
    assert [question.previous for question in bot.answerer.asked] == [(), (), ("komisi berapa?",)]


def test_in_a_forum_the_reply_stands_in_its_topic(telegram: FakeTelegram, bot: BotInThread, sari: Seller) -> None:
    forum = telegram.group("Seller Bandung", forum=True)
    topic = forum.opens_topic("Komisi")
    forum.hears(sari, "@tanya_bot komisi berapa?", topic)
    (answer,) = forum.waits_for(1)
    assert answer.thread_id == topic


def test_what_concerns_one_person_is_sent_to_the_private_chat(bot: BotInThread, sari: Seller, group: Chat) -> None:
    for number, command in enumerate(("/dataku", "/hapus", "/langganan", "/sisi", "/bahasa"), 1):
        group.hears(sari, command)
        assert "https://t.me/tanya_bot" in group.waits_for(number)[-1].text


def test_channel_posts_and_other_bots_are_ignored(telegram: FakeTelegram, bot: BotInThread, sari: Seller) -> None:
    channel = telegram.group("Kanal")
    post = {"message_id": 5, "date": 1_780_000_000, "chat": {**channel.about, "type": "channel"}, "text": "@tanya_bot?"}
    telegram.deliver("channel_post", post)
    robot = {"id": 5, "is_bot": True, "first_name": "Robot"}
    message = {"message_id": 6, "date": 1_780_000_000, "chat": sari.about, "from": robot, "text": "komisi?"}
    sari.says("halo")
    telegram.deliver("message", message)
    still_silent(channel, sari, 0)


@pytest.mark.parametrize(
    ("text", "warning", "secret"),
    [
        ("otp saya 482913 ga bisa masuk", "Jangan pernah bagikan kode OTP", "482913"),
        ("password saya Toko2026! salah terus", "Jangan kirim kata sandi", "Toko2026"),
        ("kartu 4111 1111 1111 1111 ditolak", "Jangan kirim nomor kartu", "4111"),
        ("tokopedia-hadiah.com asli?", "tokopedia-hadiah.com bukan alamat resmi", None),
    ],
)
def test_a_secret_is_warned_about_and_never_stored(
    bot: BotInThread, sari: Seller, text: str, warning: str, secret: str | None
) -> None:
    sari.says(text)
    assert warning in sari.waits_for(1)[0].text
    assert bot.answerer.asked == [], "the answerer does not see it either"
    turn = bot.storage.turn(1)
    assert turn
    assert secret is None or secret not in turn.asked
    assert secret is None or secret not in sari.last.text


def test_an_edited_question_is_answered_in_the_same_message(
    telegram: FakeTelegram, bot: BotInThread, sari: Seller
) -> None:
    question = sari.says("komsi brp")
    (answer,) = sari.waits_for(1)
    sari.edits(question, "komisi fashion berapa?")
    telegram.wait_until(lambda: answer.text == "Jawaban: komisi fashion berapa?", "the corrected answer")
    telegram.waits_for_answer(sari.presses("Pas"))
    assert len(sari.received) == 1
    turn = bot.storage.turn(2)
    assert turn
    assert [rating.rating for rating in turn.ratings] == ["right"], "the buttons act on the new turn"
    sari.edits(question, "komisi elektronik berapa?")
    telegram.wait_until(lambda: answer.text == "Jawaban: komisi elektronik berapa?", "corrected again")


def test_an_edit_of_an_older_question_changes_nothing(telegram: FakeTelegram, bot: BotInThread, sari: Seller) -> None:
    question = sari.says("komisi berapa?")
    sari.waits_for(1)
    sari.says("pajak berapa?")
    sari.waits_for(2)
    sari.edits(question, "komisi fashion berapa?")
    sari.says("lagi")
    assert [message.text for message in sari.waits_for(3)] == [
        "Jawaban: komisi berapa?", "Jawaban: pajak berapa?", "Jawaban: lagi",
    ]  # fmt: skip


def test_a_secret_that_is_edited_into_a_question_is_warned_about(
    telegram: FakeTelegram, bot: BotInThread, sari: Seller
) -> None:
    question = sari.says("ga bisa masuk")
    (answer,) = sari.waits_for(1)
    sari.edits(question, "ga bisa masuk, otp 482913")
    telegram.wait_until(lambda: "kode OTP" in answer.text, "the warning")


def with_text(bot: BotInThread, body: str) -> None:
    said = section("faqs/a#said", texts={"id": Text("Komisi?", body), "en": Text("Commission?", body)})
    bot.answerer.published = generation("generation-2", (), said)


@pytest.mark.parametrize(
    ("claim", "finding"),
    [
        ("Info dari grup: komisi 9,25% mulai 18 Mei 2026", "Cocok dengan sumber kami"),
        ("Katanya komisi jadi 20% mulai 1 Desember 2026", "Tidak cocok dengan sumber kami"),
        ("Katanya komisi naik lagi, hati-hati", "tidak bisa kupastikan"),
        ("mana tahu ini benar", "Tidak kutemukan"),
    ],
)
def test_a_forwarded_claim_is_held_against_the_section(
    bot: BotInThread, sari: Seller, claim: str, finding: str
) -> None:
    with_text(bot, "Komisinya 9,25% sejak 18 Mei 2026.")
    sari.sends(text=claim, entities=[], **FORWARDED)
    assert finding in sari.waits_for(1)[0].text


def test_what_is_still_disputed_supports_nothing(bot: BotInThread, sari: Seller) -> None:
    disputed = replace(section("faqs/a#said"), status=Status.DISPUTED)
    bot.answerer.published = generation("generation-2", (), replace(disputed, texts={"id": Text("K?", "Komisi 9%.")}))
    sari.sends(text="komisi 9%", entities=[], **FORWARDED)
    assert "tidak bisa kupastikan" in sari.waits_for(1)[0].text


def results(telegram: FakeTelegram, sari: Seller, words: str) -> list[dict[str, Any]]:
    return telegram.waits_for_inline(sari.types_inline(words))


def test_inline_mode_offers_dated_sections_to_post(telegram: FakeTelegram, bot: BotInThread, sari: Seller) -> None:
    (offered,) = results(telegram, sari, "komisi berapa")
    assert offered["title"] == "Jawaban: faqs/a#said (2026)"
    assert offered["input_message_content"]["message_text"] == "Jawaban: faqs/a#said (2026)"
    assert [one["title"] for one in results(telegram, sari, "pilih")] == [
        "Jawaban: faqs/a#one (2026)", "Jawaban: faqs/a#two (2026)",
    ]  # fmt: skip
    for words in ("ko", "", "halo", "mana tahu"):
        assert results(telegram, sari, words) == []
    assert bot.storage.turn(1) is None, "half-typed words are not kept"


def test_an_older_answer_is_checked_against_the_index_of_today(
    telegram: FakeTelegram, bot: BotInThread, sari: Seller
) -> None:
    sari.says("komisi berapa?")
    sari.waits_for(1)
    sari.presses("Masih berlaku?")
    assert sari.waits_for(2)[1].text.startswith("✅ Masih sama. Kucek lagi hari ini (23 November 2026)")
    bot.answerer.changed = True
    sari.presses("Masih berlaku?", sari.received[0])
    changed = sari.waits_for(3)[2].text
    assert changed == "🔄 Sudah berubah sejak jawaban di atas. Yang berlaku per 23 November 2026:\n\nSekarang lain."
    bot.answerer.published = generation("generation-3", ("faqs/a#said",))
    sari.presses("Masih berlaku?", sari.received[0])
    assert sari.waits_for(4)[3].text.startswith("Soal itu sudah tidak ada di sumberku")


def test_the_language_of_the_other_button_is_remembered(telegram: FakeTelegram, bot: BotInThread, sari: Seller) -> None:
    sari.says("komisi berapa?")
    sari.waits_for(1)
    sari.presses("In English")
    sari.waits_for(2)
    sari.says("pajak berapa?")
    assert sari.waits_for(3)[2].text == "Answer: pajak berapa?"


@pytest.fixture
def _quick_drafts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.telegram_drafts.EACH_SECONDS", 0.1)


@pytest.mark.usefixtures("_quick_drafts")
def test_an_answer_that_is_written_appears_under_way_and_is_sent_at_the_end(
    telegram: FakeTelegram, bot: BotInThread, sari: Seller
) -> None:
    bot.answerer.streams = True
    sari.says("pelan ya")
    assert sari.waits_for(1)[0].text == "Jawaban: pelan ya"
    assert {chat_id for chat_id, _ in telegram.drafts} == {sari.id}
    texts = [text for _, text in telegram.drafts]
    assert len(texts) >= 2 and texts == sorted(texts, key=len) and "Satu. Dua." in texts


@pytest.mark.usefixtures("_quick_drafts")
def test_where_drafts_fail_the_answer_comes_all_the_same(
    telegram: FakeTelegram, bot: BotInThread, sari: Seller
) -> None:
    bot.answerer.streams = True
    telegram.refuses("sendMessageDraft", 400, "Bad Request: drafts are not supported", times=9)
    sari.says("pelan ya")
    assert sari.waits_for(1)[0].text == "Jawaban: pelan ya"
    assert len(telegram.called("sendMessageDraft")) == 1, "not tried again"


@pytest.mark.usefixtures("_quick_drafts")
def test_without_a_language_model_and_in_groups_there_are_no_drafts(
    telegram: FakeTelegram, bot: BotInThread, sari: Seller, group: Chat
) -> None:
    sari.says("pelan ya")
    sari.waits_for(1)
    bot.answerer.streams = True
    group.hears(sari, "@tanya_bot pelan ya")
    group.waits_for(1)
    assert telegram.drafts == []


def test_the_sources_and_the_history_are_a_tap_away(telegram: FakeTelegram, bot: BotInThread, sari: Seller) -> None:
    sari.says("komisi berapa?")
    sari.waits_for(1)
    sari.presses("Sumber & riwayat")
    assert sari.waits_for(2)[1].text.startswith("Soal faqs/a#said?\n\nSemua sumbernya:")
    bot.answerer.published = generation("generation-3", ("faqs/a#said",))
    sari.presses("Sumber & riwayat", sari.received[0])
    assert "sudah terlalu lama" in sari.waits_for(3)[2].text
