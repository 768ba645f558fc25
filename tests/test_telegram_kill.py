"""The update log across `kill -9`: a real process on a real database file, killed at chosen and at random moments."""

import os
import random
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest

from bot.rehearsal.fake_telegram import PATIENCE, Chat, FakeTelegram, Message, Seller
from bot.storage import Storage
from tests.telegram_runner import bot_process, open_storage, settings_for


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    with FakeTelegram() as telegram:
        yield telegram


@pytest.fixture
def sari(telegram: FakeTelegram) -> Seller:
    return telegram.seller("Sari")


class Killable:
    """The bot in a process of its own, started again on the same database after each kill."""

    def __init__(self, telegram: FakeTelegram, folder: Path, staff_chat_id: int | None = None) -> None:
        self._settings = settings_for(folder, telegram.url, staff_chat_id=staff_chat_id)
        self._process: ForkServerProcess | None = None
        self.storage: Storage = open_storage(self._settings)

    def starts(self) -> None:
        self._process = bot_process(self._settings)

    def is_killed(self) -> None:
        assert self._process
        self._process.kill()
        self._process.join(PATIENCE)
        assert self._process.exitcode == -signal.SIGKILL

    def gets(self, number: signal.Signals) -> None:
        assert self._process
        assert self._process.pid
        os.kill(self._process.pid, number)

    def ends_with(self) -> int | None:
        assert self._process
        self._process.join(PATIENCE)
        return self._process.exitcode


@pytest.fixture
def bot(telegram: FakeTelegram, tmp_path: Path) -> Iterator[Killable]:
    bot = Killable(telegram, tmp_path)
    bot.starts()
    yield bot
    if bot._process:
        bot._process.kill()
    bot.storage.close()


@pytest.fixture
def staff(telegram: FakeTelegram) -> Chat:
    return telegram.group("Staf", forum=True)


@pytest.fixture
def staffed(telegram: FakeTelegram, tmp_path: Path, staff: Chat) -> Iterator[Killable]:
    bot = Killable(telegram, tmp_path, staff.id)
    bot.starts()
    yield bot
    if bot._process:
        bot._process.kill()
    bot.storage.close()


def test_killed_before_an_update_arrived(telegram: FakeTelegram, bot: Killable, sari: Seller) -> None:
    hold = telegram.holds("getUpdates", after=True)
    sari.says("satu")
    hold.waits_until_arrived()
    bot.is_killed()
    hold.drop()
    bot.starts()
    assert answers(sari, 1) == ["satu"]


def test_killed_after_recording_and_before_confirming(telegram: FakeTelegram, bot: Killable, sari: Seller) -> None:
    sending = telegram.holds("sendMessage")
    sari.says("satu")
    sending.waits_until_arrived()
    assert telegram.waiting or bot.storage.unfinished_updates()
    bot.is_killed()
    sending.drop()
    assert len(bot.storage.unfinished_updates()) == 1
    sari.says("dua")
    bot.starts()
    assert answers(sari, 2) == ["satu", "dua"], "what is left over comes first, and once, though it is fetched again"


def test_killed_while_several_wait_in_line(telegram: FakeTelegram, bot: Killable, sari: Seller) -> None:
    budi = telegram.seller("Budi")
    holds = [telegram.holds("sendMessage", chat_id=seller.id) for seller in (sari, budi)]
    for number in range(4):
        sari.says(f"{number}")
        budi.says(f"{number}")
    for hold in holds:
        hold.waits_until_arrived()
    until(lambda: len(bot.storage.unfinished_updates()) == 8)
    bot.is_killed()
    for hold in holds:
        hold.drop()
    bot.starts()
    expected = ["0", "1", "2", "3"]
    until(lambda: (answers_of(sari), answers_of(budi)) == (expected, expected))
    time.sleep(0.2)
    assert (answers_of(sari), answers_of(budi)) == (expected, expected)


