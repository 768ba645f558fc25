"""The file that made-up conversations may be written into: a new one, or one that holds nothing else."""

from pathlib import Path

from bot.desk.people import People
from bot.rehearsal.made_up.scripts import desk_words
from bot.rehearsal.made_up.world import made_up_chat
from bot.remembered import StorageError
from bot.storage import Storage

NAME = "demo.db"
_SQLITE = b"SQLite format 3\x00"
_MANY = 100_000


def url_of(path: Path) -> str:
    """Return the URL of the database in a file."""
    return f"sqlite:///{path}"


def clear(path: Path) -> None:
    """Delete a file of made-up conversations, so that it can be filled anew.

    Raises:
        StorageError: it has another name, or holds anything else.
    """
    refuse_real(path)
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def holds_made_up(path: Path) -> bool:
    """Tell whether made-up conversations stand in a file.

    Raises:
        StorageError: it has another name, or holds anything else.
    """
    return not refuse_real(path)


def refuse_real(path: Path) -> bool:
    """Return whether a file is new or empty.

    Raises:
        StorageError: it has another name, or holds what was not made up here.
    """
    if path.name != NAME:
        raise StorageError(f"{path} is not named {NAME}; made-up conversations are written into no other file.")
    if not path.exists() or path.stat().st_size == 0:
        return True
    with path.open("rb") as file:
        if file.read(len(_SQLITE)) != _SQLITE:
            raise _not_ours(path)
    storage = Storage(url_of(path))
    try:
        return _is_empty(storage, path)
    except StorageError as error:
        raise _not_ours(path) from error
    finally:
        storage.close()


def _is_empty(storage: Storage, path: Path) -> bool:
    chats = storage.chats(_MANY)
    people = {person.name for person in People(storage.database).all()}
    made_up = {one["name"] for one in desk_words().staff}
    if not all(made_up_chat(chat.chat_id) for chat in chats) or (people and not people & made_up):
        raise _not_ours(path)
    return not chats and not people


def _not_ours(path: Path) -> StorageError:
    return StorageError(
        f"{path} holds something that was not made up here, or that cannot be read: nothing was written. "
        "Move it away, or set DATA_DIR to another folder."
    )
