"""A dialog as the engine knows it: what runs, what it is called, what it hears and takes."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.turn import Attached, Said, Told
from dialogs.engine.words import Words

Script = Callable[[Chat, Work], None]
Notify = Callable[[Chat, Work, Told], None]
Relayed = Literal["no", "yes", "over"]  # whether it was for a person who has taken over
# whether it is an answer that the person owes the assistant comes last
Relay = Callable[[Chat, Work, Said | Attached, bool], Relayed]


@dataclass(frozen=True, slots=True)
class Dialog:
    """``title`` is what a person calls it; ``signed_in`` says that it needs to know who they are."""

    run: Script
    title: Words
    signed_in: bool = True
    about: frozenset[str] = frozenset()  # entities that name the case it deals with
    hears: frozenset[str] = frozenset()  # entities it keeps when it hears them before it asks
    staff: bool = False  # is offered only to whoever holds an office
    said: re.Pattern[str] | None = None  # clear words, in lower case, that mean it and nothing else
    # the same by who says them, which answer no question that takes any words
    clear: Callable[[Work, int | None, str], bool] | None = None
    brief: bool = False  # answers and ends: it goes before what takes several turns
    lapses: bool = False  # it is not taken up again once the person has turned to something else
    each: frozenset[str] = frozenset()  # slots to which "both" means once for each
    file: str = ""  # the slot that takes a file; a further one begins with its name
    further: str = ""  # the dialog that a file is for which comes right after this one ended
    named: bool = False  # it wants to know what the file's name said, in ``<slot>.came``
    office: str = "academic_affairs"  # whom to ask about it where words are not understood
    album: bool = False  # it takes several, and keeps those that come before it asks for them
    knows: Callable[[Work, str], bool] | None = None  # words that no dialog was meant by
    takes: Callable[[Work, int | None, Attached], bool] | None = None  # a file that none asked for


@dataclass(frozen=True, slots=True)
class Owed:
    """An answer that somebody waits for: where it is given, and to which question."""

    dialog: str
    answers: dict[str, str]
    slot: str


WhatIsOwed = Callable[[Work, int], Owed | None]
