"""上传文件 (upload): a page for files that a channel would change or cannot carry."""

import re

from backend.identity import links
from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button
from dialogs.engine.words import _

UPLOADING = re.compile(
    r"^(我要|我想|帮我|请)?(上传|传|发)(一个|一下|个)?(原图|原件|文件|附件)[。!！]?$"
    r"|^(i want to |please |let me )?upload( a| the| my)? (file|photo|picture|document)[.!]?$"
)


def upload_file(chat: Chat, work: Work) -> None:
    chat.say(
        _(
            "请按下面的按钮，在网页上传文件：原样收下，不压缩，最大 20 MB；"
            "链接十分钟内有效，只能用一次。"
        ),
        buttons=[upload_button(chat, work)],
        until=work.now + links.LIFETIME,
    )


def upload_button(chat: Chat, work: Work) -> Button:
    """For whatever dialog waits for a file; it comes into this conversation as if sent here."""
    link = links.new(work, links.UPLOAD, account=work.account, person=chat.person)
    return chat.link(_("上传文件"), f"upload:{link.id}", style="primary")
