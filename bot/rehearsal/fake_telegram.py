"""A strict Bot API over HTTP, for tests: several users, real offsets, Telegram's refusals in Telegram's words.

    with FakeTelegram() as telegram:
        sari = telegram.seller("Sari")
        sari.says("halo")          # the bot, started with telegram_api_url=telegram.url, answers
        sari.waits_for(1)
        sari.presses("Bahasa")

The wire format is the Bot API's own, so that another fake server could take its place.
"""

import asyncio
import itertools
import re
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.rehearsal.fake_telegram_rules import (
    Entities,
    Keyboard,
    Parameters,
    Refused,
    bad_request,
    check_command,
    check_reply,
    check_topic_name,
    file_of,
    inline_results_of,
    keyboard_of,
    list_of,
    parts_of,
    scope_of,
    text_of,
)

TOKEN = "4242:AAF-fake-token-of-the-tests-0123456789"
PATIENCE = 20.0  # seconds that a test waits before it fails
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
# Telegram says "about one a second"; what it really lets through in a burst is not written down.
CHAT_SECONDS, CHAT_MOST = 10.0, 15
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
ACTIONS = {
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
    "choose_sticker", "find_location", "record_video_note", "upload_video_note",
}  # fmt: skip
UPDATE_TYPES = {"message", "edited_message", "channel_post", "callback_query", "inline_query"}


@dataclass
class Message:
    """A message of a chat, as its people see it."""

    chat_id: int
    text: str
    from_bot: bool
    id: int = 0
    entities: Entities = field(default_factory=list)
    keyboard: Keyboard = field(default_factory=list)
    content: dict[str, Any] = field(default_factory=dict)
    parameters: Parameters = field(default_factory=dict)
    edited: bool = False
    sender: dict[str, Any] | None = None
    thread_id: int | None = None
    at: float = field(default_factory=time.monotonic)

    @property
    def buttons(self) -> list[str]:
        return [button["text"] for row in self.keyboard for button in row]

    @property
    def is_service(self) -> bool:
        """Whether it is one of Telegram's own messages, that a topic was made."""
        return "forum_topic_created" in self.content


@dataclass
class Press:
    """A pressed button; `answer` is what the bot said to it."""

    id: str
    chat_id: int
    answer: Parameters | None = None
    too_old: bool = False


@dataclass(frozen=True)
class Call:
    """A request that came in, and what became of it."""

    method: str
    parameters: Parameters
    at: float
    error: str | None


class Hold:
    """Keeps a request waiting: `arrived` is set when it came in, and it goes on after `release()`."""

    def __init__(self) -> None:
        self.arrived = threading.Event()
        self.dropped = False
        self._released = threading.Event()

    def release(self) -> None:
        self._released.set()

    def drop(self) -> None:
        """Let it be as if the request had never come."""
        self.dropped = True
        self._released.set()

    def waits_until_arrived(self) -> None:
        assert self.arrived.wait(PATIENCE), "the request did not come"

    async def keep(self) -> None:
        self.arrived.set()
        while not self._released.is_set():
            await asyncio.sleep(0.005)


@dataclass
class Fault:
    """Something that goes wrong with the next `times` requests of a method."""

    method: str
    times: int
    refusal: Refused | None = None
    bad_gateway: bool = False
    cut: bool = False
    hold: Hold | None = None
    after: bool = False
    chat_id: int | None = None

    def fits(self, method: str, parameters: Parameters) -> bool:
        chat_fits = self.chat_id is None or str(self.chat_id) == str(parameters.get("chat_id"))
        return self.times > 0 and self.method == method and chat_fits


