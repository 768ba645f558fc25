import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from bot.rehearsal.fake_telegram import NOT_MODIFIED, TOO_OLD, Chat, FakeTelegram, Seller

Reply = tuple[int, dict[str, Any]]


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    with FakeTelegram() as telegram:
        yield telegram


@pytest.fixture
def sari(telegram: FakeTelegram) -> Seller:
    sari = telegram.seller("Sari")
    sari.says("halo")
    return sari


def call(telegram: FakeTelegram, method: str, **parameters: object) -> Reply:
    """Call as python-telegram-bot does: form fields, nested things as JSON."""
    fields = {name: value if isinstance(value, str) else json.dumps(value) for name, value in parameters.items()}
    response = httpx.post(f"{telegram.url}{telegram.token}/{method}", data=fields, timeout=5, trust_env=False)
    return response.status_code, response.json()


def refusal(reply: Reply) -> str:
    status, body = reply
    assert not body["ok"]
    assert body["error_code"] == status
    return f"{status} {body['description']}"


def send(telegram: FakeTelegram, seller: Seller, **parameters: object) -> Reply:
    return call(telegram, "sendMessage", chat_id=seller.id, **parameters)


def keyboard(*buttons: dict[str, str]) -> dict[str, Any]:
    return {"inline_keyboard": [list(buttons)]}


def test_a_message_is_delivered_and_written_down(telegram: FakeTelegram, sari: Seller) -> None:
    status, body = send(telegram, sari, text="<b>Halo</b> &lt;Sari&gt; 😀<i>!</i>", parse_mode="HTML")
    assert status == 200
    assert body["result"]["chat"]["id"] == sari.id
    assert sari.last.text == "Halo <Sari> 😀!"
    assert sari.last.entities == [
        {"type": "bold", "offset": 0, "length": 4},
        {"type": "italic", "offset": 14, "length": 1},
    ]
    assert telegram.called("sendMessage")[0].error is None


def test_a_link_keeps_its_address(telegram: FakeTelegram, sari: Seller) -> None:
    send(telegram, sari, text='<a href="https://a.id/?x=1&amp;y=2">sumber</a>', parse_mode="HTML")
    assert sari.last.entities[0]["url"] == "https://a.id/?x=1&y=2"


def test_a_wrong_token_is_unauthorized(telegram: FakeTelegram) -> None:
    for token, words in (("4242:wrong", "Unauthorized"), ("nonsense", "Not Found")):
        response = httpx.get(f"{telegram.url}{token}/getMe", trust_env=False)
        assert response.json() == {"ok": False, "error_code": response.status_code, "description": words}


