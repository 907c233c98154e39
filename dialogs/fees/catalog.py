"""The dialogs about fees and waivers."""

from dialogs.engine.dialog import Dialog
from dialogs.engine.words import _
from dialogs.fees import deciding, granting, listing

DIALOGS: dict[str, Dialog] = {
    "price_list": Dialog(
        listing.price_list, _("收费标准"), signed_in=False, said=listing.LIST, brief=True
    ),
    "waivers": Dialog(deciding.list_waivers, _("减免记录"), said=deciding.GIVEN, brief=True),
    "grant_waiver": Dialog(granting.grant_waiver, _("减免"), said=granting.GIVING),
    "review_waiver": Dialog(deciding.review_waiver, _("确认减免")),
    "confirm_waiver": Dialog(deciding.confirm_waiver, _("确认减免")),
    "decline_waiver": Dialog(deciding.decline_waiver, _("不同意减免")),
    "withdraw_waiver": Dialog(deciding.withdraw_waiver, _("撤回减免")),
}
