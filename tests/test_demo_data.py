import re
import shutil
import sqlite3
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.answerer import Answerer
from bot.answers import Outcome, Question
from bot.desk.auditing import Audit
from bot.desk.gaps import Gaps
from bot.desk.handoffs import Handoffs, State
from bot.desk.people import People, Role
from bot.desk.proposals import Proposals
from bot.desk.queues import Queues
from bot.desk.reviewing import Reviews, Verdict
from bot.rehearsal.made_up import demo_file
from bot.rehearsal.made_up.filling import Filled, Options, fill
from bot.rehearsal.made_up.scripts import DECLINE, GAP, bursts, dialogues, rescues, themes
from bot.rehearsal.made_up.timeline import WORK, Days, Timeline
from bot.rehearsal.made_up.world import made_up_chat
from bot.remembered import StorageError, StoredTurn
from bot.storage import Storage
from indexer.building import gather
from indexer.clock import JAKARTA
from indexer.settings import PROJECT
from tests.published_index import PublishedIndex

pytest_plugins = ["tests.small_index"]

UNTIL = datetime(2026, 11, 25, 14, 30, tzinfo=UTC)
SOME = Options(days=6, seed=7, sellers=16)
FEW = Options(days=2, seed=7, sellers=6)


def made_up(index: PublishedIndex, path: Path, options: Options) -> Filled:
    embedder = index.retriever.embedder
    answerer = Answerer(lambda: index.retriever)
    return fill(demo_file.url_of(path), answerer, embedder.encode_queries, embedder.fingerprint, UNTIL, options)


class Demo:
    """A database of made-up conversations, opened."""

    def __init__(self, index: PublishedIndex, path: Path) -> None:
        self.path = path
        self.filled = made_up(index, path, SOME)
        self.storage = Storage(demo_file.url_of(path))
        self.database = self.storage.database
        self.embedder = index.retriever.embedder
        self.turns = turns_of(self.storage)


def turns_of(storage: Storage) -> list[StoredTurn]:
    return list(storage.turns_between(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)))


def bytes_of(path: Path) -> bytes:
    """Return all that is in a database's files."""
    return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))


@pytest.fixture(scope="module")
def demo(small_index: PublishedIndex, tmp_path_factory: pytest.TempPathFactory) -> Demo:
    return Demo(small_index, tmp_path_factory.mktemp("demo") / "demo.db")


@pytest.fixture
def real_turns(small_index: PublishedIndex, tmp_path: Path) -> Path:
    """Give a database in which somebody real asked something."""
    path = tmp_path / "demo.db"
    storage = Storage(demo_file.url_of(path))
    storage.migrate()
    answer = small_index.answerer.answer(Question("kapan saldo cair?", date(2026, 11, 25)))
    storage.add_turn(6123456789, "telegram", "kapan saldo cair?", answer, UNTIL, UNTIL)
    storage.close()
    return path


# What is in it


def test_there_are_turns_of_each_outcome_and_language(demo: Demo) -> None:
    assert {turn.outcome for turn in demo.turns} == set(Outcome)
    assert {turn.language for turn in demo.turns} == {"id", "en"}
    assert demo.filled.turns == len(demo.turns) > 60


def test_turns_are_stored_as_the_bot_stores_them(demo: Demo) -> None:
    asked = [turn for turn in demo.turns if turn.reading]

    assert all(turn.channel == "telegram" and turn.message_id and turn.latency_ms > 0 for turn in demo.turns)
    assert all(turn.reading and turn.reading["today"] == day_of(turn).isoformat() for turn in asked)
    assert any(turn.reading and turn.reading["earlier"] for turn in asked)


def day_of(turn: StoredTurn) -> date:
    return turn.asked_at.astimezone(JAKARTA).date()


def test_everything_happened_in_those_days(demo: Demo) -> None:
    days = Days(UNTIL.replace(day=19), UNTIL)
    handoffs = Handoffs(demo.database, group=False)

    assert all(days.start <= turn.asked_at <= turn.answered_at for turn in demo.turns)
    assert all(turn.asked_at <= days.end for turn in demo.turns)
    assert all(days.start <= one.asked_at <= days.end for one in [*handoffs.open(), *handoffs.closed()])
    assert all(days.start <= entry.at <= days.end for entry in Audit(demo.database).page(limit=1000))


def test_sellers_rated_answers_both_ways(demo: Demo) -> None:
    given = [rating for turn in demo.turns for rating in turn.ratings]

    assert {rating.rating for rating in given} == {"right", "not_right"}


