"""Every reason a verification can give, in Chinese and English: kind, exact, and without blame.

What stands in braces is filled in by whoever gives the reason. It never is text of a file that is not
ours: an attacker's words must not appear on our pages.
"""

EXPIRED = "certificate_expired"
REWRITTEN = "rewritten_signature"

REASONS: dict[str, tuple[str, str]] = {
    "genuine": (
        "文件由本校签发，签发后未被改动。",
        "The file was issued by the institution and has not been changed since.",
    ),
    # what was sent is no document that can be read
    "empty": ("文件是空的。", "The file is empty."),
    "too_large": ("文件过大，不是本校签发的成绩单。", "The file is too large to be a transcript."),
    "not_pdf": ("文件不是 PDF。", "The file is not a PDF."),
    "unreadable": ("文件已损坏，无法读取。", "The file is damaged and cannot be read."),
    "truncated": (
        "文件不完整，可能没有下载完。请重新取得原件。",
        "The file is not complete; the download may have been cut short."
        " Please get the original again.",
    ),
    "encrypted": (
        "文件已加密；本校签发的文件不加密。",
        "The file is encrypted; issued files never are.",
    ),
    "too_costly": (
        "文件的结构异常复杂，无法核验；本校签发的文件不会这样。",
        "The file is too complex to be checked; issued files never are.",
    ),
    # the signature as it stands in the file
    "no_signature": ("文件没有数字签名。", "The file has no digital signature."),
    "signature_removed": (
        "文件里的签名被删掉或清空了。",
        "The signature in the file was removed or emptied.",
    ),
    "several_signatures": (
        "文件不止一个签名；本校签发的文件只有一个。",
        "The file has more than one signature; issued files have exactly one.",
    ),
    "range_forged": (
        "签名的范围被改写过。",
        "The range of the signature was rewritten.",
    ),
    "resaved": (
        "文件被别的软件重新保存过，签名因此失效。内容不一定有假，但无法核验，请提供下载时的原件。",
        "Another program has saved the file anew, which breaks the signature. It need not be false,"
        " but cannot be checked: please provide the file as it was downloaded.",
    ),
    "not_whole_file": (
        "签名没有覆盖整个文件：签发后有内容被添加或修改。",
        "The signature does not cover the whole file: something was added or changed after issue.",
    ),
    "appended": (
        "签发之后有人在文件后面加了内容：{what}。",
        "Something was added to the file after it was issued: {what}.",
    ),
    "prepended": (
        "文件开头多出了不属于它的内容。",
        "There is foreign content before the beginning of the file.",
    ),
    "gap": (
        "签名没有盖住文件中间的一段，里面可能被塞进了内容。",
        "The signature leaves part of the file uncovered, where content may have been put.",
    ),
    "altered": (
        "文件内容在签发后被改动。",
        "The content of the file was changed after it was signed.",
    ),
    "invalid_signature": ("数字签名无效。", "The digital signature is not valid."),
    "weak_algorithm": (
        "签名算法不是本校使用的。",
        "The signature is made in a way this institution does not use.",
    ),
    "changes_allowed": (
        "签名没有禁止修改，不是本校签发的文件。",
        "The signature does not forbid changes, so the institution did not issue this file.",
    ),
    "time_stamp_invalid": (
        "时间戳无效，或者不是这份文件的。",
        "The time stamp is not valid or belongs to another file.",
    ),
    "archive_invalid": (
        "归档时间戳之外还有别的改动。",
        "There is more after the signature than an archive time stamp.",
    ),
    REWRITTEN: (
        "签名数值的写法与本校签发时不同，可能被人改写，需用验证码核对签发记录。",
        "The numbers of the signature are not written as the institution writes them and may have "
        "been rewritten; the record of issue must be checked by its code.",
    ),
    # whose it is, and since when and until when that counts
    "foreign": (
        "签名不是本校的：签名证书不受信任。",
        "The signature is not the institution's: its certificate is not trusted.",
    ),
    "other_institution": (
        "签名是真的，但不是本校的：{signer}。",
        "The signature is genuine, but it is not this institution's: {signer}.",
    ),
    "outside_validity": (
        "签名时间不在证书有效期内。",
        "The time of signing lies outside the validity of the certificate.",
    ),
    EXPIRED: (
        "签名证书已过期，需用验证码核对签发记录。",
        "The signing certificate has expired; the record of issue must be checked by its code.",
    ),
    "certificate_revoked": (
        "签名证书已被吊销（{day}），没有记录能证明文件签发在此之前。",
        "The signing certificate was revoked ({day}), and no record shows that the file was issued"
        " before.",
    ),
    # the record of issue
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
    "code_of_another": (
        "这份文件属于另一个验证码。",
        "This file belongs to another verification code.",
    ),
    "attachment_differs": (
        "页面上的内容和随附的数据不一致：{where}。",
        "The pages and the attached data differ: {where}.",
    ),
    "superseded": (
        "已有更新的文件代替它（{day}）。",
        "A newer document has replaced it ({day}).",
    ),
    "revoked": (
        "学校已在 {day} 撤销这份文件。",
        "The institution withdrew this document on {day}.",
    ),
    # paper, photographed or scanned
    "picture_only": (
        "这是图片或打印件：二维码对应的记录可以核对，图片本身无法核验。",
        "This is a picture or print: the record behind its QR code can be compared, the picture"
        " itself cannot be checked.",
    ),
    "no_qr": (
        "没有在图上读到二维码。请让二维码占画面一半以上、不反光，再拍一张；或者输入验证码。",
        "No QR code could be read on the picture. Please take another with the code filling half of"
        " it and without glare, or type the verification code.",
    ),
    "several_qr": (
        "图上有不止一个二维码，请一次拍一个。",
        "There is more than one QR code on the picture: please take them one at a time.",
    ),
    "foreign_qr": (
        "二维码指向 {host}，不是本校的验证网址。请不要打开，也不要采信。",
        "The QR code leads to {host}, which is not this institution's address for verification."
        " Please neither open it nor rely on it.",
    ),
    "qr_unknown_code": (
        "二维码里的验证码在签发记录中不存在。",
        "The verification code in the QR code is on no record.",
    ),
    # nothing can be said
    "not_checked": (
        "现在无法核验文件，请过一会儿再试；也可以输入验证码查询。",
        "Files cannot be checked at the moment: please try again in a while, or look the"
        " verification code up.",
    ),
}

# What was added after the signed part, by kind: the words of `appended`.
ADDITIONS: dict[str, tuple[str, str]] = {
    "appended_pages": ("{n} 页", "{n} page(s)"),
    "annotations": ("{n} 处批注或印章", "{n} annotation(s) or stamp(s)"),
    "form_filled": ("表单", "a form"),
    "content_replaced": ("替换了原来的内容", "other content in place of the original"),
    "metadata_changed": ("文件属性", "properties of the file"),
    "attachment_replaced": ("替换了随附数据", "other data in place of the attached"),
    "second_signature": ("另一个签名", "another signature"),
    "archive_added": ("归档用的验证信息", "evidence for archives"),
    "junk": ("{n} 字节无意义的数据", "{n} bytes without meaning"),
    "script": ("脚本", "a script"),
    "unknown_change": ("无法辨认的改动", "a change that cannot be told"),
}
