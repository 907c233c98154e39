from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Consent:
    """What a person agreed to, in the words they were shown.

    Whatever binds somebody takes one: filing, deciding, ordering, publishing, announcing, taking back,
    lending one's role. These do without: what only ends or hands on something and can be done
    again (stopping an announcement, ending an absence, giving a case to a colleague); talking to a
    person of an office, where the words themselves are the act; pages on which the press stands
    under the whole of what it does (signing in, binding, unbinding), which the audit keeps; and what
    nobody does in person: payments as the provider reports them, jobs, and time.

    ``facts`` is a hash of the data behind the words: the same sentence about other data is another
    consent. It lives for the turn in which it was given.
    """

    person_id: int
    words: str
    language: str
    facts: str
