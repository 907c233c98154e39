"""Several things wanted at once are done one after another."""

import re
from typing import Any

from backend import authority
from dialogs.engine import repair
from dialogs.engine.correcting import Correcting
from dialogs.engine.talk import Frame, action_of
from dialogs.engine.turn import Said, definite
from dialogs.engine.words import Words

MOST = 5  # waiting; more than that nobody remembers having asked for
NOT_OFFERED = frozenset({"greet", "goodbye", "thank", "help", "switch_language"})
_EACH = r"都|全都|全部都?|两[个种份]|两[个种份]都|各来?一[份个]|各要?一[份个]"
BOTH = re.compile(
    rf"我?({_EACH})(要|办|来|选|可以)?(一[份个])?[的了吧呀]?[。.!！\s]*"
    r"|(both|all|each)( of them)?( please)?[.!\s]*"
)


class Queueing(Correcting):
    """What begins several dialogs, of which one is open and the others wait."""

    def take_up(self, said: Said) -> bool:
        """Begin with the first of several requests; what is answered at once goes before the rest."""
        wanted = [
            later(one.intent, entities=definite(one.entities), opening=one.text)
            for one in said.meaning.requests
            if self.title_to_offer(one.intent) is not None
        ]
        if len(wanted) < 2:
            return False
        wanted.sort(key=lambda one: not self.dialogs[one["dialog"]].brief)
        self.say(repair.one_by_one([self.dialogs[one["dialog"]].title for one in wanted]))
        self.talk.queue = (wanted[1:] + self.talk.queue)[:MOST]
        self.begin(wanted[0])
        return True

    def once_for_each(self, said: Said, frame: Frame) -> bool:
        """ "Both" to a choice: this dialog goes on with the first, and comes again for the others."""
        dialog = self.dialogs.get(frame.dialog)
        if dialog is None or frame.asked not in dialog.each or not BOTH.fullmatch(said.words):
            return False
        actions = [action_of(one["action"]) for one in self.talk.buttons]
        choices = [
            one.value for one in actions if one.frame == frame.id and one.slot == frame.asked
        ]
        if len(choices) < 2:
            return False
        again = [later(frame.dialog, {frame.asked: one}) for one in choices[1:]]
        self.talk.queue = (again + self.talk.queue)[:MOST]
        self.say(repair.one_after_another)
        self.go_on(heard={frame.asked: choices[0]})
        return True

    def title_to_offer(self, intent: str) -> Words | None:
        dialog = self.dialogs.get(intent)
        if dialog is None or intent in NOT_OFFERED:
            return None
        if dialog.staff and not (self.person and authority.roles(self.work, self.person)):
            return None
        return dialog.title


def later(
    dialog: str,
    answers: dict[str, str] | None = None,
    *,
    entities: dict[str, str] | None = None,
    opening: str = "",
) -> dict[str, Any]:
    """A dialog to begin, as it is kept in the talk."""
    return {
        "dialog": dialog,
        "answers": answers or {},
        "entities": entities or {},
        "opening": opening,
    }
