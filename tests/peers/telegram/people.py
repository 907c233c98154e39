"""People with Telegram on their phones, and the groups they are in."""

import time
from typing import Any

from tests.peers.telegram.bot_api import BOT, BotApi


class Person:
    """Somebody in a private chat with the bot."""

    def __init__(self, api: BotApi, number: int, language: str = "zh-hans") -> None:
        self.api = api
        self.id = number
        self.user = {
            "id": number,
            "is_bot": False,
            "first_name": "测试",
            "language_code": language,
        }
        self.chat = {"id": number, "type": "private", "first_name": "测试"}
        api.chats[number] = self.chat

    # --- what they see ----------------------------------------------------------------------

    @property
    def messages(self) -> list[dict[str, Any]]:
        return self.api.messages.get(self.id, [])

    @property
    def seen(self) -> str:
        return "\n".join(one.get("text") or one.get("caption", "") for one in self.messages)

    def buttons(self) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Messages and their buttons, the latest first."""
        return [
            (message, button)
            for message in reversed(self.messages)
            for row in message.get("reply_markup", {}).get("inline_keyboard", [])
            for button in row
        ]

    # --- what they do -----------------------------------------------------------------------

    def message(self, **content: Any) -> dict[str, Any]:
        return {
            "message": {
                "message_id": self.api.number("message"),
                "from": self.user,
                "chat": self.chat,
                "date": int(time.time()),
                **content,
            }
        }

    def send(self, **content: Any) -> int:
        return self.api.happen(self.id, self.message(**content))

    def say(self, text: str) -> int:
        if text.startswith("/"):
            command = {"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}
            return self.send(text=text, entities=[command])
        return self.send(text=text)

    def edit(self, text: str) -> int:
        said = self.message(text=text, edit_date=int(time.time()))["message"]
        return self.api.happen(self.id, {"edited_message": said})

    def press(self, label: str) -> str:
        """The latest button that says so; returns the name of the press."""
        for message, button in self.buttons():
            if button["text"] == label and "callback_data" in button:
                return self.press_data(button["callback_data"], message)
        raise LookupError(f"no button {label}: {[button['text'] for _, button in self.buttons()]}")

    def press_data(self, data: str, message: dict[str, Any]) -> str:
        query = self.api.query()
        pressed = {
            "id": query,
            "from": self.user,
            "chat_instance": "1",
            "message": message,
            "data": data,
        }
        self.api.happen(self.id, {"callback_query": pressed})
        return query

    def send_document(self, name: str, data: bytes, media_type: str, **more: Any) -> int:
        document = {
            "file_id": self.api.put_file(data),
            "file_unique_id": "u",
            "file_name": name,
            "mime_type": media_type,
            "file_size": len(data),
        }
        return self.send(**{"document": document, **more})

    def send_photo(self, data: bytes, **more: Any) -> int:
        """As the platform recompresses it: several sizes, the largest last."""
        sizes = [
            {
                "file_id": self.api.put_file(content),
                "file_unique_id": f"s{width}",
                "width": width,
                "height": width,
                "file_size": len(content),
            }
            for width, content in ((90, data[:10]), (1280, data))
        ]
        return self.send(photo=sizes, **more)

    def block(self) -> None:
        self.api.blocked.add(self.id)
        self._member("member", "kicked")

    def unblock(self) -> None:
        self.api.blocked.discard(self.id)
        self._member("kicked", "member")

    def _member(self, old: str, new: str) -> None:
        def state(status: str) -> dict[str, Any]:
            until = {"until_date": 0} if status == "kicked" else {}
            return {"user": BOT, "status": status, **until}

        change = {
            "chat": self.chat,
            "from": self.user,
            "date": int(time.time()),
            "old_chat_member": state(old),
            "new_chat_member": state(new),
        }
        self.api.happen(self.id, {"my_chat_member": change})


class Group(Person):
    """A group in which this person writes."""

    def __init__(self, api: BotApi, number: int, writer: Person) -> None:
        super().__init__(api, number)
        self.user = writer.user
        self.chat.update(type="supergroup", title="毕业班")