class Chat:
    """A private chat or a group, from its people's side."""

    def __init__(self, telegram: "FakeTelegram", chat: dict[str, Any]) -> None:
        self._telegram = telegram
        self.id: int = chat["id"]
        self.about = chat
        self.known_to_bot = chat["type"] != "private"
        self.blocked = False
        self.may_manage_topics = bool(chat.get("is_forum"))  # as an administrator with that right
        self.topics: dict[int, str] = {}  # of a forum: names by thread

    @property
    def messages(self) -> list[Message]:
        return [message for message in list(self._telegram.messages.values()) if message.chat_id == self.id]

    @property
    def received(self) -> list[Message]:
        """What the bot wrote here, oldest first."""
        return [message for message in self.messages if message.from_bot and not message.is_service]

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.received]

    @property
    def last(self) -> Message:
        return self.received[-1]

    def written_in(self, thread_id: int) -> list[Message]:
        """Return what the bot wrote in a topic, oldest first."""
        return [message for message in self.received if message.thread_id == thread_id]

    def opens_topic(self, name: str) -> int:
        """Let the people of a forum make a topic; return its thread."""
        content = {"forum_topic_created": {"name": name, "icon_color": 7322096}}
        owner = {"id": 999, "is_bot": False, "first_name": "Owner"}
        made = self._telegram.keep(Message(self.id, "", from_bot=False, content=content, sender=owner))
        self.topics[made.id] = name
        return made.id

    def deletes_topic(self, thread_id: int) -> None:
        """Delete a topic with everything in it."""
        del self.topics[thread_id]
        self._telegram.forget([message.id for message in self.messages if message.thread_id == thread_id])

    def gets(self, seller: "Seller", thread_id: int | None = None, **content: object) -> Message:
        """Let a person send anything into this group, into a topic of it where one is named."""
        if thread_id is not None:
            made = self._telegram.as_json(self._telegram.messages[thread_id])
            content = {"reply_to_message": made, "message_thread_id": thread_id, "is_topic_message": True, **content}
        text = str(content.get("text", ""))
        kept = self._telegram.keep(
            Message(self.id, text, from_bot=False, content=content, sender=seller.user, thread_id=thread_id)
        )
        self._telegram.deliver("message", self._telegram.as_json(kept))
        return kept

    def hears(self, seller: "Seller", text: str, thread_id: int | None = None, **content: object) -> Message:
        """Let a person write into this group; a name such as @tanya_bot in it is a mention."""
        entities = [
            {"type": "mention", "offset": found.start(), "length": len(found[0])}
            for found in re.finditer(r"@\w+", text)
        ]
        if command := re.match(r"/\w+(@\w+)?", text):
            entities = [{"type": "bot_command", "offset": 0, "length": len(command[0])}]
        return self.gets(seller, thread_id, **{"text": text, "entities": entities, **content})

    def edits(self, message: Message, text: str) -> None:
        """Let whoever wrote a message change it."""
        message.text = message.content["text"] = text
        self._telegram.deliver("edited_message", {**self._telegram.as_json(message), "edit_date": int(time.time())})

    def presses_of(self, seller: "Seller", label: str, message: Message | None = None) -> "Press":
        """Let a person press the button whose label contains that, of the newest message here that has one."""
        for candidate in [message] if message else self.received[::-1]:
            for button in (button for row in candidate.keyboard for button in row if label in button["text"]):
                return self._telegram.press(seller, button["callback_data"], candidate)
        raise AssertionError(f"no button {label!r}, there are {[found.buttons for found in self.received]}")

    def blocks(self) -> None:
        """Block the bot, or throw it out of the group."""
        self.blocked = True

    def unblocks(self) -> None:
        self.blocked = False

    def waits_for(self, count: int) -> list[Message]:
        """Wait until the bot has written that many messages here."""
        self._telegram.wait_until(lambda: len(self.received) >= count, f"{count} messages, there are {self.texts}")
        return self.received


