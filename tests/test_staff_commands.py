"""The commands about the staff and what they work with: staff, proposals, purge, and a console that must not start."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.desk.auditing import Audit
from bot.desk.people import People, Role
from bot.desk.proposals import Proposals
from bot.settings import BotSettings
from bot.storage import Storage
from indexer.settings import PROJECT
from tests.answers_given import add
from tests.console_fixtures import PASSWORD, SECRET, quick_passwords
from tests.published_index import PublishedIndex

pytest_plugins = ["tests.small_index"]


@pytest.fixture(autouse=True)
def _quick() -> Iterator[None]:
    with quick_passwords():
        yield


def run(*arguments: str, piped: str | None = None) -> Result:
    return CliRunner().invoke(app, list(arguments), input=piped)


def opened() -> Storage:
    settings = BotSettings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    storage = Storage(settings.transcripts_url)
    storage.migrate()
    return storage


def test_somebody_is_added_with_a_piped_password_that_is_not_shown() -> None:
    result = run("staff", "add", "Bu Ratna", "--role", "admin", "--reads", "id", piped=f"{PASSWORD}\n")

    assert result.exit_code == 0, result.output
    assert result.stdout == "Bu Ratna was added as admin.\n"
    person = People(opened().database).verified("bu ratna", PASSWORD)
    assert person and (person.role, person.reads) == (Role.ADMIN, ("id",))
    assert [entry.action for entry in Audit(opened().database).page()] == ["staff_added"]


@pytest.mark.parametrize(
    ("arguments", "password", "said"),
    [
        (["Bu Ratna", "--role", "admin"], "short", "A password needs 12 to 200 characters"),
        (["Bu Ratna", "--role", "admin"], "aaaaaaaaaaaaaa", "could be guessed"),
        (["Bu Ratna", "--role", "admin"], "", "A password needs"),
        ([" ", "--role", "admin"], PASSWORD, "A name needs"),
        (["Bu Ratna", "--role", "boss"], PASSWORD, "reviewer"),
        (["Bu Ratna"], PASSWORD, "--role"),
        (["Bu Ratna", "--role", "lead", "--reads", "jv"], PASSWORD, "write id, en or id,en"),
    ],
)
def test_what_cannot_be_added_is_refused_with_the_reason(arguments: list[str], password: str, said: str) -> None:
    result = run("staff", "add", *arguments, piped=f"{password}\n")

    assert result.exit_code in (1, 2)
    assert said in result.stderr and "Traceback" not in result.stderr
    assert People(opened().database).all() == []


def test_staff_are_listed_changed_given_a_password_and_let_go() -> None:
    assert "Nobody yet" in run("staff", "list").stdout
    run("staff", "add", "Ayu", "--role", "admin", piped=f"{PASSWORD}\n")
    run("staff", "add", "Budi", "--role", "reviewer", piped=f"{PASSWORD}\n")
    assert run("staff", "add", "budi", "--role", "lead", piped=f"{PASSWORD}\n").exit_code == 1
    run("staff", "change", "Budi", "--role", "lead", "--reads", "en")
    run("staff", "password", "budi", piped="kata sandi yang lain 9\n")
    listed = run("staff", "list").stdout
    assert [line.split() for line in listed.splitlines()] == [
        ["Ayu", "admin", "id,", "en"], ["Budi", "lead", "en"],
    ]  # fmt: skip
    people = People(opened().database)
    assert people.verified("Budi", "kata sandi yang lain 9") and not people.verified("Budi", PASSWORD)

    run("staff", "remove", "Budi")

    assert people.verified("Budi", "kata sandi yang lain 9") is None
    assert "(gone)" in run("staff", "list").stdout


@pytest.mark.parametrize("command", [["password"], ["remove"], ["change"]])
def test_somebody_who_is_not_there_is_named_with_those_who_are(command: list[str]) -> None:
    run("staff", "add", "Ayu", "--role", "admin", piped=f"{PASSWORD}\n")
    result = run("staff", *command, "Eko", piped=f"{PASSWORD}\n")

    assert result.exit_code == 1
    assert "There is no Eko; the staff are: Ayu." in result.stderr


def test_the_last_admin_cannot_be_let_go() -> None:
    run("staff", "add", "Ayu", "--role", "admin", piped=f"{PASSWORD}\n")
    result = run("staff", "remove", "Ayu")

    assert result.exit_code == 1 and "make another person admin first" in result.stderr


@pytest.mark.parametrize(
    ("secret", "said"),
    [(None, "CONSOLE_SECRET is not set"), ("hunter2", "could be guessed"), ("a" * 40, "could be guessed")],
)
def test_the_console_does_not_start_without_a_good_secret(
    monkeypatch: pytest.MonkeyPatch, secret: str | None, said: str
) -> None:
    if secret:
        monkeypatch.setenv("CONSOLE_SECRET", secret)
    result = run("console")

    assert result.exit_code == 1
    assert said in result.stderr and "token_urlsafe" in result.stderr
    assert secret is None or secret not in result.stderr


def test_the_console_is_served_by_a_real_process_and_says_when_its_port_is_taken(
    small_index: PublishedIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    monkeypatch.setenv("CONSOLE_SECRET", SECRET)
    monkeypatch.setenv("DATA_DIR", str(small_index.data_dir))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'c.db'}")
    command = [sys.executable, "-m", "bot", "console", "--port", str(port)]
    process = subprocess.Popen(command, cwd=PROJECT, stderr=subprocess.PIPE, text=True)
    try:
        assert _page(f"http://127.0.0.1:{port}/healthz") == "ok"
        assert "Kata sandi" in _page(f"http://127.0.0.1:{port}/sign-in")
        second = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False)
        assert second.returncode == 1
        assert "Change CONSOLE_PORT or --port" in second.stderr and "Traceback" not in second.stderr
    finally:
        process.terminate()
        logged = process.communicate(timeout=30)[1]
    assert SECRET not in logged and "Traceback" not in logged


def _page(address: str) -> str:
    for _ in range(300):
        try:
            with urlopen(address) as reply:
                return str(reply.read().decode())
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the console did not start")


def test_what_is_too_old_is_erased_as_the_setting_or_the_option_says(monkeypatch: pytest.MonkeyPatch) -> None:
    storage = opened()
    add(storage, at=datetime.now(UTC) - timedelta(days=40))
    kept = add(storage, at=datetime.now(UTC) - timedelta(days=20))
    assert run("purge").exit_code == 1 and "RETENTION_DAYS" in run("purge").stderr
    monkeypatch.setenv("RETENTION_DAYS", "30")
    result = run("purge")

    assert result.exit_code == 0
    assert "1 questions" in result.stdout
    assert [chat.last.id for chat in storage.chats(9)] == [kept]
    assert "1 questions" in run("purge", "--days", "10").stdout
    assert storage.chats(9) == []
    assert run("purge", "--days", "0").exit_code == 2


def test_proposals_are_counted_and_exported() -> None:
    storage = opened()
    turn = storage.turn(add(storage, text="komisi brp? 081234567890"))
    assert turn
    book = Proposals(storage.database, lambda texts: np.ones((len(texts), 1), dtype=np.float32))
    book.decide(book.for_section(turn, "faqs/fees#commission"), "accepted")

    assert "accepted   1" in run("proposals").stdout
    (record,) = json.loads(run("proposals", "--export").stdout)["proposals"]
    assert record["questions"] == [{"text": "komisi brp? [phone]", "language": "id"}]
