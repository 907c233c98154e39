"""Every kind of page as a picture, to be looked at: `python -m tools.look FOLDER [NAME…]`.

A sheet for each kind, named after it; with names only those.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from backend.documents import demo_ca, making, pages, preview, scores
from backend.documents.facts import Coverage, Gpa, Language, TranscriptFacts
from backend.documents.fonts import Fonts
from backend.documents.materials import Issue, Seal
from backend.documents.score_facts import ScoreFacts, ScoreLine
from backend.documents.sign import Signer
from tests.documents.samples import facts

CODE = "K7QM3XPA9D2FH5RTVW6N"
ISSUE = Issue(
    CODE, f"https://registrar.example.edu/v/{CODE}", datetime(2026, 3, 2, 2, 30, tzinfo=UTC), False
)
DPI = 100
LONG_EN = "Reliability Theory and Engineering Practice of Large-Scale Distributed Storage Systems "
RARE = "欧阳䶮㛃𬱖𬭎·阿卜杜热西提·买买提"


def transcripts() -> Iterator[tuple[str, TranscriptFacts]]:
    for language in Language:
        for gpa in Gpa:
            yield f"{language}-{gpa}", facts(language=language, gpa=gpa)
        for count in (1, 60, 200):
            yield f"{language}-{count}", facts(language=language, count=count)
        combined = facts(language=language, coverage=Coverage.COMBINED, count=24, name_zh=RARE)
        yield f"{language}-combined-long", long(combined)
        many = facts(language=language, count=12, graduated_on=None)
        words = ("优秀", "不及格", "免修", "缓考", "A+", "B-", "100", "59.5")
        given = tuple(
            replace(line, score=words[n % len(words)]) for n, line in enumerate(many.courses)
        )
        yield f"{language}-scores", replace(many, courses=given, **scale())


def scale() -> dict[str, str]:
    return {
        "scale_note_zh": "字母成绩为等级制：A+ 为 95–100 分，A 为 90–94 分，B 为 80–89 分，C 为 60–79 分。",
        "scale_note_en": "Scores in letters: A+ 95–100, A 90–94, B 80–89, C 60–79.",
    }


def long(about: TranscriptFacts) -> TranscriptFacts:
    first, *others = about.courses
    return replace(
        about,
        name_en="Abudurexiti Maimaiti-Aximu WANGYANG Alexandrovich de la Fuente y Montenegro",
        unit_zh="中国科学院西北生态环境资源研究院（青海盐湖研究所、兰州文献情报中心联合培养）",
        unit_en="Northwest Institute of Eco-Environment and Resources (jointly with the Qinghai "
        "Institute of Salt Lakes and the Lanzhou Literature Centre), Chinese Academy of Sciences",
        major_zh="材料与化工（能源材料、资源循环与过程工程交叉方向）",
        major_en="Materials and Chemical Engineering (interdisciplinary: energy materials, "
        "recycling and process engineering)",
        courses=(replace(first, name_en=LONG_EN * 3, name_zh=first.name_zh * 4), *others),
    )


def drawings(fonts: Fonts, signer: Signer) -> Iterator[tuple[str, Callable[[], bytes]]]:
    seal = Seal("中国科学院大学", "证明专用章", demo=False)
    for name, about in transcripts():
        yield (
            name,
            lambda about=about: (
                making.make(about, ISSUE, fonts=fonts, signer=signer, seal=seal).pdf
            ),
        )
    shown = replace(ISSUE, demo=True)
    yield (
        "demo",
        lambda: (
            making.make(
                facts(count=40), shown, fonts=fonts, signer=signer, seal=replace(seal, demo=True)
            ).pdf
        ),
    )
    for language in Language:
        about = facts(language=language, count=30)
        yield (
            f"preview-{language}",
            lambda about=about: pages.render(about, fonts=fonts, issue=None),
        )
        given = tuple(
            ScoreLine(
                f"20{n:02}-10", f"马克思主义基本原理概论 {n} (0{n:04})", "理论", "71", "4", ""
            )
            for n in range(40)
        )
        table = ScoreFacts(str(language), RARE, "990000100001", "行政管理（专升本）", given)
        yield (
            f"scores-{language}",
            lambda table=table: scores.render(table, "2026-03-02 09:00", fonts=fonts),
        )


def sheet(pdf: bytes) -> Image.Image:
    found = [Image.open(BytesIO(one.png)).convert("RGB") for one in preview.pictures(pdf, dpi=DPI)]
    wide = min(len(found), 3)
    tall = -(-len(found) // wide)
    width, height = found[0].size
    whole = Image.new("RGB", (wide * (width + 10), tall * (height + 10)), (120, 120, 120))
    for number, picture in enumerate(found):
        across, down = number % wide, number // wide
        whole.paste(picture, (across * (width + 10), down * (height + 10)))
    return whole


def main(folder: Path, *names: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    fonts = Fonts(Path(__file__).parents[1] / "var" / "fonts")
    with TemporaryDirectory() as keys:
        key = demo_ca.demo_signing_key(Path(keys) / "k", "中国科学院大学", now=ISSUE.issued_at)
        for name, draw in drawings(fonts, Signer(key)):
            if not names or name in names:
                pdf = draw()
                (folder / f"{name}.pdf").write_bytes(pdf)
                sheet(pdf).save(folder / f"{name}.png")
                print(f"{name}: {len(pdf):,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
