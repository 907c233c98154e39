"""The dialogs on held money, by their names."""

from dialogs.engine.dialog import Dialog
from dialogs.engine.words import _
from dialogs.held import agreeing, ending, listing, portal

DIALOGS: dict[str, Dialog] = {
    "held_money": Dialog(
        listing.held_money,
        _("待处理款项"),
        staff=True,
        said=listing.ASKED,
        brief=True,
        office="finance",
    ),
    "held_payment": Dialog(listing.held_payment, _("这笔款"), brief=True, office="finance"),
    "held_back": Dialog(ending.held_back, _("退回付款人"), office="finance"),
    "held_for_order": Dialog(ending.held_for_order, _("归到订单"), office="finance"),
    "held_hand_over": Dialog(ending.held_hand_over, _("另行交付"), office="finance"),
    "disposal": Dialog(
        agreeing.disposal,
        _("款项处理"),
        staff=True,
        about=frozenset({"application_number"}),
        said=agreeing.NAMED,
        brief=True,
        office="finance",
    ),
    "confirm_disposal": Dialog(agreeing.confirm_disposal, _("同意办理"), office="finance"),
    "refuse_disposal": Dialog(agreeing.refuse_disposal, _("不同意办理"), office="finance"),
    "enter_portal_refund": Dialog(portal.enter_portal_refund, _("记入账目"), office="finance"),
}
