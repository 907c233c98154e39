"""``registrar check``: whether time stamps and evidence can be had now, by really asking for them."""

from collections.abc import Iterator
from datetime import UTC, datetime

from backend.documents import keyring as keyrings
from backend.documents.errors import NotNow, SigningRefused
from backend.documents.materials import EVIDENT
from backend.issuing import path_of, signer
from bot.finding import Found, State
from bot.prepare import KEYS, keyring_of
from bot.settings import Settings
from bot.stamping import authority_of, keeper_of


def stamps(settings: Settings) -> Iterator[Found]:
    from backend.documents import proving  # noqa: PLC0415 - slow to import

    level = settings.signing.level
    authority = authority_of(settings, proving.check_stamp)
    if authority is None:
        return
    try:
        authority.stamp(bytes(32))
    except NotNow as error:
        yield (
            State.BAD,
            f"时间戳拿不到（{error}）。级别 {level} 没有时间戳就不签发，成绩单会一直等着。",
            "No time stamp can be had: documents wait for one.",
        )
    else:
        yield State.GOOD, f"时间戳服务 {authority.url} 能用。", "The authority stamps."
    finally:
        authority.close()


def evidence(settings: Settings) -> Iterator[Found]:
    """What the authorities say of our certificates; without an own key there is nothing to ask."""
    from backend.documents import proving  # noqa: PLC0415

    given = settings.signing
    evident = given.level in EVIDENT
    own = settings.signing_key or given.pkcs11 or keyrings.names(settings.data / KEYS)
    if not own and not evident:
        return
    now = datetime.now(UTC)
    authority = authority_of(settings, proving.check_stamp)
    keeper = keeper_of(settings, proving.prove, authority.path if authority else None)
    ring = keyring_of(settings)
    try:
        for info in ring.all():
            if not info.authorities or info.problem:
                continue
            status = keeper.status(path_of(info), now)
            if status.status == "revoked":
                yield (
                    State.BAD,
                    f"证书 {info.name} 已被吊销（{status.why}），不能再签发。",
                    "This certificate is revoked: nothing can be signed with it.",
                )
            elif status.status == "unknown":
                yield (
                    State.NOTE,
                    f"查不到证书 {info.name} 的状态（{status.why}）；七天查不到就不再用它签发。",
                    "Its status cannot be had; after seven days it signs no more.",
                )
        if evident:
            keeper.ready(signer(ring, now, {}), now)
            yield State.GOOD, "验证材料齐全。", "There is evidence for the certificates."
    except (NotNow, SigningRefused) as error:
        yield (
            State.BAD,
            f"验证材料拿不到（{error}）。级别 {given.level} 没有它就不签发，成绩单会一直等着。",
            "Evidence cannot be had: documents wait for it.",
        )
    finally:
        keeper.close()
        if authority is not None:
            authority.close()
