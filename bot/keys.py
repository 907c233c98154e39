"""``registrar keys``: the keys that sign documents here, and how they are added and retired."""

import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import NameOID
from sqlalchemy.exc import DatabaseError

from backend import signing
from backend.clock import SystemClock, local_date, local_text
from backend.documents import keys as sources
from backend.documents.errors import SigningRefused, TokenAway
from backend.documents.keyring import Keyring
from backend.documents.materials import KeyInfo
from backend.models import SigningCertificate
from bot.keys_adding import NewKey, Unusable, put, take_out
from bot.prepare import KEYS, NothingYet, keyring_of, work_there
from bot.settings import NotReady, Settings
from dialogs.signing.words import why

SOURCES = {"files": "文件 files", "pkcs12": "PKCS#12", "pkcs11": "令牌 token", "": "？"}
DETAILED = ("unreadable", "wrong_kind", "not_found", "pin", "no_library", "other")


class Keys:
    """What the commands do; each returns the exit status."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._now = SystemClock().now()

    def show(self) -> int:
        """0 where one of them signs now."""
        ring = keyring_of(self._settings)
        rows = known_here(self._settings)
        name = signs_now(ring, rows, self._now)
        for info in ring.all():
            print(f"{info.name} · {self._state(info, rows, name)}")
            for line in described(info, rows.get(info.fingerprint), self._now):
                print(f"  {line}")
        there = {info.fingerprint for info in ring.all()}
        for row in rows.values():
            if row.fingerprint not in there:
                print(f"{row.name} · 以前用过，只用来验证 used before, kept to verify with")
                print(f"  证书 certificate：{row.subject}，到 until {day(row.not_after)}")
        if not name:
            print("现在没有能签名的密钥。 No key can sign now.", file=sys.stderr)
        return 0 if name else 1

    def add(self, new: NewKey) -> int:
        """Tried before it counts; a running server uses it from its moment on."""
        folder = self._settings.data / KEYS
        try:
            known = keyring_of(self._settings).all()
        except NotReady:  # the first one
            known = []
        try:
            info = put(folder, new, known, self._now)
        except Unusable as wrong:
            print(wrong, file=sys.stderr)
            return 1
        except SigningRefused as refused:
            print(f"没有加入：{words(refused)}。 It was not added.", file=sys.stderr)
            return 1
        except TokenAway:
            print(f"没有加入：{both('away')}。 It was not added.", file=sys.stderr)
            return 1
        try:
            with work_there(self._settings, writing=True) as work:
                row = signing.register(work, info)
                barred = signing.why_not(row, self._now)
        except NothingYet:
            barred = ""  # the first start registers it
        except BaseException:
            take_out(folder, new.name)  # no document may be signed with what is not registered
            raise
        print(f"已加入 {info.name}：{subject(info)}，到 {day(info.not_after)}。")
        print(
            f"  从 {moment(info.starts)} 起用它签名，不用重启。 It signs from then on; nothing restarts."
        )
        if barred:
            print(f"  但是 but：{both(barred)}", file=sys.stderr)
        if not info.chain:
            print(
                "  没有给上级证书（--chain）：别的软件可能认不出是谁签的。"
                " No chain was given: other programs may not tell who signed.",
                file=sys.stderr,
            )
        return 0

    def retire(self, name: str, *, even_last: bool, undo: bool) -> int:
        """What it signed stays as it is."""
        ring = keyring_of(self._settings)
        info = next((one for one in ring.all() if one.name == name), None)
        if info is None or not info.der:
            return unknown(name)
        with work_there(self._settings, writing=True) as work:
            if undo:
                signing.bring_back(work, info)
                print(f"{name} 又可以签名了。 It may sign again.")
                return 0
            barred = signing.barred(work) | {info.fingerprint: "retired"}
            rest = signing_then(ring, barred, self._now)
            if not rest and not even_last:
                print(
                    f"没有停用 {name}：停用以后没有能签名的密钥，成绩单会做不出来。先用 registrar keys add 加一个；"
                    "确实要停用，加 --even-last。 It is the last one: add another first, or give --even-last.",
                    file=sys.stderr,
                )
                return 1
            signing.retire(work, info)
        print(
            f"已停用 {name}，它签过的文件不受影响。现在签名的是 {rest or '（没有）'}。"
            f" Retired; what it signed stays as it is. Now signs: {rest or 'none'}."
        )
        return 0

    def check(self, name: str, *, pin_again: bool) -> int:
        """Sign something that means nothing with each, or with this one; 0 where all can."""
        ring = keyring_of(self._settings)
        infos = [one for one in ring.all() if name in ("", one.name)]
        if not infos:
            return unknown(name)
        if pin_again:
            take_back(self._settings.data / KEYS)
        rows = known_here(self._settings)
        good = True
        for info in infos:
            row = rows.get(info.fingerprint)
            why = tried(ring, info) or (signing.why_not(row, self._now) if row else "")
            why = why or out_of_time(info, self._now)
            good = good and why in ("", "retired")
            print(
                f"{'✓' if not why else '✗'} {info.name}：{both(why) if why else '能签名 can sign'}"
            )
            for line in described(info, row, self._now):
                print(f"    {line}")
            if open_to_others(self._settings.data / KEYS / info.name):
                print("    别人读得到这个密钥的文件，请 chmod 600。 Others can read its files.")
        return 0 if good else 1

    def _state(self, info: KeyInfo, rows: Mapping[str, SigningCertificate], current: str) -> str:
        row = rows.get(info.fingerprint)
        why = info.problem or (signing.why_not(row, self._now) if row else "")
        why = why or out_of_time(info, self._now)
        if info.name == current:
            return "正在用 in use" + (f"（{both(why)}）" if why else "")
        return both(why) if why else "备用 spare"


def known_here(settings: Settings) -> dict[str, SigningCertificate]:
    """What is known of the certificates here, by fingerprint; nothing before the first start."""
    try:
        with work_there(settings) as work:
            rows = signing.known(work)
            work.session.expunge_all()
    except (NothingYet, DatabaseError):  # tables of an earlier release hold none yet
        return {}
    return {row.fingerprint: row for row in rows}


def signs_now(ring: Keyring, rows: Mapping[str, SigningCertificate], now: datetime) -> str:
    barred = {one: why for one, row in rows.items() if (why := signing.why_not(row, now))}
    return signing_then(ring, barred, now)


def signing_then(ring: Keyring, barred: Mapping[str, str], now: datetime) -> str:
    """The name of the key that signs; "" where none does."""
    try:
        return ring.current(now, barred).name
    except (SigningRefused, TokenAway):
        return ""


def tried(ring: Keyring, info: KeyInfo) -> str:
    """Why it cannot sign; "" where it can."""
    if info.problem:
        return info.problem
    try:
        sources.try_out(ring.find(info.name))
    except SigningRefused as refused:
        return refused.reason
    except TokenAway:
        return "away"
    return ""


def out_of_time(info: KeyInfo, now: datetime) -> str:
    if info.not_after is not None and now > info.not_after:
        return "expired"
    early = [one for one in (info.starts, info.not_before) if one is not None and now < one]
    return "not_yet_valid" if early else ""


def described(info: KeyInfo, row: SigningCertificate | None, now: datetime) -> Iterator[str]:
    if info.der:
        left = (local_date(info.not_after) - local_date(now)).days if info.not_after else 0
        yield (
            f"证书 certificate：{subject(info)}，到 until {day(info.not_after)}"
            f"（还有 {max(left, 0)} 天 days left）"
        )
    elif info.why:
        yield info.why
    yield f"密钥 key：{SOURCES[info.source]}；起用 from {moment(info.starts)}"
    if info.der:
        yield f"吊销 revocation：{revocation(info, row)}"


def revocation(info: KeyInfo, row: SigningCertificate | None) -> str:
    if row is not None and row.status == "revoked":
        return f"已吊销 revoked {day(row.revoked_at)}（{row.revoked_why or '—'}）"
    if row is not None and row.status == "good":
        return f"没有吊销 good（{moment(row.checked_at)} 查的 checked）"
    if info.authorities:
        return "还没有查到 not known yet"
    return "证书里没有查询地址 the certificate names nobody to ask"


def subject(info: KeyInfo) -> str:
    """Whose certificate it is: the common name, or all of it where there is none."""
    name = x509.load_der_x509_certificate(info.der).subject
    common = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(common[0].value) if common else info.subject


def day(when: datetime | None) -> str:
    return f"{local_date(when)}" if when else "？"


def moment(when: datetime | None) -> str:
    return local_text(when) if when else "？"


def words(refused: SigningRefused) -> str:
    """What exactly is missing is said where it helps to find it."""
    told = both(refused.reason)
    return f"{told}（{refused}）" if refused.reason in DETAILED else told


def both(reason: str) -> str:
    return " ".join(in_words(reason))


def in_words(reason: str) -> tuple[str, str]:
    """Why a key cannot sign, in Chinese and English."""
    found = why(reason)
    return found.into("zh"), found.into("en")


def unknown(name: str) -> int:
    print(f"没有这个密钥 no such key: {name}", file=sys.stderr)
    return 1


def take_back(folder: Path) -> None:
    for path in folder.glob(".pin-*"):
        path.unlink(missing_ok=True)


def open_to_others(folder: Path) -> bool:
    return folder.is_dir() and any(one.stat().st_mode & 0o077 for one in folder.iterdir())
