import re
from string import Formatter

import pytest
import yaml

from bot.wording import FOLDER, say
from indexer.sections import LANGUAGES, Language

BOT = FOLDER.parent
# Words that are looked up by a name put together in the code: `f"group.prefix_{…}"` uses every key of that beginning;
# so does `t("group.prefix_" ~ …)` in a page.
# `f"group.{name}"` uses the keys whose name stands as a text of its own in the same file, or is a kind of small talk.
PUT_TOGETHER = re.compile(r"""f["'](?P<group>[a-z]+)\.(?P<prefix>[a-z_]*)\{""")
PUT_TOGETHER_IN_PAGE = re.compile(r"""["'](?P<group>[a-z]+)\.(?P<prefix>[a-z_]+)["']\s*~""")


def texts(language: Language) -> dict[str, str]:
    groups = [
        group
        for name in (f"{language}.yaml", f"console.{language}.yaml")
        for group in yaml.safe_load((FOLDER / name).read_text(encoding="utf-8")).items()
    ]
    assert len(dict(groups)) == len(groups), "a group of texts stands in one file only"
    return {f"{group}.{name}": text for group, names in groups for name, text in names.items()}


def placeholders(text: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def code() -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted(BOT.rglob("*")) if path.suffix in (".py", ".html")]


def used(keys: set[str]) -> set[str]:
    kinds = set(yaml.safe_load((BOT / "phrases.yaml").read_text(encoding="utf-8")))
    found: set[str] = set()
    for source in code():
        found |= {key for key in keys if f'"{key}"' in source or f"'{key}'" in source}
        found |= {f"refused.{name}" for name in re.findall(r"""Refused\(\s*"([a-z_]+)\"""", source)}
        found |= {f"done.{name}" for name in re.findall(r"""\.go\(.*"([a-z_]+)"\)""", source)}
        for match in (*PUT_TOGETHER.finditer(source), *PUT_TOGETHER_IN_PAGE.finditer(source)):
            group, prefix = match["group"], match["prefix"]
            names = {key.split(".", 1)[1] for key in keys if key.startswith(f"{group}.{prefix}")}
            if not prefix:
                names = {name for name in names if name in kinds or f'"{name}"' in source}
            found |= {f"{group}.{name}" for name in names}
    return found


def test_both_languages_have_the_same_keys() -> None:
    assert set(texts("id")) == set(texts("en"))


def test_both_languages_have_the_same_placeholders() -> None:
    english = texts("en")

    differing = {key for key, text in texts("id").items() if placeholders(text) != placeholders(english[key])}
    assert not differing


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty(language: Language) -> None:
    assert [key for key, text in texts(language).items() if not isinstance(text, str) or not text.strip()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_have_names(language: Language) -> None:
    assert [key for key, text in texts(language).items() if not all(placeholders(text))] == []


def test_every_text_is_used() -> None:
    keys = set(texts("id"))

    assert keys - used(keys) == set()


def test_every_text_that_the_code_names_is_there() -> None:
    keys = set(texts("id"))
    groups = "|".join({key.split(".")[0] for key in keys})
    named = {
        name for source in code() for name in re.findall(rf"""say\([^()]*?["']((?:{groups})\.[a-z_]+)["']""", source)
    }

    assert named and named <= keys


@pytest.mark.parametrize("language", LANGUAGES)
def test_months_are_twelve(language: Language) -> None:
    assert len(set(say(language, "answer.months").split())) == 12


def test_a_text_is_said_with_its_placeholders_filled_in() -> None:
    assert say("en", "answer.since", start="18 May 2026") == "in force since 18 May 2026"
    assert say("id", "answer.since", start="18 Mei 2026") == "berlaku sejak 18 Mei 2026"


def test_braces_in_what_is_filled_in_stay_as_they_are() -> None:
    assert say("en", "answer.law", name="{start} {}") == "{start} {}"


def test_a_text_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(KeyError):
        say("id", "answer.nothing")


def test_a_placeholder_without_a_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        say("id", "answer.since")


def test_the_bot_calls_a_seller_kamu_in_indonesian() -> None:
    assert [key for key, text in texts("id").items() if re.search(r"\banda\b", text, re.IGNORECASE)] == []
