"""The day in Indonesia's capital: rules begin and end by Jakarta's calendar."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

JAKARTA = ZoneInfo("Asia/Jakarta")


def today() -> date:
    """Return the current day in Asia/Jakarta."""
    return datetime.now(JAKARTA).date()
