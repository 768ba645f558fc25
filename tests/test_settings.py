import re
from pathlib import Path

import pytest
from pydantic import ValidationError
from typer.testing import CliRunner

from bot.__main__ import app
from bot.settings import BotSettings
from indexer.settings import PROJECT

EXAMPLE = PROJECT / ".env.example"
ENTRY = re.compile(r"^(?P<meaning>(?:# .*\n)+)# (?P<name>[A-Z_]+)=(?P<value>.*)$", re.MULTILINE)


def shown_default(name: str) -> str:
    default = BotSettings.model_fields[name].default
    if isinstance(default, Path) and default.is_relative_to(PROJECT):
        return str(default.relative_to(PROJECT))
    return "" if default is None else str(default)


def examples() -> dict[str, tuple[str, str]]:
    text = EXAMPLE.read_text(encoding="utf-8")
    return {
        match["name"]: (re.sub(r"\n?# ", " ", match["meaning"]).strip(), match["value"])
        for match in ENTRY.finditer(text)
    }


def test_everything_has_a_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATA_DIR")
    settings = BotSettings()

    assert settings.data_dir == PROJECT / "data"
    assert settings.knowledge_dir == PROJECT / "knowledge"
    assert (settings.embedding_model, settings.embedding_device) == ("bundled", "cpu")
    assert (settings.chroma_url, settings.telegram_token, settings.staff_chat_id) == (None, None, None)
    assert settings.transcripts_url == f"sqlite:///{PROJECT / 'data' / 'transcripts.db'}"


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAFF_CHAT_ID", "-100123")
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://bot@db/bot")
    monkeypatch.setenv("EMBEDDING_MODEL", "intfloat/multilingual-e5-small")
    settings = BotSettings()

    assert settings.staff_chat_id == -100123
    assert settings.transcripts_url == "postgresql+psycopg://bot@db/bot"
    assert settings.embedding_model == "intfloat/multilingual-e5-small"


def test_a_dotenv_file_is_read_and_the_environment_comes_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("STAFF_CHAT_ID=5\nTELEGRAM_API_URL=http://localhost:1/bot\nSOMETHING_ELSE=1\n", "utf-8")
    monkeypatch.setenv("TELEGRAM_API_URL", "http://localhost:2/bot")
    settings = BotSettings()

    assert settings.staff_chat_id == 5
    assert settings.telegram_api_url == "http://localhost:2/bot"


def test_a_line_of_dotenv_left_empty_means_the_default() -> None:
    Path(".env").write_text("".join(f"{name.upper()}=\n" for name in BotSettings.model_fields), "utf-8")

    assert BotSettings().model_dump(exclude={"data_dir"}) == BotSettings(_env_file=None).model_dump(
        exclude={"data_dir"}
    )
    assert BotSettings().chroma_url is None


def test_the_token_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_TOKEN", "123:hush")
    settings = BotSettings()

    assert "hush" not in f"{settings!r} {settings} {settings.model_dump()}"
    assert settings.telegram_token and settings.telegram_token.get_secret_value() == "123:hush"


def test_settings_cannot_be_changed_once_read() -> None:
    with pytest.raises(ValidationError):
        BotSettings().staff_chat_id = 5  # type: ignore[misc]


def test_an_invalid_value_is_named_with_what_would_be_valid(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAFF_CHAT_ID", "@staff")
    result = CliRunner().invoke(app, ["ask", "komisi berapa?"])

    assert result.exit_code == 1
    assert "STAFF_CHAT_ID" in result.stderr and "`@staff`" in result.stderr and "integer" in result.stderr
    assert "Traceback" not in result.stderr and "pydantic" not in result.stderr


def test_every_setting_stands_in_the_example_with_its_default_and_meaning() -> None:
    shown = examples()

    assert set(shown) == {name.upper() for name in BotSettings.model_fields}
    for name, field in BotSettings.model_fields.items():
        meaning, value = shown[name.upper()]
        assert value == shown_default(name), name
        assert meaning == field.description, name


def test_the_example_is_sorted_within_its_groups() -> None:
    groups = EXAMPLE.read_text(encoding="utf-8").split("\n## ")[1:]
    names = [[match["name"] for match in ENTRY.finditer(group)] for group in groups]

    assert len(groups) > 1 and all(group and group == sorted(group) for group in names)


def test_the_example_as_it_stands_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_bytes(EXAMPLE.read_bytes())

    assert BotSettings() == BotSettings(_env_file=None)


def test_the_example_with_every_line_taken_in_is_valid() -> None:
    lines = [f"{name}={value}" for name, (_, value) in examples().items()]
    Path(".env").write_text("\n".join(lines), encoding="utf-8")

    assert BotSettings().embedding_model == "bundled"
