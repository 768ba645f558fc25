"""No test touches the data, the settings or the network of whoever runs it."""

import os
from pathlib import Path

import pytest

from bot.settings import BotSettings

# Read when the libraries are imported, so it is set here and not in a fixture.
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ["COLUMNS"] = "160"  # tables are as wide, whichever terminal the tests run in
# Processes that tests start find the project from any folder.
os.environ["PYTHONPATH"] = os.pathsep.join([str(Path(__file__).parent.parent), os.environ.get("PYTHONPATH", "")])


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the folder that pictures of the console are written into (`make pictures`)."""
    parser.addoption("--pictures", default="", help="Folder for pictures of the console; else none are kept.")


@pytest.fixture(autouse=True)
def _own_world(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Run each test in a folder of its own, away from a real `.env`, with none of our settings in the environment."""
    for name in BotSettings.model_fields:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
