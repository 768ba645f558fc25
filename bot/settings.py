"""The bot's settings, read once from the environment or `.env`."""

from pydantic import Field, SecretStr

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
        description="Chat that is told when a seller asks for a person. Without it the wish is only recorded.",
    )

    @property
    def transcripts_url(self) -> str:
        """The SQLAlchemy URL of the database in use."""
        return self.database_url or f"sqlite:///{self.data_dir / 'transcripts.db'}"
