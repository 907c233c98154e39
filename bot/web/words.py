"""Why a request is refused: a code for programs, and words for people."""

from math import ceil

from starlette.exceptions import HTTPException

from backend.photos.archive import MOST_ARCHIVE
from backend.registry.limits import MEGABYTE

WORDS: dict[str, tuple[str, str]] = {
    "sign_in": ("请先登录。", "Please sign in first."),
    "too_long": ("这段话太长了，请分几次发。", "This is too long; please send it in parts."),
    "too_large": ("文件太大，最大 20 MB。", "The file is too large; 20 MB at most."),
    "too_many_files": (
        "刚才发的文件太多了，请过一会儿再发。",
        "Too many files were sent just now; please send it again in a while.",
    ),
    "not_zip": ("请上传 ZIP 压缩包。", "Please upload a ZIP archive."),
    "archive_too_large": (
        f"压缩包太大，最多 {MOST_ARCHIVE // MEGABYTE} MB，请分成几份。",
        f"The archive is too large: at most {MOST_ARCHIVE // MEGABYTE} MB. Please split it.",
    ),
    "archives_full": (
        "您传的压缩包已经放满了，请等前面的查完再传。",
        "There is no room beside the archives you have sent; please wait until they are checked.",
    ),
    "archive_gone": (
        "传得太慢，前面的部分已经过期了。请回到对话，再要一个链接。",
        "It took too long, and its beginning is gone. Please ask for a new link in the chat.",
    ),
    "too_slow": (
        "传得太慢，没有收完，请换个网络再试。",
        "It came too slowly and was not received; please try again with a better connection.",
    ),
    "too_fast": (
        "发得太快了，这一条还没有收下，请过 {seconds} 秒再发。",
        "That was too fast; this one was not taken. Please send it again in {seconds} s.",
    ),
    "link_expired": (
        "链接已失效，请回到对话重新打开。",
        "This link has expired; open it again from the chat.",
    ),
    "file_gone": ("文件已过保存期，已经删除。", "The file has been deleted after its time."),
    "not_yours": (
        "这个文件只有本人和审核人登录后能看。",
        "Only its owner and whoever decides on it can see this file, signed in.",
    ),
    "no_such_person": ("没有这个人。", "There is no such person."),
    "no_such_language": ("只有中文和英文。", "There are only Chinese and English."),
    "foreign_page": ("请在对话页面里操作。", "Please use the chat page."),
    "empty": ("没有内容。", "There is nothing in it."),
    "bad_id": ("消息缺少编号。", "The message has no id."),
    "bad_json": ("格式不对。", "This is not well formed."),
    "no_file": ("没有文件。", "There is no file."),
    "Not Found": ("没有这个页面。", "There is no such page."),
    "Method Not Allowed": ("这里不能这样用。", "This cannot be used in this way."),
}
FAILED = ("请求没有办成。", "The request could not be served.")


class Refusal(HTTPException):
    """Answered with its status, its code and words: in one language where it is known whose.

    ``file`` is the name of the one that is not taken.
    """

    def __init__(self, status: int, code: str, language: str = "", *, file: str = "") -> None:
        super().__init__(status, code)
        self.language = language
        self.file = file
        self.wait = 0

    @property
    def words(self) -> tuple[str, str]:
        """In Chinese and in English."""
        zh, en = (words.format(seconds=self.wait) for words in words_for(self.detail))
        if not self.file:
            return zh, en
        return f"《{self.file}》没有收下：{zh}", f"{self.file} was not taken: {en}"

    @property
    def text(self) -> str:
        zh, en = self.words
        return {"zh": zh, "en": en}.get(self.language, f"{zh} {en}")


class TooFast(Refusal):
    """429; ``wait`` is the number of seconds after which it may be sent again."""

    def __init__(self, seconds: float, language: str) -> None:
        super().__init__(429, "too_fast", language)
        self.wait = max(1, ceil(seconds))
        self.headers = {"Retry-After": str(self.wait)}


def words_for(code: str) -> tuple[str, str]:
    """In Chinese and in English."""
    return WORDS.get(code, FAILED)
