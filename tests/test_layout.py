"""Where things may stand: one-way imports, no cycles, one door to each library, every setting documented."""

import ast
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

from bot.settings import BotSettings
from indexer.settings import PROJECT, IndexSettings

OURS = ("indexer", "bot", "training", "benchmarks")
# The library, and the files that may import it. A new file here is a decision; say why in its commit.
DOORS = {
    "chromadb": ("indexer/vectors.py",),
    "httpx": ("indexer/vectors.py", "bot/rehearsal/fake_telegram.py"),
    "bm25s": ("indexer/keywords.py",),
    "symspellpy": ("indexer/spelling.py", "bot/guard.py"),
    "onnxruntime": ("indexer/onnx_encoder.py", "training/*.py"),
    "tokenizers": ("indexer/onnx_encoder.py", "training/*.py"),
    "sentence_transformers": ("indexer/hub_encoder.py", "indexer/reranking.py", "training/*.py", "benchmarks/*.py"),
    "torch": ("indexer/reranking.py", "training/*.py", "benchmarks/*.py"),
    "langchain": ("bot/writing.py",),
    "langchain_core": ("indexer/langchain_adapter.py", "bot/writing.py", "benchmarks/systems.py"),
    "langchain_text_splitters": ("benchmarks/systems.py",),
    "langchain_chroma": ("benchmarks/systems.py",),
    "langchain_classic": ("benchmarks/systems.py",),
    "langchain_community": ("benchmarks/systems.py",),
    "telegram": ("bot/telegram_*.py",),
    "sqlalchemy": (
        "bot/database.py", "bot/storage.py", "bot/tables.py", "bot/turns_log.py", "bot/updates_log.py",
        "bot/subscriptions_log.py", "bot/erasing.py", "bot/desk/*.py", "benchmarks/made_up_turns.py",
        "bot/migrations/*.py", "benchmarks/made_up_turns.py",
    ),
    "alembic": ("bot/database.py", "bot/migrations/*.py"),
    "starlette": ("bot/console/*.py", "bot/telegram_server.py", "bot/rehearsal/fake_telegram.py"),
    "uvicorn": ("bot/console/*.py", "bot/telegram_server.py", "bot/rehearsal/fake_telegram.py"),
    "jinja2": ("bot/console/*.py",),
    "argon2": ("bot/desk/people.py",),
    "matplotlib": ("bot/console/charts.py", "benchmarks/*.py"),
    "prometheus_client": ("bot/telegram_metrics.py",),
    "pydantic_settings": ("indexer/settings.py", "bot/settings.py"),
    "typer": (
        "*/__main__.py", "bot/staff_commands.py", "benchmarks/side_by_side.py", "benchmarks/telegram_load.py",
        "benchmarks/million_turns.py",
    ),
}  # fmt: skip
Import = tuple[str, bool]


@cache
def files() -> dict[str, ast.Module]:
    """Return our Python files by their path in the project."""
    paths = [path for package in OURS for path in sorted((PROJECT / package).rglob("*.py"))]
    return {path.relative_to(PROJECT).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in paths}


