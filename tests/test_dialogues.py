"""Whole conversations on the fake Telegram, word for word, with the bundled model and the project's knowledge.

After a change that is meant: `make dialogues`, and read the difference.
"""

from pathlib import Path

import pytest

from bot.answerer import Answerer
from bot.rehearsal.play import BadScript, Step, day_of, play, steps_of
from indexer.settings import PROJECT
from tests.scripted_answerer import ScriptedAnswerer

pytest_plugins = ["tests.published_index"]

SCRIPTS = sorted((PROJECT / "tests" / "dialogues").glob("*.txt"))


def test_there_are_a_dozen_dialogues() -> None:
    assert len(SCRIPTS) >= 12


@pytest.mark.parametrize("script", SCRIPTS, ids=[script.stem for script in SCRIPTS])
def test_a_dialogue_goes_as_it_is_written_down(script: Path, real_answerer: Answerer) -> None:
    written = script.read_text(encoding="utf-8")

    assert play(written, real_answerer) == written


def test_what_the_bot_does_is_written_below_what_people_do() -> None:
    script = "# today: 2026-11-25\n\nSari: komisi?\nSari taps: Pas\nSari edits: pajak?\nTom (en): please help\n"

    assert play(script, ScriptedAnswerer()) == (
        "# today: 2026-11-25\n\n"
        "Sari: komisi?\n    ▸\n    │ Jawaban: komisi?\n"
        "    [👍 Pas] [👎 Kurang pas] [🔄 Masih berlaku?] [📄 Sumber & riwayat] [🌐 In English] [🙋 Butuh orang]\n"
        "Sari taps: Pas\n    (Makasih! Senang bisa bantu.)\n    ✎ changed to\n    │ Jawaban: komisi?\n"
        "    [✅ Makasih penilaiannya] [🔄 Masih berlaku?] [📄 Sumber & riwayat] [🌐 In English] [🙋 Butuh orang]\n"
        "Sari edits: pajak?\n    ✎ changed to\n    │ Jawaban: pajak?\n"
        "    [👍 Pas] [👎 Kurang pas] [🔄 Masih berlaku?] [📄 Sumber & riwayat] [🌐 In English] [🙋 Butuh orang]\n"
        "Tom (en): please help\n    ▸\n    │ Answer: please help\n"
        "    [👍 Right] [👎 Not right] [🔄 Still true?] [📄 Sources & history] [🌐 Bahasa Indonesia] "
        "[🙋 I need a person]\n"
    )


def test_a_performance_can_be_played_again_and_stays_the_same() -> None:
    once = play("Sari: komisi?\n", ScriptedAnswerer())

    assert play(once, ScriptedAnswerer()) == once


def test_a_line_that_nobody_understands_is_named() -> None:
    with pytest.raises(BadScript, match=r"line 2: `komisi berapa`; write it as `Sari: …`"):
        list(steps_of("# remark\nkomisi berapa\n"))


def test_an_edit_before_a_word_is_refused() -> None:
    with pytest.raises(BadScript, match="has not said anything yet"):
        play("Sari edits: komisi\n", ScriptedAnswerer())


def test_steps_say_who_does_what_where() -> None:
    assert list(steps_of("Budi (en) taps: Right\nSari in Seller Bandung: @tanya_bot komisi?\n    ▸ old\n")) == [
        Step("Budi (en) taps: Right", "Budi", "en", "taps", "Right"),
        Step(
            "Sari in Seller Bandung: @tanya_bot komisi?", "Sari", None, "group", "@tanya_bot komisi?", "Seller Bandung"
        ),
    ]


def test_a_script_names_its_day() -> None:
    assert day_of("# today: 2024-05-01\n").isoformat() == "2024-05-01"
