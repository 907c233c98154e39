"""The methods of the Bot API that a bot of this kind calls, with the refusals of each."""

import struct
import threading
import time
from typing import Any
from urllib.parse import urlsplit

from tests.peers.telegram.flood import Flood
from tests.peers.telegram.webhook import Webhook
from tests.peers.telegram.wire import Fields, Upload

DOWNLOAD_MOST = 20 * 1024 * 1024
UPLOAD_MOST = 50 * 1024 * 1024
PHOTO_MOST = 10 * 1024 * 1024
BOT = {"id": 4200000001, "is_bot": True, "first_name": "教务助手", "username": "registrar_peer_bot"}


class ApiError(Exception):
    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        self.code = code
        self.description = description
        self.parameters = parameters


def bad(description: str) -> ApiError:
    return ApiError(400, f"Bad Request: {description}")


class Methods:
    """``do_…`` by the lower-case name of the method: its fields and files, and its result."""

    chats: dict[int, dict[str, Any]]
    blocked: set[int]
    messages: dict[int, list[dict[str, Any]]]
    files: dict[str, bytes]
    uploads: dict[int, Upload]
    commands: dict[str, list[dict[str, str]]]
    answered: dict[str, Fields]
    refused: list[int]
    updates: list[dict[str, Any]]
    queries: dict[str, bool]
    webhook: Webhook
    webhook_error: tuple[int, str] | None
    flood: Flood
    changed: threading.Condition

    def number(self, of: str) -> int:
        raise NotImplementedError

    def put_file(self, data: bytes) -> str:
        raise NotImplementedError

    def do_getme(self, *_: Any) -> Any:
        return {**BOT, "can_join_groups": True, "can_read_all_group_messages": False}

    def do_setmycommands(self, fields: Fields, _: Any) -> bool:
        self.commands[fields.get("language_code", "")] = fields["commands"]
        return True

    def do_setwebhook(self, fields: Fields, _: Any) -> bool:
        url = fields["url"]
        if urlsplit(url).scheme not in ("http", "https"):  # http: as a server of one's own may
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        secret = fields.get("secret_token", "")
        if not secret.replace("-", "").replace("_", "").isalnum() or len(secret) > 256:
            raise bad("secret token contains unallowed characters")
        if str(fields.get("drop_pending_updates")).lower() == "true":
            self.updates.clear()
        self.webhook.set(url, secret, fields.get("allowed_updates") or [])
        for update in self.updates:
            self.webhook.push(0, update)
        self.updates.clear()
        return True

    def do_deletewebhook(self, *_: Any) -> bool:
        self.webhook.set("", "", [])
        return True

    def do_getwebhookinfo(self, *_: Any) -> Any:
        failure: dict[str, Any] = {}
        if self.webhook_error:
            names = ("last_error_date", "last_error_message")
            failure = dict(zip(names, self.webhook_error, strict=True))
        return {
            "url": self.webhook.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self.updates),
            **failure,
        }

    def do_getupdates(self, fields: Fields, _: Any) -> Any:
        if self.webhook.url:
            raise ApiError(409, "Conflict: can't use getUpdates method while webhook is active")
        offset, timeout = int(fields.get("offset", 0)), min(float(fields.get("timeout", 0)), 2.0)
        end = time.monotonic() + timeout
        with self.changed:
            while True:
                self.updates = [one for one in self.updates if one["update_id"] >= offset]
                left = end - time.monotonic()
                if self.updates or left <= 0:
                    return self.updates[:100]
                self.changed.wait(left)

    def do_sendmessage(self, fields: Fields, _: Any) -> Any:
        text = fields.get("text", "").strip()
        if not text:
            raise bad("message text is empty")
        if units(text) > 4096:
            raise bad("message is too long")
        return self.post(fields, {"text": text, **entities(fields, text)})

    def do_sendphoto(self, fields: Fields, files: dict[str, Upload]) -> Any:
        upload = uploaded(fields, files, "photo")
        if len(upload.data) > PHOTO_MOST:
            raise ApiError(413, "Request Entity Too Large")
        width, height = dimensions(upload.data)
        if width + height > 10_000 or max(width, height) > 20 * min(width, height):
            raise bad("PHOTO_INVALID_DIMENSIONS")
        size = {"file_id": self.put_file(upload.data), "file_unique_id": "p", "width": width}
        photo = [{**size, "height": height, "file_size": len(upload.data)}]
        return self.post(fields, {"photo": photo, **caption(fields)}, upload)

    def do_senddocument(self, fields: Fields, files: dict[str, Upload]) -> Any:
        upload = uploaded(fields, files, "document")
        if len(upload.data) > UPLOAD_MOST:
            raise ApiError(413, "Request Entity Too Large")
        document = {
            "file_id": self.put_file(upload.data),
            "file_unique_id": "d",
            "file_name": upload.name,
            "mime_type": upload.media_type,
            "file_size": len(upload.data),
        }
        return self.post(fields, {"document": document, **caption(fields)}, upload)

    def do_editmessagetext(self, fields: Fields, _: Any) -> Any:
        message = self.editable(fields)
        if "text" not in message:
            raise bad("there is no text in the message to edit")
        text = fields["text"].strip()
        if not text or units(text) > 4096:
            raise bad("MESSAGE_TOO_LONG" if text else "message text is empty")
        return self.edit(fields, message, {"text": text, **entities(fields, text)})

    def do_editmessagecaption(self, fields: Fields, _: Any) -> Any:
        message = self.editable(fields)
        if "text" in message:
            raise bad("there is no caption in the message to edit")
        return self.edit(fields, message, caption(fields))

    def do_editmessagereplymarkup(self, fields: Fields, _: Any) -> Any:
        message = self.editable(fields)
        changed = ("text", "entities", "caption")
        kept = {name: message[name] for name in changed if name in message}
        return self.edit(fields, message, kept)

    def do_answercallbackquery(self, fields: Fields, _: Any) -> bool:
        name = fields["callback_query_id"]
        if self.queries.get(name, True):
            raise bad("query is too old and response timeout expired or query ID is invalid")
        self.queries[name] = True
        self.answered[name] = fields
        return True

    def do_getfile(self, fields: Fields, _: Any) -> Any:
        data = self.files.get(fields["file_id"])
        if data is None:
            raise bad("wrong file_id or the file is temporarily unavailable")
        if len(data) > DOWNLOAD_MOST:
            raise bad("file is too big")
        name = fields["file_id"]
        path = f"documents/{name}"
        return {"file_id": name, "file_unique_id": "f", "file_size": len(data), "file_path": path}

    # --- messages ---------------------------------------------------------------------------

    def post(self, fields: Fields, content: dict[str, Any], upload: Upload | None = None) -> Any:
        chat = self.chat_of(fields)
        markup = keyboard(fields)
        if wait := self.flood.take(chat["id"]):
            self.refused.append(wait)
            raise ApiError(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
        with self.changed:
            message = {
                "message_id": self.number("message"),
                "from": BOT,
                "chat": chat,
                "date": int(time.time()),
                **content,
                **markup,
            }
            self.messages.setdefault(chat["id"], []).append(message)
            if upload:
                self.uploads[message["message_id"]] = upload
            return message

    def chat_of(self, fields: Fields) -> dict[str, Any]:
        try:
            chat = self.chats[int(fields["chat_id"])]
        except (KeyError, ValueError):
            raise bad("chat not found") from None
        if chat["id"] in self.blocked:
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        return chat

    def editable(self, fields: Fields) -> dict[str, Any]:
        chat = self.chat_of(fields)
        for message in self.messages.get(chat["id"], []):
            if message["message_id"] == int(fields["message_id"]):
                return message
        raise bad("message to edit not found")

    def edit(self, fields: Fields, message: dict[str, Any], content: dict[str, Any]) -> Any:
        changing = ("text", "entities", "caption", "reply_markup")
        new = {**content, **keyboard(fields)}
        if new == {name: message[name] for name in changing if name in message}:
            raise bad(
                "message is not modified: specified new message content and reply markup are "
                "exactly the same as a current content and reply markup of the message"
            )
        with self.changed:
            for name in changing:
                message.pop(name, None)
            message.update(new, edit_date=int(time.time()))
            return message


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def entities(fields: Fields, text: str) -> dict[str, Any]:
    given = fields.get("entities") or []
    for one in given:
        if one["offset"] < 0 or one["length"] < 1 or one["offset"] + one["length"] > units(text):
            raise bad("entity beyond the end of the text")
    return {"entities": given} if given else {}


def caption(fields: Fields) -> dict[str, Any]:
    text = fields.get("caption", "")
    if units(text) > 1024:
        raise bad("message caption is too long")
    return {"caption": text} if text else {}


def uploaded(fields: Fields, files: dict[str, Upload], name: str) -> Upload:
    place = str(fields.get(name, "")).removeprefix("attach://") or name
    if place not in files:
        raise bad(f"there is no {name} in the request")
    if not files[place].data:
        raise bad("file must be non-empty")
    return files[place]


def keyboard(fields: Fields) -> dict[str, Any]:
    markup = fields.get("reply_markup")
    if not markup or not markup.get("inline_keyboard"):
        return {}
    for row in markup["inline_keyboard"]:
        for button in row:
            check_button(button)
    return {"reply_markup": markup}


def check_button(button: dict[str, Any]) -> None:
    if not button.get("text"):
        raise bad("inline keyboard button text must be non-empty")
    if "url" in button:
        parts = urlsplit(button["url"])
        if parts.scheme not in ("http", "https", "tg") or "." not in (parts.hostname or ""):
            raise bad(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
    elif not 1 <= len(button.get("callback_data", "").encode()) <= 64:
        raise bad("BUTTON_DATA_INVALID")


def dimensions(data: bytes) -> tuple[int, int]:
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    if data[:2] == b"\xff\xd8":
        return 1280, 960
    raise bad("IMAGE_PROCESS_FAILED")
