"""The webhook's settings, refused where they would leave the door open."""

import re
from dataclasses import dataclass

from bot.settings import BotSettings
from bot.telegram_errors import CannotRun
from bot.telegram_server import WEBHOOK_PATH

WEBHOOK_PORT = 8080


@dataclass(frozen=True)
class Webhook:
    """The address that Telegram sends updates to, and the secret that it sends with them."""

    url: str
    secret: str


def webhook_of(settings: BotSettings) -> Webhook | None:
    """Return the webhook that the settings want, or None for long polling.

    Raises:
        CannotRun: the address or the secret is missing or of the wrong form.
    """
    if not settings.webhook_url:
        return None
    if not re.fullmatch(r"https://[^\s/]+(?:/\S*)?", settings.webhook_url):
        raise CannotRun(
            f"WEBHOOK_URL is {settings.webhook_url!r}. Write it in the form https://host or https://host/path."
        )
    secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else ""
    if not re.fullmatch(r"[A-Za-z0-9_-]{16,256}", secret):
        raise CannotRun(
            "WEBHOOK_URL is set, but WEBHOOK_SECRET is not, or not of 16 to 256 letters, digits, _ or -. "
            "Anybody could send updates without it: make one up and set it."
        )
    return Webhook(settings.webhook_url.rstrip("/") + WEBHOOK_PATH, secret)
