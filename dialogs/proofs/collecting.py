"""Collecting proofs (凭证): the part of a conversation that every exam service shares (E5, E6, E9).

``collect`` asks for one proof, ``collect_several`` for as many as a rule needs. Both are functions of
the dialog that calls them: they run from their first line each turn, and nothing is kept before the
dialog has consent. ::

    draft = proofs.collect(chat, work, "diploma", [Kind("diploma")], Terms("E6"))
    consent = chat.confirm(..., card=chat.card(title, *proofs.rows(draft)), facts=proofs.facts(draft), ...)
    proof = proofs.keep(work, draft, originals_days=policy.originals_days)

The dialog is registered with ``file=proofs.PICTURE, album=True``: files that come in while a picture
is asked for are given to it, and those that come earlier wait. Slots end in ``.<place>``, so one dialog may collect in several places.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from backend.errors import Refused
from backend.models import Proof
from backend.pictures.gate import MOST_BYTES
from backend.proofs import keeping
from backend.proofs.keeping import Proposal
from backend.work import Work
from dialogs.engine import early
from dialogs.engine.chat import Chat
from dialogs.engine.slots import Slot, choice
from dialogs.engine.words import Joined, Speech, Words, _, plain
from dialogs.proofs import pictures as proof_pictures
from dialogs.proofs import slots
from dialogs.proofs.drafts import Draft, facts, rows
from dialogs.proofs.findings import UNREAD
from dialogs.proofs.kinds import Kind, kind_words
from dialogs.proofs.slots import Titled

PICTURE = proof_pictures.PICTURE

__all__ = [
    "PICTURE",
    "Draft",
    "Kind",
    "Next",
    "Terms",
    "collect",
    "collect_several",
    "facts",
    "keep",
    "of",
    "rows",
]


@dataclass(frozen=True, slots=True)
class Terms:
    """By which rule a proof is asked for, and what of it. What the policy says about pictures."""

    rule: str  # E5, E6, E9
    most_bytes: int = MOST_BYTES
    most_pictures: int = 5
    month: bool = True
    province: bool = True
    pictures: bool = True  # False: they may be left out
    least: Mapping[Kind, int] = field(default_factory=dict)  # scores that are demanded, by kind


@dataclass(frozen=True, slots=True)
class Next:
    """What may come after the proofs there are: while there is something in ``needed``, one of it
    must; otherwise one of ``possible`` may. ``missing`` says in words what is needed."""

    needed: Sequence[Kind] = ()
    possible: Sequence[Kind] = ()
    missing: Words | None = None


def collect(
    chat: Chat,
    work: Work,
    place: str,
    kinds: Sequence[Kind],
    terms: Terms,
    *,
    about: Words | None = None,
    titled: Titled = slots.alone,
) -> Draft:
    """One proof of one of these kinds; which is asked only where there are several.

    ``place`` names it within the dialog ("00015.1"); ``about`` is said before the first question;
    ``titled`` tells its answers from those about other proofs.
    """
    kind = kinds[0]
    if len(kinds) > 1:
        kind = chat.ask(slots.kind(place, kinds, about, terms.rule))
    pictures, findings = proof_pictures.collect(
        chat,
        work,
        place,
        kind,
        rule=terms.rule,
        most_bytes=terms.most_bytes,
        most=terms.most_pictures,
        needed=terms.pictures,
        titled=titled,
    )
    proposal = keeping.proposal(work, pictures)
    if not terms.month:
        proposal = replace(proposal, month="")
    number, month = _number_and_month(chat, work, place, kind, proposal, pictures, terms, titled)
    province = chat.ask(slots.province(place, kind, titled)) if terms.province else ""
    score = _score(chat, place, kind, terms, titled)
    remark = chat.known(slots.remark(place)) or ""
    if chat.once(f"collected.{place}"):
        chat.forget_early(early.NAMES)
    differ = keeping.differences(work, number, month, pictures)
    return Draft(
        kind.type,
        kind.grade,
        number,
        month,
        province,
        remark,
        pictures,
        (*findings, *(one for one in differ if one.severity != "reviewer")),
        score,
    )


def collect_several(
    chat: Chat,
    work: Work,
    place: str,
    next_of: Callable[[Sequence[Draft]], Next],
    terms: Terms,
    *,
    shared: Sequence[tuple[Words, Draft]] = (),
    before: Sequence[Proof] = (),
    about: Words | None = None,
) -> list[Draft]:
    """Proofs, one after the other, until ``next_of`` needs none and the person has no more.

    ``shared`` are proofs given earlier in this dialog, with what they were given for: they may be
    used once more. ``before`` are those of the case as it was filed: each is kept or replaced.
    """
    drafts: list[Draft] = []
    for number, proof in enumerate(before, 1):
        old = of(work, proof)
        if chat.ask(_kept(f"kept.{place}.{number}", old)):
            if old.score is None:  # kept from before scores were asked for
                score = _score(chat, f"kept.{place}.{number}", old.kind, terms, slots.among)
                old = replace(old, score=score)
            drafts.append(old)
    count = 0
    while True:
        count += 1
        here = f"{place}.{count}"
        coming = next_of(drafts)
        if coming.needed:
            kinds = list(coming.needed)
            if coming.missing is not None and count > 1 and chat.once(f"missing.{here}"):
                chat.say(coming.missing)
        elif not coming.possible or not _one_more(chat, here):
            break
        else:
            kinds = list(coming.possible)
        again = [
            (words, one)
            for words, one in shared
            if one.kind in kinds
            and one not in drafts
            and (one.score or 0) >= terms.least.get(one.kind, 0)
        ]
        if again and (same := chat.ask(_the_same(f"same.{here}", again))) is not None:
            drafts.append(again[same][1])
        else:
            drafts.append(collect(chat, work, here, kinds, terms, about=about, titled=slots.among))
    if drafts and (remark := chat.known(slots.remark(place))):
        drafts[0] = replace(drafts[0], remark=remark)
    return drafts


def keep(work: Work, draft: Draft, *, originals_days: int | None) -> Proof:
    """Keep what the actor has agreed to. Call it after ``chat.confirm``."""
    return keeping.new(
        work,
        work.actor or 0,
        draft.type,
        draft.grade,
        draft.number,
        draft.month,
        draft.province,
        draft.remark,
        draft.pictures,
        score=draft.score,
        originals_days=originals_days,
    )


def of(work: Work, proof: Proof) -> Draft:
    """A proof that was kept, as its owner gave it."""
    return Draft(
        proof.type,
        proof.grade,
        keeping.number_of(work, proof),
        proof.month,
        proof.province,
        proof.remark,
        tuple(one.id for one in keeping.pictures_of(work, proof.id)),
        tuple(keeping.findings(work, proof.id, reviewer=False)),
        proof.score,
    )


def _score(chat: Chat, place: str, kind: Kind, terms: Terms, titled: Titled) -> int | None:
    """Refused at once where it is too low: nobody need wait for a reviewer to hear that."""
    least = terms.least.get(kind)
    if least is None:
        return None
    score = chat.ask(slots.score(place, kind, titled))
    if score < least:
        raise Refused("score_too_low", terms.rule, kind=kind.key, score=score, least=least)
    return score


def _number_and_month(
    chat: Chat,
    work: Work,
    place: str,
    kind: Kind,
    proposal: Proposal,
    pictures: Sequence[int],
    terms: Terms,
    titled: Titled,
) -> tuple[str, str]:
    """As it was read, where its owner says so; another picture is another proposal."""
    number, month = "", ""
    if proposal:
        registered = slots.registered_name(work)
        shown = f"{place}.{pictures[0]}"
        answer = chat.ask(slots.right(shown, kind, proposal, registered, titled))
        number = proposal.number if answer == "right" else ""
        month = "" if answer == "own" else proposal.month
    elif pictures and chat.once(f"unread.{place}.{pictures[0]}"):
        chat.say(UNREAD)
    if not number:
        number = chat.ask(slots.number(place, kind, titled))
    if terms.month and not month:
        month = chat.ask(slots.month(place, kind, work.now, titled))
    return number, month


def _one_more(chat: Chat, place: str) -> bool:
    """Whether another proof comes; a remark may be added first."""
    answer = chat.ask(slots.more(f"more.{place}", remark=True))
    if answer == "remark":
        chat.ask(slots.remark(place.rpartition(".")[0]))
        answer = chat.ask(slots.more(f"more.{place}.then", remark=False))
    return answer == "more"


def _kept(name: str, draft: Draft) -> Slot[bool]:
    return choice(
        name,
        Joined((_("上次交的："), *_brief(draft))),
        {True: _("沿用"), False: _("换掉")},
        title=_("原来的凭证"),
    )


def _brief(draft: Draft) -> list[Speech]:
    number = slots.ending(draft.number) if draft.number else plain("")
    return [_("{kind} {number}", kind=kind_words(draft.kind), number=number)]


def _the_same(name: str, again: Sequence[tuple[Words, Draft]]) -> Slot[int | None]:
    labels: dict[int | None, Words] = {
        place: _("用“{course}”的同一份凭证", course=words)
        for place, (words, _d) in enumerate(again)
    }
    labels[None] = _("用另一份")
    return choice(name, _("同一份凭证可以免几门课。"), labels, title=_("凭证"))