def test_an_unknown_method_is_not_found(telegram: FakeTelegram) -> None:
    assert refusal(call(telegram, "sendCarrierPigeon")) == "404 Not Found: method not found"


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("a <b", "Unclosed start tag at byte offset 2"),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("a <x> b", 'Unsupported start tag "x" at byte offset 2'),
        ("é <br>", 'Unsupported start tag "br" at byte offset 3'),
        ("<b>tebal", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ('<span class="red">x</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_broken_html_is_refused(telegram: FakeTelegram, sari: Seller, html: str, words: str) -> None:
    reply = send(telegram, sari, text=html, parse_mode="HTML")
    assert refusal(reply) == f"400 Bad Request: can't parse entities: {words}"
    assert not sari.received


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": " \n "}, "text must be non-empty"),
        ({"text": "<b> </b>", "parse_mode": "HTML"}, "text must be non-empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "😀" * 2049}, "message is too long"),
        ({"text": "é" * 16_385}, "text is too long"),
        ({"text": "x", "parse_mode": "Word"}, "unsupported parse_mode"),
        ({"text": "x", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
        ({"text": "x", "reply_markup": [1]}, "object expected as reply markup"),
        (
            {"text": "x", "reply_markup": {"inline_keyboard": [{"text": "y"}]}},
            'field "inline_keyboard" must be an Array of Arrays',
        ),
        (
            {"text": "x", "reply_markup": keyboard({"text": "ya"})},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"text": "x", "reply_markup": keyboard({"callback_data": "ya"})},
            'can\'t parse inline keyboard button: Field "text" must be of type String',
        ),
        ({"text": "x", "reply_markup": keyboard({"text": "y", "callback_data": "é" * 33})}, "BUTTON_DATA_INVALID"),
    ],
)
def test_what_telegram_does_not_send(
    telegram: FakeTelegram, sari: Seller, parameters: dict[str, Any], words: str
) -> None:
    assert refusal(send(telegram, sari, **parameters)) == f"400 Bad Request: {words}"
    assert not sari.received


def test_length_is_counted_after_the_entities(telegram: FakeTelegram, sari: Seller) -> None:
    assert send(telegram, sari, text="<b>" + "&lt;" * 4096 + "</b>", parse_mode="HTML")[0] == 200
    assert send(telegram, sari, text="😀" * 2048)[0] == 200
    assert send(telegram, sari, text="x", reply_markup=keyboard({"text": "y", "callback_data": "é" * 32}))[0] == 200


def test_a_chat_that_never_wrote_is_not_found(telegram: FakeTelegram) -> None:
    stranger = telegram.seller("Orang")
    assert refusal(send(telegram, stranger, text="x")) == "400 Bad Request: chat not found"
    assert refusal(call(telegram, "sendMessage", text="x")) == "400 Bad Request: chat_id is empty"


def test_a_seller_who_blocked_the_bot_is_forbidden(telegram: FakeTelegram, sari: Seller) -> None:
    sari.blocks()
    assert refusal(send(telegram, sari, text="x")) == "403 Forbidden: bot was blocked by the user"
    reply = call(telegram, "sendChatAction", chat_id=sari.id, action="typing")
    assert refusal(reply) == "403 Forbidden: bot was blocked by the user"
    sari.unblocks()
    assert send(telegram, sari, text="x")[0] == 200


def test_an_unchanged_edit_is_refused(telegram: FakeTelegram, sari: Seller) -> None:
    markup = keyboard({"text": "y", "callback_data": "y"})
    send(telegram, sari, text="lama", reply_markup=markup)
    place = {"chat_id": sari.id, "message_id": sari.last.id}
    assert refusal(call(telegram, "editMessageReplyMarkup", reply_markup=markup, **place)).endswith(NOT_MODIFIED)
    assert refusal(call(telegram, "editMessageText", text="lama", reply_markup=markup, **place)).endswith(NOT_MODIFIED)
    assert call(telegram, "editMessageText", text="lama", **place)[0] == 200, "the buttons are gone, that is a change"
    assert call(telegram, "editMessageText", text="baru", **place)[0] == 200
    assert (sari.last.text, sari.last.buttons, sari.last.edited) == ("baru", [], True)


def test_only_own_messages_that_exist_can_be_edited(telegram: FakeTelegram, sari: Seller) -> None:
    theirs = sari.says("x")
    edit = {"chat_id": sari.id, "text": "y"}
    assert refusal(call(telegram, "editMessageText", message_id=999, **edit)).endswith("message to edit not found")
    assert refusal(call(telegram, "editMessageText", message_id=theirs.id, **edit)).endswith("can't be edited")
    assert refusal(call(telegram, "editMessageText", **edit)).endswith("message identifier is not specified")


def test_a_message_is_deleted_once(telegram: FakeTelegram, sari: Seller) -> None:
    send(telegram, sari, text="x")
    place = {"chat_id": sari.id, "message_id": sari.last.id}
    assert call(telegram, "deleteMessage", **place)[1]["result"] is True
    assert refusal(call(telegram, "deleteMessage", **place)).endswith("message to delete not found")
    assert not sari.received


def test_a_pressed_button_is_answered_once_and_in_time(telegram: FakeTelegram, sari: Seller) -> None:
    send(telegram, sari, text="?", reply_markup=keyboard({"text": "Ya", "callback_data": "yes"}))
    press = sari.presses("Ya")
    update = call(telegram, "getUpdates")[1]["result"][-1]
    assert update["callback_query"]["data"] == "yes"
    assert update["callback_query"]["message"]["reply_markup"]["inline_keyboard"][0][0]["text"] == "Ya"
    over_long = call(telegram, "answerCallbackQuery", callback_query_id=press.id, text="x" * 201)
    assert refusal(over_long) == "400 Bad Request: MESSAGE_TOO_LONG"
    assert call(telegram, "answerCallbackQuery", callback_query_id=press.id, text="Sip")[0] == 200
    assert telegram.waits_for_answer(press)["text"] == "Sip"
    again = call(telegram, "answerCallbackQuery", callback_query_id=press.id)
    assert refusal(again) == f"400 Bad Request: {TOO_OLD}"
    late = sari.presses("Ya")
    late.too_old = True
    assert refusal(call(telegram, "answerCallbackQuery", callback_query_id=late.id)).endswith(TOO_OLD)
    assert refusal(call(telegram, "answerCallbackQuery", callback_query_id="1")).endswith(TOO_OLD)


def test_updates_stay_until_a_later_offset_confirms_them(telegram: FakeTelegram, sari: Seller) -> None:
    sari.says("/bantuan@tanya_bot ya")
    first, second = call(telegram, "getUpdates")[1]["result"]
    assert second["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 18}]
    assert call(telegram, "getUpdates", limit=1)[1]["result"] == [first]
    assert call(telegram, "getUpdates", offset=first["update_id"] + 1)[1]["result"] == [second]
    assert telegram.waiting == [second]
    assert call(telegram, "getUpdates", offset=second["update_id"] + 1)[1]["result"] == []
    assert telegram.waiting == []


def test_a_negative_offset_keeps_only_the_last(telegram: FakeTelegram, sari: Seller) -> None:
    sari.says("dua")
    updates = call(telegram, "getUpdates", offset=-1)[1]["result"]
    assert [update["message"]["text"] for update in updates] == ["dua"]


def test_only_allowed_updates_come(telegram: FakeTelegram, sari: Seller) -> None:
    call(telegram, "getUpdates", allowed_updates=["callback_query"])
    sari.says("tidak sampai")
    assert len(call(telegram, "getUpdates")[1]["result"]) == 1


def test_a_long_poll_waits_for_an_update(telegram: FakeTelegram) -> None:
    sari = telegram.seller("Sari")
    with ThreadPoolExecutor() as pool:
        poll = pool.submit(call, telegram, "getUpdates", timeout=5)
        sari.says("halo")
        assert poll.result()[1]["result"][0]["message"]["text"] == "halo"


def test_a_second_poll_ends_the_first_with_a_conflict(telegram: FakeTelegram) -> None:
    with ThreadPoolExecutor() as pool:
        first = pool.submit(call, telegram, "getUpdates", timeout=5)
        while not telegram._newest_poll:
            pass
        call(telegram, "getUpdates")
        assert refusal(first.result()).startswith("409 Conflict: terminated by other getUpdates request")


def test_polling_with_a_webhook_set_is_a_conflict(telegram: FakeTelegram) -> None:
    telegram.webhook_url = "https://example.org"
    assert refusal(call(telegram, "getUpdates")).startswith("409 Conflict: can't use getUpdates")
    assert call(telegram, "deleteWebhook")[1]["result"] is True
    assert call(telegram, "getUpdates")[0] == 200


def test_commands_are_checked_and_kept_by_language(telegram: FakeTelegram) -> None:
    good = [{"command": "bantuan", "description": "Cara pakai"}]
    assert call(telegram, "setMyCommands", commands=good, language_code="id")[0] == 200
    assert telegram.commands["id"] == good
    for command, words in (
        ({"command": "Bantuan!", "description": "x"}, "BOT_COMMAND_INVALID"),
        ({"command": "x", "description": ""}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"command": "x"}, "can't parse BotCommand: expected an Object"),
    ):
        assert refusal(call(telegram, "setMyCommands", commands=[command])) == f"400 Bad Request: {words}"


def test_an_unknown_action_is_refused(telegram: FakeTelegram, sari: Seller) -> None:
    reply = call(telegram, "sendChatAction", chat_id=sari.id, action="dancing")
    assert refusal(reply) == "400 Bad Request: wrong parameter action in request"


def test_a_flood_says_how_long_to_wait(telegram: FakeTelegram, sari: Seller) -> None:
    telegram.floods("sendMessage", retry_after=7)
    status, body = send(telegram, sari, text="x")
    assert (status, body["parameters"]) == (429, {"retry_after": 7})
    assert body["description"] == "Too Many Requests: retry after 7"
    assert send(telegram, sari, text="x")[0] == 200


def test_a_fault_of_one_chat_leaves_the_others_alone(telegram: FakeTelegram, sari: Seller) -> None:
    budi = telegram.seller("Budi")
    budi.says("halo")
    telegram.floods("sendMessage", chat_id=sari.id)
    assert send(telegram, budi, text="x")[0] == 200
    assert send(telegram, sari, text="x")[0] == 429


def test_a_cut_connection_has_no_answer(telegram: FakeTelegram, sari: Seller) -> None:
    telegram.cuts("sendMessage")
    with pytest.raises(httpx.RemoteProtocolError):
        send(telegram, sari, text="tidak sampai")
    telegram.cuts("sendMessage", after=True)
    with pytest.raises(httpx.RemoteProtocolError):
        send(telegram, sari, text="sampai")
    assert sari.texts == ["sampai"]


def test_a_bad_gateway_is_html(telegram: FakeTelegram, sari: Seller) -> None:
    telegram.breaks("sendMessage")
    response = httpx.post(f"{telegram.url}{telegram.token}/sendMessage", trust_env=False)
    assert (response.status_code, response.text[:6]) == (502, "<html>")


def test_a_held_request_goes_on_when_released(telegram: FakeTelegram, sari: Seller) -> None:
    hold = telegram.holds("sendMessage")
    with ThreadPoolExecutor() as pool:
        sending = pool.submit(send, telegram, sari, text="x")
        hold.waits_until_arrived()
        assert not sari.received
        hold.release()
        assert sending.result()[0] == 200


def test_a_dropped_request_had_no_effect(telegram: FakeTelegram, sari: Seller) -> None:
    hold = telegram.holds("sendMessage")
    with ThreadPoolExecutor() as pool:
        sending = pool.submit(send, telegram, sari, text="x")
        hold.waits_until_arrived()
        hold.drop()
        assert isinstance(sending.exception(), httpx.RemoteProtocolError)
    assert not sari.received


def test_a_server_that_is_down_refuses_connections_and_comes_back(telegram: FakeTelegram) -> None:
    telegram.goes_down()
    with pytest.raises(httpx.ConnectError):
        call(telegram, "getMe")
    telegram.comes_up()
    assert call(telegram, "getMe")[1]["result"]["username"] == "tanya_bot"


def in_group(telegram: FakeTelegram, group: Chat, **parameters: object) -> Reply:
    return call(telegram, "sendMessage", chat_id=group.id, text="x", **parameters)


def test_a_topic_of_a_forum_is_made_written_in_and_deleted(telegram: FakeTelegram, sari: Seller) -> None:
    forum = telegram.group("Staf", forum=True)
    status, body = call(telegram, "createForumTopic", chat_id=forum.id, name="Penjual #1")
    thread_id = body["result"]["message_thread_id"]
    assert (status, body["result"]["name"], forum.topics) == (200, "Penjual #1", {thread_id: "Penjual #1"})
    sent = in_group(telegram, forum, message_thread_id=thread_id)[1]["result"]
    assert (sent["message_thread_id"], sent["is_topic_message"]) == (thread_id, True)
    assert [message.text for message in forum.written_in(thread_id)] == ["x"]
    forum.hears(sari, "halo", thread_id)
    (_, written) = call(telegram, "getUpdates")[1]["result"]
    assert written["message"]["message_thread_id"] == thread_id
    assert written["message"]["reply_to_message"]["forum_topic_created"]["name"] == "Penjual #1"
    forum.deletes_topic(thread_id)
    assert (
        refusal(in_group(telegram, forum, message_thread_id=thread_id)) == "400 Bad Request: message thread not found"
    )
    assert forum.received == []


def test_a_topic_is_not_made_without_a_forum_the_right_or_a_name(telegram: FakeTelegram) -> None:
    plain, forum = telegram.group("Staf"), telegram.group("Staf", forum=True)
    make = {"method": "createForumTopic", "name": "x"}
    assert refusal(call(telegram, chat_id=plain.id, **make)) == "400 Bad Request: the chat is not a forum"
    assert refusal(call(telegram, "createForumTopic", chat_id=forum.id, name="")).endswith("TOPIC_TITLE_EMPTY")
    assert refusal(call(telegram, "createForumTopic", chat_id=forum.id, name="x" * 129)).endswith("TOPIC_TITLE_INVALID")
    forum.may_manage_topics = False
    assert refusal(call(telegram, chat_id=forum.id, **make)) == "400 Bad Request: not enough rights to create a topic"
    assert refusal(in_group(telegram, plain, message_thread_id=7)).endswith("message thread not found")


def test_a_message_is_copied_with_another_caption(telegram: FakeTelegram, sari: Seller) -> None:
    group = telegram.group("Staf")
    photo = sari.sends(photo=[{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}], caption="lama")
    place = {"chat_id": group.id, "from_chat_id": sari.id}
    status, body = call(telegram, "copyMessage", message_id=photo.id, caption="baru", **place)
    assert (status, body["result"]) == (200, {"message_id": group.last.id})
    assert group.last.content["caption"] == "baru" and group.last.content["photo"]
    assert call(telegram, "copyMessage", message_id=photo.id, **place)[0] == 200
    assert group.last.content["caption"] == "lama"
    long = call(telegram, "copyMessage", message_id=photo.id, caption="x" * 1025, **place)
    assert refusal(long).endswith("message caption is too long")
    assert refusal(call(telegram, "copyMessage", message_id=999, **place)).endswith("message to copy not found")


def test_a_group_that_threw_the_bot_out_is_forbidden(telegram: FakeTelegram) -> None:
    group = telegram.group("Staf")
    group.blocks()
    assert refusal(in_group(telegram, group)) == "403 Forbidden: bot was kicked from the group chat"