def test_killed_after_it_was_settled(telegram: FakeTelegram, bot: Killable, sari: Seller) -> None:
    sari.says("satu")
    sari.waits_for(1)
    until(lambda: not bot.storage.unfinished_updates())
    bot.is_killed()
    sari.says("dua")
    bot.starts()
    assert answers(sari, 2) == ["satu", "dua"]


def test_killed_in_the_window_that_is_left_it_rather_answers_twice(
    telegram: FakeTelegram, bot: Killable, sari: Seller
) -> None:
    hold = telegram.holds("sendMessage", after=True)
    sari.says("satu")
    hold.waits_until_arrived()
    bot.is_killed()
    hold.release()
    sari.says("dua")
    bot.starts()
    assert answers(sari, 3) == ["satu", "satu", "dua"]
    assert bot.storage.turn(1), "both stand for the same turn"
    until(lambda: not bot.storage.unfinished_updates())
    turn = bot.storage.turn(1)
    assert turn
    assert turn.message_id == sari.received[1].id


def test_a_button_pressed_before_the_kill_is_worked_on_after_it(
    telegram: FakeTelegram, bot: Killable, sari: Seller
) -> None:
    sari.says("pilih")
    sari.waits_for(1)
    hold = telegram.holds("sendMessage")
    sari.presses("Biaya layanan")
    hold.waits_until_arrived()
    bot.is_killed()
    hold.drop()
    bot.starts()
    assert sari.waits_for(2)[1].text.startswith("Jawaban: faqs/a#two")