def test_groups_and_sellers_are_no_real_ones(demo: Demo) -> None:
    assert all(made_up_chat(turn.chat_id) for turn in demo.turns)
    assert not made_up_chat(6123456789) and not made_up_chat(-1001234567890)
    assert not made_up_chat(None)


def test_hand_offs_are_in_each_state_with_what_was_written(demo: Demo) -> None:
    handoffs = Handoffs(demo.database, group=False)
    found = [*handoffs.open(), *handoffs.closed()]
    written = [message for one in found for message in handoffs.messages(one.id)]

    assert {one.state for one in found} == set(State)
    assert {one.closed_how for one in found} == {None, "staff", "seller"}
    assert len({one.reason for one in found}) >= 5
    assert {message.sender for message in written} == {"seller", "staff"}
    assert all(message.sent_at or message.failed for message in written if message.sender == "staff")


def test_staff_work_by_day(demo: Demo) -> None:
    taken = [one.taken_at for one in Handoffs(demo.database, group=False).closed() if one.taken_at]

    assert taken and all(WORK.is_open(moment) for moment in taken)


def test_two_thirds_of_the_tasks_are_read_and_readers_differ(demo: Demo) -> None:
    queues = Queues(demo.database).all()
    done, left = sum(queue.done for queue in queues), sum(queue.open for queue in queues)
    given = [
        review for said in Reviews(demo.database).of_turns(turn.id for turn in demo.turns).values() for review in said
    ]

    assert len(queues) == 4 and done and left and done / (done + left) > 0.35
    assert Verdict.RIGHT in {review.verdict for review in given}
    assert len({review.verdict for review in given}) > 1
    assert len(given) >= demo.filled.reviews > 0


def test_many_ask_what_nobody_answered(demo: Demo) -> None:
    gaps = Gaps(demo.database, demo.embedder.encode_queries, demo.embedder.fingerprint, lambda: UNTIL)
    most = gaps.all()[0]

    assert len(most.questions) >= 3
    assert len({question.text for question in most.questions}) >= 3


def test_the_staff_are_made_up_and_say_so(demo: Demo) -> None:
    people = People(demo.database).all()

    assert sorted(person.role for person in people) == [Role.ADMIN, Role.LEAD, *[Role.REVIEWER] * 3]
    assert all(person.name.endswith(("(contoh)", "(example)")) for person in people)
    assert {person.reads for person in people} == {("id",), ("en",), ("id", "en")}


def test_what_should_change_is_proposed(demo: Demo) -> None:
    proposals = Proposals(demo.database, demo.embedder.encode_queries)

    assert proposals.all("accepted")
    assert proposals.exported()["proposals"]


# What is not in it


def test_no_personal_data_is_left_in_the_file(demo: Demo) -> None:
    found = bytes_of(demo.path).decode("utf-8", "ignore")
    phones = [one for one in demo.filled.planted if re.match(r"\+62|08", one)]

    assert phones and len(demo.filled.planted) > 8
    assert [one for one in demo.filled.planted if one in found] == []
    assert {"[phone]", "[order]", "[receipt]"} <= set(re.findall(r"\[\w+\]", found))


def test_passwords_are_by_chance_and_only_their_hashes_are_kept(demo: Demo) -> None:
    found = bytes_of(demo.path)
    passwords = [person.password for person in demo.filled.staff]

    assert len(set(passwords)) == len(passwords) == 5 and min(map(len, passwords)) >= 16
    assert not any(password.encode() in found for password in passwords)
    assert People(demo.database).verified(demo.filled.staff[0].name, passwords[0])


# Again


def conversations(path: Path) -> list[tuple[object, ...]]:
    storage = Storage(demo_file.url_of(path))
    found: list[tuple[object, ...]] = [
        (turn.chat_id, turn.asked, turn.sent, turn.asked_at, turn.latency_ms, turn.reading, turn.ratings)
        for turn in turns_of(storage)
    ]
    storage.close()
    return found


def test_the_same_seed_makes_up_the_same(small_index: PublishedIndex, tmp_path: Path) -> None:
    paths = [tmp_path / str(number) / "demo.db" for number in range(2)]
    once = made_up(small_index, paths[0], FEW)
    again = made_up(small_index, paths[1], FEW)

    assert conversations(paths[0]) == conversations(paths[1])
    assert once.planted == again.planted
    assert {one.password for one in once.staff}.isdisjoint(one.password for one in again.staff)


# Where it may be written


def test_a_database_with_turns_is_not_filled(small_index: PublishedIndex, real_turns: Path) -> None:
    before = bytes_of(real_turns)

    with pytest.raises(StorageError, match="not empty"):
        made_up(small_index, real_turns, FEW)
    with pytest.raises(StorageError, match="was not made up here"):
        demo_file.clear(real_turns)
    assert bytes_of(real_turns)[:100] == before[:100] and real_turns.exists()


