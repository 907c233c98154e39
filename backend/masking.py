"""Words without what would tell whose they are. When in doubt there are no words at all.

What is found is replaced by what it was; whatever looks as if more were in it is not given back.
Every pattern is linear in the length of the text, which is short.
"""

import re
from collections.abc import Iterable
from unicodedata import category, normalize

from backend.person_names import named_otherwise, without_names
from backend.sensitive import is_sensitive

LONGEST = 100  # characters; a longer one is a story
NAME, NUMBER, CASE, MAIL, SITE, ACCOUNT = (
    "〔姓名〕",
    "〔号码〕",
    "〔编号〕",
    "〔邮箱〕",
    "〔网址〕",
    "〔账号〕",
)
PLACEHOLDER = re.compile("〔(?:姓名|号码|编号|邮箱|网址|账号)〕")
MOST_MASKED = 3  # with more in it, it is about somebody

_NUMERALS = "零〇一二三四五六七八九壹贰叁肆伍陆柒捌玖幺两"
_GAP = r"[\s\-_.,，。、·/\\|*~+=:：;；#'\"()（）\[\]{}<>]{0,3}"
_ACCOUNT_WORDS = (
    r"(?:微信|薇信|威信|v信|vx|wx|weixin|wechat|qq|扣扣|企鹅|telegram|tg|支付宝|alipay|line|skype)"
)
_MASKS = (
    (re.compile(r"[\w.%+-]{1,64}\s?@\s?[\w-]{1,60}(?:\.[\w-]{1,60}){1,6}", re.A), MAIL),
    (re.compile(r"(?:https?://|www\.)[!-~]{1,200}", re.I), SITE),
    (re.compile(r"(?<![A-Za-z0-9])[A-Z]\d{6}-\d{4}(?!\d)"), CASE),
    (re.compile(r"wxid_\w{1,40}", re.A | re.I), ACCOUNT),
    (
        re.compile(
            rf"(?P<keep>{_ACCOUNT_WORDS}\s{{0,3}}(?:号码|账号|帐号|号|id|number|account|is|是|为|[:：=]|\s){{1,4}}"
            r"\s{0,3})[A-Za-z0-9_][-\w]{3,40}",
            re.A | re.I,
        ),
        rf"\g<keep>{ACCOUNT}",
    ),
    # letters and figures together: a ticket, a passport, an account
    (
        re.compile(
            r"(?<![A-Za-z0-9_])(?=[A-Za-z0-9_-]{0,60}[A-Za-z_])(?=[A-Za-z_-]{0,60}\d[A-Za-z_-]{0,60}\d)"
            r"[A-Za-z0-9_-]{4,120}"
        ),
        NUMBER,
    ),
    (
        re.compile(
            r"(?P<keep>(?:工号|学号|考号|证号|编号|单号|号码|号是|号为|student (?:id|no|number)|staff (?:id|no|number))\.?"
            r"\s?(?:是|为|is|:|#)?\s?)(?=[A-Za-z-]{0,20}\d)[A-Za-z0-9-]{1,40}",
            re.A | re.I,
        ),
        rf"\g<keep>{NUMBER}",
    ),
    (re.compile(rf"\d(?:{_GAP}\d){{4,}}"), NUMBER),
    # a year, an amount or a size is not a number of somebody
    (
        re.compile(
            r"(?<![\d.])(?!(?:(?<=in )|(?<=of )|(?<=nce )|(?<=ary )|(?<=rch )|(?<=ril )|(?<=May )|(?<=une )|(?<=uly )|(?<=ust )"
            r"|(?<=ber ))(?:19|20)\d{2}(?!\d))(?!(?:19|20)\d{2}(?!\d)\s?(?:年|级|届|学年|春|秋|秋季|春季|[-~至到/](?:19|20)\d{2}年?(?!\d)))"
            r"\d{4,}(?!\d|\s?(?:元|块|字|像素|px|kb?\b))",
            re.I,
        ),
        NUMBER,
    ),
    (re.compile(rf"[{_NUMERALS}\d](?:{_GAP}[{_NUMERALS}\d]){{5,}}"), NUMBER),
)
_DOUBT = (
    re.compile(
        r"我叫|我的?(?:名字|全名|姓名)|名字(?:是|叫)|姓名(?:是|为|叫|[:：])|本人[一-鿿]{2,4}[,，]"
    ),
    re.compile(r"\b(?:my|his|her|full) name\b|\bi am called\b|\bname(?: is|'s|:)", re.I),
    re.compile(r"密码|口令|passw|passcode|验证码|\bpin\b", re.I),
    re.compile(
        r"身份证|护照号|银行卡号|卡号(?:是|为|[:：])|\bid (?:card|number)\b|\bpassport n", re.I
    ),
    re.compile(r"[@＠]|\b(?:at|dot)\b.{0,20}\b(?:com|cn|net)\b|艾特", re.I),
    re.compile(
        r"\d{1,4}\s?(?:号楼|栋|幢|单元|室|弄|号院)|住在|住址|家庭地址|\b(?:street|avenue)\b", re.I
    ),
)


