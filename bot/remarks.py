"""What a channel has to remark where no turn says it: that a file is too large, or a voice not understood.

It is said in the conversation and sent like every answer: in its order, within the limits, and once.
"""

import contextlib
from collections.abc import Mapping
from hashlib import sha256

from sqlalchemy import exists, select

from backend import accounts, handoff
from backend.models import Outbound
from backend.work import Work
from bot import outbox, rows
from bot.receive import Reception
from bot.taking import outbound
from dialogs.engine.message import Message


def remark(
    reception: Reception,
    channel: str,
    address: str,
    key: str,
    sentence: Mapping[str, str],
    *,
    while_talking: bool = True,
) -> None:
    """``sentence`` by language; ``key`` is that of what it is about, of which a repeat says no more.

    Without ``while_talking`` it is not said to somebody who is talking to a person just now.
    """
    name = f"r.{sha256(f'{channel} {address} {key} {sentence}'.encode()).hexdigest()[:32]}"
    while True:
        with reception.office.read() as work:
            person = accounts.person_behind(work, channel, address)
        with (
            contextlib.suppress(accounts.Rebound),
            reception.office.work(person) as work,
        ):
            if while_talking or person is None or not handoff.is_talking(work, person):
                _say(reception, work, (channel, address, person), name, sentence)
            return


def _say(
    reception: Reception,
    work: Work,
    whose: tuple[str, str, int | None],
    name: str,
    sentence: Mapping[str, str],
) -> None:
    connection = work.writing
    conversation = rows.lock_of_address(connection, work.institution, *whose)
    if conversation is None:
        accounts.account(work, *whose)
        conversation = rows.lock_of_address(connection, work.institution, *whose)
    if work.session.scalar(select(exists().where(Outbound.token == name))):
        return
    cid, account_id, place = conversation.id, conversation.account_id, conversation.next_seq
    message = Message(sentence[conversation.language], conversation.language)
    (said,) = outbound(work, cid, account_id, [message], place)
    rows.say(connection, [said | {"token": name}])
    rows.advance(connection, cid, place + 1)
    outbox.heard_from(work, account_id)
    outbox.answer(work, cid, place, account_id)
    work.after_commit(lambda: reception.has_news(cid))
