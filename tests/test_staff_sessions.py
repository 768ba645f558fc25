from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.desk.people import People, Person, Refused, Role
from bot.desk.sessions import LONGEST_IDLE, LONGEST_SESSION, Sessions
from bot.desk.tables import sign_in_failures, staff_sessions
from bot.storage import Storage
from tests.desk_given import PASSWORD, Clock, Join

pytest_plugins = ["tests.databases", "tests.desk_staff"]


@pytest.fixture
def sessions(storage: Storage, people: People, clock: Clock) -> Sessions:
    return Sessions(storage.database, people, "a secret", clock)


@pytest.fixture
def ani(join: Join) -> Person:
    return join("Ani", Role.ADMIN)


def fail(sessions: Sessions, name: str, address: str, times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(Refused, match="sign_in"):
            sessions.sign_in(name, "wrong", address)


def test_who_signs_in_has_a_session(sessions: Sessions, ani: Person) -> None:
    token, person = sessions.sign_in("ani", PASSWORD, "10.0.0.1")

    assert person == ani
    assert sessions.person(token) == ani


@pytest.mark.parametrize("token", ["", "guessed", "x" * 10_000, "a\x00", "é"])
def test_a_token_that_was_not_given_is_nobodys(sessions: Sessions, ani: Person, token: str) -> None:
    sessions.sign_in("Ani", PASSWORD, "10.0.0.1")

    assert sessions.person(token) is None


def test_a_session_ends_when_nothing_is_done_for_long(sessions: Sessions, ani: Person, clock: Clock) -> None:
    token, _ = sessions.sign_in("Ani", PASSWORD, "10.0.0.1")
    clock.now += LONGEST_IDLE - timedelta(seconds=1)
    assert sessions.person(token) == ani
    clock.now += LONGEST_IDLE - timedelta(seconds=1)
    assert sessions.person(token) == ani
    clock.now += LONGEST_IDLE
    assert sessions.person(token) is None


def test_a_session_ends_however_much_is_done(sessions: Sessions, ani: Person, clock: Clock) -> None:
    token, _ = sessions.sign_in("Ani", PASSWORD, "10.0.0.1")
    end = clock.now + LONGEST_SESSION
    while clock.now < end - timedelta(hours=1):
        clock.pass_by(hours=1)
        assert sessions.person(token) == ani
    clock.now = end
    assert sessions.person(token) is None


def test_signing_out_ends_one_session(sessions: Sessions, ani: Person) -> None:
    here, there = (sessions.sign_in("Ani", PASSWORD, "10.0.0.1")[0] for _ in range(2))
    sessions.end(here)
    sessions.end("unknown")

    assert (sessions.person(here), sessions.person(there)) == (None, ani)


def test_signing_out_everywhere_may_keep_the_session_at_hand(sessions: Sessions, ani: Person, join: Join) -> None:
    budi = join("Budi")
    tokens = [sessions.sign_in("Ani", PASSWORD, "10.0.0.1")[0] for _ in range(3)]
    other, _ = sessions.sign_in("Budi", PASSWORD, "10.0.0.1")

    assert sessions.end_all(ani.id, keep=tokens[1]) == 2
    assert [sessions.person(token) for token in tokens] == [None, ani, None]
    assert sessions.end_all(ani.id) == 1
    assert [sessions.person(token) for token in tokens] == [None] * 3
    assert sessions.person(other) == budi


def test_who_left_has_no_session_any_more(sessions: Sessions, ani: Person, people: People, join: Join) -> None:
    join("Budi", Role.ADMIN)
    token, _ = sessions.sign_in("Ani", PASSWORD, "10.0.0.1")
    people.change(ani.id, active=False)

    assert sessions.person(token) is None
    fail(sessions, "Ani", "10.0.0.1")


def test_a_session_knows_what_its_person_may_do_now(sessions: Sessions, people: People, join: Join) -> None:
    join("Root", Role.ADMIN)
    budi = join("Budi")
    token, _ = sessions.sign_in("Budi", PASSWORD, "10.0.0.1")
    people.change(budi.id, role=Role.LEAD)
    person = sessions.person(token)

    assert person is not None
    assert person.role is Role.LEAD


def test_tokens_are_not_in_the_database(sessions: Sessions, ani: Person, storage: Storage, people: People) -> None:
    token, _ = sessions.sign_in("Ani", PASSWORD, "10.0.0.1")
    with storage.database.reading() as connection:
        kept = str(connection.execute(select(staff_sessions)).all())

    assert token not in kept
    assert sessions.form_token(token) not in kept
    assert Sessions(storage.database, people, "another secret").person(token) is None


def test_guessing_one_name_is_braked_from_any_address_and_recovers(
    sessions: Sessions, ani: Person, clock: Clock
) -> None:
    for number in range(5):
        fail(sessions, "ANI", f"10.0.0.{number}")
    with pytest.raises(Refused) as refused:
        sessions.sign_in("ani", PASSWORD, "10.0.0.99")
    assert (refused.value.key, refused.value.values) == ("too_many_tries", {"minutes": 15})

    clock.pass_by(minutes=15)
    assert sessions.sign_in("ani", PASSWORD, "10.0.0.99")[1] == ani


def test_the_right_password_begins_the_count_anew(sessions: Sessions, ani: Person) -> None:
    for _ in range(3):
        fail(sessions, "Ani", "10.0.0.1", times=4)
        sessions.sign_in("Ani", PASSWORD, "10.0.0.1")


def test_guessing_many_names_from_one_address_is_braked_and_recovers(
    sessions: Sessions, ani: Person, clock: Clock
) -> None:
    for number in range(20):
        fail(sessions, f"name {number}", "10.0.0.1")
    with pytest.raises(Refused, match="too_many_tries"):
        sessions.sign_in("Ani", PASSWORD, "10.0.0.1")
    assert sessions.sign_in("Ani", PASSWORD, "10.0.0.2")[1] == ani

    clock.pass_by(minutes=15)
    assert sessions.sign_in("Ani", PASSWORD, "10.0.0.1")[1] == ani


def test_names_that_are_not_there_are_braked_too(sessions: Sessions, ani: Person) -> None:
    fail(sessions, "Nobody", "10.0.0.1", times=5)
    with pytest.raises(Refused, match="too_many_tries"):
        sessions.sign_in("nobody", "wrong", "10.0.0.1")


@pytest.mark.parametrize("name", ["", "a\x00b", "\ud800", "x" * 10_000, "' OR 1=1 --"])
def test_strange_names_do_no_harm(sessions: Sessions, ani: Person, name: str) -> None:
    fail(sessions, name, "2001:db8::1" * 20)


def test_old_failures_and_sessions_are_cleared_away(
    sessions: Sessions, ani: Person, clock: Clock, storage: Storage
) -> None:
    fail(sessions, "Nobody", "10.0.0.1")
    sessions.sign_in("Ani", PASSWORD, "10.0.0.1")
    clock.pass_by(days=1, seconds=1)
    sessions.sign_in("Ani", PASSWORD, "10.0.0.1")
    with storage.database.reading() as connection:
        assert connection.execute(select(sign_in_failures)).all() == []
        assert len(connection.execute(select(staff_sessions)).all()) == 1


def test_each_session_has_a_form_token_of_its_own(sessions: Sessions, ani: Person) -> None:
    here, there = (sessions.sign_in("Ani", PASSWORD, "10.0.0.1")[0] for _ in range(2))

    assert sessions.form_token(here) == sessions.form_token(here)
    assert len({sessions.form_token(here), sessions.form_token(there), here, there}) == 4
