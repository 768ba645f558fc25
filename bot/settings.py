"""The bot's settings, read once from the environment or `.env`."""

from pydantic import Field, SecretStr, field_validator

from bot.desk.opening_hours import OpeningHours, hours_of
from indexer.settings import IndexSettings


class BotSettings(IndexSettings):
    """The indexer's settings and the bot's own."""

    database_url: str | None = Field(
        default=None, description="SQLAlchemy URL of the transcripts; without it SQLite in DATA_DIR/transcripts.db."
    )
    telegram_token: SecretStr | None = Field(default=None, description="The bot's token from @BotFather.")
    telegram_api_url: str = Field(
        default="https://api.telegram.org/bot", description="Any Bot API server, in the form http://host:port/bot."
    )
    webhook_url: str | None = Field(
        default=None,
        description="Public address (https://…) that Telegram sends updates to. Without it the bot fetches them.",
    )
    webhook_secret: SecretStr | None = Field(
        default=None, description="Secret of the webhook: 16 to 256 letters, digits, _ or -. Needed with WEBHOOK_URL."
    )
    http_host: str = Field(default="127.0.0.1", description="Where the webhook, health and metrics are served.")
    http_port: int | None = Field(
        default=None,
        ge=1,
        le=65535,
        description="Port of the webhook, /healthz, /readyz and /metrics; 8080 with WEBHOOK_URL, else none.",
    )
    queue_limit: int = Field(
        default=500, ge=1, description="Updates that may wait; further sellers are told that it takes a while."
    )
    answer_within_hours: float = Field(
        default=24.0, gt=0, description="Older messages get an apology and an offer instead of an answer."
    )
    llm_model: str | None = Field(
        default=None,
        description="A chat model of LangChain, as provider:model, that words the answers. Else the sections' words.",
    )
    llm_timeout_seconds: float = Field(default=15.0, gt=0, description="How long the chat model may take.")
    staff_chat_id: int | None = Field(
        default=None,
        description="Group of the support staff, best with topics, from which they answer sellers who want a person.",
    )
    support_hours: str | None = Field(
        default=None,
        description="When staff answer, Jakarta time, as Mon-Fri 09:00-17:00, Sat 09:00-12:00. Without it, unsaid.",
    )
    support_closed_on: str | None = Field(
        default=None, description="Days on which nobody answers, as 2026-12-25, 2027-01-01."
    )
    console_host: str = Field(default="127.0.0.1", description="Where the review console is served.")
    console_port: int = Field(default=8090, ge=1, le=65535, description="Port of the review console.")
    console_secret: SecretStr | None = Field(
        default=None,
        description="Secret of the console's sessions: 32 characters or more, by chance. Needed for it to start.",
    )
    retention_days: int | None = Field(
        default=None,
        ge=1,
        description="Days after which `python -m bot purge` erases what was said. Without it never.",
    )

    @field_validator("support_hours")
    @classmethod
    def _readable_hours(cls, value: str | None) -> str | None:
        hours_of(value)
        return value

    @field_validator("support_closed_on")
    @classmethod
    def _readable_days(cls, value: str | None) -> str | None:
        hours_of(None, value)
        return value

    @property
    def opening_hours(self) -> OpeningHours:
        """When staff answer."""
        return hours_of(self.support_hours, self.support_closed_on)

    @property
    def transcripts_url(self) -> str:
        """The SQLAlchemy URL of the database in use."""
        return self.database_url or f"sqlite:///{self.data_dir / 'transcripts.db'}"
