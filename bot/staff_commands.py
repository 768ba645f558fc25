"""The commands about the staff: `python -m bot staff …`."""

import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from bot.desk.auditing import Audit
from bot.desk.people import People, Person, Refused, Role
from bot.desk.sessions import Sessions
from bot.settings import BotSettings
from bot.storage import Storage
from bot.wording import say
from indexer.sections import LANGUAGES, Language

staff = typer.Typer(no_args_is_help=True, help="Who may use the review console.")
Name = Annotated[str, typer.Argument(help="The name that they sign in with.")]


@contextmanager
def _people() -> Iterator[tuple[People, Audit, Sessions]]:
    settings = BotSettings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    storage = Storage(settings.transcripts_url)
    try:
        storage.migrate()
        people = People(storage.database)
        # Ending sessions needs no secret: they are deleted by the person.
        yield people, Audit(storage.database), Sessions(storage.database, people, "")
    except Refused as why:
        typer.echo(say("en", f"refused.{why.key}", **why.values), err=True)
        raise typer.Exit(1) from why
    finally:
        storage.close()


@staff.command()
def add(
    name: Name,
    role: Annotated[Role, typer.Option(help="What they may do.")],
    reads: Annotated[str, typer.Option(help="Languages of what they review: id, en or id,en.")] = "id,en",
) -> None:
    """Add somebody; the password is asked for, or read from a pipe."""
    with _people() as (people, audit, _):
        person = people.add(name, role, _password(), _languages(reads))
        audit.note(None, "staff_added", f"{person.name}: {role.value}")
        typer.echo(f"{person.name} was added as {role.value}.")


@staff.command("list")
def list_staff() -> None:
    """List everybody with role and languages."""
    with _people() as (people, _, _sessions):
        everybody = people.all()
        for person in everybody:
            gone = "" if person.active else "  (gone)"
            typer.echo(f"{person.name:24}  {person.role.value:8}  {', '.join(person.reads)}{gone}")
        if not everybody:
            typer.echo("Nobody yet. Add somebody with: python -m bot staff add NAME --role admin")


@staff.command()
def password(name: Name) -> None:
    """Give somebody another password; all their sessions end."""
    with _people() as (people, audit, sessions):
        person = _known(people, name)
        people.set_password(person.id, _password())
        sessions.end_all(person.id)
        audit.note(None, "password_changed", person.name)
        typer.echo(f"The password of {person.name} was changed.")


@staff.command()
def change(
    name: Name,
    role: Annotated[Role | None, typer.Option(help="What they may do from now on.")] = None,
    reads: Annotated[str | None, typer.Option(help="Languages of what they review: id, en or id,en.")] = None,
) -> None:
    """Change somebody's role or languages."""
    with _people() as (people, audit, _):
        person = _known(people, name)
        people.change(person.id, role=role, reads=_languages(reads) if reads else None)
        audit.note(None, "staff_changed", person.name)
        typer.echo(f"{person.name} was changed.")


@staff.command()
def remove(name: Name) -> None:
    """Let somebody go: they cannot sign in any more, what they did stays."""
    with _people() as (people, audit, sessions):
        person = _known(people, name)
        people.change(person.id, active=False)
        sessions.end_all(person.id)
        audit.note(None, "staff_changed", f"{person.name}: gone")
        typer.echo(f"{person.name} cannot sign in any more.")


def _known(people: People, name: str) -> Person:
    person = people.named(name)
    if person is None:
        names = ", ".join(one.name for one in people.all()) or "nobody yet"
        typer.echo(f"There is no {name}; the staff are: {names}.", err=True)
        raise typer.Exit(1)
    return person


def _password() -> str:
    """Return a password, asked for twice and hidden; or the first line of what is piped in."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass("Password: ")
    if getpass.getpass("Again: ") != first:
        typer.echo("The two are not the same; nothing was changed.", err=True)
        raise typer.Exit(1)
    return first


def _languages(text: str) -> tuple[Language, ...]:
    named = {part.strip() for part in text.split(",")}
    if not named or named - set(LANGUAGES):
        typer.echo(f"`--reads {text}` is unknown; write id, en or id,en.", err=True)
        raise typer.Exit(1)
    return tuple(code for code in LANGUAGES if code in named)
