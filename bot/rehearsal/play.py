"""Plays a dialogue on the fake Telegram, and writes it down as the sellers would see it.

A script is a text file. What people do stands at the beginning of a line:

    # anything after a hash is a remark; `# today: 2026-11-23` sets the day
    Sari: komisi fashion berapa?        writes to the bot; other names are other people
    Sari (en): hello                    the first time, the language of the app
    Sari taps: In English               presses the button whose label contains that, the newest
    Sari edits: komisi tas berapa?      edits her last message
    Sari forwards: komisi naik 20%!     forwards what somebody else wrote
    Sari inline: komisi                 types the bot's name and that in another chat
    Sari in Seller Bandung: @tanya_bot …  writes into a group
    # staff: Tim                        makes a group of the support staff, with topics, in which people answer sellers
    Rina in Tim: halo, saya bantu       writes there into the newest topic
    Rina taps in Tim: Ambil alih        presses a button there

What the bot does stands below it, indented, and is written by the performance.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import SecretStr

from bot.answerer import Answerer
from bot.rehearsal.fake_telegram import TOKEN, Chat, FakeTelegram, Message, Seller
from bot.rehearsal.stage import Stage
from bot.settings import BotSettings
from indexer.clock import today
from indexer.fields import parse_day

_INDENT = "    "
_STEP = re.compile(
    r"(?P<name>[A-Z]\w*)(?: \((?P<language>[a-z]{2})\))?"
    r"(?: (?P<verb>taps|edits|forwards|inline))?(?: in (?P<group>[^:]+))?: ?(?P<text>.*)"
)
_FORWARDED = {"forward_origin": {"type": "hidden_user", "sender_user_name": "Grup sebelah", "date": 1_780_000_000}}


class BadScript(Exception):
    """A line of a script that cannot be played; the text says which and what is expected."""


@dataclass(frozen=True)
class Step:
    """Something that somebody does."""

    line: str
    name: str
    language: str | None
    verb: str
    text: str
    group: str | None = None


def day_of(script: str) -> date:
    """Return the day on which a script plays, today if it names none."""
    found = re.search(r"^# today: (\S+)$", script, re.MULTILINE)
    return (parse_day(found[1]) if found else None) or today()


def staff_of(script: str) -> str | None:
    """Return the name of the staff group of a script, if it has one."""
    found = re.search(r"^# staff: (.+)$", script, re.MULTILINE)
    return found[1].strip() if found else None


def steps_of(script: str) -> Iterator[str | Step]:
    """Return the steps of a script, remarks and blank lines as they are; what the bot says is left out.

    Raises:
        BadScript: a line is none of these.
    """
    for number, line in enumerate(script.splitlines(), 1):
        if line.startswith(_INDENT):
            continue
        if not line.strip() or line.startswith("#"):
            yield line
            continue
        match = _STEP.fullmatch(line)
        if match is None:
            raise BadScript(f"line {number}: `{line}`; write it as `Sari: …`, `Sari taps: …` or `Sari in Group: …`.")
        verb = match["verb"] or ("group" if match["group"] else "says")
        yield Step(line, match["name"], match["language"], verb, match["text"].replace("\\n", "\n"), match["group"])


def play(script: str, answerer: Answerer) -> str:
    """Perform a script and return it with what the bot did.

    Raises:
        BadScript: a line cannot be played.
    """
    steps = list(steps_of(script))
    day = day_of(script)
    with TemporaryDirectory() as folder, FakeTelegram() as telegram:
        name = staff_of(script)
        staff = telegram.group(name, forum=True) if name else None
        settings = BotSettings(
            _env_file=None, data_dir=Path(folder), telegram_token=SecretStr(TOKEN), telegram_api_url=telegram.url,
            staff_chat_id=staff.id if staff else None,
        )  # fmt: skip
        with Stage(settings, answerer, lambda: day) as stage:
            performance = _Performance(telegram, stage.wait_until_settled, staff)
            performance.groups |= {name: staff} if name and staff else {}
            lines = [line for step in steps for line in performance.perform(step)]
    return "\n".join(lines).rstrip("\n") + "\n"


@dataclass
class _Performance:
    """People on the fake Telegram, and what they have seen so far."""

    telegram: FakeTelegram
    wait: Callable[[int], None]
    staff: Chat | None = None
    done: int = 0
    people: dict[str, Seller] = field(default_factory=dict)
    groups: dict[str, Chat] = field(default_factory=dict)
    last_said: dict[str, Message] = field(default_factory=dict)
    seen: dict[int, tuple[str, list[str]]] = field(default_factory=dict)

    def perform(self, step: str | Step) -> list[str]:
        """Do a step and return it with what the bot did."""
        if isinstance(step, str):
            return [step]
        self.telegram.later += 2  # Telegram's times have whole seconds, and what is earlier counts
        extra = self._act(step)
        self.done += 1
        self.wait(self.done)
        return [step.line, *(f"{_INDENT}{line}".rstrip() for line in [*extra(), *self._news()])]

    def _act(self, step: Step) -> Callable[[], list[str]]:
        person = self._person(step)
        if step.verb == "taps":
            press = self._group(step).presses_of(person, step.text) if step.group else person.presses(step.text)
            return lambda: [f"({text})"] if (text := str((press.answer or {}).get("text", ""))) else []
        if step.verb == "inline":
            query = person.types_inline(step.text)
            return lambda: [f"offers: {offer['title']}" for offer in self.telegram.waits_for_inline(query)]
        if step.verb == "edits":
            if step.name not in self.last_said:
                raise BadScript(f"`{step.line}`: {step.name} has not said anything yet.")
            person.edits(self.last_said[step.name], step.text)
        elif step.verb == "group":
            group = self._group(step)
            group.hears(person, step.text, next(reversed(group.topics), None))
        elif step.verb == "forwards":
            person.sends(text=step.text, entities=[], **_FORWARDED)
        else:
            self.last_said[step.name] = person.says(step.text)
        return list

    def _person(self, step: Step) -> Seller:
        if step.name not in self.people:
            self.people[step.name] = self.telegram.seller(step.name, step.language or "id")
        return self.people[step.name]

    def _group(self, step: Step) -> Chat:
        title = step.group or ""
        if title not in self.groups:
            self.groups[title] = self.telegram.group(title)
        return self.groups[title]

    def _news(self) -> Iterator[str]:
        """Return what the bot wrote or changed since the last step."""
        for message in self._written():
            state = (message.text, message.buttons)
            if self.seen.get(message.id) == state:
                continue
            changed = message.id in self.seen
            self.seen[message.id] = state
            place = f" ({self.staff.about['title']})" if self.staff and message.chat_id == self.staff.id else ""
            yield f"✎ changed to{place}" if changed else f"▸{place}"
            yield from (f"│ {line}".rstrip() for line in message.text.splitlines())
            if message.buttons:
                yield " ".join(f"[{label}]" for label in message.buttons)

    def _written(self) -> list[Message]:
        """Return what the bot wrote; what stands in the staff group last, because it is written beside the rest."""
        ours = [message for message in self.telegram.messages.values() if message.from_bot and not message.is_service]
        return sorted(ours, key=lambda message: self.staff is not None and message.chat_id == self.staff.id)
