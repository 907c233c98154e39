"""The number of a certificate is whole only where whoever decides has opened the case (E5)."""

from collections.abc import Callable

from sqlalchemy import select

from backend.models import AuditEntry, ConsentRecord, Conversation, Outbound, Person
from bot.play import Stage
from tests.conversations.test_review_closings import FILED

NUMBER = "999052312001234"
CANDIDATE, REVIEWER, COLLEAGUE = "温若溪", "洪雨桐", "尹立新"


def test_a_number_is_in_no_prompt_that_comes_by_itself_and_in_nothing_that_is_kept_of_a_decision(
    stage: Callable[..., Stage],
) -> None:
    played = stage()
    played.play(FILED + "审核人 > [看图]\n审核人 > [通过]\n")
    with played.assistant.office.read() as work:
        said = work.session.execute(
            select(Person.name, Outbound.body)
            .join(Conversation, Conversation.id == Outbound.conversation_id)
            .join(Person, Person.id == Conversation.person_id)
            .order_by(Outbound.id)
        ).all()
        kept = [*work.session.scalars(select(ConsentRecord.words))]
        kept += work.session.scalars(select(AuditEntry.why))
    shown = {who: [NUMBER in str(body) for name, body in said if name == who] for who, _ in said}
    assert shown[REVIEWER] == [False, True, False], "the prompt, what they opened, what was done"
    assert not any(shown[COLLEAGUE])
    assert not any(NUMBER in words for words in kept)