def module_of(file: str) -> str:
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def imported(node: ast.AST) -> list[str]:
    """Return the full names that one import statement may mean, modules and what is taken from them alike."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
        return [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return []


def imports(tree: ast.Module) -> set[str]:
    return {name for node in ast.walk(tree) for name in imported(node)}


def of_package(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def test_there_is_something_to_look_at() -> None:
    assert {"indexer/search.py", "bot/answers.py"} <= set(files())


@pytest.mark.parametrize(
    ("package", "may_not"),
    [("indexer", ("bot", "training", "benchmarks", "tests")), ("bot", ("training", "benchmarks", "tests"))],
)
def test_imports_run_one_way(package: str, may_not: tuple[str, ...]) -> None:
    wrong = [
        (file, name)
        for file, tree in files().items()
        for name in imports(tree)
        if file.startswith(f"{package}/") and any(of_package(name, other) for other in may_not)
    ]

    assert wrong == []


def test_imports_are_absolute() -> None:
    relative = [
        file
        for file, tree in files().items()
        if any(isinstance(node, ast.ImportFrom) and node.level for node in ast.walk(tree))
    ]

    assert relative == []


def test_nothing_of_ours_is_imported_inside_a_function() -> None:
    hidden = [
        (file, name)
        for file, tree in files().items()
        for function in ast.walk(tree)
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef))
        for node in ast.walk(function)
        for name in imported(node)
        if any(of_package(name, package) for package in OURS)
    ]

    assert hidden == []


def graph() -> dict[str, set[str]]:
    modules = {module_of(file): tree for file, tree in files().items()}
    return {module: (imports(tree) & set(modules)) - {module} for module, tree in modules.items()}


def cycles(edges: dict[str, set[str]]) -> Iterator[list[str]]:
    """Yield the ways from a module back to itself."""

    def walk(path: list[str]) -> Iterator[list[str]]:
        for following in sorted(edges[path[-1]]):
            if following == path[0]:
                yield [*path, following]
            elif following not in seen:
                seen.add(following)
                yield from walk([*path, following])

    for start in edges:
        seen: set[str] = {start}
        yield from walk([start])


def test_no_module_imports_itself_by_a_detour() -> None:
    assert list(cycles(graph())) == []


def test_a_cycle_would_be_seen() -> None:
    assert next(cycles({"a": {"b"}, "b": {"c"}, "c": {"a"}})) == ["a", "b", "c", "a"]


@pytest.mark.parametrize("library", list(DOORS))
def test_each_library_has_few_doors(library: str) -> None:
    users = [file for file, tree in files().items() if any(of_package(name, library) for name in imports(tree))]

    assert [file for file in users if not any(fnmatch(file, door) for door in DOORS[library])] == []


def test_no_langchain_package_comes_in_by_another_name() -> None:
    names = {name.split(".")[0] for tree in files().values() for name in imports(tree)}

    assert {name for name in names if name.startswith("langchain")} <= set(DOORS)


def test_no_file_is_a_bag() -> None:
    bags = {"utils", "util", "const", "consts", "constants", "helpers", "common", "misc"}

    assert [file for file in files() if Path(file).stem in bags] == []


def test_settings_are_read_from_the_environment_in_one_place_only() -> None:
    readers = [
        file
        for file, tree in files().items()
        for node in ast.walk(tree)
        if (isinstance(node, ast.Attribute) and node.attr == "getenv")
        or (
            isinstance(node, ast.Subscript)
            and ast.unparse(node.value) == "os.environ"
            and isinstance(node.ctx, ast.Load)
        )
    ]

    assert readers == []


def documented() -> dict[str, tuple[str, str]]:
    """Return the settings of `.env.example` with the comment above each and the value shown."""
    found, comment = {}, ""
    for line in (PROJECT / ".env.example").read_text(encoding="utf-8").splitlines():
        name, equals, value = line.lstrip("# ").partition("=")
        if equals and name.isupper() and " " not in name:
            found[name] = (comment, value)
        comment = line.lstrip("# ") if line.startswith("#") else ""
    return found


def test_every_setting_is_documented_with_a_line_of_meaning() -> None:
    shown = documented()

    assert set(shown) == {name.upper() for name in BotSettings.model_fields}
    assert [name for name, (comment, _) in shown.items() if not comment] == []


def test_the_documented_values_are_the_defaults() -> None:
    fields = BotSettings.model_fields
    expected = {
        name.upper(): "" if field.default is None else str(field.default).removeprefix(f"{PROJECT}/")
        for name, field in fields.items()
    }

    assert {name: value for name, (_, value) in documented().items()} == expected


def test_every_setting_says_what_it_is_for() -> None:
    unexplained = [
        name for name, field in (IndexSettings.model_fields | BotSettings.model_fields).items() if not field.description
    ]

    assert unexplained == []
