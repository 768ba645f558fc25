import io
from collections.abc import Callable
from datetime import date

import pytest
from rich.console import Console

from bot.answers import Answer, Question
from bot.terminal_chat import chat_on_terminal
from bot.wording import say
from indexer.sections import Language
from tests.scripted_answerer import OPTIONS, ScriptedAnswerer

TODAY = date(2026, 11, 25)


class Keyboard(io.StringIO):
    def isatty(self) -> bool:
        return True


def chat(
    text: str, answerer: ScriptedAnswerer | None = None, language: Language | None = None, keyboard: bool = False
) -> str:
    printed = io.StringIO()
    lines = Keyboard(text) if keyboard else io.StringIO(text)
    out = Console(file=printed, width=200, highlight=False, soft_wrap=True)
    chat_on_terminal(answerer or ScriptedAnswerer(), lambda: TODAY, language, lines, out)
    return printed.getvalue()


def test_questions_from_a_pipe_are_answered_one_by_one() -> None:
    assert chat("komisi berapa\nNIB wajib?\n") == (
        "> komisi berapa\n\nJawaban: komisi berapa\n\n> NIB wajib?\n\nJawaban: NIB wajib?\n\n"
    )


def test_a_last_line_without_an_end_is_answered_too() -> None:
    assert "Jawaban: komisi" in chat("komisi")


def test_an_empty_pipe_prints_nothing() -> None:
    assert chat("") == ""


def test_blank_lines_are_skipped() -> None:
    answerer = ScriptedAnswerer()
    chat("\n   \nkomisi\n\n", answerer)

    assert [question.text for question in answerer.asked] == ["komisi"]


def test_earlier_messages_are_remembered_up_to_three() -> None:
    answerer = ScriptedAnswerer()
    chat("satu\ndua\ntiga\nempat\nlima\n", answerer)

    assert answerer.asked[0].previous == ()
    assert answerer.asked[-1].previous == ("dua", "tiga", "empat")


def test_a_number_chooses_what_was_offered() -> None:
    answerer = ScriptedAnswerer()
    printed = chat("pilih\n2\n", answerer)

    assert f"Jawaban: {OPTIONS[1].section}" in printed
    assert [question.text for question in answerer.asked] == ["pilih"]


@pytest.mark.parametrize("number", ["0", "4", "99", "-1", "２", "1.5"])
def test_a_number_that_was_not_offered_is_a_message(number: str) -> None:
    answerer = ScriptedAnswerer()
    chat(f"pilih\n{number}\n", answerer)

    assert answerer.asked[-1].text == number


def test_a_number_where_nothing_was_offered_is_a_message() -> None:
    answerer = ScriptedAnswerer()
    chat("komisi\n1\n", answerer)

    assert answerer.asked[-1].text == "1"


def test_what_was_offered_before_the_last_answer_is_no_longer_chosen_from() -> None:
    answerer = ScriptedAnswerer()
    chat("pilih\nkomisi\n1\n", answerer)

    assert [question.text for question in answerer.asked] == ["pilih", "komisi", "1"]


def test_the_chosen_language_goes_with_every_message_and_choice() -> None:
    answerer = ScriptedAnswerer()
    printed = chat("pilih\n1\nkomisi\n", answerer, "en")

    assert {question.language for question in answerer.asked} == {"en"}
    assert f"Answer: {OPTIONS[0].section}" in printed


def test_a_choice_is_shown_in_the_language_of_the_chat() -> None:
    printed = chat("please pilih\n1\n")

    assert f"Answer: {OPTIONS[0].section}" in printed


def test_what_a_seller_types_is_never_read_as_markup_of_the_terminal() -> None:
    assert "> [bold]komisi[/] [/x]\n" in chat("[bold]komisi[/] [/x]\n")


def test_at_a_keyboard_it_greets_and_says_goodbye() -> None:
    printed = chat("komisi\n", keyboard=True, language="en")

    assert printed.startswith(say("en", "terminal.welcome"))
    assert printed.rstrip().endswith(say("en", "talk.goodbye"))
    assert "Answer: komisi" in printed


def test_breaking_off_ends_the_chat_kindly() -> None:
    class Impatient(Keyboard):
        def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]
            raise KeyboardInterrupt

    printed = io.StringIO()
    chat_on_terminal(ScriptedAnswerer(), lambda: TODAY, None, Impatient(), Console(file=printed, width=200))

    assert say("id", "talk.goodbye") in printed.getvalue()


def test_the_day_is_asked_for_anew_with_every_message() -> None:
    days = iter([date(2026, 11, 25), date(2026, 11, 26)])
    seen: list[date] = []

    class Dated(ScriptedAnswerer):
        def answer(self, question: Question, shown: Callable[[str], None] | None = None) -> Answer:
            seen.append(question.today)
            return super().answer(question)

    chat_on_terminal(Dated(), lambda: next(days), None, io.StringIO("a\nb\n"), Console(file=io.StringIO()))

    assert seen == [date(2026, 11, 25), date(2026, 11, 26)]
