"""Which interpreter this installation has, and what is told of it."""

from typing import Any

from bot.prepare import MODEL
from bot.settings import RasaSettings, Settings
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
