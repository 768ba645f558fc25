"""What concerns the bot: private messages, and in groups only what is addressed to it."""

from dataclasses import dataclass

from telegram import Bot, Chat, Message, MessageEntity, Update

_GROUPS = (Chat.GROUP, Chat.SUPERGROUP)


@dataclass(frozen=True)
class Place:
    """Where a reply goes: the message it replies to, and the topic of a forum, in a group."""

    reply_to: int | None = None
    thread_id: int | None = None


ANYWHERE = Place()


def concerns(update: Update, bot: Bot) -> bool:
    """Tell whether an update is for the bot: of a person, and in a group addressed to it.

    Channel posts, other bots and anonymous senders are nobody to answer.
    """
    user, chat = update.effective_user, update.effective_chat
    if user is None or user.is_bot:
        return False
    if update.inline_query:
        return True
    message = update.message or update.edited_message
    if chat is None or not (message or update.callback_query):
        return False
    if chat.type == Chat.PRIVATE:
        return True
    return chat.type in _GROUPS and (message is None or _addressed(message, bot))


def in_group(message: Message) -> bool:
    """Tell whether a message stands in a group."""
    return message.chat.type in _GROUPS


def place_of(message: Message) -> Place:
    """Return where the reply to a message goes: in a group below it and in its topic, in private just there."""
    if not in_group(message):
        return Place()
    return Place(message.message_id, message.message_thread_id if message.is_topic_message else None)


def spoken(message: Message, username: str) -> str:
    """Return what a message says, without the bot's name in it."""
    text = message.text or ""
    for entity, words in message.parse_entities([MessageEntity.MENTION]).items():
        if entity.type == MessageEntity.MENTION and words.lower() == f"@{username.lower()}":
            text = text.replace(words, " ")
    return " ".join(text.split()) if in_group(message) else text


def _addressed(message: Message, bot: Bot) -> bool:
    name = f"@{bot.username}".lower()
    replied = message.reply_to_message
    if replied and replied.from_user and replied.from_user.id == bot.id:
        return True
    for entity, words in message.parse_entities([MessageEntity.MENTION, MessageEntity.BOT_COMMAND]).items():
        if entity.type == MessageEntity.MENTION and words.lower() == name:
            return True
        if entity.type == MessageEntity.BOT_COMMAND and entity.offset == 0:
            return "@" not in words or words.lower().endswith(name)
    return False
