"""The reason of a rejection, as it is told."""

from backend.models import Application
from backend.reviewing.kinds import reasons, request_of
from backend.work import Work
from dialogs.engine.words import Bilingual, Speech, plain


def reason_words(work: Work, application: Application, template: str, words: str) -> Speech:
    """A reason of the policy in the language of the reader, own words as they were written."""
    for one in reasons(work, application.kind):
        if one.id == template and one.zh == words:
            return Bilingual(one.zh, one.en)
    return plain(words)


def rejection(work: Work, application: Application) -> Speech:
    """Why this case was rejected last."""
    request = request_of(work, application)
    return reason_words(work, application, request.rejected_template, request.rejected_why)
