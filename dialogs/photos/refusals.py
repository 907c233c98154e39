"""Why something about graduation photos cannot be done."""

from collections.abc import Callable, Mapping

from dialogs.engine.words import Words, _

Facts = Mapping[str, object]

SENTENCES: dict[str, Callable[[Facts], Words]] = {
    "no_studies_for_photo": lambda f: _("学籍里没有您的学生信息，没有您的图像采集码。"),
    "no_annex": lambda f: _("这份通知没有附件1 的拍摄时间表，请发表格。"),
    "no_such_schedule": lambda f: _("没有编号为 {number} 的拍摄安排。", number=f["number"]),
    "bad_archive": lambda f: _("这不是能打开的 ZIP 压缩包（也不能有密码），请重新打包。"),
    "archive_too_large": lambda f: _("压缩包太大，最多 {most} MB，请分成几份。", most=f["most"]),
    "archives_full": lambda f: _(
        "您传的压缩包已经放满了，最多 {most} MB，请等前面的查完再传。", most=f["most"]
    ),
    "too_many_photos": lambda f: _("一个压缩包最多 {most} 张，请分成几份。", most=f["most"]),
    "sizes_contradiction": lambda f: _(
        "这些改动互相矛盾：照片最多字节不能小于最少字节，也不能小于 40,000。"
    ),
    "no_photos": lambda f: _("压缩包里没有文件。"),
    "paid_on_site": lambda f: _("拍摄费在拍摄时用微信扫码付，这里不用付。"),
    "not_on_roster": lambda f: _("{season}届的拍摄名单里没有您，不用付费。", season=f["season"]),
    "paid_already": lambda f: _("这一届的拍摄费您已经办过了：{number}。", number=f["number"]),
}
