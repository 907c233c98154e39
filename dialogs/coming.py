"""Services that the interpreter understands and that are not open here yet."""

from dialogs.engine.words import _

COMING = {
    "export_my_data": _("导出我的数据"),
    "delete_my_data": _("删除我的数据"),
    "registration_status": _("毕业证书注册进度"),
    "update_origin_place": _("生源地"),
    "change_personal_data": _("更改个人信息"),
    "degree_status": _("学位申请进度"),
    "fill_degree_data": _("学位信息填报"),
}
