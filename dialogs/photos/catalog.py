"""The dialogs on graduation photos, by their names."""

from dialogs.engine.dialog import Dialog
from dialogs.engine.words import _
from dialogs.photos import batch, code, fee, files, own, staff, tables

DIALOGS: dict[str, Dialog] = {
    "get_photo_code": Dialog(code.get_photo_code, _("图像采集码"), brief=True),
    "photo_schedule": Dialog(own.photo_schedule, _("拍照安排"), said=own.MISSED, brief=True),
    "pay_photo_fee": Dialog(fee.pay_photo_fee, _("缴拍摄费"), said=fee.PAYING),
    "check_photo": Dialog(
        files.check_photo,
        _("检查照片"),
        file=files.SENT,
        named=True,
        takes=files.may_send,
    ),
    "photo_batch": Dialog(
        batch.photo_batch,
        _("成批检查照片"),
        staff=True,
        said=batch.CHECKING,
        file=batch.SENT,
        takes=batch.may_send,
    ),
    "photo_batches": Dialog(batch.photo_batches, _("照片检查进度"), staff=True, said=batch.LISTING),
    "stop_photo_batch": Dialog(batch.stop_photo_batch, _("停下照片检查")),
    "resume_photo_batch": Dialog(batch.resume_photo_batch, _("继续照片检查")),
    "photo_missing": Dialog(staff.photo_missing, _("未拍照名单"), staff=True, said=staff.MISSING),
    "export_photo_missing": Dialog(staff.export_photo_missing, _("导出未拍照名单")),
    "remind_photo_missing": Dialog(staff.remind_photo_missing, _("提醒没拍照的学生")),
    "import_photo_table": Dialog(
        tables.import_photo_table,
        _("导入拍照表格"),
        staff=True,
        said=tables.IMPORTING,
        file=tables.SENT,
        takes=tables.may_send,
    ),
    "publish_photo_schedule": Dialog(
        tables.publish_photo_schedule,
        _("发布拍照安排"),
        staff=True,
        said=tables.PUBLISHING,
    ),
}
