"""The few sentences that are the channel's own, in the two languages of everybody."""

UNREADABLE = {
    "voice": {
        "zh": "语音我还听不懂，请打字告诉我。",
        "en": "I cannot understand voice messages yet. Please type it.",
    },
    "film": {
        "zh": "视频用不上，没有保存。要办什么，请打字告诉我。",
        "en": "I have no use for films, and have not kept it. Please type what you need.",
    },
    "place": {
        "zh": "位置用不上，没有保存。要办什么，请打字告诉我。",
        "en": "I have no use for places, and have not kept it. Please type what you need.",
    },
    "link": {
        "zh": "链接我打不开。要办什么，请打字告诉我。",
        "en": "I cannot open links. Please type what you need.",
    },
    "other": {
        "zh": "这种消息我看不懂。要办什么，请打字告诉我。",
        "en": "I cannot read messages of this kind. Please type what you need.",
    },
}
TOO_LONG = {
    "zh": "这条消息太长了，没有收下。请说得短一点。",
    "en": "This message is too long and was not taken. Please make it shorter.",
}
TOO_FAST = {
    "zh": "您发得太快了，请过一会儿再发，这条没有收下。",
    "en": "You are sending too fast; please wait a moment. This one was not taken.",
}
TOO_LARGE = {
    "zh": "文件超过 20 MB，没有收下。请压缩后再发。",
    "en": "The file is larger than 20 MB and was not taken. Please make it smaller.",
}
RECOMPRESSED = {
    "zh": "图片可能被微信压缩过。需要原图时（例如证件照、证明材料），请当作“文件”发送，或者说“上传文件”，在网页上传。",
    "en": "The picture may have been recompressed on its way. Where the original matters (ID photos, "
    "evidence), please send it as a file, or say “upload a file”.",
}
TOO_MANY = {
    "zh": "刚才发的文件太多了，这一个没有收下，请过一会儿再发。",
    "en": "Too many files were sent just now; this one was not taken. Please send it again in a while.",
}
NOT_FETCHED = {
    "zh": "文件没有取到，请再发一次。",
    "en": "The file could not be fetched. Please send it again.",
}
GONE = {"zh": "已不能下载，请重新办理。", "en": "can no longer be downloaded."}
DOWNLOAD = {"zh": "太大，请从这里下载", "en": "is too large; please download it here"}
CHOOSE = {"zh": "请选择", "en": "Please choose"}
DONE = {"zh": "已处理", "en": "Done"}
