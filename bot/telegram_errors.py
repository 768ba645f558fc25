"""What can go wrong with Telegram, and how it is told in the log without anybody's words."""

import traceback


class CannotRun(Exception):
    """The bot cannot run; the text says what was found and what to do."""


class SellerGone(Exception):
    """A chat that cannot be written to any more: blocked, deleted, or never there."""


class Stopping(Exception):
    """The bot is being stopped; what is under way stays recorded and goes on at the next start."""


def kind_of(error: BaseException) -> str:
    """Return the error's name and that of its cause: `NetworkError (ConnectError)`."""
    cause = error.__cause__
    return f"{type(error).__name__} ({type(cause).__name__})" if cause else type(error).__name__


def place_of(error: BaseException) -> str:
    """Return the error's name and the places in the code that led to it.

    Its own text is left out, because it may hold what a seller wrote.
    """
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    places = " < ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in reversed(frames))
    return f"{kind_of(error)} at {places}"
