"""What Telegram's server takes and what it refuses: texts, keyboards, commands."""

import json
import re
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

from bot.rehearsal.fake_telegram_html import Unparsable, parse, utf16_length

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


def object_of(parameters: Parameters, name: str) -> dict[str, Any]:
    value = parameters.get(name)
    try:
        decoded = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        raise bad_request(f"can't parse {name} JSON object") from None
    if not isinstance(decoded, dict):
        raise bad_request(f"object expected as {name}")
    return decoded


def check_reply(parameters: Parameters) -> None:
    if not parameters.get("reply_parameters"):
        return
    if not isinstance(object_of(parameters, "reply_parameters").get("message_id"), int):
        raise bad_request("message to be replied not found")


def check_topic_name(parameters: Parameters) -> str:
    name = str(parameters.get("name", "")).strip()
    if not name:
        raise bad_request("TOPIC_TITLE_EMPTY")
    if len(name) > 128:
        raise bad_request("TOPIC_TITLE_INVALID")
    return name


def scope_of(parameters: Parameters) -> str:
    if not parameters.get("scope"):
        return "default"
    kind = str(object_of(parameters, "scope").get("type"))
    if kind not in ("default", "all_private_chats", "all_group_chats", "all_chat_administrators"):
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    return kind


def parts_of(content_type: str, body: bytes) -> Parameters:
    """Return the parts of a form by their names: texts, and files as name and content."""
    form = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    parts: Parameters = {}
    for part in form.iter_parts():
        name, file_name = part.get_param("name", header="content-disposition"), part.get_filename()
        content: Any = part.get_payload(decode=True)
        parts[str(name)] = (file_name, content) if file_name else content.decode()
    return parts


def file_of(parameters: Parameters) -> tuple[str, bytes]:
    """Return the name and content of an uploaded document, which the library names in `document` as attach://…."""
    named = parameters.get("document")
    if isinstance(named, str) and named.startswith("attach://"):
        named = parameters.get(named.removeprefix("attach://"))
    if not isinstance(named, tuple) or not named[1]:
        raise bad_request("there is no document in the request")
    return named


def inline_results_of(parameters: Parameters) -> list[dict[str, Any]]:
    results = list_of(parameters, "results")
    if len(results) > 50:
        raise bad_request("RESULTS_TOO_MUCH")
    ids = [str(result.get("id", "")) for result in results]
    if len(set(ids)) != len(ids):
        raise bad_request("RESULT_ID_DUPLICATE")
    for result in results:
        if not 1 <= len(str(result.get("id", "")).encode()) <= 64:
            raise bad_request("RESULT_ID_INVALID")
        if result.get("type") != "article" or not result.get("title"):
            raise bad_request("ARTICLE_TITLE_EMPTY")
        content = result.get("input_message_content") or {}
        text_of({"text": content.get("message_text", ""), "parse_mode": content.get("parse_mode", "")})
    return results
