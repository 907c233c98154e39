"""What ``registrar check`` says of pictures: whether their text is read here, and faces are found."""

from collections.abc import Iterator

from backend.pictures import reader
from bot.finding import Found, State
from bot.settings import Settings


def pictures(settings: Settings) -> Iterator[Found]:
    if reader.installed():
        yield (
            State.GOOD,
            "图上的文字能自动识别，凭证编号会和填的比对。",
            "Text on pictures is read, and numbers are compared with what was typed.",
        )
    else:
        yield (
            State.NOTE,
            "没有装文字识别（make ocr）：考生自己填编号，图上文字不自动核对，审核人要一份一份看，"
            "不能一起通过；图片方向和凭证种类也不检查。",
            "No reader of text (make ocr): candidates type numbers, nothing is compared with the "
            "picture, reviewers look at each case and none is approved in bulk.",
        )
    if reader.finds_faces():
        yield State.GOOD, "照片上的人脸能自动找到。", "Faces on photos are found."
    else:
        yield (
            State.NOTE,
            "没有装人脸检测（make ocr）：照片里有没有脸、头的大小和位置不检查。",
            "Nothing finds faces (make ocr): whether a photo has one, and where, is not looked at.",
        )
