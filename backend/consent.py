from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Consent:
    """What a person agreed to, in the words they were shown; every write to the backend needs one.

    ``facts`` is a hash of the data behind the words: the same sentence about other data is another
    consent. It lives for the turn in which it was given.
    """

    person_id: int
    words: str
    language: str
    facts: str
