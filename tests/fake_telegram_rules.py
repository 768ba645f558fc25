"""What Telegram's server takes and what it refuses: texts, keyboards, commands."""

import json
import re
from typing import Any

from tests.fake_telegram_html import Unparsable, parse, utf16_length

Parameters = dict[str, Any]
Entities = list[dict[str, Any]]
Keyboard = list[list[dict[str, str]]]


class Refused(Exception):
    """What the server says no with."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


def bad_request(description: str) -> Refused:
    return Refused(400, f"Bad Request: {description}")


def list_of(parameters: Parameters, name: str) -> list[Any]:
    value = parameters.get(name)
    try:
        decoded = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        raise bad_request(f"can't parse {name} JSON object") from None
    if not isinstance(decoded, list):
        raise bad_request(f"expected an Array of {name}")
    return decoded


def text_of(parameters: Parameters) -> tuple[str, Entities]:
    raw, mode = str(parameters.get("text", "")), str(parameters.get("parse_mode", "")).lower()
    if not raw:
        raise bad_request("message text is empty")
    if len(raw.encode()) > 1 << 15:
        raise bad_request("text is too long")
    if mode not in ("", "html"):
        raise bad_request("unsupported parse_mode")
    try:
        text, entities = parse(raw) if mode else (raw, [])
    except Unparsable as unparsable:
        raise bad_request(f"can't parse entities: {unparsable}") from None
    if not text.strip():
        raise bad_request("text must be non-empty")
    if utf16_length(text.strip()) > 4096:
        raise bad_request("message is too long")
    return text.strip(), entities


def keyboard_of(parameters: Parameters) -> Keyboard:
    written = parameters.get("reply_markup")
    if not written:
        return []
    try:
        markup = json.loads(written) if isinstance(written, str) else written
    except ValueError:
        raise bad_request("can't parse reply keyboard markup JSON object") from None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    rows: Keyboard = markup.get("inline_keyboard", [])
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" must be an Array of Arrays')
    for button in (button for row in rows for button in row):
        _check_button(button)
    return [row for row in rows if row]


def _check_button(button: object) -> None:
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    if not isinstance(button.get("text"), str):
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be of type String')
    if not button.get("callback_data") and not button.get("url"):
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(str(button.get("callback_data", "")).encode()) > 64:
        raise bad_request("BUTTON_DATA_INVALID")
    if not button["text"].strip():
        raise bad_request("BUTTON_TEXT_INVALID")


def check_command(command: object) -> None:
    if not isinstance(command, dict) or not {"command", "description"} <= command.keys():
        raise bad_request("can't parse BotCommand: expected an Object")
    if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(command["description"]) <= 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
