"""A dialog is a plain function, called again from its first line on every turn.

``chat.ask(slot)`` returns the person's answer if there is one, and otherwise ends the turn there
with the question. Between turns we keep only what was said, by slot name. A correction, a step
back, a digression and a new release are therefore nothing special: the answers change, or the code
does, and the next call takes another path.

``steering.py`` decides what a turn means for the stack of open dialogs (``commands.py``: what is no
answer; ``correcting.py``: answers given anew), ``running.py`` runs them, and ``repair.py`` has the
words for when it goes wrong.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from backend.work import Work
from dialogs.engine.dialog import Dialog, Notify, Relay, WhatIsOwed
from dialogs.engine.message import Message
from dialogs.engine.steering import Steering
from dialogs.engine.talk import Talk
from dialogs.engine.turn import Told, Turn

MOST_NUMBERED = 99  # buttons that one may type the number of
MOST_EARLIER = 24  # buttons of earlier messages that one may still type


@dataclass(slots=True)
class Reply:
    """What a turn says, and the language it ended in."""

    messages: list[Message]
    language: str


class Engine:
    def __init__(
        self,
        dialogs: Mapping[str, Dialog],
        notify: Notify,
        cases: Mapping[str, str] | None = None,
        relay: Relay | None = None,
        owed: WhatIsOwed | None = None,
    ) -> None:
        """``cases``: the dialog to open when nothing but the case's number was understood.

        ``relay`` gets everything first, and keeps what is for a person who has taken over; ``owed``
        tells whose answer words that mean nothing else may be.
        """
        self._dialogs = dialogs
        self._notify = notify
        self._cases = cases or {}
        self._relay = relay
        self._owed = owed

    def take(
        self, talk: Talk, turn: Turn, work: Work, *, person: int | None, language: str
    ) -> Reply:
        """Let one turn move the open dialogs; changes ``talk``."""
        run = Steering(
            self._dialogs,
            self._notify,
            self._cases,
            talk,
            work,
            person,
            language,
            self._relay,
            self._owed,
        )
        return Reply(number(talk, run.take(turn), turn), run.language)


def number(talk: Talk, messages: list[Message], turn: Turn) -> list[Message]:
    """Give each button the number one may type instead.

    A notice that comes in between goes on counting, so that no number means two things while a
    question is open.
    """
    if messages and not isinstance(turn, Told):  # where nothing is said, what was asked stands
        opening = [one for one in talk.buttons if "dialog" in one["action"]]
        known = [one for one in talk.earlier if one not in opening]
        talk.earlier, talk.buttons = (opening + known)[:MOST_EARLIER], []
    numbered = []
    for message in messages:
        buttons = []
        for button in message.buttons:
            if button.action is None or len(talk.buttons) >= MOST_NUMBERED:
                buttons.append(button)
                continue
            place = len(talk.buttons) + 1
            entry = {"label": button.label, "action": button.action.to_json()}
            talk.buttons.append(entry)
            buttons.append(replace(button, number=place))
        numbered.append(replace(message, buttons=tuple(buttons)))
    return numbered
