"""What was looked at, in the order of looking, in words for whoever wants to know all of it."""

from backend.verification.findings import Check, CheckState

_SAID: dict[str, dict[CheckState, tuple[str, str]]] = {
    "signature": {
        "ok": (
            "签名与文件的每个字节相符，签名数据只有本校的一种写法。",
            "The signature fits every byte, and is written in the one way it is written here.",
        ),
        "warn": (
            "签名相符，但数值的写法与本校不同。",
            "The signature fits, but its numbers are not written as they are here.",
        ),
    },
    "coverage": {
        "ok": ("签名覆盖整个文件。", "The signature covers the whole file."),
        "fail": (
            "签名只覆盖文件的前一部分。",
            "The signature covers only the beginning of the file.",
        ),
    },
    "certificate": {
        "ok": (
            "签名证书是本校登记过的，签发时在有效期内。",
            "The certificate is one of this institution's and was valid when it signed.",
        ),
        "fail": (
            "签名证书是本校登记过的，但不能说明签发时有效。",
            "The certificate is one of this institution's, but it is not shown that it was valid.",
        ),
    },
    "revocation": {
        "ok": ("签发时签名证书没有被吊销。", "The certificate was not revoked when it signed."),
        "warn": (
            "签名证书后来被吊销，签发在此之前。",
            "The certificate was revoked later; the document was signed before.",
        ),
        "fail": (
            "签名证书已被吊销，不能说明签发在此之前。",
            "The certificate was revoked, and it is not shown that it signed before.",
        ),
        "skipped": (
            "没有签名证书是否被吊销的信息。",
            "Nothing is known about whether the certificate was revoked.",
        ),
    },
    "time_stamp": {
        "ok": ("时间戳有效。", "The time stamp is valid."),
        "warn": (
            "时间戳属于这份文件，但出具它的机构不在信任列表里。",
            "The time stamp belongs to this file, but who made it is not known here.",
        ),
        "skipped": ("文件没有时间戳。", "The file carries no time stamp."),
    },
    "archive_stamp": {
        "ok": ("归档时间戳有效，除它以外没有附加内容。", "The time stamp for archives is valid."),
        "warn": (
            "归档时间戳属于这份文件，但出具它的机构不在信任列表里。",
            "The time stamp for archives belongs to this file, but who made it is not known here.",
        ),
        "skipped": ("文件没有归档时间戳。", "The file carries no time stamp for archives."),
    },
    "structure": {
        "ok": (
            "只有一个签名，不允许任何修改，印章在最后一页。",
            "There is one signature, it forbids changes, and the seal is on the last page.",
        ),
        "warn": (
            "只有一个签名，不允许任何修改，但页面上看不到印章。",
            "There is one signature and it forbids changes, but no seal is seen on the pages.",
        ),
    },
    "data": {
        "ok": (
            "页面文字、二维码和随附数据一致。",
            "Text, QR code and attached data say the same.",
        ),
        "skipped": ("文件没有随附数据。", "The file carries no data."),
    },
}


def check(name: str, state: CheckState) -> Check:
    zh, en = _SAID[name][state]
    return Check(name, state, zh, en)
