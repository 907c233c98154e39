"""What a verification found, in words for the person who asked."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

EXPIRED = "certificate_expired"
REWRITTEN = "rewritten_signature"
_FOR_THE_RECORD = ("genuine", EXPIRED, REWRITTEN)  # what the record of issue decides

_TEXTS = {
    "genuine": (
        "文件由本校签发，签发后未被改动。",
        "The file was issued by the institution and has not been changed since.",
    ),
    "empty": ("文件是空的。", "The file is empty."),
    "too_large": ("文件过大，不是本校签发的成绩单。", "The file is too large to be a transcript."),
    "not_pdf": ("文件不是 PDF。", "The file is not a PDF."),
    "unreadable": ("文件已损坏，无法读取。", "The file is damaged and cannot be read."),
    "encrypted": (
        "文件已加密；本校签发的文件不加密。",
        "The file is encrypted; issued files never are.",
    ),
    "no_signature": ("文件没有数字签名。", "The file has no digital signature."),
    "several_signatures": (
        "文件不止一个签名；本校签发的文件只有一个。",
        "The file has more than one signature; issued files have exactly one.",
    ),
    "not_whole_file": (
        "签名没有覆盖整个文件：签发后有内容被添加或修改。",
        "The signature does not cover the whole file: something was added or changed after issue.",
    ),
    "altered": (
        "文件内容在签发后被改动。",
        "The content of the file was changed after it was signed.",
    ),
    "invalid_signature": ("数字签名无效。", "The digital signature is not valid."),
    "foreign": (
        "签名不是本校的：签名证书不受信任。",
        "The signature is not the institution's: its certificate is not trusted.",
    ),
    "changes_allowed": (
        "签名没有禁止修改，不是本校签发的文件。",
        "The signature does not forbid changes, so the institution did not issue this file.",
    ),
    "outside_validity": (
        "签名时间不在证书有效期内。",
        "The time of signing lies outside the validity of the certificate.",
    ),
    EXPIRED: (
        "签名证书已过期，需用验证码核对签发记录。",
        "The signing certificate has expired; the record of issue must be checked by its code.",
    ),
    REWRITTEN: (
        "签名数值的写法与本校签发时不同，可能被人改写，需用验证码核对签发记录。",
        "The numbers of the signature are not written as the institution writes them and may have "
        "been rewritten; the record of issue must be checked by its code.",
    ),
    "no_code": ("文件中没有验证码。", "The file carries no verification code."),
    "unknown_code": (
        "签发记录中没有这个验证码。",
        "No transcript with this code is on record.",
    ),
    "signature_only": (
        "签名有效、文件完整，但没有签发记录可以核对，签名证书也不是指定的那一张：不能说是本校签发的。",
        "The signature is valid and the file whole, but there is no record of issue to compare with,"
        " and the certificate is not the one that was named: the issuer is not shown.",
    ),
    "differs_from_issued": (
        "文件与签发记录不一致。",
        "The file differs from the one on record for its code.",
    ),
}


@dataclass(frozen=True, slots=True)
class Reason:
    code: str
    zh: str
    en: str


def reason(code: str) -> Reason:
    return Reason(code, *_TEXTS[code])


@dataclass(frozen=True, slots=True)
class Verdict:
    """`genuine` only when nothing at all speaks against the file."""

    genuine: bool
    reasons: tuple[Reason, ...]
    sha256: str
    signer: str | None = None  # common name, only when the signature is by a trusted key
    signed_at: datetime | None = None  # as the signer says; aware UTC
    code: str | None = None
    certificate: str | None = None  # SHA-256 of the signer's certificate

    def against_record(self, issued_sha256: str | None) -> "Verdict":
        """Compare with the record of issue for `code`: the hash of the file, None when unknown.

        A file that is on record stays genuine after its certificate has expired, for the record
        shows that it existed before; and its bytes are those that were issued.
        """
        if self.code is None:
            return self
        if issued_sha256 is None:
            return self._refused("unknown_code")
        if issued_sha256.lower() != self.sha256:
            return self._refused("differs_from_issued")
        against = tuple(r for r in self.reasons if r.code not in _FOR_THE_RECORD)
        if against:
            return replace(self, reasons=against)
        return replace(self, genuine=True, reasons=(reason("genuine"),))

    def _refused(self, code: str) -> "Verdict":
        kept = tuple(r for r in self.reasons if r.code != "genuine")
        return replace(self, genuine=False, reasons=(*kept, reason(code)))

    def to_json(self) -> dict[str, Any]:
        """Plain values, ready for `json.dumps`; what is not known of the file is left out."""
        signed_at = self.signed_at.isoformat() if self.signed_at else None
        found = {
            **asdict(self),
            "reasons": [asdict(r) for r in self.reasons],
            "signed_at": signed_at,
        }
        return {name: value for name, value in found.items() if value is not None}
