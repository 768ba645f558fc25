"""The outbox and the news of gaps in the database, and letters that cannot be delivered."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, select, update

from bot.desk.gap_news import GapNews, GapOffer
from bot.desk.handoffs import Handoffs
from bot.desk.outbox import Kind, NewLetter, Outbox, put
from bot.desk.tables import gap_turns, gaps, outbox
from bot.markup import split_plain, utf16_length
from bot.rehearsal.fake_telegram import FakeTelegram, Seller
from bot.storage import Storage
from tests.answers_given import add
from tests.telegram_runner import BotInThread

pytest_plugins = ["tests.databases", "tests.telegram_fixtures"]

AT = datetime(2026, 11, 23, 3, tzinfo=UTC)


def post(storage: Storage, *letters: NewLetter) -> None:
    with storage.database.writing() as connection:
        for letter in letters:
            put(connection, AT, letter)


def filled(storage: Storage, chat_id: int = 7, text: str = "kapan cair?", english: str | None = None) -> int:
    """Store a turn that is in an answered gap, and return its id."""
    turn_id = add(storage, chat_id, text)
    with storage.database.writing() as connection:
        values = {"state": "answered", "centre": b"", "model": "m", "answer_id": "Besok **pagi**.", "created_at": AT}
        gap = insert(gaps).values(**values, answer_en=english).returning(gaps.c.id)
        gap_id = connection.execute(gap).scalar_one()
        row = {"turn_id": turn_id, "gap_id": gap_id, "why": "declined", "news": "offered"}
        connection.execute(insert(gap_turns).values(**row))
    return turn_id


def news_of(storage: Storage, turn_id: int) -> str:
    with storage.database.reading() as connection:
        found = connection.execute(select(gap_turns.c.news).where(gap_turns.c.turn_id == turn_id))
        return str(found.scalar_one())


def kinds(storage: Storage) -> list[Kind]:
    return [letter.kind for letter in Outbox(storage.database).waiting(to_group=False)]


def failed(storage: Storage) -> list[str | None]:
    with storage.database.reading() as connection:
        return list(connection.execute(select(outbox.c.failed).order_by(outbox.c.id)).scalars())


def test_letters_wait_in_their_order_for_sellers_and_for_the_group_apart(storage: Storage) -> None:
    handoff, _ = Handoffs(storage.database, group=False).ask(7, "id", None)
    post(storage, NewLetter(Kind.TAKEN, 7, handoff.id), NewLetter(Kind.STATE, None, handoff.id))
    post(storage, NewLetter(Kind.GIVEN_BACK, 7, handoff.id))
    box = Outbox(storage.database)
    assert [(letter.chat_id, letter.kind) for letter in box.waiting(to_group=False)] == [
        (7, Kind.TAKEN), (7, Kind.GIVEN_BACK),
    ]  # fmt: skip
    assert [letter.kind for letter in box.waiting(to_group=True)] == [Kind.STATE]
    assert len(box.waiting(to_group=False, limit=1)) == 1


def test_what_was_sent_or_can_never_be_sent_waits_no_longer(storage: Storage) -> None:
    handoff, _ = Handoffs(storage.database, group=False).ask(7, "id", None)
    post(storage, NewLetter(Kind.TAKEN, 7, handoff.id), NewLetter(Kind.GIVEN_BACK, 7, handoff.id))
    box = Outbox(storage.database)
    first, second = box.waiting(to_group=False)
    box.sent(first.id)
    box.failed(second.id, "x" * 40, tell=NewLetter(Kind.STATE, handoff_id=handoff.id))
    assert box.waiting(to_group=False) == []
    assert [letter.kind for letter in box.waiting(to_group=True)] == [Kind.STATE], "the staff are told"
    assert failed(storage) == [None, "x" * 32, None]


def test_an_answer_is_offered_in_the_language_of_the_question_or_else_in_the_other(storage: Storage) -> None:
    turn_id = filled(storage)
    news = GapNews(storage.database)
    assert news.offered(turn_id) == GapOffer(turn_id, 7, "id", "kapan cair?", "Besok **pagi**.")
    with storage.database.writing() as connection:
        connection.execute(update(gaps).values(answer_id=None, answer_en="Tomorrow."))
    offer = news.offered(turn_id)
    assert offer and offer.answer == "Tomorrow."
    with storage.database.writing() as connection:
        connection.execute(update(gaps).values(answer_en=None))
    assert news.offered(turn_id) is None
    assert news.offered(add(storage)) is None, "a turn of no gap"


def test_a_yes_sends_the_answer_once(storage: Storage) -> None:
    turn_id, news = filled(storage), GapNews(storage.database)
    for _ in range(2):
        assert news.answered(turn_id, 7, wanted=True)
    assert (news_of(storage, turn_id), kinds(storage)) == ("wanted", [Kind.NEWS_ANSWER])
    assert news.answered(turn_id, 7, wanted=False)
    assert news_of(storage, turn_id) == "wanted", "it was sent already"


def test_a_no_can_become_a_yes(storage: Storage) -> None:
    turn_id, news = filled(storage), GapNews(storage.database)
    assert news.answered(turn_id, 7, wanted=False)
    assert (news_of(storage, turn_id), kinds(storage)) == ("refused", [])
    assert news.answered(turn_id, 7, wanted=True)
    assert (news_of(storage, turn_id), kinds(storage)) == ("wanted", [Kind.NEWS_ANSWER])


def test_nobody_answers_for_another(storage: Storage) -> None:
    turn_id, news = filled(storage), GapNews(storage.database)
    assert news.answered(turn_id, 8, wanted=True) is None
    assert news.answered(999, 7, wanted=True) is None
    assert (news_of(storage, turn_id), kinds(storage)) == ("offered", [])


@pytest.mark.parametrize(
    "text",
    ["x" * 9000, "kata " * 2000, "😀" * 5000, "baris\n" * 1500, "a" * 4096, "a" * 4095 + "😀", "satu **dua** tiga"],
)
def test_plain_words_are_cut_to_what_telegram_takes_and_nothing_is_lost(text: str) -> None:
    pieces = split_plain(text)
    assert all(0 < utf16_length(piece) <= 4096 for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert all("kata" in piece.split()[-1] for piece in pieces if text.startswith("kata")), "at a word"


def test_news_are_offered_and_the_answer_comes_on_yes(telegram: FakeTelegram, bot: BotInThread, sari: Seller) -> None:
    sari.says("halo")
    sari.waits_for(1)
    turn_id = filled(bot.storage, sari.id, "kapan **cair**?")
    post(bot.storage, NewLetter(Kind.NEWS, sari.id, turn_id=turn_id))
    offer = sari.waits_for(2)[1]
    assert "«kapan **cair**?»" in offer.text and offer.buttons == ["Ya, mau", "Tidak usah"]
    budi = telegram.seller("Budi")
    budi.says("halo")
    budi.presses_data(f"news:{turn_id}:yes", budi.waits_for(1)[0])
    assert "sudah terlalu lama" in budi.waits_for(2)[1].text
    telegram.waits_for_answer(sari.presses("Ya, mau"))
    answer = sari.waits_for(3)[2]
    assert answer.text.endswith("Besok pagi.") and answer.entities[0]["type"] == "bold"
    telegram.wait_until(lambda: offer.buttons == [], "no buttons")
    for data in ("yes", "yes", "no", "maybe"):
        telegram.waits_for_answer(sari.presses_data(f"news:{turn_id}:{data}", offer))
    assert "sudah terlalu lama" in sari.waits_for(4)[3].text, "of the last, which is no answer; the others do nothing"


def test_news_that_are_not_wanted_are_not_sent(telegram: FakeTelegram, bot: BotInThread, sari: Seller) -> None:
    sari.says("halo")
    sari.waits_for(1)
    turn_id = filled(bot.storage, sari.id)
    post(bot.storage, NewLetter(Kind.NEWS, sari.id, turn_id=turn_id))
    sari.waits_for(2)
    assert telegram.waits_for_answer(sari.presses("Tidak usah"))["text"] == "Oke, tidak kukirim."
    sari.says("lagi")
    assert sari.waits_for(3)[2].text == "Jawaban: lagi"
    assert news_of(bot.storage, turn_id) == "refused"


def test_a_seller_who_is_gone_holds_nobody_up_and_is_noted(
    telegram: FakeTelegram, bot: BotInThread, sari: Seller
) -> None:
    budi = telegram.seller("Budi")
    for seller in (sari, budi):
        seller.says("halo")
        seller.waits_for(1)
    sari.blocks()
    first, second = filled(bot.storage, sari.id), filled(bot.storage, budi.id)
    post(
        bot.storage, *(NewLetter(Kind.NEWS, chat, turn_id=turn) for chat, turn in ((sari.id, first), (budi.id, second)))
    )
    budi.waits_for(2)
    assert failed(bot.storage) == ["gone", None]


def test_what_telegram_refuses_is_noted_and_what_has_become_pointless_is_left(
    telegram: FakeTelegram, bot: BotInThread, sari: Seller, caplog: pytest.LogCaptureFixture
) -> None:
    sari.says("halo")
    sari.waits_for(1)
    telegram.refuses("sendMessage", 400, "Bad Request: BUTTON_DATA_INVALID")
    turn_id = filled(bot.storage, sari.id, "rahasiaku")
    empty = add(bot.storage, sari.id)
    post(bot.storage, *(NewLetter(Kind.NEWS, sari.id, turn_id=turn) for turn in (turn_id, empty, turn_id)))
    sari.waits_for(2)
    assert failed(bot.storage) == ["refused", None, None]
    assert "letter 1 (news): Telegram refuses it (Button_data_invalid)" in caplog.text
    assert "rahasiaku" not in caplog.text


def test_a_letter_over_which_the_bot_stumbles_is_left_after_some_attempts(
    bot: BotInThread, sari: Seller, caplog: pytest.LogCaptureFixture
) -> None:
    sari.says("halo")
    sari.waits_for(1)
    handoff, _ = Handoffs(bot.storage.database, group=False).ask(sari.id, "id", None)
    post(bot.storage, NewLetter(Kind.REQUEST, sari.id, handoff.id), NewLetter(Kind.TAKEN, sari.id, handoff.id))
    sari.waits_for(2)
    assert failed(bot.storage) == ["error", None], "a letter for the group that is addressed to a seller"
    assert "attempt 5: KeyError at" in caplog.text


def test_the_outbox_goes_on_after_a_fault_of_the_database(
    bot: BotInThread, sari: Seller, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting, faults = Outbox.waiting, iter([True, True])

    def broken(self: Outbox, to_group: bool, limit: int = 50) -> object:
        if next(faults, False):
            raise ValueError("something of tomorrow")
        return waiting(self, to_group, limit)

    monkeypatch.setattr(Outbox, "waiting", broken)
    sari.says("halo")
    sari.waits_for(1)
    post(bot.storage, NewLetter(Kind.NEWS, sari.id, turn_id=filled(bot.storage, sari.id)))
    sari.waits_for(2)
