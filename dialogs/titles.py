"""What things are called, wherever they are mentioned."""

from backend import approvals, transcripts
from backend.clock import local_date
from backend.documents.facts import Coverage, Gpa, Language
from backend.models import Application, Person
from backend.offers import Kind
from backend.registry import units
from backend.work import Work
from dialogs.engine.words import Bilingual, Speech, Words, _, listed

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


HOLDERS: dict[str, Words] = {
    "academic_affairs": _("教务部"),
    "exam_office": _("自考办"),
    "finance": _("财务处"),
    "applicant": _("您自己"),
    "system": _("系统"),
}


def holder_words(work: Work, application: Application) -> Speech | None:
    match application.holder:
        case "unit_officer":
            return officer_words(work, application)
        case "exam_reviewer":
            return _("{unit}的审核人", unit=unit_words(work, application))
    return HOLDERS.get(application.holder)


def officer_words(work: Work, application: Application) -> Words:
    """The unit's officer, or who stands in, by name."""
    unit = unit_words(work, application)
    deputies, alone = approvals.standing_in(work, application)
    if not deputies and application.assignee_id:  # handed to this one of several
        name = name_of(work.session.get_one(Person, application.assignee_id))
        return _("{unit} {name}", unit=unit, name=name)
    if not deputies:
        return _("{unit}的教育管理干部", unit=unit)
    names = listed(*(name_of(work.session.get_one(Person, one)) for one in deputies))
    if alone:
        return _("{unit} {names}（代）", unit=unit, names=names)
    return _("{unit}的教育管理干部，{names}（代）", unit=unit, names=names)


def person_name(work: Work, person: int) -> Bilingual:
    return name_of(work.session.get_one(Person, person))


def name_of(person: Person) -> Bilingual:
    return Bilingual(person.name, person.name_en)