class Seller(Chat):
    """A person with a private chat with the bot."""

    def __init__(self, telegram: "FakeTelegram", number: int, name: str, language_code: str | None) -> None:
        super().__init__(telegram, {"id": number, "type": "private", "first_name": name})
        self.user = {"id": number, "is_bot": False, "first_name": name}
        if language_code:
            self.user["language_code"] = language_code

    def says(self, text: str) -> Message:
        """Write a text message."""
        command = re.match(r"/\w+(@\w+)?", text)
        entities = [{"type": "bot_command", "offset": 0, "length": len(command[0])}] if command else []
        return self.sends(text=text, entities=entities)

    def sends(self, **content: object) -> Message:
        """Send a message with any content: `photo=[…]`, `voice={…}`."""
        self.known_to_bot = True
        message = self._telegram.keep(Message(self.id, str(content.get("text", "")), from_bot=False, content=content))
        self._telegram.deliver("message", self._telegram.as_json(message))
        return message

    def presses(self, label: str, message: Message | None = None) -> Press:
        """Press the button whose label contains that, of the newest message that has one."""
        return self.presses_of(self, label, message)

    def presses_data(self, data: str, message: Message) -> Press:
        """Press a button with that data, whether it is there or not."""
        return self._telegram.press(self, data, message)

    def types_inline(self, words: str) -> str:
        """Type the bot's name and some words in any chat, and return the id of that query."""
        return self._telegram.asks_inline(self, words)


