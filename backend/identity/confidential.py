"""What nobody should type into a chat: a full ID number, a password. It is found before it is kept."""

import re
from unicodedata import normalize

from backend.registry import id_numbers

SPOKEN = str.maketrans("〇零一二三四五六七八九", "00123456789")
UNSEEN = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
GAP = r"[\s\-–—_.·•:,，、/|*]{0,3}"
ID_NUMBER = re.compile(rf"(?<![0-9])(?=([1-9](?:{GAP}[0-9]){{16}}{GAP}[0-9Xx])(?![0-9A-Za-z]))")
NAMES = r"(?:密码|密碼|口令|passwords?|passwd|passcode|pwd|passphrase)"
SAID = re.compile(
    rf"{NAMES}\s*(?:是|为|為|叫|[:：=]|\bis\b)\s*[:：]?\s*[\"'“‘「]?([!-~]{{4,}})", re.IGNORECASE
)
BARE = re.compile(rf"{NAMES}\s*((?=[!-~]*[0-9])(?=[!-~]*[A-Za-z])[!-~]{{6,}})", re.IGNORECASE)
NO_PASSWORD = re.compile(
    r"(?:not|wrong|in\w*correct|invalid|expired|lost|forgotten|what|the|that|this|still|too|required|"
    r"correct|right|reset|blocked|locked|rejected|refused|needed|same|never|always|supposed)[.,!?]*",
    re.IGNORECASE,
)


def found_in(text: str) -> str:
    """``id_number``, ``password``, or nothing."""
    words = UNSEEN.sub("", normalize("NFKC", text))
    if has_id_number(words) or has_id_number(words.translate(SPOKEN)):
        return "id_number"
    said = (match[1] for match in SAID.finditer(words))
    if BARE.search(words) or any(not NO_PASSWORD.fullmatch(value) for value in said):
        return "password"
    return ""


def has_id_number(words: str) -> bool:
    """One that could exist: its check digit is right, and so is its day of birth (GB 11643)."""
    return any(
        id_numbers.valid(re.sub(r"[^0-9X]", "", match[1].upper()))
        for match in ID_NUMBER.finditer(words)
    )
