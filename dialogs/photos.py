"""The dialogs on graduation photos, by their names."""

from dialogs import (
    photo,
    photo_batch,
    photo_code,
    photo_fee,
    photo_files,
    photo_staff,
    photo_tables,
)
from dialogs.running import Dialog
from dialogs.words import _

DIALOGS: dict[str, Dialog] = {
    "get_photo_code": Dialog(photo_code.get_photo_code, _("图像采集码"), brief=True),
    "photo_schedule": Dialog(photo.photo_schedule, _("拍照安排"), said=photo.MISSED, brief=True),
    "pay_photo_fee": Dialog(photo_fee.pay_photo_fee, _("缴拍摄费"), said=photo_fee.PAYING),
    "check_photo": Dialog(
        photo_files.check_photo,
        _("检查照片"),
        file=photo_files.SENT,
        named=True,
        takes=photo_files.may_send,
    ),
    "photo_batch": Dialog(
        photo_batch.photo_batch,
        _("成批检查照片"),
        staff=True,
        said=photo_batch.CHECKING,
        file=photo_batch.SENT,
        takes=photo_batch.may_send,
    ),
    "photo_batches": Dialog(
        photo_batch.photo_batches, _("照片检查进度"), staff=True, said=photo_batch.LISTING
    ),
    "stop_photo_batch": Dialog(photo_batch.stop_photo_batch, _("停下照片检查")),
    "resume_photo_batch": Dialog(photo_batch.resume_photo_batch, _("继续照片检查")),
    "photo_missing": Dialog(
        photo_staff.photo_missing, _("未拍照名单"), staff=True, said=photo_staff.MISSING
    ),
    "export_photo_missing": Dialog(photo_staff.export_photo_missing, _("导出未拍照名单")),
    "remind_photo_missing": Dialog(photo_staff.remind_photo_missing, _("提醒没拍照的学生")),
    "import_photo_table": Dialog(
        photo_tables.import_photo_table,
        _("导入拍照表格"),
        staff=True,
        said=photo_tables.IMPORTING,
        file=photo_tables.SENT,
        takes=photo_tables.may_send,
    ),
    "publish_photo_schedule": Dialog(
        photo_tables.publish_photo_schedule,
        _("发布拍照安排"),
        staff=True,
        said=photo_tables.PUBLISHING,
    ),
}
