import contextlib
import threading
from collections.abc import Callable

import pytest
from sqlalchemy import select

from bot.desk import people as people_module
from bot.desk.people import LONGEST_NAME, LONGEST_PASSWORD, People, Person, Refused, Role, hash_password
from bot.desk.tables import staff
from bot.storage import Storage
from tests.desk_given import PASSWORD, Clock, Join

pytest_plugins = ["tests.databases", "tests.desk_staff"]


def test_each_role_may_do_what_the_ones_before_may() -> None:
    covered = {role: [other for other in Role if role.covers(other)] for role in Role}

    assert covered == {
        Role.REVIEWER: [Role.REVIEWER],
        Role.LEAD: [Role.REVIEWER, Role.LEAD],
        Role.ADMIN: [Role.REVIEWER, Role.LEAD, Role.ADMIN],
    }


def test_somebody_is_added_as_described(people: People, clock: Clock) -> None:
    person = people.add("  Ani   Wijaya ", Role.LEAD, PASSWORD, ["en"])

    assert (person.name, person.role, person.reads, person.language, person.active) == (
        "Ani Wijaya", Role.LEAD, ("en",), "id", True,
    )  # fmt: skip
    assert person.created_at == clock.now
    assert people.get(person.id) == person
    assert people.all() == [person]


def test_names_are_the_same_whatever_their_capitals_and_spaces(people: People, join: Join) -> None:
    ani = join("Ani Wijaya")

    assert people.named(" ANI  wijaya") == ani
    assert people.verified("ani WIJAYA", PASSWORD) == ani
    with pytest.raises(Refused, match="name_taken"):
        join("aNI wijaya")
    assert people.named("Budi") is None


@pytest.mark.parametrize("name", ["", "  ", "x" * (LONGEST_NAME + 1)])
def test_a_name_that_is_empty_or_too_long_is_refused(people: People, name: str) -> None:
    with pytest.raises(Refused, match="name"):
        people.add(name, Role.REVIEWER, PASSWORD)


def test_the_longest_name_is_taken(people: People, join: Join) -> None:
    longest = join("ß" * LONGEST_NAME)  # without capitals it is twice as long

    assert people.named("SS" * LONGEST_NAME) == longest


@pytest.mark.parametrize("name", ["a\x00b", "a\ud800b"])
def test_a_name_that_no_database_takes_does_no_harm(people: People, name: str) -> None:
    added = people.add(name, Role.REVIEWER, PASSWORD)

    assert people.named(name) == added
    assert people.verified(name, PASSWORD) == added
    assert people.verified(f"{name}c", PASSWORD) is None


def test_two_who_add_the_same_name_at_once_do_not_trip_over_each_other(people: People) -> None:
    results: list[object] = []

    def add() -> None:
        try:
            results.append(people.add("Ani", Role.REVIEWER, PASSWORD))
        except Refused as refused:
            results.append(refused.key)

    _at_once(add, 6)

    assert len(people.all()) == 1
    assert results.count("name_taken") == 5


def test_the_hash_is_kept_and_never_the_password(people: People, join: Join, storage: Storage) -> None:
    join("Ani")
    join("Budi")
    with storage.database.reading() as connection:
        rows = connection.execute(select(staff)).all()

    assert all(row.password_hash.startswith("$argon2id$") for row in rows)
    assert rows[0].password_hash != rows[1].password_hash
    assert PASSWORD not in str(rows)


def test_passwords_are_hashed_with_the_work_that_argon2_recommends() -> None:
    assert "$m=65536,t=3,p=4$" in hash_password(PASSWORD)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("", "password"),
        ("kuda-laut-1", "password"),
        ("ab" * (LONGEST_PASSWORD // 2) + "c", "password"),
        ("abababababab", "password_weak"),
        ("Ani Wijayakusuma", "password_weak"),
    ],
)
def test_a_password_that_is_short_long_or_weak_is_refused(people: People, password: str, why: str) -> None:
    with pytest.raises(Refused) as refused:
        people.add("ani wijayakusuma", Role.REVIEWER, password)

    assert refused.value.key == why
    assert people.all() == []


