"""The dialogs on invoices, by their names, and what an invoice is among other applications."""

from backend.authority import Role
from backend.invoices import requesting
from backend.invoices.states import KIND, OVER
from dialogs.case_kinds import CASES, CaseKind
from dialogs.engine.dialog import Dialog
from dialogs.engine.words import _
from dialogs.invoices import mine, staff, uploads
from dialogs.invoices import requesting as asking
from dialogs.invoices.words import STATES, title_of

OFFICE = "finance"
NAMED = frozenset({"order_number"})
CASE = frozenset({"application_number", "order_number"})

DIALOGS: dict[str, Dialog] = {
    "correct_invoice": Dialog(
        asking.correct_invoice, _("改发票抬头"), about=CASE, said=asking.CORRECTING, office=OFFICE
    ),
    "my_invoices": Dialog(
        mine.my_invoices, _("我的发票"), about=CASE, said=mine.MINE, brief=True, office=OFFICE
    ),
    "request_invoice": Dialog(asking.request_invoice, _("开发票"), about=NAMED, office=OFFICE),
    "invoice_status": Dialog(mine.invoice_status, _("这张发票"), brief=True, office=OFFICE),
    "export_invoices": Dialog(
        staff.export_invoices, _("导出待开发票"), staff=True, said=staff.EXPORTING
    ),
    "invoice_batches": Dialog(
        staff.invoice_batches, _("导出过的发票"), staff=True, said=staff.LISTING, brief=True
    ),
    "download_invoices": Dialog(staff.download_invoices, _("下载导出的发票")),
    "decide_invoice": Dialog(staff.decide_invoice, _("这张发票"), brief=True),
    "reject_invoice": Dialog(
        staff.reject_invoice,
        _("退回发票"),
        staff=True,
        about=frozenset({"application_number"}),
        said=staff.REJECTING,
    ),
    "upload_invoices": Dialog(
        uploads.upload_invoices,
        _("上传开好的发票"),
        staff=True,
        said=uploads.UPLOADING,
        file=uploads.SENT,
        further="upload_invoices",
        takes=uploads.may_send,
    ),
}

CASES[KIND] = CaseKind(
    title_of,
    STATES,
    frozenset(map(str, OVER)),
    status="invoice_status",
    decide="decide_invoice",
    deciders=frozenset({Role.FINANCE}),
    withdrawable=requesting.cancellable,
    withdraw=requesting.cancel,
)
