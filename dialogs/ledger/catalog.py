"""The dialogs on the books, by their names."""

from dialogs.engine.dialog import Dialog
from dialogs.engine.words import _
from dialogs.ledger import exporting, report

DIALOGS: dict[str, Dialog] = {
    "ledger_report": Dialog(
        report.ledger_report,
        _("账目和收支明细"),
        staff=True,
        said=report.ASKED,
        brief=True,
        office="finance",
    ),
    "export_ledger": Dialog(
        exporting.export_ledger,
        _("导出收支明细"),
        staff=True,
        said=exporting.ASKED,
        office="finance",
    ),
}
