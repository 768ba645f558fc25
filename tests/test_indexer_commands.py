import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from indexer.__main__ import app
from indexer.building import exclusive
from indexer.embedding import Embedder
from indexer.folder_store import FolderStore
from indexer.publishing import publish
from tests.chroma_server import free_port
from tests.indexes import make
from tests.sample_knowledge import change, line_of
from tests.tiny_models import save_word_model

pytest_plugins = ["tests.indexes"]
Command = Callable[..., Result]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, knowledge: Path, word_model: Path) -> Command:
    """Give `python -m indexer …` with the sample knowledge and the tiny model."""
    monkeypatch.setenv("KNOWLEDGE_DIR", str(knowledge))
    monkeypatch.setenv("EMBEDDING_MODEL", str(word_model))
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str) -> Result:
        result = CliRunner().invoke(app, arguments)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return run


def refused(result: Result, sentence: str) -> None:
    """Require exit code 1 and one sentence, and no traceback."""
    assert result.exit_code == 1
    assert sentence in result.stderr and "Traceback" not in result.output


def test_check_says_what_it_read(command: Command) -> None:
    result = command("check")

    assert (result.exit_code, result.stdout) == (0, "15 sections in 7 documents, 6 known questions, no faults.\n")


def test_check_prints_every_fault_with_its_line_and_fails(command: Command, knowledge: Path) -> None:
    fees = knowledge / "faqs/fees.md"
    change(fees, "facts: [FEE-002]", "facts: [FEE-777]")
    change(knowledge / "topics.yaml", "overview: faqs/fees#overview", "overview: faqs/fees#[bold]gone")
    result = command("check")

    refused(result, "faults in the knowledge; mend them and run it again.")
    assert f"{fees}:{line_of(fees, 'FEE-777')}: fact FEE-777 is not in the register" in result.stdout
    assert f"{knowledge / 'topics.yaml'}:1: overview `faqs/fees#[bold]gone` is not a section" in result.stdout


def test_check_tells_the_coverage_of_the_register_when_asked(command: Command, knowledge: Path) -> None:
    result = command("check", "--coverage")

    assert result.exit_code == 0
    assert "90.9% of the register is said by a section (10 facts)." in result.stdout
    assert "FEE-009: An older statement of FEE-001." in result.stdout


def test_build_makes_tests_and_publishes(command: Command, store: FolderStore) -> None:
    result = command("build")
    name = store.published()

    assert result.exit_code == 0
    assert f"{name}: 15 sections, 81 texts embedded, 4 taken over." in result.stdout
    assert "Known questions: " in result.stdout and result.stdout.endswith("Published.\n")


def test_build_shows_its_progress_beside_its_result(command: Command) -> None:
    result = command("build")

    assert "Embedding new texts" in result.stderr and "Trying the questions" in result.stderr
    assert "Embedding" not in result.stdout


def test_building_again_takes_the_texts_over(command: Command, store: FolderStore) -> None:
    command("build")
    result = command("build")

    assert ": 15 sections, 0 texts embedded, 85 taken over." in result.stdout
    assert len(store.names()) == 2


def test_build_without_publishing_lets_the_old_one_answer(command: Command, store: FolderStore) -> None:
    command("build")
    before = store.published()
    result = command("build", "--no-publish")

    assert result.stdout.endswith("Not published.\n")
    assert store.published() == before and len(store.names()) == 2


def test_building_keeps_the_published_one_and_three_before_it(command: Command, store: FolderStore) -> None:
    for _ in range(5):
        assert command("build").exit_code == 0

    assert len(store.names()) == 4 and store.published() == store.names()[0]


def test_nothing_is_built_from_knowledge_with_a_fault(command: Command, store: FolderStore, knowledge: Path) -> None:
    change(knowledge / "faqs/fees.md", "Komisinya 8%.", "Komisinya 80%.")
    result = command("build")

    refused(result, "faults in the knowledge; mend them and run it again.")
    assert (store.names(), store.published()) == ([], None)