class FakeTelegram:
    """The server: start it with `with`, give `url` to the bot, act through `seller` and `group`."""

    def __init__(self, token: str = TOKEN) -> None:
        self.token = token
        self.chats: dict[int, Chat] = {}
        self.messages: dict[int, Message] = {}
        self.presses: dict[str, Press] = {}
        self.commands: dict[str, list[dict[str, str]]] = {}
        self.group_commands: dict[str, list[dict[str, str]]] = {}
        self.inline_answers: dict[str, list[dict[str, Any]] | None] = {}
        self.drafts: list[tuple[int, str]] = []
        self.files: list[tuple[int, str, bytes]] = []
        self.calls: list[Call] = []
        self.webhook_url = ""
        self.enforces_limits = False
        self._sent: deque[tuple[float, int]] = deque(maxlen=2000)
        self.later = 0  # seconds that its clock is ahead, for plays in which hours pass in a moment
        self.delivers_to = ""  # where a webhook really is: Telegram takes only https
        self._webhook_secret = ""
        self._me = {"id": int(token.split(":", 1)[0]), "is_bot": True, "first_name": "Tanya", "username": "tanya_bot"}
        self._updates: list[dict[str, Any]] = []
        self._allowed = UPDATE_TYPES
        self._polls = itertools.count(1)
        self._newest_poll = 0
        self._message_ids = itertools.count(1)
        self._update_ids = itertools.count(700_000_001)
        self._user_ids = itertools.count(1001)
        self._faults: list[Fault] = []
        self._changed = threading.Condition()
        self._pushing = threading.Lock()
        self._port = _free_port()
        self._server: uvicorn.Server | None = None

    # The machine.

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}/bot"

    def __enter__(self) -> "FakeTelegram":
        self.comes_up()
        return self

    def __exit__(self, *_: object) -> None:
        for fault in self._faults:
            if fault.hold:
                fault.hold.release()
        if self._server:
            self._server.should_exit = self._server.force_exit = True  # its thread ends soon; nobody needs to wait

    def comes_up(self) -> None:
        """Listen (again, on the same port)."""
        app = Starlette(routes=[Route("/bot{token}/{method}", self._serve, methods=["GET", "POST"])])
        config = uvicorn.Config(app, port=self._port, log_level="critical", lifespan="off", timeout_graceful_shutdown=0)
        self._server = uvicorn.Server(config)
        threading.Thread(target=self._server.run, name="fake-telegram", daemon=True).start()
        deadline = time.monotonic() + PATIENCE
        while not self._server.started:
            assert time.monotonic() < deadline, "the fake server did not start"
            time.sleep(0.005)

    def goes_down(self) -> None:
        """Close all connections and the port."""
        if self._server:
            server, self._server = self._server, None
            server.should_exit = server.force_exit = True
            deadline = time.monotonic() + PATIENCE
            while _listens(self._port):
                assert time.monotonic() < deadline, "the fake server did not stop"
                time.sleep(0.01)

    # People.

    def seller(self, name: str, language_code: str | None = "id") -> Seller:
        seller = Seller(self, next(self._user_ids), name, language_code)
        self.chats[seller.id] = seller
        return seller

    def group(self, title: str, forum: bool = False) -> Chat:
        """Make a group with the bot in it; in a forum, which has topics, the bot may make some."""
        kind = {"type": "supergroup", "is_forum": True} if forum else {"type": "group"}
        group = Chat(self, {"id": -next(self._user_ids), "title": title, **kind})
        self.chats[group.id] = group
        return group

    def press(self, seller: Seller, data: str, message: Message) -> Press:
        press = Press(id=str(len(self.presses) + 9_000_000), chat_id=seller.id)
        self.presses[press.id] = press
        query = {"id": press.id, "from": seller.user, "chat_instance": "1", "data": data}
        self.deliver("callback_query", {**query, "message": self.as_json(message)})
        return press

    def asks_inline(self, seller: Seller, words: str) -> str:
        query_id = str(len(self.inline_answers) + 8_000_000)
        self.inline_answers[query_id] = None
        self.deliver("inline_query", {"id": query_id, "from": seller.user, "query": words, "offset": ""})
        return query_id

    def waits_for_inline(self, query_id: str) -> list[dict[str, Any]]:
        """Wait until the bot has offered something to post, and return it."""
        self.wait_until(lambda: self.inline_answers[query_id] is not None, "an answer to an inline query")
        return self.inline_answers[query_id] or []

    def waits_for_answer(self, press: Press) -> Parameters:
        """Wait until the bot has answered that press."""
        self.wait_until(lambda: press.answer is not None, "an answer to the pressed button")
        assert press.answer is not None
        return press.answer

    # Faults, each for the next `times` requests of that method.

    def floods(self, method: str, retry_after: int = 1, times: int = 1, chat_id: int | None = None) -> None:
        """Answer 429 Too Many Requests."""
        refusal = Refused(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)
        self._faults.append(Fault(method, times, refusal=refusal, chat_id=chat_id))

    def refuses(self, method: str, code: int, description: str, times: int = 1, **parameters: int) -> None:
        """Answer with that error."""
        self._faults.append(Fault(method, times, refusal=Refused(code, description, **parameters)))

    def breaks(self, method: str, times: int = 1) -> None:
        """Answer 502 Bad Gateway, as the front server does, in HTML."""
        self._faults.append(Fault(method, times, bad_gateway=True))

    def cuts(self, method: str, times: int = 1, after: bool = False) -> None:
        """Close the connection before (or after) the request took effect, without an answer."""
        self._faults.append(Fault(method, times, cut=True, after=after))

    def works_again(self) -> None:
        """Forget all faults that are still to come."""
        self._faults.clear()

    def holds(self, method: str, after: bool = False, chat_id: int | None = None) -> Hold:
        """Keep the next request waiting before (or after) it takes effect."""
        hold = Hold()
        self._faults.append(Fault(method, 1, hold=hold, after=after, chat_id=chat_id))
        return hold

    # What tests look at.

    def wait_until(self, condition: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
        with self._changed:
            assert self._changed.wait_for(condition, seconds), f"waited in vain for {what}"

    def called(self, method: str) -> list[Call]:
        return [call for call in list(self.calls) if call.method == method]

    @property
    def waiting(self) -> list[dict[str, Any]]:
        """The updates that the bot has not confirmed by a later offset."""
        return list(self._updates)

    # What the parts of the server do to the state.

    def keep(self, message: Message) -> Message:
        with self._changed:
            message.id = next(self._message_ids)
            self.messages[message.id] = message
            self._changed.notify_all()
            return message

    def forget(self, message_ids: list[int]) -> None:
        with self._changed:
            for message_id in message_ids:
                del self.messages[message_id]
            self._changed.notify_all()

    def deliver(self, kind: str, content: dict[str, Any]) -> None:
        """Put an update in the bot's queue."""
        with self._changed:
            if kind in self._allowed:
                self._updates.append({"update_id": next(self._update_ids), kind: content})
        if self.webhook_url:
            threading.Thread(target=self._push, name="webhook", daemon=True).start()

    def _push(self) -> None:
        """Deliver what waits to the webhook, one after the other, again and again until it is taken."""
        path = urlsplit(self.webhook_url).path
        headers = {"X-Telegram-Bot-Api-Secret-Token": self._webhook_secret}
        with self._pushing:
            deadline = time.monotonic() + PATIENCE
            while self._updates and self._server and time.monotonic() < deadline:
                update = self._updates[0]
                try:
                    answer = httpx.post(f"{self.delivers_to}{path}", headers=headers, json=update, timeout=5)
                except httpx.HTTPError:
                    time.sleep(0.05)
                    continue
                if answer.status_code == 200:
                    with self._changed:
                        self._updates = [other for other in self._updates if other is not update]
                        self._changed.notify_all()
                else:
                    time.sleep(0.05)

    def as_json(self, message: Message) -> dict[str, Any]:
        chat = self.chats[message.chat_id]
        sender = self._me if message.from_bot else message.sender or getattr(chat, "user", self._me)
        result = {"message_id": message.id, "date": int(time.time()) + self.later, "chat": chat.about, "from": sender}
        result |= message.content if message.content else {"text": message.text, "entities": message.entities}
        if message.thread_id is not None:
            result |= {"message_thread_id": message.thread_id, "is_topic_message": True}
        if message.keyboard:
            result["reply_markup"] = {"inline_keyboard": message.keyboard}
        return result

    # The wire.

    async def _serve(self, request: Request) -> Response:
        if request.path_params["token"] != self.token:
            known_form = ":" in request.path_params["token"]
            return _error(Refused(401, "Unauthorized") if known_form else Refused(404, "Not Found"))
        method = request.path_params["method"]
        parameters = await _parameters(request)
        fault = self._next_fault(method, parameters)
        if fault and not fault.after and (response := await self._spoil(fault, method, parameters)):
            return response
        response = await self._answer(method, parameters)
        if fault and fault.after:
            return await self._spoil(fault, method, parameters) or response
        return response

    def _next_fault(self, method: str, parameters: Parameters) -> Fault | None:
        with self._changed:
            fault = next((fault for fault in self._faults if fault.fits(method, parameters)), None)
            if fault:
                fault.times -= 1
            return fault

    async def _spoil(self, fault: Fault, method: str, parameters: Parameters) -> Response | None:
        if fault.hold:
            await fault.hold.keep()
            return _cut_connection() if fault.hold.dropped else None
        self._note(method, parameters, "fault")
        if fault.refusal:
            return _error(fault.refusal)
        return Response("<html><h1>502 Bad Gateway</h1></html>", 502) if fault.bad_gateway else _cut_connection()

    async def _answer(self, method: str, parameters: Parameters) -> Response:
        handler = METHODS.get(method.lower())
        try:
            if handler is None:
                raise Refused(404, "Not Found: method not found")
            result = await self._get_updates(parameters) if handler is _get_updates else handler(self, parameters)
        except Refused as refused:
            self._note(method, parameters, refused.description)
            return _error(refused)
        self._note(method, parameters, None)
        return JSONResponse({"ok": True, "result": result})

    def _note(self, method: str, parameters: Parameters, error: str | None) -> None:
        with self._changed:
            self.calls.append(Call(method, parameters, time.monotonic(), error))
            self._changed.notify_all()

    async def _get_updates(self, parameters: Parameters) -> list[dict[str, Any]]:
        if self.webhook_url:
            raise Refused(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        poll = self._newest_poll = next(self._polls)
        offset, limit = int(parameters.get("offset", 0)), min(int(parameters.get("limit", 100)), 100)
        self._confirm(offset, parameters)
        deadline = time.monotonic() + float(parameters.get("timeout", 0))
        while not self._updates and time.monotonic() < deadline:
            await asyncio.sleep(0.005)
            if poll != self._newest_poll:
                raise Refused(
                    409,
                    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
                )
        return self._updates[:limit]

    def _confirm(self, offset: int, parameters: Parameters) -> None:
        with self._changed:
            if "allowed_updates" in parameters:
                self._allowed = set(list_of(parameters, "allowed_updates")) or UPDATE_TYPES
            if offset < 0:
                self._updates = self._updates[offset:]
            self._updates = [update for update in self._updates if update["update_id"] >= offset]
            self._changed.notify_all()

    def send(self, parameters: Parameters) -> dict[str, Any]:
        chat = _writable_chat(self, parameters)
        text, entities = text_of(parameters)
        keyboard = keyboard_of(parameters)
        check_reply(parameters)
        thread_id = _thread(chat, parameters)
        self._check_limits(chat.id)
        message = Message(
            chat.id, text, from_bot=True, entities=entities, keyboard=keyboard, parameters=dict(parameters),
            thread_id=thread_id,
        )  # fmt: skip
        return self.as_json(self.keep(message))

    def create_topic(self, parameters: Parameters) -> dict[str, Any]:
        chat = _writable_chat(self, parameters)
        if not chat.about.get("is_forum"):
            raise bad_request("the chat is not a forum")
        if not chat.may_manage_topics:
            raise bad_request("not enough rights to create a topic")
        name = check_topic_name(parameters)
        about = {"name": name, "icon_color": 7322096}
        made = self.keep(Message(chat.id, "", from_bot=True, content={"forum_topic_created": about}))
        chat.topics[made.id] = name
        return {"message_thread_id": made.id, **about}

    def delete_topic(self, parameters: Parameters) -> bool:
        chat = _writable_chat(self, parameters)
        thread_id = _thread(chat, parameters)
        if thread_id is None or not chat.may_manage_topics:
            raise bad_request("not enough rights to delete a topic" if thread_id else "message thread not found")
        chat.deletes_topic(thread_id)
        return True

    def copy(self, parameters: Parameters) -> dict[str, Any]:
        chat = _writable_chat(self, parameters)
        thread_id = _thread(chat, parameters)
        place = {"chat_id": parameters.get("from_chat_id", ""), "message_id": parameters.get("message_id", "")}
        original = _message(self, place, "message to copy")
        if original.is_service:
            raise bad_request("message can't be copied")
        caption = str(parameters.get("caption", original.content.get("caption", "")))
        if len(caption) > 1024:
            raise bad_request("message caption is too long")
        kept = ("forward_origin", "entities", "caption", "reply_to_message", "media_group_id")
        content = {name: value for name, value in original.content.items() if name not in kept} | {"caption": caption}
        self._check_limits(chat.id)
        copied = Message(
            chat.id, original.text or caption, from_bot=True, content=content, parameters=dict(parameters),
            thread_id=thread_id,
        )  # fmt: skip
        return {"message_id": self.keep(copied).id}

    def _check_limits(self, chat_id: int) -> None:
        """Refuse what is more than thirty messages a second, or in one chat more than some in a few seconds."""
        now = time.monotonic()
        if self.enforces_limits:
            lately = [chat for at, chat in self._sent if now - at < 1.0]
            here = sum(chat == chat_id for at, chat in self._sent if now - at < CHAT_SECONDS)
            if len(lately) >= 35 or here >= CHAT_MOST:
                raise Refused(429, "Too Many Requests: retry after 1", retry_after=1)
        self._sent.append((now, chat_id))

    def edit_text(self, parameters: Parameters) -> dict[str, Any]:
        text, entities = text_of(parameters)
        message = _own_message(self, parameters, "message to edit")
        return self._change(message, text, entities, keyboard_of(parameters))

    def edit_keyboard(self, parameters: Parameters) -> dict[str, Any]:
        message = _own_message(self, parameters, "message to edit")
        return self._change(message, message.text, message.entities, keyboard_of(parameters))

    def _change(self, message: Message, text: str, entities: Entities, keyboard: Keyboard) -> dict[str, Any]:
        with self._changed:
            if (message.text, message.entities, message.keyboard) == (text, entities, keyboard):
                raise bad_request(NOT_MODIFIED)
            message.text, message.entities, message.keyboard, message.edited = text, entities, keyboard, True
            self._changed.notify_all()
            return self.as_json(message)

    def delete_message(self, parameters: Parameters) -> bool:
        with self._changed:
            del self.messages[_message(self, parameters, "message to delete").id]
            return True

    def answer_press(self, parameters: Parameters) -> bool:
        with self._changed:
            press = self.presses.get(str(parameters.get("callback_query_id")))
            if not press or press.too_old or press.answer is not None:
                raise bad_request(TOO_OLD)
            if len(str(parameters.get("text", ""))) > 200:
                raise bad_request("MESSAGE_TOO_LONG")
            press.answer = {"text": "", **parameters}
            self._changed.notify_all()
            return True

    def set_commands(self, parameters: Parameters) -> bool:
        commands: list[dict[str, str]] = list_of(parameters, "commands")
        for command in commands:
            check_command(command)
        language = parameters.get("language_code", "")
        if language and not re.fullmatch("[a-z]{2}", language):
            raise bad_request("invalid language code specified")
        kind = scope_of(parameters)
        (self.group_commands if kind == "all_group_chats" else self.commands)[language] = commands
        return True

    def answer_inline(self, parameters: Parameters) -> bool:
        with self._changed:
            query_id = str(parameters.get("inline_query_id"))
            if self.inline_answers.get(query_id, []) is not None:
                raise bad_request(TOO_OLD)
            self.inline_answers[query_id] = inline_results_of(parameters)
            self._changed.notify_all()
            return True

    def send_file(self, parameters: Parameters) -> dict[str, Any]:
        chat = _writable_chat(self, parameters)
        name, content = file_of(parameters)
        if len(str(parameters.get("caption", ""))) > 1024:
            raise bad_request("message caption is too long")
        self.files.append((chat.id, name, content))
        document = {"file_id": f"file-{len(self.files)}", "file_unique_id": f"f{len(self.files)}", "file_name": name}
        caption = str(parameters.get("caption", ""))
        message = Message(chat.id, caption, from_bot=True, content={"document": document, "caption": caption})
        return self.as_json(self.keep(message))

    def me(self, _: Parameters) -> dict[str, Any]:
        return {**self._me, "can_join_groups": True, "can_read_all_group_messages": False}

    def forget_webhook(self, parameters: Parameters) -> bool:
        self.webhook_url = ""
        if parameters.get("drop_pending_updates") == "true":
            self._updates = []
        return True

    def register_webhook(self, parameters: Parameters) -> bool:
        url, secret = str(parameters.get("url", "")), str(parameters.get("secret_token", ""))
        if not url.startswith("https://"):
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
            raise bad_request("secret token contains unallowed characters")
        with self._changed:
            if "allowed_updates" in parameters:
                self._allowed = set(list_of(parameters, "allowed_updates")) or UPDATE_TYPES
            self.webhook_url, self._webhook_secret = url, secret
            self._changed.notify_all()
        threading.Thread(target=self._push, name="webhook", daemon=True).start()
        return True

    def draft(self, parameters: Parameters) -> bool:
        chat = _writable_chat(self, parameters)
        if chat.about["type"] != "private":
            raise bad_request("message drafts can be sent only to private chats")
        if not str(parameters.get("draft_id", "0")).lstrip("-").isdigit() or int(parameters.get("draft_id", 0)) == 0:
            raise bad_request("DRAFT_ID_INVALID")
        text, _ = text_of(parameters)
        with self._changed:
            self.drafts.append((chat.id, text))
            self._changed.notify_all()
        return True

    def act(self, parameters: Parameters) -> bool:
        _writable_chat(self, parameters)
        if parameters.get("action") not in ACTIONS:
            raise bad_request("wrong parameter action in request")
        return True


def _get_updates(_telegram: FakeTelegram, _parameters: Parameters) -> None:
    """Stand in the table below for the one method that waits."""


METHODS: dict[str, Callable[[FakeTelegram, Parameters], Any]] = {
    "getupdates": _get_updates,
    "getme": FakeTelegram.me,
    "setwebhook": FakeTelegram.register_webhook,
    "deletewebhook": FakeTelegram.forget_webhook,
    "sendmessage": FakeTelegram.send,
    "sendmessagedraft": FakeTelegram.draft,
    "sendchataction": FakeTelegram.act,
    "editmessagetext": FakeTelegram.edit_text,
    "editmessagereplymarkup": FakeTelegram.edit_keyboard,
    "deletemessage": FakeTelegram.delete_message,
    "answercallbackquery": FakeTelegram.answer_press,
    "setmycommands": FakeTelegram.set_commands,
    "answerinlinequery": FakeTelegram.answer_inline,
    "senddocument": FakeTelegram.send_file,
    "createforumtopic": FakeTelegram.create_topic,
    "deleteforumtopic": FakeTelegram.delete_topic,
    "copymessage": FakeTelegram.copy,
}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _error(refused: Refused) -> JSONResponse:
    body = {"ok": False, "error_code": refused.code, "description": refused.description}
    return JSONResponse(body | ({"parameters": refused.parameters} if refused.parameters else {}), refused.code)


def _cut_connection() -> Response:
    # A body that is shorter than promised makes the server close the connection.
    return StreamingResponse(iter(()), headers={"content-length": "100"})


async def _parameters(request: Request) -> Parameters:
    parameters: Parameters = dict(request.query_params)
    if request.headers.get("content-type", "").startswith("application/json"):
        return {**parameters, **await request.json()}
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        return {**parameters, **parts_of(request.headers["content-type"], await request.body())}
    return parameters | dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))


