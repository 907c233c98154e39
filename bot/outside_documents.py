"""What happens outside the chat to issued documents in a conversation script: keys, stamps, shared links."""

from sqlalchemy import select

from backend import signing
from backend.clock import SetClock
from backend.documents.errors import Unstamped
from backend.documents.materials import CertificateStatus, KeyInfo, Level
from backend.models import Share
from backend.sharing import opening, pins
from bot.assemble import Assistant
from bot.script import Impossible


class NobodyStamps:
    """A time stamp authority that is away."""

    def stamp(self, digest: bytes) -> bytes:
        raise Unstamped("nobody stamps here")

    def close(self) -> None: ...


class OutsideDocuments:
    """Whatever others do about documents, and the assistant they do it to."""

    assistant: Assistant
    clock: SetClock
    people: dict[str, int]  # ids by the names of the script

    def open_share(self, who: str, said: str = "") -> None:
        """A stranger opens the latest link of somebody, knows its PIN, and presses “Show”."""
        share = self.latest_share(who)
        with self.assistant.office.work() as work:
            shown = opening.view(
                work, share.id, key=pins.key(share), browser=said, network=said, said=said
            )
        if not isinstance(shown, opening.Shown) or shown.facts is None:
            raise Impossible("打不开 it does not open")

    def guess_pin(self, who: str) -> None:
        """Strangers try PINs of somebody's latest link until it is locked, each from elsewhere."""
        share = self.latest_share(who)
        while True:
            with self.assistant.office.work() as work:
                one = opening.take_try(work, share.id, f"share:{work.now}")
                if one is None:
                    return
                if isinstance(one, opening.Try):
                    opening.was_wrong(work, share.id, one, f"share:{work.now}")
            if isinstance(one, opening.Wait):
                self.clock.set(one.until)

    def latest_share(self, who: str) -> Share:
        with self.assistant.office.read() as work:
            return work.session.scalars(
                select(Share)
                .where(Share.owner_id == self.people[who])
                .order_by(Share.made_at.desc())
                .limit(1)
            ).one()

    def retire_key(self, name: str) -> None:
        """registrar keys retire"""
        with self.assistant.office.work() as work:
            signing.retire(work, self.key_named(name))

    def bring_key_back(self, name: str) -> None:
        """registrar keys retire --undo"""
        with self.assistant.office.work() as work:
            signing.bring_back(work, self.key_named(name))

    def revoke_certificate(self, name: str, why: str = "") -> None:
        """Its authority says that it was revoked."""
        info = self.key_named(name)
        now = self.clock.now()
        status = CertificateStatus(info.fingerprint, "revoked", now, revoked_at=now, why=why)
        with self.assistant.office.work() as work:
            signing.register(work, info)
            signing.learned(work, status)

    def set_level(self, level: str) -> None:
        """The administrator sets another level; here nobody stamps, so from B-T on documents wait."""
        self.assistant.office.level = Level(level)
        self.assistant.office.authority = NobodyStamps()

    def key_named(self, name: str) -> KeyInfo:
        keyring = self.assistant.office.keyring
        found = [info for info in keyring.all() if info.name == name] if keyring else []
        if not found:
            raise Impossible(f"没有这个密钥：{name}")
        return found[0]
