"""What a provider of sign-in is: we send the browser there, and it comes back with an answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


class NotProved(Exception):
    """The answer does not show who somebody is; ``why`` is for the log and names nobody."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Unavailable(Exception):
    """The provider cannot be reached or does not work."""


@dataclass(frozen=True, slots=True)
class Departure:
    """Where the browser goes, and what is kept to check the answer by."""

    url: str
    kept: dict[str, Any] = field(default_factory=dict)


class Provider(Protocol):
    """``back`` is the address of ours that the answer comes to; it bears ``state``.

    ``fresh``: somebody who is signed in there already has to sign in again all the same.
    """

    name: str
    title_zh: str
    title_en: str
    can_renew: bool  # it can be made to ask for a fresh sign-in

    async def depart(self, back: str, state: str, *, fresh: bool) -> Departure:
        """Raises Unavailable."""
        ...

    async def who(
        self, answer: Mapping[str, str], back: str, kept: Mapping[str, Any], *, fresh: bool
    ) -> str | int:
        """Whoever signed in: by student or staff number, or by the id of the person.

        Raises NotProved, Unavailable.
        """
        ...