def test_an_index_that_finds_less_is_made_but_not_published(
    command: Command, store: FolderStore, knowledge: Path
) -> None:
    command("build")
    before = store.published()
    text = (knowledge / "questions/known.yaml").read_text(encoding="utf-8")
    (knowledge / "questions/known.yaml").write_text(text.replace("faqs/payouts#when-paid", "faqs/fees#commission-2025"))
    result = command("build")

    refused(result, "is not published: ")
    assert store.published() == before and len(store.names()) == 2
    assert command("publish").exit_code == 1
    assert command("publish", "--force").exit_code == 0
    assert store.published() == store.names()[0]


def test_a_second_build_is_refused_while_one_is_running(command: Command, tmp_path: Path) -> None:
    with exclusive(tmp_path / "data"):
        refused(command("build"), "another build or prune is running on this data folder")
        refused(command("prune"), "another build or prune is running on this data folder")


def test_list_shows_all_and_marks_the_published_one(command: Command, store: FolderStore) -> None:
    command("build")
    command("build", "--no-publish")
    result = command("list")
    lines = [line for line in result.stdout.splitlines() if "words" in line]

    assert result.exit_code == 0 and len(lines) == 2
    assert [("→" in line, name in line) for line, name in zip(lines, store.names(), strict=True)] == [
        (False, True),
        (True, True),
    ]


def test_list_of_nothing_is_no_fault(command: Command) -> None:
    assert command("list").exit_code == 0


def test_publish_takes_the_newest_or_the_named_one(command: Command, store: FolderStore) -> None:
    command("build")
    first = store.published()
    command("build", "--no-publish")

    assert command("publish").stdout == f"{store.names()[0]} is published.\n"
    assert command("publish", str(first)).stdout == f"{first} is published.\n"
    assert store.published() == first


def test_publish_refuses_what_is_not_there(command: Command) -> None:
    refused(command("publish"), "there is no generation to publish; run `python -m indexer build`.")
    command("build")
    refused(command("publish", "yesterday"), "there is no generation `yesterday`; known are: ")


def test_rollback_brings_the_one_before_back(command: Command, store: FolderStore) -> None:
    command("build")
    first = store.published()
    command("build")

    assert command("rollback").stdout == f"{first} is published again.\n"
    assert store.published() == first
    refused(command("rollback"), f"there is no generation older than {first} to go back to.")


def test_rollback_when_nothing_is_published_says_what_to_run(command: Command) -> None:
    refused(command("rollback"), "nothing is published; run `python -m indexer build`.")


def test_prune_keeps_as_many_as_it_is_told(command: Command, store: FolderStore) -> None:
    for _ in range(3):
        command("build")
    old, oldest = store.names()[1:]

    assert command("prune", "--keep", "1").stdout == f"Removed: {oldest}.\n"
    assert command("prune", "--keep", "0").stdout == f"Removed: {old}.\n"
    assert command("prune", "--keep", "0").stdout == "Removed: nothing.\n"
    assert command("prune", "--keep", "-1").exit_code == 2


def test_search_shows_a_table_with_the_scores_of_each_method(command: Command) -> None:
    command("build")
    result = command("search", "komisi sekarang berapa")

    assert result.exit_code == 0
    head, first = result.stdout.splitlines()[:2]
    assert head.split() == ["score", "dense", "words", "role", "section", "title"]
    assert "faqs/fees#commission-now" in first and "Komisi sekarang berapa?" in first


def test_search_prints_json(command: Command, store: FolderStore) -> None:
    command("build")
    record = json.loads(command("search", "komisi sekarang berapa", "--json").stdout)

    assert record["generation"] == store.published() and record["ms"]
    hit = record["hits"][0]
    assert (hit["section"], hit["role"], hit["status"]) == ("faqs/fees#commission-now", "current", "in_force")
    assert (hit["in_force_from"], hit["in_force_until"], hit["platform"]) == ("2026-05-18", None, "both")
    assert all(isinstance(hit[name], float) for name in ("score", "dense", "keywords"))


def test_search_speaks_the_asked_language_and_stops_at_the_limit(command: Command) -> None:
    command("build")
    hits = json.loads(command("search", "komisi", "--json", "--language", "en", "--limit", "2").stdout)["hits"]

    assert len(hits) == 2 and any("commission" in hit["title"] for hit in hits)


def test_search_refuses_a_language_that_it_does_not_have(command: Command) -> None:
    command("build")
    result = command("search", "komisi", "--language", "fr")

    assert result.exit_code != 0 and "id" in result.output and "en" in result.output


