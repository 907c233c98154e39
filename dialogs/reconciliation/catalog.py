"""The dialogs on the provider's bills, by their names."""

from dialogs.engine.dialog import Dialog
from dialogs.engine.words import _
from dialogs.reconciliation import difference, report

DIALOGS: dict[str, Dialog] = {
    "reconciliation": Dialog(
        report.reconciliation,
        _("每日对账"),
        staff=True,
        said=report.ASKED,
        brief=True,
        office="finance",
    ),
    "open_differences": Dialog(
        report.open_differences,
        _("对账差异"),
        staff=True,
        said=report.OPEN_ASKED,
        brief=True,
        office="finance",
    ),
    "export_reconciliation": Dialog(
        report.export_reconciliation,
        _("导出对账表"),
        staff=True,
        said=report.EXPORTED,
        office="finance",
    ),
    "bill_difference": Dialog(
        difference.bill_difference,
        _("这处差异"),
        staff=True,
        about=frozenset({"application_number"}),
        said=difference.NAMED,
        brief=True,
        office="finance",
    ),
    "settle_difference": Dialog(difference.settle_difference, _("标记已处理"), office="finance"),
}
