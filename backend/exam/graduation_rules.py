"""What an application for graduation must have (E6): each of these raises Refused."""

from collections.abc import Sequence

from sqlalchemy import func, select

from backend.errors import NotAllowed, Refused
from backend.exam import candidates, eligibility, plans
from backend.exam.eligibility import Stage
from backend.exam.graduation_cases import MOBILE, RULE, Filing, of_ticket
from backend.models import (
    Application,
    ExamCredit,
    ExamMajor,
    ExamOption,
    ExamTicket,
    Proof,
    ProofPicture,
)
from backend.policy.exam import ExamPolicy, ProofType
from backend.work import Work


def require_major(work: Work, ticket: ExamTicket) -> ExamMajor:
    major = candidates.major_of(work, ticket)
    if major is None:
        raise Refused("no_major", RULE, ticket=ticket.number, office="exam_policy")
    return major


def require_none(work: Work, ticket: ExamTicket, major: ExamMajor) -> None:
    """One case for each person and major; a rejected one is filed again, not once more."""
    if (standing := of_ticket(work, ticket, major)) is not None:
        raise Refused(
            "graduation_filed", RULE, number=standing.number, rejected=standing.state == "rejected"
        )


def require_nothing_bars(
    work: Work,
    ticket: ExamTicket,
    major: ExamMajor,
    counting: Sequence[ExamCredit] | None = None,
) -> None:
    """What keeps anybody from applying, before a single question; raises Refused for the first."""
    for item in eligibility.check(work, ticket, major, counting=counting):
        if item.met or item.stage is not Stage.BARS or item.code in ("window", "major", "filed"):
            continue
        match item.code:
            case "leaving":
                raise Refused("score_leaving", "E8", numbers=item.facts["numbers"])
            case "appraisal_not_set":
                raise Refused("appraisal_not_set", RULE, office="exam_policy")
            case "credits":
                raise Refused("credits_short", RULE, **item.facts)


def second_proof(policy: ExamPolicy, month: str) -> ProofType:
    """What goes with the earlier diploma, by the year of it (E6e)."""
    prior = policy.prior_diploma
    return prior.from_split if int(month[:4]) >= prior.split_year else prior.before_split


def needs_prior_diploma(policy: ExamPolicy, major: ExamMajor) -> bool:
    return major.level in policy.prior_diploma.levels


def require(
    work: Work,
    policy: ExamPolicy,
    ticket: ExamTicket,
    major: ExamMajor,
    filing: Filing,
    counting: Sequence[ExamCredit],
    before: Application | None = None,
) -> ExamOption | None:
    """``counting`` is what counts, and what is then filed with it."""
    require_nothing_bars(work, ticket, major, counting)
    if not MOBILE.fullmatch(filing.personal.mobile):
        raise Refused("mobile_needed", RULE)
    option = _option(work, major, filing)
    for gap in eligibility.gaps(work, major, plans.progress(work, major, counting, option)):
        words = filing.gaps.get(gap.key, "")
        length = policy.graduation.explanation
        if not length.least <= len(words) <= length.most:
            raise Refused(
                "gap_unexplained",
                RULE,
                course=gap.course.name_zh,
                code=gap.course.code,
                least=length.least,
                most=length.most,
            )
    _require_length(policy, filing.appraisal)
    _require_prior(work, policy, major, filing, before)
    return option


def _option(work: Work, major: ExamMajor, filing: Filing) -> ExamOption | None:
    options = {one.code: one for one in plans.options(work, major)}
    if not options and filing.option is None:
        return None
    if filing.option not in options:
        raise Refused("option_needed", RULE)
    return options[filing.option]


def _require_length(policy: ExamPolicy, appraisal: str) -> None:
    length = policy.graduation.appraisal
    if length is None:
        raise Refused("appraisal_not_set", RULE, office="exam_policy")
    written = sum(not one.isspace() for one in appraisal)
    if not length.least <= written <= length.most:
        raise Refused(
            "appraisal_length", RULE, least=length.least, most=length.most, written=written
        )


def _require_prior(
    work: Work,
    policy: ExamPolicy,
    major: ExamMajor,
    filing: Filing,
    before: Application | None,
) -> None:
    """The diploma with what goes with it by its year, and nothing at all at college level (E6e)."""
    if not needs_prior_diploma(policy, major):
        if filing.proofs or filing.prior_month:
            raise Refused("no_prior_diploma", RULE)
        return
    proofs = [_usable(work, one, before) for one in dict.fromkeys(filing.proofs)]
    if not filing.prior_month:
        raise Refused("prior_diploma_needed", RULE)
    second = second_proof(policy, filing.prior_month)
    types = sorted(one.type for one in proofs)
    if types != sorted([ProofType.DIPLOMA, second]):
        raise Refused(
            "wrong_second_proof" if "diploma" in types else "prior_diploma_needed",
            RULE,
            year=filing.prior_month[:4],
            needed=str(second),
            split=policy.prior_diploma.split_year,
        )


def _usable(work: Work, proof_id: int, before: Application | None) -> Proof:
    """A proof of one's own with a picture, that rests with no other case; raises NotAllowed."""
    proof = work.session.get(Proof, proof_id)
    if proof is None or proof.owner_id != work.actor or proof.ended_at is not None:
        raise NotAllowed
    if proof.application_id not in (None, before.id if before else None):
        raise NotAllowed
    pictures = select(func.count()).where(ProofPicture.proof_id == proof.id)
    if not work.session.scalar(pictures):
        raise Refused("picture_needed", RULE)
    return proof
