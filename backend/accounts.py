"""Chat accounts and conversations: who is behind an address, and where their talk is kept."""

from sqlalchemy import bindparam, select, update

from backend.database import insert_into
from backend.models import ChatAccount, Conversation, Person
from backend.work import Work

WEB, TERMINAL, TELEGRAM, WECOM = "web", "terminal", "telegram", "wecom"
BOUND = frozenset({WECOM, TELEGRAM})  # an address there is somebody's only by binding it
NAME_LIMIT = 64  # characters of a name that a platform tells


class Rebound(Exception):
    """The address has become somebody else's, or nobody's, since it was looked up."""


_BEHIND = select(ChatAccount.person_id).where(
    ChatAccount.institution_id == bindparam("institution"),
    ChatAccount.channel == bindparam("channel"),
    ChatAccount.address == bindparam("address"),
)


def person_behind(work: Work, channel: str, address: str) -> int | None:
    """Whose address it is; None when it is nobody's yet."""
    where = {"institution": work.institution, "channel": channel, "address": address}
    person: int | None = work.reading.execute(_BEHIND, where).scalar()
    return person


def find(work: Work, channel: str, address: str) -> ChatAccount | None:
    """The account of this address, if it has ever written."""
    return work.session.scalar(
        select(ChatAccount).where(
            ChatAccount.institution_id == work.institution,
            ChatAccount.channel == channel,
            ChatAccount.address == address,
        )
    )


def called(work: Work, channel: str, address: str, name: str) -> None:
    """What the channel says its owner is called, for a page to show which account is meant."""
    found = find(work, channel, address)
    if found is not None and found.name != name[:NAME_LIMIT]:
        found.name = name[:NAME_LIMIT]


def account(work: Work, channel: str, address: str, person_id: int | None) -> ChatAccount:
    """The account of this address, made at its first message.

    One person has one conversation, whatever channel they come from. On a channel whose addresses
    are bound, nobody becomes somebody by writing: raises Rebound.
    """
    found = find(work, channel, address)
    if found is not None and found.person_id == person_id:
        return found
    if found is not None and channel in BOUND:
        raise Rebound
    conversation_id = (
        conversation_of(work, person_id) if person_id else new_conversation(work, None, "zh")
    )
    if found is not None:
        found.person_id, found.conversation_id = person_id, conversation_id
        work.session.flush()
        return found
    made = ChatAccount(
        institution_id=work.institution,
        channel=channel,
        address=address,
        person_id=person_id,
        conversation_id=conversation_id,
        last_seen_at=work.now,
    )
    work.session.add(made)
    work.session.flush()
    return made


_CONVERSATION = select(Conversation.id).where(
    Conversation.institution_id == bindparam("institution"),
    Conversation.person_id == bindparam("person"),
)


def conversation_of(work: Work, person_id: int) -> int:
    """The id of this person's conversation, made where there is none yet."""
    mine = {"institution": work.institution, "person": person_id}
    found: int | None = work.reading.execute(_CONVERSATION, mine).scalar()
    if found is not None:
        return found
    language = work.session.get_one(Person, person_id).language
    work.session.execute(
        insert_into(work.writing, Conversation)
        .values(
            institution_id=work.institution,
            person_id=person_id,
            language=language,
            state={},
            next_seq=1,
        )
        .on_conflict_do_nothing()
    )
    made: int = work.reading.execute(_CONVERSATION, mine).scalar_one()
    return made


def reach(work: Work, channel: str, address: str, *, blocked: bool) -> None:
    """Whether messages to this address are taken there; what is refused looks for another way."""
    work.session.execute(
        update(ChatAccount)
        .where(
            ChatAccount.institution_id == work.institution,
            ChatAccount.channel == channel,
            ChatAccount.address == address,
        )
        .values(blocked_at=work.now if blocked else None)
    )


def new_conversation(work: Work, person_id: int | None, language: str) -> int:
    """The id of an empty conversation."""
    conversation = Conversation(
        institution_id=work.institution,
        person_id=person_id,
        language=language,
        state={},
        next_seq=1,
    )
    work.session.add(conversation)
    work.session.flush()
    return conversation.id


def next_seq(work: Work, conversation_id: int, count: int = 1) -> int:
    """Take the next ``count`` places in the history; returns the first. Locks the conversation."""
    work.session.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id)
        .values(next_seq=Conversation.next_seq + count)
    )
    after = work.session.scalars(
        select(Conversation.next_seq).where(Conversation.id == conversation_id)
    ).one()
    return after - count
