"""Links in messages. They are stored by what they mean, and made for whoever is shown the message."""

from datetime import datetime, timedelta

from bot.tokens import Tokens

FILE_LIFETIME = timedelta(hours=2)
ORDER_LIFETIME = timedelta(days=7)  # the order itself expires earlier


class Links:
    def __init__(self, base_url: str, tokens: Tokens) -> None:
        self._base = base_url
        self._tokens = tokens

    def file(self, blob_id: str, now: datetime) -> str:
        return f"{self._base}/files/{self._tokens.make('file', blob_id, now, FILE_LIFETIME)}"

    def read_file(self, token: str, now: datetime) -> str | None:
        return self._tokens.read("file", token, now)

    def read_order(self, token: str, now: datetime) -> str | None:
        return self._tokens.read("order", token, now)

    def follow(self, meaning: str, now: datetime) -> str:
        """``order:D260302-0001`` or ``verify:CODE`` (``verify:`` alone is the form)."""
        kind, _colon, value = meaning.partition(":")
        match kind:
            case "order":
                token = self._tokens.make("order", value, now, ORDER_LIFETIME)
                return f"{self._base}/checkout/{token}"
            case "verify":
                return f"{self._base}/v/{value}"
        return meaning
