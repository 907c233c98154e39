"""Why the backend will not do something: a code, the rule and the facts; never a sentence."""


class Refused(Exception):
    """A request is against a rule or comes too late. ``dialogs/refusals.py`` has the sentences.

    ``code`` names the sentence, ``rule`` the clause it rests on ("T6"; empty where the reason is
    not a rule but the state of things), and ``facts`` fill the sentence.
    """

    def __init__(self, code: str, rule: str = "", /, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.rule = rule
        self.facts = facts


class AlreadyHandled(Refused):
    """Somebody else was faster; ``facts`` say who did what and when."""

    def __init__(self, /, **facts: object) -> None:
        super().__init__("already_handled", **facts)


class NotAllowed(Refused):
    """The actor has no authority over this. Says nothing about what it is."""

    def __init__(self) -> None:
        super().__init__("not_allowed")
