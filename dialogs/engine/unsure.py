"""When the interpreter is torn between meanings, the person says which; nothing is guessed."""

from collections.abc import Callable, Sequence

from dialogs.engine.message import Action, Button, Message
from dialogs.engine.turn import Said
from dialogs.engine.words import Words, _

TORN = 0.25  # a second meaning this likely, and half as likely as the first, is worth a question
NEAR = 0.08  # a meaning this likely may be offered when none is likely enough
MOST_OFFERED = 3

Title = Callable[[str], Words | None]  # of a dialog that this person may be offered


def between_two(said: Said, title: Title, language: str) -> Message | None:
    """A question with two buttons, where two meanings are likely."""
    first_two = said.meaning.ranking[:2]
    shares = [share for _intent, share in first_two]
    if len(shares) < 2 or shares[1] < max(TORN, shares[0] / 2):
        return None
    buttons = offered(said, [intent for intent, _share in first_two], title, language)
    if len(buttons) < 2:
        return None
    return Message(_("您是想办哪一件？").into(language), language, buttons=buttons)


def nearest(said: Said, title: Title, language: str) -> tuple[Button, ...]:
    """The nearest three of those that are not too far off."""
    near = [intent for intent, share in said.meaning.ranking if share >= NEAR]
    return offered(said, near, title, language)[:MOST_OFFERED]


def offered(said: Said, intents: Sequence[str], title: Title, language: str) -> tuple[Button, ...]:
    """What was named in the words is not asked for again: a slot bears the name of its entity."""
    found: dict[str, Button] = {}
    for intent in intents:
        if (words := title(intent)) is not None:
            label = words.into(language)
            action = Action(dialog=intent, answers=said.entities(), lasting=True)
            found.setdefault(label, Button(label, action))
    return tuple(found.values())
