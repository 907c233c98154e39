"""What things are called, wherever they are mentioned."""

from backend import transcripts
from backend.clock import local_date
from backend.documents.facts import Coverage, Gpa, Language
from backend.models import Application
from backend.registry import units
from backend.transcripts import Kind
from backend.work import Work
from dialogs.words import Bilingual, Words, _

COVERAGES = {
    Coverage.CENTRALIZED: _("北京集中教学阶段"),
    Coverage.COMBINED: _("集中教学和所级教学合在一起"),
}
LANGUAGES = {Language.ZH: _("中文"), Language.EN: _("英文")}
GPAS = {Gpa.WITH: _("带 GPA"), Gpa.WITHOUT: _("不带 GPA")}


def kind_title(kind: Kind) -> Words:
    return _("{language}，{gpa}", language=LANGUAGES[kind.language], gpa=GPAS[kind.gpa])


def title_of(work: Work, application: Application) -> Words:
    """``T260302-0001（英文，带 GPA）``"""
    request = transcripts.request_of(work, application)
    return _(
        "{number}（{kind}）",
        kind=kind_title(transcripts.kind_of(request)),
        number=application.number,
    )


def unit_words(work: Work, application: Application) -> Bilingual:
    """The unit by the name it had when the application was filed."""
    return Bilingual(*units.name(work, application.unit_id, local_date(application.filed_at)))
