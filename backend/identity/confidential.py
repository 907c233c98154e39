"""What nobody should type into a chat: a full ID number, a password. It is found before it is kept.

Anybody may send anything: every pattern here is linear in the length of the text. Runs of spaces
and separators are one before it is looked through, and whatever repeats has a small bound.
"""

import re
from collections.abc import Iterator
from unicodedata import normalize

from backend import marks
from backend.registry import id_numbers

SPOKEN = str.maketrans("〇零一二三四五六七八九", "00123456789")
UNSEEN = re.compile(
    "[\u00ad\u034f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u20e3\ufe0e\ufe0f\ufeff]"
)
SPACES = re.compile(r"\s+")
GAPS = re.compile(r"[\s\-‐-―−_.·•‧∙・:,，、。;/\\|*~+=#'\"()\[\]{}<>]+")
ID_NUMBER = re.compile(r"(?<![0-9])(?=([1-9](?: ?[0-9]){16} ?[0-9Xx])(?![0-9]))")
NAMES = r"(?:密码|密碼|口令|passwords?|passwd|passcode|pwd|passphrase)"
IS = (
    r"(?:(?:现在|應該|应该|一直|原来|就|还|也|都|我?用的|我?设的){0,2}(?:是|为|為|叫)"
    r"|(?:已经|已|刚|被|我|给){0,2}(?:重新)?(?:改|换|設|设|重置|修改|更改|变)(?:置|定)?了?(?:成|为|為|到)了?"
    r"|[:=]|\bis\b|(?:\b(?:is|was|has|been|now|just) ){0,3}\b(?:changed|reset|set) to\b)"
)
LONGEST = 64  # characters of what follows that are looked at
SAID = re.compile(
    rf"{NAMES} ?{IS} ?:? ?[\"'“‘「]?(?=([!-~]{{4,{LONGEST}}}))",
    re.IGNORECASE,
)
BARE = re.compile(rf"{NAMES} ?(?=([!-~]{{6,{LONGEST}}}))", re.IGNORECASE)
OWN = re.compile(rf"(?:我的?|\bmy )(?:登录|登入|旧|新)?{NAMES} ?(?=([0-9]{{4,5}})(?![!-~]))", re.I)
NO_PASSWORD = re.compile(
    r"(?:not|wrong|in\w{0,9}correct|invalid|expired?|lost|forgotten|what|the|that|this|still|too|"
    r"required|correct|right|reset|blocked|locked|rejected|refused|needed|same|never|always|supposed)"
    r"[.,!?]{0,9}",
    re.IGNORECASE,
)
ENDING = re.compile(r"\.[A-Za-z][A-Za-z0-9]{1,4}\Z")


def found_in(text: str) -> str:
    """``id_number``, ``password``, or nothing."""
    words = plain(text)
    if has_id_number(words) or has_id_number(words.translate(SPOKEN)):
        return "id_number"
    return "password" if any(_passwords(words)) else ""


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
    """One that could exist: its check digit is right, and so is its day of birth (GB 11643)."""
    return any(
        id_numbers.valid(match[1].replace(" ", "").upper())
        for match in ID_NUMBER.finditer(GAPS.sub(" ", words))
    )


def _passwords(words: str) -> Iterator[bool]:
    """Whether what follows each word for it is one."""
    for match in SAID.finditer(words):
        yield not NO_PASSWORD.fullmatch(match[1])
    for match in BARE.finditer(words):
        yield bool(re.search(r"[0-9]", match[1])) and bool(
            re.search(r"[A-Za-z]", match[1]) or re.match(r"[0-9]{6}", match[1])
        )
    yield OWN.search(words) is not None
