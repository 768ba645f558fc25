"""A seller and a person, from the seller's side: asking, waiting, being with somebody, and going back to the bot."""

import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.desk.handoffs import Handoff, Handoffs, Reason, State
from bot.desk.opening_hours import DAYS
from bot.desk.people import People, Person, Role
from bot.rehearsal.fake_telegram import FakeTelegram, Seller
from indexer.clock import JAKARTA
from tests.telegram_runner import BotInThread, settings_for

pytest_plugins = ["tests.telegram_fixtures"]

FILE = {"file_id": "f", "file_unique_id": "u"}
PHOTO = [{**FILE, "width": 1, "height": 1}]
HERE = "👤 Sekarang ada orang dari tim kami di sini."
AGAIN = "🤖 Sekarang aku yang menjawab lagi."


class Console:
    """What the review console does: it meets the bot only in the database."""

    def __init__(self, bot: BotInThread) -> None:
        self.handoffs = Handoffs(bot.storage.database, group=False)
        self.rina: Person = People(bot.storage.database).add("Rina", Role.LEAD, "a long password 1")

    def of(self, seller: Seller) -> Handoff:
        found = self.handoffs.open_of_chat(seller.id)
        assert found
        return found

    def takes(self, seller: Seller) -> None:
        self.handoffs.take(self.rina, self.of(seller).id)

    def writes(self, seller: Seller, text: str) -> None:
        self.handoffs.write(self.rina, self.of(seller).id, text)

    def gives_back(self, seller: Seller) -> None:
        self.handoffs.give_back(self.rina, self.of(seller).id)

    def read(self, handoff: Handoff) -> list[str]:
        return [message.text for message in self.handoffs.messages(handoff.id) if message.sender == "seller"]


@pytest.fixture
def console(bot: BotInThread) -> Console:
    return Console(bot)


def asks(seller: Seller, text: str = "komisi berapa?") -> str:
    """Ask, press the button for a person, and return what the bot says to that."""
    before = len(seller.received)
    seller.says(text)
    seller.waits_for(before + 1)
    seller.presses("Butuh orang" if seller.last.text.startswith("Jawaban") else "I need a person")
    return seller.waits_for(before + 2)[-1].text


def with_rina(console: Console, seller: Seller) -> Handoff:
    """Bring a seller to a person, and return their hand-off."""
    asks(seller)
    console.takes(seller)
    seller.waits_for(3)
    assert seller.last.text.startswith(HERE)
    return console.of(seller)


def settled(bot: BotInThread) -> None:
    deadline = time.monotonic() + 20
    while bot.storage.unfinished_updates():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def kept(console: Console, handoff: Handoff, count: int) -> list[str]:
    deadline = time.monotonic() + 20
    while len(console.read(handoff)) < count:
        assert time.monotonic() < deadline, f"there are {console.read(handoff)}"
        time.sleep(0.02)
    return console.read(handoff)


def test_who_asks_hears_the_place_in_the_queue_and_that_the_bot_goes_on(
    telegram: FakeTelegram, bot: BotInThread, console: Console, sari: Seller
) -> None:
    budi = telegram.seller("Budi", "en")
    assert asks(sari).startswith(
        "Oke, permintaanmu sudah masuk ke tim kami. Kamu di antrean nomor 1.\n\n"
        "Jujur saja, aku belum bisa bilang kapan mereka membalas.\n\nSambil menunggu, tanya saja terus"
    )
    budi.says("please help")
    budi.waits_for(1)
    budi.presses("I need a person")
    assert budi.waits_for(2)[1].text.startswith("All right, your request is with our team. You are number 2")
    sari.says("pajak berapa?")
    assert sari.waits_for(3)[2].text == "Jawaban: pajak berapa?", "while she waits the bot answers"
    assert console.of(sari).state is State.WAITING


def test_who_asks_again_hears_the_present_place(
    telegram: FakeTelegram, bot: BotInThread, console: Console, sari: Seller
) -> None:
    budi = telegram.seller("Budi")
    asks(sari)
    asks(budi)
    assert "Kamu di antrean nomor 2." in budi.last.text
    console.takes(sari)
    assert asks(budi, "pajak?").startswith("Permintaanmu masih ada di tim kami. Sekarang kamu di antrean nomor 1.")
    assert console.handoffs.waiting() == 1