def test_search_on_a_day_finds_what_held_then(command: Command) -> None:
    command("build")
    hits = json.loads(command("search", "komisi", "--json", "--on", "2024-05-18").stdout)["hits"]

    assert "faqs/fees#commission-2024" in [hit["section"] for hit in hits if hit["role"] == "past"]
    assert "faqs/fees#commission-now" not in [hit["section"] for hit in hits]


@pytest.mark.parametrize("day", ["2024-02-30", "yesterday", "18-05-2024"])
def test_search_refuses_a_day_that_does_not_exist(command: Command, day: str) -> None:
    command("build")

    refused(command("search", "komisi", "--on", day), f"`{day}` is not a day of the calendar; write it as 2025-05-01.")


def test_search_with_nothing_published_says_what_to_run(command: Command) -> None:
    refused(command("search", "komisi"), "no index is published yet; run `python -m indexer build`.")


def test_search_with_another_model_says_what_to_run(
    command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    command("build")
    monkeypatch.setenv("EMBEDDING_MODEL", str(save_word_model(tmp_path / "other", scale=2)))

    refused(command("search", "komisi"), "run `python -m indexer build`, or set EMBEDDING_MODEL back.")


def test_a_model_that_is_not_there_is_told_and_nothing_is_built(
    command: Command, monkeypatch: pytest.MonkeyPatch, store: FolderStore
) -> None:
    monkeypatch.setenv("EMBEDDING_MODEL", "nobody/has-this-model")

    refused(command("build"), "the embedding model `nobody/has-this-model` cannot be loaded")
    assert (store.names(), store.unfinished()) == ([], [])


@pytest.mark.parametrize("name", ["build", "list", "publish", "rollback", "prune", "search"])
@pytest.mark.parametrize(
    ("url", "sentence"), [("nonsense", "CHROMA_URL is `nonsense`"), (None, "no Chroma server answers at")]
)
def test_a_server_that_is_wrong_or_not_there_is_told(
    command: Command, monkeypatch: pytest.MonkeyPatch, name: str, url: str | None, sentence: str
) -> None:
    monkeypatch.setenv("CHROMA_URL", url or f"http://127.0.0.1:{free_port()}")

    refused(command(name, "komisi") if name == "search" else command(name), sentence)


def test_a_folder_without_knowledge_is_told(command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KNOWLEDGE_DIR", str(tmp_path / "nowhere"))

    refused(command("check"), "mend them and run it again.")


@pytest.mark.parametrize("name", ["check", "build", "list", "publish", "rollback", "prune", "search"])
def test_every_command_explains_itself(command: Command, name: str) -> None:
    result = command(name, "--help")

    assert result.exit_code == 0 and name in result.stdout
    assert name in command("--help").stdout


def test_the_command_line_of_a_real_process_works_and_a_killed_build_harms_nothing(
    command: Command, store: FolderStore, knowledge: Path, embedder: Embedder, tmp_path: Path
) -> None:
    make(store, knowledge, embedder)
    first = publish(store).name
    drafts = tmp_path / "data" / "generations"
    building = subprocess.Popen(
        [sys.executable, "-m", "indexer", "build"], env=os.environ | {"EMBEDDING_MODEL": str(slow_model(tmp_path))},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    while building.poll() is None and len(list(drafts.iterdir())) < 2:
        time.sleep(0.005)
    building.kill()

    assert building.wait() == -9, "it was killed before it had ended"
    assert store.published() == first
    assert json.loads(command("search", "kapan saldo cair", "--json").stdout)["hits"][0]["section"] == (
        "faqs/payouts#when-paid"
    )
    assert command("build").exit_code == 0
    assert store.unfinished() == [] and store.published() != first


def slow_model(folder: Path) -> Path:
    """Save a model of its own, so that the build embeds everything."""
    return save_word_model(folder / "slow", scale=3)


def test_a_build_that_is_not_needed_does_nothing(command: Command) -> None:
    assert "Published." in command("build", "--if-needed").stdout
    assert command("build", "--if-needed").stdout == ""


def test_a_data_folder_that_cannot_be_written_is_told_in_a_sentence(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "occupied").write_text("a file where the folder should be")
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "occupied"))

    refused(command("build"), "see that there is room and that you may write there, and run it again.")
