"""Services that the interpreter understands and that are not open here yet."""

from dialogs.words import _

COMING = {
    "export_my_data": _("导出我的数据"),
    "delete_my_data": _("删除我的数据"),
    "open_services": _("现在能办的业务"),
    "get_photo_code": _("图像采集码"),
    "photo_schedule": _("拍照安排"),
    "check_photo": _("检查照片"),
    "registration_status": _("毕业证书注册进度"),
    "update_origin_place": _("生源地"),
    "change_personal_data": _("更改个人信息"),
    "degree_status": _("学位申请进度"),
    "fill_degree_data": _("学位信息填报"),
    "apply_exemption": _("申请免考"),
    "exemption_status": _("免考进度"),
    "exam_scores": _("自考成绩"),
    "apply_exam_graduation": _("申请自考毕业"),
    "exam_graduation_status": _("自考毕业进度"),
    "transfer_in_status": _("转入进度"),
    "apply_transfer_out": _("申请转出"),
    "transfer_out_status": _("转出进度"),
    "backfill_scores": _("成绩补登"),
    "credential_samples": _("凭证样例"),
}
