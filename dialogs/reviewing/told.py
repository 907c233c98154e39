"""The words of one kind of case that is reviewed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from backend.models import Application
from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button
from dialogs.engine.words import Speech, Words


def nothing(work: Work, application: Application) -> list[Words]:
    return []


@dataclass(frozen=True, slots=True)
class Told:
    """``service`` is what the kind is called, ``subject`` what one case is about ("英语（二）").

    ``rows`` are what a reviewer decides on, besides the proofs; ``to_check`` is what only a person
    can read off their pictures. ``passed`` tells the applicant of what was approved
    together, ``rejected`` what to do about a rejection; ``again`` are the buttons under it.
    """

    service: Words
    subject: Callable[[Work, Application], Words]
    rows: Callable[[Work, Application], list[tuple[Words, Speech]]]
    passed: Callable[[Work, Sequence[Application]], Speech]
    rejected: Callable[[Work, Application], Speech]
    again: Callable[[Chat, Work, Application], list[Button]]
    status: str  # the dialog that tells how far it is
    to_check: Callable[[Work, Application], list[Words]] = nothing
