"""Which interpreter this installation has, and what is told of it."""

from typing import Any

from sqlalchemy import select

from backend.clock import Clock, SystemClock, local_date
from backend.models import Course, Unit, UnitName
from backend.work import Work
from bot.prepare import MODEL, NothingYet, work_there
from bot.sections import RasaSettings
from bot.settings import Settings
from nlu.embedded import EmbeddedInterpreter
from nlu.entities.extractor import EntityExtractor
from nlu.interpreter import Interpreter
from nlu.remote import RemoteInterpreter
from nlu.standing import EMBEDDED

KEPT_AS = "rasa"  # among the secrets of this installation


def interpreter_of(settings: Settings, extractor: EntityExtractor) -> Interpreter:
    """The embedded interpreter, behind Rasa's where there is one."""
    embedded = EmbeddedInterpreter.load(settings.data / MODEL, extractor)
    given = settings.rasa
    if given is None:
        return embedded
    return RemoteInterpreter(
        given.url,
        embedded,
        extractor,
        embedded.intents,
        deadline=given.deadline_ms / 1000,
        token=token_of(settings, given),
    )


def extractor_of(work: Work, clock: Clock) -> EntityExtractor:
    """With the registry's courses and units by name."""
    courses = {
        code: name
        for code, name in work.session.execute(
            select(Course.code, Course.name_zh).where(Course.institution_id == work.institution)
        )
    }
    units = work.session.scalars(
        select(UnitName.name_zh)
        .join(Unit, Unit.id == UnitName.unit_id)
        .where(Unit.institution_id == work.institution)
    ).all()
    return EntityExtractor(units=units, courses=courses, today=lambda: local_date(clock.now()))


def extractor_here(settings: Settings) -> EntityExtractor:
    """Of this folder's registry; without one, of what everybody has. Raises NotReady."""
    try:
        with work_there(settings) as work:
            return extractor_of(work, SystemClock())
    except NothingYet:
        return EntityExtractor()


def token_of(settings: Settings, given: RasaSettings) -> str:
    """What Rasa's server wants to hear. Raises NotReady where our own cannot be read."""
    return given.token.get_secret_value() if given.token else settings.secret(KEPT_AS)


def told(interpreter: Interpreter) -> dict[str, Any]:
    """Who answers in this process, since when and why, and how often; never a word of anybody's."""
    if not isinstance(interpreter, RemoteInterpreter):
        return {"interpreter": EMBEDDED}
    standing = interpreter.standing()
    return {
        "interpreter": standing.interpreter,
        "since": standing.since.isoformat(timespec="seconds"),
        "why": standing.why,
        "answered_by_rasa": standing.answered,
        "fell_back": standing.fell_back,
    }


if __name__ == "__main__":  # for `make rasa`
    settings = Settings()
    print(token_of(settings, settings.rasa or RasaSettings()))