def _writable_chat(telegram: FakeTelegram, parameters: Parameters) -> Chat:
    written = str(parameters.get("chat_id", ""))
    if not written:
        raise bad_request("chat_id is empty")
    chat = telegram.chats.get(int(written)) if re.fullmatch(r"-?\d+", written) else None
    if not chat or not chat.known_to_bot:
        raise bad_request("chat not found")
    if chat.blocked:
        private = chat.about["type"] == "private"
        words = "bot was blocked by the user" if private else f"bot was kicked from the {chat.about['type']} chat"
        raise Refused(403, f"Forbidden: {words}")
    return chat


def _thread(chat: Chat, parameters: Parameters) -> int | None:
    written = str(parameters.get("message_thread_id", ""))
    if not written:
        return None
    if not written.isdigit() or int(written) not in chat.topics:
        raise bad_request("message thread not found")
    return int(written)


def _message(telegram: FakeTelegram, parameters: Parameters, what: str) -> Message:
    chat = _writable_chat(telegram, parameters)
    written = str(parameters.get("message_id", ""))
    if not written.isdigit():
        raise bad_request("message identifier is not specified")
    message = telegram.messages.get(int(written))
    if not message or message.chat_id != chat.id:
        raise bad_request(f"{what} not found")
    return message


def _own_message(telegram: FakeTelegram, parameters: Parameters, what: str) -> Message:
    message = _message(telegram, parameters, what)
    if not message.from_bot:
        raise bad_request("message can't be edited")
    return message
