"""Time stamps and evidence as the settings want them: who is asked, and what for."""

from collections.abc import Callable
from datetime import timedelta

import httpx

from backend.documents.evidence import EvidenceKeeper, Prove
from backend.documents.materials import EVIDENT, Level
from backend.documents.timestamps import Check, TimeStampAuthority
from backend.office import Office
from bot.settings import NotReady, Settings


def ready_to_sign(settings: Settings, office: Office) -> None:
    """Whoever is asked for what signatures carry at this level. Raises NotReady."""
    level = settings.signing.level
    keys = office.keyring.all() if office.keyring and level in EVIDENT else []
    working = [info for info in keys if not info.problem]
    if working and not any(info.authorities for info in working):
        raise NotReady(
            f"签名级别 {level} 要能查证书有没有被吊销，而现在的证书没有写到哪里查（OCSP 或 CRL）。"
            f" Level {level} needs a certificate that names an OCSP responder or a CRL."
        )
    authority = authority_of(settings, office.workshop.check_stamp)
    office.level = level
    office.authority = authority
    stamps = authority.path if authority else None
    office.evidence = keeper_of(settings, office.workshop.prove, stamps)


def authority_of(
    settings: Settings, check: Check, *, transport: httpx.BaseTransport | None = None
) -> TimeStampAuthority | None:
    """Who stamps at this level; None where nobody does. Raises NotReady."""
    given = settings.signing.tsa
    if given is None or settings.signing.level is Level.B_B:
        return None
    try:
        chain = given.chain.read_bytes()
    except OSError as error:
        raise NotReady(
            f"读不到时间戳服务的证书 {given.chain}（{type(error).__name__}）。"
            " The certificates of the time stamp authority cannot be read."
        ) from None
    if b"-----BEGIN CERTIFICATE-----" not in chain:
        raise NotReady(
            f"{given.chain} 里没有 PEM 证书。 There is no certificate in PEM in this file."
        )
    return TimeStampAuthority(
        given.url,
        given.chain,
        check,
        username=given.username,
        password=given.password.get_secret_value() if given.password else "",
        policy=given.policy,
        seconds=given.deadline_ms / 1000,
        transport=transport,
    )


def keeper_of(
    settings: Settings,
    prove: Prove,
    stamps: Callable[[], tuple[bytes, ...]] | None,
    *,
    transport: httpx.BaseTransport | None = None,
) -> EvidenceKeeper:
    kept = timedelta(minutes=settings.signing.evidence_minutes)
    return EvidenceKeeper(prove, stamps, kept=kept, transport=transport)
