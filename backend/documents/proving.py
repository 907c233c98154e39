"""Whether stamps, OCSP answers and lists prove what they are taken for (RFC 3161, 6960, 5280).

pyHanko's validator decides; it takes a second to import, so this is for the workshop's processes.
"""

import asyncio
from collections.abc import Coroutine, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from asn1crypto import cms, pem, x509
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import OCSPNoMatchesError, RevokedError
from pyhanko_certvalidator.revinfo.validate_ocsp import verify_ocsp_response

from backend.documents.materials import Proved

_MOST = 16  # certificates; a chain has three or four
_NAMESAKES = 2  # authorities that have changed their keys certify themselves once more
SLACK = timedelta(minutes=2)  # between an authority's clock and ours


# Both answers below follow from what is asked and the moment it is asked about, and from nothing
# else: a file that comes once more is not worked through once more. Refusals are not kept.


@lru_cache(32)
def check_stamp(token: bytes, digest: bytes, chain: bytes, now: datetime) -> tuple[bytes, ...]:
    """The certificates from the stamp's signer to its root, in DER.

    ``chain`` (PEM) is trusted. Raises ValueError with what is wrong.
    """
    roots, others = sorted_out(certificates(chain))
    try:
        signed = cms.ContentInfo.load(token, strict=True)["content"]
        if in_a_maze([one.chosen for one in signed["certificates"]]):
            raise ValueError("more certificates than a chain has")
        signed["certificates"] = [_met(one) for one in signed["certificates"]]  # are not signed
        found = _run(
            validate_tst_signed_data(
                signed,
                ValidationContext(
                    trust_roots=roots, other_certs=others, moment=now, time_tolerance=SLACK
                ),
                lambda algorithm: digest if algorithm == "sha256" else b"",
            )
        )
    except Exception as error:  # whatever a parser says of what is no stamp
        raise ValueError(f"the stamp cannot be read ({type(error).__name__})") from None
    if not (found["intact"] and found["valid"]):
        raise ValueError("the stamp does not verify")
    if found["trust_problem_indic"] is not None or found["validation_path"] is None:
        raise ValueError("the signer of the stamp does not lead to the configured chain")
    return _upward(found["validation_path"])


def prove(
    certificate: bytes,
    chain: tuple[bytes, ...],
    ocsps: tuple[bytes, ...],
    crls: tuple[bytes, ...],
    now: datetime,
    *,
    stamping: bool,
) -> Proved:
    """What these answers prove of a certificate, of a seal or (``stamping``) of a time stamp.

    Every certificate on the way but the root must be shown not to be revoked. Never raises.
    """
    try:
        path = shown(certificate, chain, ocsps, crls, now, stamping=stamping)
    except RevokedError as error:
        return Proved("revoked", (), error.revocation_dt, error.reason.native or "")
    except Exception as error:  # parsers fail in many ways on what strangers answer
        return Proved(
            "unknown", why=str(error) if type(error) is _Lacking else type(error).__name__
        )
    return Proved("good", path)


class _Lacking(ValueError):
    """What does not prove anything; the message says what."""


@lru_cache(4)
def shown(
    certificate: bytes,
    chain: tuple[bytes, ...],
    ocsps: tuple[bytes, ...],
    crls: tuple[bytes, ...],
    now: datetime,
    *,
    stamping: bool,
) -> tuple[bytes, ...]:
    """The path of a certificate that is proved good at this moment. Raises many kinds otherwise."""
    leaf = _read(certificate)
    known = [_read(one) for one in chain]
    roots, others = sorted_out(known or [leaf])
    if roots == [leaf] and not leaf.self_issued:
        raise _Lacking("no chain")
    context = ValidationContext(
        trust_roots=roots,
        other_certs=others,
        moment=now,
        ocsps=list(ocsps),
        crls=list(crls),
        revocation_mode="require",
        time_tolerance=SLACK,
    )
    validator: Any = CertificateValidator(leaf, others, validation_context=context)
    path = _run(
        validator.async_validate_usage(
            set(), extended_key_usage={"time_stamping"}, extended_optional=False
        )
        if stamping
        else validator.async_validate_usage(set())
    )
    if _run(_answered(path, context)) != len(ocsps):
        raise _Lacking("an OCSP answer proves nothing")
    return _upward(path)


def sorted_out(
    found: list[x509.Certificate],
) -> tuple[list[x509.Certificate], list[x509.Certificate]]:
    """The roots, which sign themselves, and the others. Without a root each of them is trusted."""
    roots = [one for one in found if one.self_issued]
    return roots or found, [one for one in found if one not in roots]


def in_a_maze(found: Sequence[x509.Certificate]) -> bool:
    """Whether following these takes too long: the ways through many of one name are as many as the
    orders of them, and whoever sends them has made them."""
    names = {one.subject.hashable for one in found}
    return len(found) > _MOST or len(found) - len(names) > _NAMESAKES


def certificates(chain: bytes) -> list[x509.Certificate]:
    """Raises ValueError."""
    return list(_unarmored(chain))


# What a certificate is read as never changes, and most files bring the same few. Nothing that was
# found of one is kept, only its parts.


@lru_cache(16)
def _unarmored(chain: bytes) -> tuple[x509.Certificate, ...]:
    return tuple(_read(der) for _, _, der in pem.unarmor(chain, multiple=True))


@lru_cache(64)
def _read(der: bytes) -> x509.Certificate:
    return x509.Certificate.load(der, strict=True)


def _met(choice: cms.CertificateChoices) -> cms.CertificateChoices:
    """The same, where it is an ordinary certificate, with what was read of it before."""
    if choice.name != "certificate":
        return choice
    return cms.CertificateChoices("certificate", _read(choice.chosen.dump()))


async def _answered(path: Any, context: ValidationContext) -> int:
    """For how many certificates of a path there is a right OCSP answer.

    A list that shows the same would cover up for a wrong one, which then were in our documents.
    """
    found = 0
    for one in path.iter_certs(include_root=False):
        try:
            await verify_ocsp_response(one, path, context)
        except OCSPNoMatchesError:
            continue
        found += 1
    return found


def _upward(path: Any) -> tuple[bytes, ...]:
    return tuple(one.dump() for one in path.iter_certs(include_root=True))[::-1]


def _run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(work)
