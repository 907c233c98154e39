"""What is said of prices: what is published, what one person pays, and what has changed."""

from backend.fees import listing, ordering, waivers
from backend.fees.fee import Fee, Terms, Unit
from backend.fees.listing import Change, Row
from backend.fees.price import Price
from backend.fees.waiver_workflow import State
from backend.goods import GOODS
from backend.models import Application, Waiver
from backend.work import Work
from dialogs.engine.words import Bilingual, Joined, Speech, Words, _, plain, yuan
from dialogs.titles import person_name

FREE = _("免费")
HAS_ALREADY = _("名下没用完的减免")
UNITS: dict[Unit, Words] = {
    Unit.COPY: _("每份"),
    Unit.PERSON: _("每人"),
    Unit.APPLICATION: _("每次"),
}
# Who has no free one left from the start, by the clause that says so.
SPENT: dict[str, Words] = {"T3": _("用邮件申请过的那一种没有免费份额（T3）")}


def title(kind: str) -> Words:
    name = GOODS[kind].title
    return Words("{text}", {"text": Bilingual(name.zh, name.en)})


def amount(fen: int) -> Words:
    return yuan(fen) if fen else FREE


def due_words(price: Price) -> Words:
    """What this person pays, and what it is without a waiver."""
    if price.waived is None:
        return amount(price.due_fen)
    return _("{due}（原价 {price}）", due=amount(price.due_fen), price=yuan(price.list_fen))


def price_rows(
    work: Work, price: Price, changed: tuple[Fee, Change] | None = None
) -> list[tuple[Words, Speech]]:
    """For the card that is agreed to: the cost, who waived what of it, and how it has changed."""
    rows: list[tuple[Words, Speech]] = [(_("费用"), due_words(price))]
    if price.waived is not None:
        off = price.waived
        rows.append(
            (
                _("减免"),
                _(
                    "{number}：减 {off}，{why}，经办人{who}",
                    number=off.number,
                    off=yuan(off.off_fen),
                    why=off.why,
                    who=person_name(work, off.given_by),
                ),
            )
        )
    if changed is not None:
        rows.append((_("费用有变化"), change_words(*changed)))
    return rows


def changed(work: Work, application: Application, price: Price) -> tuple[Fee, Change] | None:
    """For ``price_rows``: against what was agreed to, saved, or told when it was filed."""
    found = listing.change(work, application, price)
    return (GOODS[application.kind].fee, found) if found else None


def order_price(work: Work, application: Application) -> tuple[Price, tuple[Fee, Change] | None]:
    """What it costs its applicant now, and how that differs from what they knew."""
    price = ordering.price_of(work, application)
    return price, changed(work, application, price)


def change_words(fee: Fee, change: Change) -> Words:
    if change.since is not None:
        return _(
            "原来{was}；{since} 起{now}",
            was=terms_words(fee, change.was),
            now=terms_words(fee, change.now),
            since=change.since,
        )
    return _(
        "上次是 {was}，现在是 {now}",
        was=amount(change.was_due_fen or 0),
        now=amount(change.due_fen),
    )


def terms_words(fee: Fee, terms: Terms) -> Words:
    """``每份 5.00 元，每人每种前 1 份免费``"""
    if terms.price_fen is None:
        return _("还没有公布")
    each = _("{unit} {price}", unit=UNITS[fee.unit], price=yuan(terms.price_fen))
    if not terms.price_fen:
        return FREE
    if not terms.free:
        return each
    return _("{each}，每人每种前 {free} 份免费", each=each, free=terms.free)


def row_words(row: Row) -> Speech:
    """One fee as it is published, with its clause, its version, and what will change."""
    published = terms_words(row.fee, row.terms)
    said: list[Speech] = [
        _("{terms}（{rule}）", terms=published, rule=row.rule) if row.rule else published
    ]
    if row.terms.free and row.fee.spent_rule:
        said.append(SPENT[row.fee.spent_rule])
    if not row.terms.here:
        said.append(_("拍摄时当场付，不在这里收"))
    said.append(_("第 {version} 版，{since} 起", version=row.version, since=row.since))
    if row.next is not None:
        coming = _("{day} 起{terms}", day=row.next.day, terms=terms_words(row.fee, row.next.terms))
        said.append(coming)
    return Joined(tuple(said), "；", "; ")


# --- waivers --------------------------------------------------------------------------------


def off_words(waiver: Waiver) -> Words:
    if waiver.off_fen is None:
        return _("全免")
    return _("每次减 {off}", off=yuan(waiver.off_fen))


def waiver_words(work: Work, waiver: Waiver) -> Words:
    """As it stands: what it takes off, how often still, until when, why and by whom."""
    return _(
        "{what}，{off}，还能用 {left} 次，有效到 {until}（含当天），{why}，经办人{who}",
        what=title(waiver.kind),
        off=off_words(waiver),
        left=waiver.times - waivers.used(work, waiver),
        until=waiver.until,
        why=waiver.why,
        who=person_name(work, waiver.given_by),
    )


def waiver_rows(work: Work, waiver: Waiver) -> list[tuple[Words, Speech]]:
    """For staff who decide on it."""
    has = waivers.standing_fen(work, waiver.person_id, waiver.kind)
    return [
        (_("给谁"), called(work, waiver.person_id)),
        (_("项目"), title(waiver.kind)),
        (_("减免"), off_words(waiver)),
        (_("次数"), plain(str(waiver.times))),
        (_("有效期"), _("到 {day} 为止", day=waiver.until)),
        (_("理由"), plain(waiver.why)),
        *([(HAS_ALREADY, yuan(has))] if has and waiver.state == State.PROPOSED else []),
        (_("经办人"), person_name(work, waiver.given_by)),
    ]


def called(work: Work, person_id: int) -> Words:
    number = waivers.number_of(work, person_id)
    return _("{name}（{number}）", name=person_name(work, person_id), number=number)