def test_who_asks_while_a_person_is_there_is_told_so(bot: BotInThread, console: Console, sari: Seller) -> None:
    with_rina(console, sari)
    sari.presses_data("person:1", sari.received[0])
    assert sari.waits_for(4)[3].text.startswith("Orang dari tim kami sudah ada di sini.")


def test_in_words_it_is_about_the_turn_before(
    telegram: FakeTelegram, bot: BotInThread, console: Console, sari: Seller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram_messages.split_talk", lambda text: _Talk("person" if "orang" in text else None))
    sari.says("komisi salah")
    sari.waits_for(1)
    sari.presses("Kurang pas")
    telegram.wait_until(lambda: "Sudah lama" in sari.last.buttons, "the reasons")
    telegram.waits_for_answer(sari.presses("Sudah lama"))
    time.sleep(1.05 - time.time() % 1)  # Telegram's times have whole seconds
    sari.says("halo, mau dibantu orang")
    assert "Kamu di antrean nomor 1" in sari.waits_for(2)[1].text
    handoff = console.of(sari)
    assert (handoff.reason, handoff.turn_id) == (Reason.OUTDATED, 1)
    wish = bot.storage.turn(2)
    assert wish and wish.person_asked_at and wish.sent == sari.last.text


def test_where_nobody_could_ever_answer_nothing_is_promised(bot: BotInThread, sari: Seller) -> None:
    assert "belum ada orang yang langsung membalas" in asks(sari)
    sari.presses_data("person:1", sari.received[0])
    assert sari.waits_for(3)[2].text.startswith("Permintaanmu untuk pertanyaan ini sudah tercatat")
    assert Handoffs(bot.storage.database, group=False).waiting() == 1, "who joins the team later finds it"


def hours(days: range) -> str:
    """Return opening hours on days counted from today, all day."""
    today = datetime.now(JAKARTA).weekday()
    return ", ".join(f"{DAYS[(today + day) % 7]} 00:00-23:59" for day in days)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {"support_hours": hours(range(7))},
            "Tim kami sedang bertugas sekarang. Jam kerjanya: Senin–Minggu 00.00–23.59",
        ),
        ({"support_hours": hours(range(2, 3))}, "Sekarang tim kami sedang tutup, dan buka lagi {day}"),
    ],
)
def test_when_somebody_answers_is_told_as_far_as_it_is_known(
    telegram: FakeTelegram, tmp_path: Path, sari: Seller, changes: dict[str, str], told: str
) -> None:
    opening = datetime.now(JAKARTA) + timedelta(days=2)
    day = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")[opening.weekday()]
    settings = settings_for(tmp_path, telegram.url).model_copy(update=changes)
    with BotInThread(settings) as bot:
        Console(bot)
        text = asks(sari)
    assert told.format(day=f"{day} {opening.day}") in text
    assert "WITA" in text and "WIT)" in text


def test_hours_that_never_come_name_no_day(telegram: FakeTelegram, tmp_path: Path, sari: Seller) -> None:
    today = datetime.now(JAKARTA)
    closed = ", ".join((today + timedelta(days=day)).date().isoformat() for day in range(70))
    changes = {"support_hours": hours(range(7)), "support_closed_on": closed}
    with BotInThread(settings_for(tmp_path, telegram.url).model_copy(update=changes)) as bot:
        Console(bot)
        assert "aku belum tahu kapan buka lagi. Jam kerjanya: Senin–Minggu" in asks(sari)


def test_in_a_group_of_sellers_nobody_is_handed_over(
    telegram: FakeTelegram, bot: BotInThread, console: Console, sari: Seller
) -> None:
    group = telegram.group("Seller Bandung")
    group.hears(sari, "@tanya_bot komisi berapa?")
    group.waits_for(1)
    group.presses_of(sari, "Butuh orang")
    assert "https://t.me/tanya_bot" in group.waits_for(2)[1].text
    telegram.press(sari, "person:1", group.received[0])
    assert "https://t.me/tanya_bot" in group.waits_for(3)[2].text
    turn = bot.storage.turn(1)
    assert turn and turn.person_asked_at
    assert console.handoffs.open() == []