def masked(text: str, names: Iterable[str] = ()) -> str | None:
    """One line without names, numbers and addresses; None when something might be left in it.

    ``names`` are to be found in any case, whoever bears them. Masking twice changes nothing.
    """
    words = one_line(text)
    if len(words) > LONGEST or is_sensitive(words):
        return None
    if any(one.search(words) for one in _DOUBT[:4] + _DOUBT[5:]):
        return None
    for pattern, shown in _MASKS:
        words = pattern.sub(shown, words)
    for name in sorted(set(names), key=len, reverse=True):
        words = without(words, name)
    words = "".join(
        one if at % 2 else without_names(one, NAME)
        for at, one in enumerate(re.split(f"({PLACEHOLDER.pattern})", words))
    )
    rest = PLACEHOLDER.sub(" ", words)
    if (
        named_otherwise(rest)
        or _DOUBT[4].search(rest)
        or len(PLACEHOLDER.findall(words)) > MOST_MASKED
    ):
        return None
    if sum(one.isdigit() for one in rest) > 6 or sum(one.isalpha() for one in rest) < 2:
        return None
    return words


def one_line(text: str) -> str:
    """One way of writing: half width, no invisible characters, no brackets of our own."""
    folded = normalize("NFKC", text)
    seen = "".join(
        " " if one.isspace() else one
        for one in folded
        if category(one)[0] not in "CM" or one.isspace()
    )
    return " ".join(seen.replace("〔", "[").replace("〕", "]").split())


def without(words: str, name: str) -> str:
    """Chinese names wherever they stand, also with gaps; others as whole words."""
    bare = "".join(normalize("NFKC", name).split())
    if len(bare) < 2:
        return words
    pattern = r"[\s·.・]{0,2}".join(re.escape(one) for one in bare)
    if bare.isascii():
        pattern = rf"(?<![A-Za-z0-9]){pattern}(?![A-Za-z0-9])"
    parts = re.split(f"({PLACEHOLDER.pattern})", words)
    return "".join(
        one if at % 2 else re.sub(pattern, NAME, one, flags=re.I) for at, one in enumerate(parts)
    )


def names_of(name: str, name_en: str = "") -> set[str]:
    """Under which somebody is called: 林若溪, 若溪, Lin Ruoxi, Ruoxi Lin, Ruoxi."""
    bare = "".join(name.split())
    found = {bare}
    if not bare.isascii() and len(bare) > 2:
        found |= {bare[1:], *(part for part in bare.split("·") if len(part) > 1)}
        if len(bare) == 4:
            found.add(bare[2:])
    parts = [one for one in re.split(r"[\s,]+", name_en) if one]
    if parts:
        found |= {" ".join(parts), " ".join(reversed(parts))}
        found |= {one for one in parts if len(one) > 2}
    return {one for one in found if len(one) > 1}


def candidates(text: str) -> tuple[set[str], set[str]]:
    """What in these words might be somebody's name: Chinese ones, and others in lower case."""
    words = one_line(text)
    chinese: set[str] = set()
    for run in re.findall("[一-鿿·]{2,100}", re.sub(r"(?<=[一-鿿])\s+(?=[一-鿿])", "", words)):
        chinese |= {run[at : at + size] for size in (2, 3, 4) for at in range(len(run) - size + 1)}
        if "·" in run:
            parts = re.findall("[一-鿿]{1,12}(?:·[一-鿿]{1,12}){1,3}", run)
            chinese |= {one[at:] for one in parts for at in range(len(one))}
    latin = re.findall(r"[a-z]{1,40}", words.casefold())
    english: set[str] = set()
    for size in (2, 3, 4):
        for at in range(len(latin) - size + 1):
            some = latin[at : at + size]
            english |= {
                " ".join(some),
                " ".join((*some[1:], some[0])),
                " ".join((some[-1], *some[:-1])),
            }
    return chinese, english
