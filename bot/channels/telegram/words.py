"""What is said on Telegram outside the conversation, and what its commands mean in it."""

from telegram import BotCommand

TOO_LARGE = {
    "zh": "文件太大，最大 20 MB。",
    "en": "The file is too large; 20 MB at most.",
}
TOO_MANY = {
    "zh": "刚才发的文件太多了，这一个没有收下，请过一会儿再发。",
    "en": "Too many files were sent just now; this one was not taken. Please send it again in a while.",
}
NOT_FETCHED = {
    "zh": "没能从 Telegram 取到这个文件，请再发一次。",
    "en": "The file could not be fetched from Telegram; please send it again.",
}
RECOMPRESSED = {
    "zh": "照片经 Telegram 压缩过。需要原图时（例如证件照、证明材料），请点回形针选“文件”再发一次，或者说“上传文件”，在网页上传。",
    "en": "Telegram has recompressed this photo. Where the original matters (ID photos, evidence), "
    "please send it again as a file (the paper clip, then “File”), or say “upload a file”.",
}
TOO_FAST = {
    "zh": "发得太快了，这一条还没有收下，请过 {seconds} 秒再发。",
    "en": "That was too fast; this one was not taken. Please send it again in {seconds} s.",
}
TOO_LONG = {
    "zh": "这段话太长了，请分几次发。",
    "en": "This is too long; please send it in parts.",
}
UNHEARD = {
    "sound": {
        "zh": "我还听不了语音，请打字告诉我。",
        "en": "I cannot listen to voice messages yet; please type it.",
    },
    "film": {
        "zh": "我看不了视频。需要交材料时，请发图片或 PDF 文件。",
        "en": "I cannot watch videos. Where papers are asked for, please send pictures or PDF files.",
    },
    "place": {
        "zh": "不需要位置。要办什么，请直接打字告诉我。",
        "en": "No location is needed. Please type what you would like to do.",
    },
    "contact": {
        "zh": "不需要名片，我没有保存。要办什么，请直接打字告诉我。",
        "en": "No contact is needed, and it was not kept. Please type what you would like to do.",
    },
    "other": {
        "zh": "这种消息我看不懂，请打字告诉我；说“帮助”可以看能办什么。",
        "en": "I cannot read this kind of message; please type. Say “help” to see what can be done.",
    },
}
GROUP = "群里不办个人的事，请私聊。 Please talk to me in private."
GONE = {
    "zh": "（{name} 已过保存期，已经删除。）",
    "en": "({name} has been deleted after its time.)",
}
TOO_LARGE_HERE = {
    "zh": "{name} 太大，Telegram 带不了，请在这里下载：{url}",
    "en": "{name} is too large for Telegram; please download it here: {url}",
}
CHOOSE = {"zh": "请选择：", "en": "Please choose:"}
PICTURE = {"zh": "图片", "en": "Picture"}

MEANT = {
    "start": {"zh": "你好", "en": "Hello"},
    "help": {"zh": "帮助", "en": "Help"},
    "menu": {"zh": "菜单", "en": "Menu"},
    "status": {"zh": "我的进度", "en": "My applications"},
    "language": {"zh": "换语言", "en": "Switch language"},
    "cancel": {"zh": "不办了", "en": "Cancel"},
    "bind": {"zh": "绑定账号", "en": "Bind my account"},
    "unbind": {"zh": "解除绑定", "en": "Unbind my account"},
}
"""Sentences that the dialogs understand, by command."""

SHOWN = {
    "menu": ("菜单：能办什么", "Menu: what can be done"),
    "status": ("我的进度", "My applications"),
    "cancel": ("不办了", "Leave what is open"),
    "language": ("中文 / English", "English / 中文"),
    "bind": ("绑定账号", "Bind my account"),
    "unbind": ("解除绑定", "Unbind my account"),
    "help": ("帮助", "Help"),
}


def commands(language: str) -> list[BotCommand]:
    """The list that Telegram shows behind the menu button."""
    place = 1 if language == "en" else 0
    return [BotCommand(name, words[place]) for name, words in SHOWN.items()]
