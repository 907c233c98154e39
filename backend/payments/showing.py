"""A QR code for paying, sent into the chat a moment after somebody was told how to pay.

Only where the channel shows pictures to be scanned with another device; elsewhere the link leads on.
The next code for the same orders takes the place of the last one, and is for the same charge.
"""

from datetime import timedelta

from sqlalchemy import Select, select, update

from backend import accounts, blobs, orders, qr
from backend.blobs import NewFile
from backend.database import insert_into
from backend.errors import Refused
from backend.files import written
from backend.models import ChatAccount, Order, PaymentCode
from backend.office import Office
from backend.payments import opening, together
from backend.payments.opening import Ready
from backend.payments.provider import ProviderRefused, ProviderUnreachable, Way
from backend.work import Work

CHANNELS = frozenset({accounts.WEB, accounts.TELEGRAM})
LOST = timedelta(minutes=2)  # a first try that has not ended by then is made once more
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(minutes=15)
AGAIN = timedelta(minutes=10)  # so long the last one is still before their eyes
LASTS = timedelta(hours=1)  # what is shown can be scanned for as long at least
AT_ONCE = 50  # of those that wait for the provider


def ask(work: Work, *numbers: str, again: bool = False) -> bool:
    """Show the code where the buyer, who acts, has just been; nothing where one is on its way, or was
    shown there a moment ago, unless it is wanted ``again``. False: here no code can be shown.
    """
    account = work.session.get(ChatAccount, work.account) if work.account is not None else None
    if account is None or account.channel not in CHANNELS or account.person_id != work.actor:
        return False
    joint = together.joined(numbers)
    if _first(work, joint, account):
        work.enqueue("show_qr", joint, orders=joint)
        return True
    code = work.session.scalars(_of(work, joint).with_for_update()).one()
    shown_here = code.account_id == account.id and not again
    if code.over_at is None or (shown_here and work.now < code.over_at + AGAIN):
        return True
    code.account_id, code.try_after = account.id, work.now + LOST
    code.times, code.tries = code.times + 1, 0
    code.told_at = code.over_at = None
    work.enqueue("show_qr", f"{joint}:{code.times}", orders=joint)
    return True


def _first(work: Work, joint: str, account: ChatAccount) -> bool:
    """Whether none has been asked for before."""
    new = work.writing.execute(
        insert_into(work.writing, PaymentCode)
        .values(
            institution_id=work.institution,
            orders=joint,
            account_id=account.id,
            try_after=work.now + LOST,
            times=1,
            tries=0,
        )
        .on_conflict_do_nothing()
        .returning(PaymentCode.id)
    )
    return new.scalar_one_or_none() is not None


def try_again(work: Work) -> int:
    """What has not been shown is tried again; returns how many. Safe to repeat."""
    due = work.session.scalars(
        select(PaymentCode)
        .where(
            PaymentCode.institution_id == work.institution,
            PaymentCode.over_at.is_(None),
            PaymentCode.try_after <= work.now,
        )
        .order_by(PaymentCode.try_after)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    for code in due:
        code.tries += 1
        code.try_after = work.now + min(FIRST_PAUSE * 2**code.tries, LONGEST_PAUSE)
        key = f"{code.orders}:{code.times}:{code.tries}"
        work.enqueue("show_qr", key, orders=code.orders)
    return len(due)


def show(office: Office, orders: str) -> None:
    """The job ``show_qr``."""
    numbers = together.numbers_in(orders)
    with office.read() as work:
        code = _open(work, orders)
        owner = work.session.get_one(ChatAccount, code.account_id).person_id if code else None
        wanted = still_wanted(work, orders, owner)
    if office.payments is None and wanted:
        return  # the server may have a provider that this process (a chat in a terminal) has not
    provider = office.payments
    if owner is None or provider is None or not wanted or Way.NATIVE not in provider.ways:
        _over(office, orders)
        return
    try:
        ready = opening.ready(office, numbers, Way.NATIVE, lasts=LASTS)
    except ProviderUnreachable:
        _away(office, orders)
    except (Refused, ProviderRefused):  # paid or ended meanwhile, or staff have been told
        _over(office, orders)
    else:
        png, side = qr.picture(ready.link)
        picture = NewFile(png, owner, "payment.png", "image/png", (side, side), private=True)
        _shown(office, orders, ready, *written(office, [picture]))


def still_wanted(work: Work, joint: str, person: int | None) -> list[Order]:
    """Its orders, if it is this person who pays them and all of them still wait; else none."""
    wanted = [orders.find(work, number) for number in together.numbers_in(joint)]
    here = [
        one
        for one in wanted
        if one is not None and one.buyer_id == person and orders.payable(work, one)
    ]
    return here if len(here) == len(wanted) else []


def _of(work: Work, joint: str) -> Select[PaymentCode]:
    return select(PaymentCode).where(
        PaymentCode.institution_id == work.institution, PaymentCode.orders == joint
    )


def _open(work: Work, joint: str, *, locked: bool = False) -> PaymentCode | None:
    which = _of(work, joint).where(PaymentCode.over_at.is_(None))
    return work.session.scalar(which.with_for_update() if locked else which)


def _over(office: Office, joint: str) -> None:
    with office.work() as work:
        work.session.execute(
            update(PaymentCode)
            .where(
                PaymentCode.institution_id == work.institution,
                PaymentCode.orders == joint,
                PaymentCode.over_at.is_(None),
            )
            .values(over_at=work.now)
        )


def _away(office: Office, joint: str) -> None:
    """The buyer is told once; it is tried as long as the orders stand."""
    with office.work() as work:
        code = _open(work, joint, locked=True)
        if code is not None and code.told_at is None:
            code.told_at, code.try_after = work.now, work.now + FIRST_PAUSE
            _tell(work, "payment.away", code)


def _shown(office: Office, joint: str, ready: Ready, blob_id: str) -> None:
    with office.work() as work:
        code = _open(work, joint, locked=True)
        account = work.session.get(ChatAccount, code.account_id) if code else None
        if code is None or account is None:
            return  # shown by another run; the picture is swept
        code.over_at = work.now
        if still_wanted(work, joint, account.person_id):
            blobs.keep(work, blob_id, expires_at=ready.until)
            if code.blob_id is not None:
                blobs.delete(work, [code.blob_id])
            code.blob_id = blob_id
            facts = {"charge": ready.number, "blob": blob_id, "until": ready.until.isoformat()}
            _tell(work, "payment.code", code, **facts)


def _tell(work: Work, event: str, code: PaymentCode, **facts: str) -> None:
    account = work.session.get_one(ChatAccount, code.account_id)
    conversation = account.conversation_id
    work.emit(event, code.orders, conversation=conversation, told=account.id, **facts)
