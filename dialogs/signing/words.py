"""Why a key cannot sign, for those who can mend it: in the chat and at the keyboard (T8)."""

from dialogs.engine.words import Words, _

WHY: dict[str, Words] = {
    "no_key": _("没有密钥"),
    "expired": _("证书已过期"),
    "not_yet_valid": _("还没到起用的时间"),
    "revoked": _("证书已被吊销"),
    "retired": _("密钥已停用"),
    "unchecked": _("超过 7 天没能查到证书是否被吊销"),
    "wrong_pair": _("证书和密钥不是一对"),
    "wrong_kind": _("这种密钥不能签名（要 P-256、P-384、P-521，或 2048–4096 位 RSA）"),
    "not_for_signing": _("证书不能用来签名"),
    "unreadable": _("密钥或证书的文件读不了"),
    "passphrase": _("口令不对，或者密钥文件坏了"),
    "pin": _("令牌不认这个 PIN，系统不会再试"),
    "no_library": _("没有装 PKCS#11 的程序库（make hsm）"),
    "not_found": _("令牌里找不到这个密钥"),
    "away": _("令牌现在没有回应"),
}
OTHER = _("原因不明")


def why(reason: str) -> Words:
    """``reason`` as of SigningRefused, or "away"."""
    return WHY.get(reason, OTHER)
