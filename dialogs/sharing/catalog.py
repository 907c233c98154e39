"""The dialogs on sharing, by their names."""

from dialogs.engine.dialog import Dialog
from dialogs.engine.words import _
from dialogs.sharing import mine, sharing

DIALOGS: dict[str, Dialog] = {
    "share_transcript": Dialog(
        sharing.share_transcript, _("分享成绩单"), about=frozenset({"application_number"})
    ),
    "my_shares": Dialog(mine.my_shares, _("我的分享"), brief=True),
    "share_record": Dialog(mine.share_record, _("查看记录"), brief=True),
    "stop_share": Dialog(mine.stop_share, _("停用分享"), said=mine.STOPPING, brief=True),
    "share_pin": Dialog(mine.share_pin, _("分享口令")),
}