def test_killed_again_and_again_at_random_while_several_write(
    telegram: FakeTelegram, bot: Killable, sari: Seller
) -> None:
    dice = random.Random(20261123)
    sellers = [sari, *(telegram.seller(name) for name in ("Budi", "Citra", "Dewi"))]
    kills, each = 6, 36
    for number in range(each):
        for seller in sellers:
            seller.says(f"{number}")
        if number % (each // kills) == each // kills - 1:
            enough = dice.randint(number * 2, number * 4)
            until(partial(has_answered, sellers, enough))
            time.sleep(dice.uniform(0, 0.01))
            bot.is_killed()
            bot.starts()
    expected = [f"{number}" for number in range(each)]
    until(lambda: all(without_repeats(seller) == expected for seller in sellers))
    until(lambda: not bot.storage.unfinished_updates())
    again = answered(sellers) - each * len(sellers)
    assert again <= kills * len(sellers), "at most one answer per chat and kill can fall into the window"


def handed_over(staff: Chat, sari: Seller, rina: Seller) -> int:
    """Bring a seller to a person, and return the thread of her topic."""
    sari.says("satu")
    sari.waits_for(1)
    sari.presses("Butuh orang")
    staff.waits_for(1)
    (thread_id,) = staff.topics
    staff.hears(rina, "Halo!", thread_id)
    sari.waits_for(4)
    staff.waits_for(2)
    return thread_id


def last_lines(messages: Sequence[Message]) -> list[str]:
    return [message.text.split("\n")[-1] for message in messages]


@pytest.mark.parametrize("after", [False, True])
def test_killed_while_a_person_s_message_is_sent_it_comes_once_or_twice(
    telegram: FakeTelegram, staffed: Killable, staff: Chat, sari: Seller, after: bool
) -> None:
    rina = telegram.seller("Rina")
    thread_id = handed_over(staff, sari, rina)
    hold = telegram.holds("sendMessage", after=after, chat_id=sari.id)
    staff.hears(rina, "Sudah beres", thread_id)
    hold.waits_until_arrived()
    staffed.is_killed()
    hold.release() if after else hold.drop()
    staff.hears(rina, "Ada lagi?", thread_id)
    staffed.starts()
    twice = ["Sudah beres"] if after else []
    sari.waits_for(6 + len(twice))
    assert last_lines(sari.received[4:]) == [*twice, "Sudah beres", "Ada lagi?"]


@pytest.mark.parametrize("after", [False, True])
def test_killed_while_the_group_is_told_it_is_told_once_or_twice(
    telegram: FakeTelegram, staffed: Killable, staff: Chat, sari: Seller, after: bool
) -> None:
    handed_over(staff, sari, telegram.seller("Rina"))
    hold = telegram.holds("sendMessage", after=after, chat_id=staff.id)
    sari.says("dua")
    hold.waits_until_arrived()
    staffed.is_killed()
    hold.release() if after else hold.drop()
    sari.says("tiga")
    staffed.starts()
    twice = ["dua"] if after else []
    staff.waits_for(4 + len(twice))
    assert last_lines(staff.received[2:]) == [*twice, "dua", "tiga"]
    assert len(sari.received) == 4, "the bot itself says nothing"


def test_killed_again_and_again_at_random_while_a_seller_and_a_person_write(
    telegram: FakeTelegram, staffed: Killable, staff: Chat, sari: Seller
) -> None:
    dice, rina = random.Random(20261125), telegram.seller("Rina")
    thread_id = handed_over(staff, sari, rina)
    kills, each = 4, 16
    for number in range(each):
        sari.says(f"s{number}")
        staff.hears(rina, f"r{number}", thread_id)
        if number % (each // kills) == each // kills - 1:
            enough = 4 + dice.randint(number // 2, number)
            until(partial(has_received, sari, enough))
            time.sleep(dice.uniform(0, 0.05))
            staffed.is_killed()
            staffed.starts()
    to_sari, to_staff = ([f"{who}{number}" for number in range(each)] for who in "rs")
    until(lambda: list(dict.fromkeys(last_lines(sari.received[4:]))) == to_sari)
    until(lambda: list(dict.fromkeys(last_lines(staff.received[2:]))) == to_staff)
    again = len(sari.received) - 4 - each + len(staff.received) - 2 - each
    assert again <= kills * 2, "at most one letter on each of the two ways and kill"


def has_received(seller: Seller, count: int) -> bool:
    return len(seller.received) >= count


def test_sigterm_ends_it_with_0(telegram: FakeTelegram, bot: Killable, sari: Seller) -> None:
    sari.says("satu")
    sari.waits_for(1)
    bot.gets(signal.SIGTERM)
    assert bot.ends_with() == 0
    assert bot.storage.unfinished_updates() == []


def test_sigint_ends_it_with_0(telegram: FakeTelegram, bot: Killable, sari: Seller) -> None:
    sari.says("satu")
    sari.waits_for(1)
    bot.gets(signal.SIGINT)
    assert bot.ends_with() == 0


def test_a_second_sigterm_ends_it_at_once(telegram: FakeTelegram, bot: Killable, sari: Seller) -> None:
    hold = telegram.holds("sendMessage")
    sari.says("satu")
    hold.waits_until_arrived()
    bot.gets(signal.SIGTERM)
    time.sleep(0.2)
    bot.gets(signal.SIGTERM)
    assert bot.ends_with() == -signal.SIGTERM
    assert len(bot.storage.unfinished_updates()) == 1


def answers(seller: Seller, count: int) -> list[str]:
    """Wait for that many answers and a moment longer, and return what they answer."""
    seller.waits_for(count)
    time.sleep(0.2)
    return [text.removeprefix("Jawaban: ") for text in seller.texts]


def has_answered(sellers: Sequence[Seller], count: int) -> bool:
    return answered(sellers) >= count


def answered(sellers: Sequence[Seller]) -> int:
    return sum(len(answers_of(seller)) for seller in sellers)


def answers_of(seller: Seller) -> list[str]:
    """Return what was answered; that it takes a while is said too, and is no answer."""
    return [text.removeprefix("Jawaban: ") for text in seller.texts if text.startswith("Jawaban")]


def without_repeats(seller: Seller) -> list[str]:
    said = answers_of(seller)
    return [text for position, text in enumerate(said) if position == 0 or said[position - 1] != text]


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)
