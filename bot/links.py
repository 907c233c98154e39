"""Links in messages. They are stored by what they mean, and made for whoever is shown the message."""

import hmac
from datetime import datetime, timedelta

from backend.payments import together
from bot.tokens import Tokens

FILE_LIFETIME = timedelta(hours=2)
SHARE_OPEN = timedelta(minutes=30)
MARK = 24  # characters of ``Tokens.name``
ORDER_LIFETIME = timedelta(days=7)  # the order itself expires earlier


class Links:
    def __init__(self, base_url: str, tokens: Tokens, telegram: str = "") -> None:
        """``telegram`` is the bot's name."""
        self._base = base_url
        self._tokens = tokens
        self._telegram = telegram

    def file(self, blob_id: str, now: datetime) -> str:
        return f"{self._base}/files/{self._tokens.make('file', blob_id, now, FILE_LIFETIME)}"

    def read_file(self, token: str, now: datetime) -> str | None:
        return self._tokens.read("file", token, now)

    def read_orders(self, token: str, now: datetime) -> tuple[str, ...]:
        """The numbers that are to be paid together; none for a token that is not ours, or over."""
        return together.numbers_in(self._tokens.read("order", token, now) or "")

    def form_mark(self, token: str) -> str:
        """For the form on the page of this token: who sends it along has seen the page."""
        return self._tokens.name("form", token)

    def one_time(self, purpose: str, link_id: str) -> str:
        """The token of a row that says itself whether it is still good; Telegram takes it too."""
        return link_id + self._tokens.name(purpose, link_id)

    def read_one_time(self, purpose: str, token: str) -> str | None:
        """The id in it; None for a token that is not ours."""
        link_id = token[:-MARK]
        genuine = self._tokens.name(purpose, link_id)
        ours = hmac.compare_digest(token[-MARK:].encode("utf-8", "replace"), genuine.encode())
        return link_id if ours and link_id else None

    def open_share(self, opened: str, now: datetime) -> str:
        """For the cookie of whoever has typed the PIN of a link."""
        return self._tokens.make("share-open", opened, now, SHARE_OPEN)

    def read_open_share(self, token: str, now: datetime) -> str | None:
        return self._tokens.read("share-open", token, now)

    def follow(self, meaning: str, now: datetime) -> str:
        """``order:D260302-0001`` (several are joined by "+"), ``verify:CODE`` (``verify:`` alone is the form), ``accounts:``, or the
        id of what is good once: ``bind:``, ``step-up:``, ``code:``, ``upload:``, ``photos:``, ``start:``
        (in Telegram); ``share:`` and ``share-pin:`` are of a link that others open. Anything else is
        an address already, and stays as it is."""
        kind, _colon, value = meaning.partition(":")
        match kind:
            case "order":
                token = self._tokens.make("order", value, now, ORDER_LIFETIME)
                return f"{self._base}/checkout/{token}"
            case "verify":
                return f"{self._base}/v/{value}"
            case "accounts":
                return f"{self._base}/accounts"
            case "bind" | "step-up" | "code" | "upload" | "photos" | "share" | "share-pin":
                path = "s" if kind == "share" else kind
                return f"{self._base}/{path}/{self.one_time(kind, value)}"
            case "start":
                return f"https://t.me/{self._telegram}?start={self.one_time(kind, value)}"
        return meaning