def test_passwords_of_the_shortest_and_longest_length_are_taken(people: People) -> None:
    longest = "abcd" * (LONGEST_PASSWORD // 4)
    people.add("Ani", Role.REVIEWER, "kuda-laut-17")
    people.add("Budi", Role.REVIEWER, longest)

    assert people.verified("Ani", "kuda-laut-17")
    assert people.verified("Budi", longest)
    assert people.verified("Budi", f"{longest}e") is None


@pytest.mark.parametrize("password", ["", PASSWORD.upper(), f"{PASSWORD} ", "\ud800" * 12])
def test_only_the_very_password_is_right(people: People, join: Join, password: str) -> None:
    join("Ani")

    assert people.verified("Ani", password) is None


def test_an_unknown_name_takes_the_way_of_a_known_one(
    people: People, join: Join, monkeypatch: pytest.MonkeyPatch
) -> None:
    join("Ani")
    tried: list[str] = []
    fits = people_module._fits

    def noted(hashed: str, password: str) -> bool:
        tried.append(hashed)
        return fits(hashed, password)

    monkeypatch.setattr(people_module, "_fits", noted)

    assert people.verified("Ani", "wrong") is None
    assert people.verified("Nobody", "wrong") is None
    assert people.verified("Nobody", "the password of nobody") is None
    assert [hashed.split("$")[1:4] for hashed in tried] == [tried[0].split("$")[1:4]] * 3


def test_another_password_takes_the_place_of_the_first(people: People, join: Join) -> None:
    ani = join("Ani")
    people.set_password(ani.id, "kucing-hijau-42")

    assert people.verified("Ani", PASSWORD) is None
    assert people.verified("Ani", "kucing-hijau-42") == ani
    with pytest.raises(Refused, match="password"):
        people.set_password(ani.id, "kurang")


def test_what_is_given_is_changed_and_the_rest_stays(people: People, join: Join) -> None:
    join("Root", Role.ADMIN)
    ani = join("Ani")
    people.change(ani.id, role=Role.LEAD, reads=["id"], language="en")
    people.change(ani.id)
    changed = people.get(ani.id)

    assert changed is not None
    assert (changed.role, changed.reads, changed.language, changed.active) == (Role.LEAD, ("id",), "en", True)
    people.change(ani.id, reads=[])
    assert people.get(ani.id).reads == ()  # type: ignore[union-attr]


def test_whoever_left_may_do_nothing(people: People, join: Join) -> None:
    join("Root", Role.ADMIN)
    ani = join("Ani", Role.ADMIN)
    people.change(ani.id, active=False)
    gone = people.get(ani.id)

    assert gone is not None
    assert not any(gone.may(role) for role in Role)
    assert ani.may(Role.ADMIN)
    assert people.verified("Ani", PASSWORD) is None


def test_there_is_somebody_as_long_as_one_is_active(people: People, join: Join) -> None:
    assert not people.any_active()
    join("Root", Role.ADMIN)
    assert people.any_active()


def test_the_last_admin_cannot_leave_or_be_demoted(people: People, join: Join) -> None:
    root, other = join("Root", Role.ADMIN), join("Ani", Role.ADMIN)
    people.change(other.id, active=False)
    for change in ({"role": Role.LEAD}, {"active": False}, {"role": Role.REVIEWER, "active": True}):
        with pytest.raises(Refused, match="last_admin"):
            people.change(root.id, **change)

    assert people.get(root.id) == root
    people.change(other.id, active=True)
    people.change(root.id, role=Role.LEAD)


def test_two_admins_who_demote_each_other_at_once_leave_one(people: People, join: Join) -> None:
    for _ in range(5):
        admins = [person for person in people.all() if person.role is Role.ADMIN]
        admins += [join(f"Root {len(people.all())}", Role.ADMIN) for _ in range(2 - len(admins))]
        waiting = list(admins)
        meet = threading.Barrier(2)

        def demote(waiting: list[Person] = waiting, meet: threading.Barrier = meet) -> None:
            person = waiting.pop()
            meet.wait()
            with contextlib.suppress(Refused):
                people.change(person.id, role=Role.LEAD)

        _at_once(demote, 2)
        assert [person.role for person in people.all()].count(Role.ADMIN) == 1


def _at_once(do: Callable[[], None], times: int) -> None:
    threads = [threading.Thread(target=do) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