def test_while_a_person_is_there_the_bot_is_silent_and_passes_on(
    telegram: FakeTelegram, bot: BotInThread, console: Console, sari: Seller
) -> None:
    handoff = with_rina(console, sari)
    sari.says("saldo saya tertahan, nomor 081234567890")
    sari.sends(text="katanya komisi naik", entities=[], forward_origin={
        "type": "hidden_user", "sender_user_name": "Grup", "date": 1_780_000_000,
    })  # fmt: skip
    assert kept(console, handoff, 2) == ["saldo saya tertahan, nomor [phone]", "katanya komisi naik"]
    settled(bot)
    assert len(sari.received) == 3 and len(bot.answerer.asked) == 1
    console.writes(sari, "**Sudah** saya [cek](https://x.id) & <b>beres</b>")
    message = sari.waits_for(4)[3]
    assert message.text == "👤 Tim kami:\n**Sudah** saya [cek](https://x.id) & <b>beres</b>"
    assert message.entities == [] and "parse_mode" not in message.parameters


def test_a_secret_is_warned_about_and_not_passed_on(
    telegram: FakeTelegram, bot: BotInThread, console: Console, sari: Seller
) -> None:
    handoff = with_rina(console, sari)
    sari.says("ini otp saya 482913")
    assert "kode OTP" in sari.waits_for(4)[3].text
    first = sari.says("tolong")
    assert kept(console, handoff, 1) == ["tolong"]
    sari.edits(first, "tolong, otp saya 482913")
    assert "kode OTP" in sari.waits_for(5)[4].text
    sari.sends(photo=PHOTO, caption="otp saya 482913")
    assert "kode OTP" in sari.waits_for(6)[5].text
    settled(bot)
    assert console.read(handoff) == ["tolong"]


def test_an_edited_message_is_kept_as_another_one(
    telegram: FakeTelegram, bot: BotInThread, console: Console, sari: Seller
) -> None:
    handoff = with_rina(console, sari)
    first = sari.says("saldo 5 juta")
    kept(console, handoff, 1)
    sari.edits(first, "saldo 6 juta")
    assert kept(console, handoff, 2) == ["saldo 5 juta", "(pesan diubah) saldo 6 juta"]
    assert len(sari.received) == 3


@pytest.mark.parametrize("content", [{"photo": PHOTO}, {"voice": {**FILE, "duration": 3}}, {"document": FILE}])
def test_without_a_group_only_text_reaches_the_team(
    telegram: FakeTelegram, bot: BotInThread, console: Console, sari: Seller, content: dict[str, object]
) -> None:
    handoff = with_rina(console, sari)
    for _ in range(2):
        sari.sends(**content, media_group_id="album-1")
    assert "yang sampai ke mereka hanya tulisan" in sari.waits_for(4)[3].text
    settled(bot)
    assert (console.read(handoff), len(sari.received)) == ([], 4), "an album is told once"


def test_commands_and_old_buttons_still_work(
    telegram: FakeTelegram, bot: BotInThread, console: Console, sari: Seller
) -> None:
    with_rina(console, sari)
    sari.says("/bantuan")
    assert sari.waits_for(4)[3].text.startswith("Begini cara pakainya")
    sari.presses("In English", sari.received[0])
    assert sari.waits_for(5)[4].text == "Answer: komisi berapa?"


def test_the_seller_goes_back_to_the_bot_by_a_button(
    telegram: FakeTelegram, bot: BotInThread, console: Console, sari: Seller
) -> None:
    handoff = with_rina(console, sari)
    here = sari.last
    assert here.buttons == ["🤖 Kembali ke bot"]
    telegram.waits_for_answer(sari.presses("Kembali ke bot"))
    assert sari.waits_for(4)[3].text.startswith(f"{AGAIN} Makasih sudah ngobrol dengan tim kami!")
    telegram.wait_until(lambda: here.buttons == [], "no button")
    closed = console.handoffs.get(handoff.id)
    assert closed and closed.closed_how == "seller"
    sari.says("pajak?")
    assert sari.waits_for(5)[4].text == "Jawaban: pajak?"
    again = telegram.waits_for_answer(sari.presses_data(f"back:{handoff.id}", here))
    assert again["text"].startswith("Aku sudah menjawab lagi")


