"""A release that is never out, for scripts that deploy one while somebody is in mid-dialog.

The transcript's questions come in another order, and there is one more.
"""

from backend import offers
from backend.work import Work
from dialogs.catalog import DIALOGS as TODAYS
from dialogs.engine.chat import Chat
from dialogs.engine.dialog import Dialog
from dialogs.engine.slots import choice
from dialogs.engine.words import Bilingual, plain
from dialogs.transcripts import applying

USES = {"home": plain("国内 China"), "abroad": plain("国外 abroad")}
PURPOSE = choice(
    "purpose",
    Bilingual("成绩单在国内用还是在国外用？", "Is the transcript for use in China or abroad?"),
    USES,
    title=plain("用处 use"),
    aliases={"home": ("国内", "china"), "abroad": ("国外", "abroad")},
)


def apply_transcript(chat: Chat, work: Work) -> None:
    """Why first, then the one question more, then the rest backwards."""
    given = offers.offer(work, chat.person or 0)
    if not given.coverages:
        raise given.refused[0][1]
    reason = chat.ask(applying.REASON)
    use = USES[chat.ask(PURPOSE)].into("zh")
    gpa, language = chat.ask(applying.GPA), chat.ask(applying.LANGUAGE)
    coverage = chat.ask(applying.coverage_slot(given))
    applying.look_and_file(chat, work, given, coverage, language, gpa, f"{reason}（{use}）")


DIALOGS = {
    "apply_transcript": Dialog(
        apply_transcript,
        TODAYS["apply_transcript"].title,
        hears=TODAYS["apply_transcript"].hears,
    )
}
