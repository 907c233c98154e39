"""What nobody should type into a chat: a full ID number, a password. It is found before it is kept.

Anybody may send anything: every pattern here is linear in the length of the text. Runs of spaces
and separators are one before it is looked through, and whatever repeats has a small bound.
"""

import re
from unicodedata import normalize

from backend import marks
from backend.identity import passwords
from backend.registry import id_numbers

SPOKEN = str.maketrans("〇零一二三四五六七八九", "00123456789")
UNSEEN = re.compile(
    "[\u00ad\u034f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u20e3\ufe0e\ufe0f\ufeff]"
)
SPACES = re.compile(r"\s+")
GAPS = re.compile(r"[\s\-‐-―−_.·•‧∙・:,，、。;/\\|*~+=#'\"()\[\]{}<>]+")
ID_NUMBER = re.compile(r"(?<![0-9])(?=([1-9](?: ?[0-9]){16} ?[0-9Xx])(?![0-9]))")
RUN = re.compile(r"(?<![0-9])(?=([0-9](?: ?[0-9]){16} ?[0-9Xx])(?![0-9]))")
ALIKE = re.compile(  # written as people do: at once, in its parts, or digit by digit
    r"(?<![0-9])(?=([1-8][0-9]{5}(?: ?[0-9]{8} ?[0-9]{3}[0-9Xx]| ?[0-9]{6} ?[0-9]{3})"
    r"|[1-8](?: [0-9]){16} [0-9Xx])(?![0-9]))"
)
BEFORE = 24  # characters in which it may be said what sort of number comes
OTHER = re.compile(
    r"(?:准考证|學號|学号|订单|单号|申请|流水|电话|手机|卡号|order|ticket|phone|card)[^0-9]{0,6}\Z",
    re.I,
)
CERTIFICATE = re.compile(  # their numbers have 18 digits too, and a year where ID numbers have one
    r"(?:证书|毕业证|学位证|文凭|备案表|认证报告|验证码|diploma|certificate|report)[^0-9]{0,14}\Z",
    re.I,
)
ENDING = re.compile(r"\.[A-Za-z][A-Za-z0-9]{1,4}\Z")


def found_in(text: str) -> str:
    """``id_number``, ``password``, or nothing."""
    words = plain(text)
    if has_id_number(words) or has_id_number(words.translate(SPOKEN)):
        return "id_number"
    return "password" if passwords.typed(words) else ""


def file_name(name: str) -> str:
    """The name of a file, or what is left of it that says nothing: 文件 and its ending."""
    if not found_in(name):
        return name
    ending = ENDING.search(name)
    return "文件" + (ending[0] if ending else "")


def plain(text: str) -> str:
    """One way of writing, with single spaces. Marks on letters go: sorting many of them is slow."""
    if not text.isascii():
        text = normalize("NFKC", "".join(one for one in text if not marks.is_mark(one)))
        text = UNSEEN.sub("", text)
    return SPACES.sub(" ", text)


def has_id_number(words: str) -> bool:
    """One that could exist (GB 11643): its check digit is right, and so is its day of birth; or else
    its province and day of birth are, and nobody calls it another number. People mistype.

    The number of a certificate is none, where that is what it is called.
    """
    words = GAPS.sub(" ", words)
    return any(
        id_numbers.valid(together(match)) and not called(CERTIFICATE, words, match)
        for match in ID_NUMBER.finditer(words)
    ) or any(
        id_numbers.plausible(together(match))
        and not called(OTHER, words, match)
        and not called(CERTIFICATE, words, match)
        for match in ALIKE.finditer(words)
    )


def as_long_as_one(text: str) -> set[str]:
    """Every run of eighteen digits, for whoever can tell by comparing whether it is an ID number."""
    words = plain(text)
    return {
        together(match)
        for written in (words, words.translate(SPOKEN))
        for match in RUN.finditer(GAPS.sub(" ", written))
    }


def together(number: re.Match[str]) -> str:
    return number[1].replace(" ", "").upper()


def called(name: re.Pattern[str], words: str, number: re.Match[str]) -> bool:
    """Whether it is said right before the number what it is."""
    return name.search(words, max(number.start() - BEFORE, 0), number.start()) is not None