@pytest.mark.parametrize(
    "data", ["back:1", "back:999", "back:x", "back", "take:1", "giveback:1", "news:1:yes", "news:1"]
)
def test_nobody_acts_on_the_hand_off_of_another(
    telegram: FakeTelegram, bot: BotInThread, console: Console, sari: Seller, data: str
) -> None:
    with_rina(console, sari)
    budi = telegram.seller("Budi")
    budi.says("halo")
    budi.presses_data(data, budi.waits_for(1)[0])
    assert budi.waits_for(2)[1].text.startswith("Tombol itu sudah terlalu lama")
    assert console.of(sari).state is State.TAKEN


def test_staff_give_the_chat_back(bot: BotInThread, console: Console, sari: Seller) -> None:
    with_rina(console, sari)
    console.gives_back(sari)
    assert sari.waits_for(4)[3].text.startswith(AGAIN)
    sari.says("pajak?")
    assert sari.waits_for(5)[4].text == "Jawaban: pajak?"


def test_a_request_that_is_closed_while_waiting_is_told_so(bot: BotInThread, console: Console, sari: Seller) -> None:
    asks(sari)
    console.handoffs.close(console.of(sari).id, "staff")
    assert sari.waits_for(3)[2].text.startswith("Permintaanmu untuk dibantu orang sudah ditutup.")


def test_a_message_in_the_moment_of_giving_back_is_answered_by_the_bot(
    bot: BotInThread, console: Console, sari: Seller, monkeypatch: pytest.MonkeyPatch
) -> None:
    handoff = with_rina(console, sari)
    console.gives_back(sari)
    sari.waits_for(4)
    monkeypatch.setattr(Handoffs, "with_person", lambda self, chat_id: handoff)  # as it was a moment ago
    sari.says("pajak?")
    assert sari.waits_for(5)[4].text == "Jawaban: pajak?"


def test_a_late_message_still_goes_to_the_person(
    telegram: FakeTelegram, bot: BotInThread, console: Console, sari: Seller
) -> None:
    handoff = with_rina(console, sari)
    telegram.later = -48 * 3600
    sari.says("masih ada masalah")
    assert kept(console, handoff, 1) == ["masih ada masalah"]
    assert len(sari.received) == 3


def test_erasing_everything_ends_the_hand_off(bot: BotInThread, console: Console, sari: Seller) -> None:
    handoff = with_rina(console, sari)
    sari.says("/hapus")
    sari.waits_for(4)
    sari.presses("Ya, hapus")
    sari.says("pajak?")
    assert sari.waits_for(5)[4].text == "Jawaban: pajak?"
    assert console.handoffs.get(handoff.id) is None


def test_the_language_of_the_hand_off_is_that_of_the_answer(
    telegram: FakeTelegram, bot: BotInThread, console: Console
) -> None:
    tom = telegram.seller("Tom", "en")
    tom.says("please help")
    tom.waits_for(1)
    tom.presses("I need a person")
    tom.waits_for(2)
    console.takes(tom)
    console.writes(tom, "Hello!")
    assert tom.waits_for(4)[2].text.startswith("👤 Somebody from our team is here now.")
    assert tom.received[2].buttons == ["🤖 Back to the bot"]
    assert tom.last.text == "👤 Our team:\nHello!"
    console.gives_back(tom)
    assert tom.waits_for(5)[4].text.startswith("🤖 I'm answering again now.")


def test_what_staff_write_while_the_bot_is_down_is_sent_when_it_comes_back(
    telegram: FakeTelegram, tmp_path: Path, sari: Seller
) -> None:
    settings = settings_for(tmp_path, telegram.url)
    with BotInThread(settings) as bot:
        console = Console(bot)
        handoff = with_rina(console, sari)
        bot.stop()
        console.writes(sari, "Satu.")
        console.writes(sari, "Dua.")
        sari.says("tiga")
        assert len(sari.received) == 3
    with BotInThread(settings) as bot:
        assert [text.split("\n")[1] for text in [message.text for message in sari.waits_for(5)[3:]]] == [
            "Satu.",
            "Dua.",
        ]
        handoffs = Handoffs(bot.storage.database, group=False)
        telegram.wait_until(lambda: len(handoffs.messages(handoff.id)) == 3, "what she wrote meanwhile")

        def noted() -> bool:  # a moment after Telegram has them
            return all(one.sent_at for one in handoffs.messages(handoff.id) if one.sender == "staff")

        telegram.wait_until(noted, "that what staff wrote is noted as sent")


class _Talk:
    def __init__(self, kind: str | None) -> None:
        self.kind = kind
