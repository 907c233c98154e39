"""Why a file could not be read, and what to do."""

from dialogs.engine.words import Words, _

MEGABYTE = 1024 * 1024
UNREAD: dict[str, Words] = {
    "empty": _("这份文件里没有读出条款。请换一份有正文的文件。"),
    "scanned": _(
        "这份文件是图片（扫描件或照片），没有可以读的文字。"
        "请发原来的 Word 文件，或者从 Word 另存为 PDF 再发。"
    ),
    "locked": _("这份 PDF 加了密码，读不了。请去掉密码再发。"),
    "damaged": _("这份文件打不开，可能已经损坏。请在电脑上打开看看，另存一份再发。"),
    "not_text": _("这不是文字文件。请发 PDF、DOCX、TXT 或 MD。"),
    "not_a_document": _("这不是 Word 文件。请发 PDF、DOCX、TXT 或 MD。"),
    "old_word": _("这是旧格式的文件（.doc）。请在 Word 或 WPS 里另存为 .docx 再发。"),
}


def why_unread(code: str, limit: int) -> Words:
    match code:
        case "too_large":
            return _(
                "文件太大：最多 {most} MB。请去掉图片，或者分成几份再发。", most=limit // MEGABYTE
            )
        case "too_long":
            return _("文字太多：最多 {most} 字。请分成几份再发。", most=limit)
        case "too_many_pages":
            return _("页数太多：最多 {most} 页。请分成几份再发。", most=limit)
        case "too_many_clauses":
            return _("条款太多，一次核对不完。请分成几份再发。")
    return UNREAD[code]