def test_a_database_with_real_staff_is_not_cleared(tmp_path: Path) -> None:
    path = tmp_path / "demo.db"
    storage = Storage(demo_file.url_of(path))
    storage.migrate()
    People(storage.database).add("Wulan", Role.ADMIN, "a long password")
    storage.close()

    with pytest.raises(StorageError, match="was not made up here"):
        demo_file.clear(path)


def test_what_is_no_database_of_ours_is_left_alone(tmp_path: Path) -> None:
    path, content = tmp_path / "demo.db", b"words that are no database at all"
    path.write_bytes(content)

    with pytest.raises(StorageError, match="was not made up here, or that cannot be read"):
        demo_file.clear(path)
    assert path.read_bytes() == content


def test_only_one_name_is_written_to(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"transcripts\.db is not named demo\.db"):
        demo_file.clear(tmp_path / "transcripts.db")


def test_an_empty_file_may_be_filled(tmp_path: Path) -> None:
    path = tmp_path / "demo.db"
    path.touch()

    demo_file.clear(path)
    assert not demo_file.holds_made_up(path)


def test_a_timeline_ends_at_its_end() -> None:
    timeline, happened = Timeline(UNTIL.replace(hour=1), UNTIL), []
    timeline.at(UNTIL.replace(hour=3), lambda: happened.append("second"))
    timeline.at(UNTIL.replace(hour=2), lambda: timeline.after(60, lambda: happened.append("first")))
    timeline.at(UNTIL.replace(hour=23), lambda: happened.append("too late"))
    timeline.run()

    assert (happened, timeline.clock()) == (["first", "second"], UNTIL)


# The command


def demo_data(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["demo-data", "--days", "2", "--sellers", "5", *arguments])
    return result.exit_code, result.stdout + result.stderr


@pytest.fixture
def data_dir(small_index: PublishedIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "with-index"
    shutil.copytree(small_index.data_dir, folder)
    monkeypatch.setenv("DATA_DIR", str(folder))
    return folder


def passwords_in(text: str) -> Sequence[str]:
    return re.findall(r"│ ([\w-]{16}) +│", text)


def test_the_command_says_that_it_is_made_up_and_prints_passwords_once(data_dir: Path) -> None:
    code, said = demo_data()
    path = data_dir / "demo.db"

    assert code == 0
    assert "made-up conversations" in said and "Nobody said any of this" in said
    storage = Storage(demo_file.url_of(path))
    assert People(storage.database).verified("Dimas (contoh)", passwords_in(said)[1])
    turns = turns_of(storage)
    storage.close()

    code, kept = demo_data("--no-fresh")

    assert code == 0 and "stay as they are" in kept
    assert set(passwords_in(kept)).isdisjoint(passwords_in(said)) and len(passwords_in(kept)) == 5
    storage = Storage(demo_file.url_of(path))
    assert turns_of(storage) == turns
    storage.close()


def test_the_command_refuses_a_real_database_in_one_sentence(data_dir: Path, real_turns: Path) -> None:
    shutil.copy(real_turns, data_dir / "demo.db")

    code, said = demo_data()

    assert code == 1 and "was not made up here" in said and "Traceback" not in said
    with sqlite3.connect(data_dir / "demo.db") as connection:
        assert connection.execute("SELECT count(*) FROM turns").fetchone() == (1,)


# What is written for it


def test_every_file_says_at_its_head_that_it_is_made_up() -> None:
    files = sorted((PROJECT / "bot" / "rehearsal" / "made_up").glob("*.yaml"))

    assert len(files) == 6
    assert all(file.read_text(encoding="utf-8").startswith("# MADE UP.") for file in files)


def test_every_section_that_a_dialogue_names_is_in_the_knowledge() -> None:
    there = gather(PROJECT / "knowledge", PROJECT).snapshot.sections
    lines = [line for one in dialogues() for line in one.lines] + [line for one in rescues() for line in one.lines]
    named = {section for line in lines for section in line.right} - {GAP, DECLINE}

    assert sorted(named - set(there)) == []


def test_there_is_enough_to_say() -> None:
    names = [one.name for one in dialogues()]

    assert len(names) == len(set(names)) >= 100
    assert sum(len(line.ways) for one in dialogues() for line in one.lines) >= 450
    assert len([one for one in rescues() if one.then]) >= 12
    assert all(len(theme.asks) >= 10 for theme in themes())
    assert {name for burst in bursts() for name in burst.asks} <= set(names)
