"""What the entries of every policy have in common."""

from backend.errors import Refused


class NotSet(Refused):
    """The institution has not decided this yet; ``office`` is whom to ask.

    ``rule`` is the clause that needs the entry; the entry itself is in no document.
    """

    def __init__(self, entry: str, rule: str, office: str = "academic_affairs") -> None:
        super().__init__("policy_not_set", rule, entry=entry, office=office)


def rule(*ids: str) -> dict[str, list[str]]:
    """For an entry's ``json_schema_extra``: the clauses it rests on."""
    return {"rule": list(ids)}
