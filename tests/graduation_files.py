"""The pictures that are sent in the scripts of graduation and back-entry."""

from collections.abc import Callable

from tests.pictures import making

FANG, ZHONG, DING, CHANG, SHI = "方嘉树", "钟安琪", "丁守拙", "常安琪", "史思源"


def score_sheet(name: str, course: str, score: int, month: str) -> bytes:
    rows = [f"姓名：{name}", f"课程：{course}", f"成绩：{score}", f"考试时间：{month}"]
    return making.form("高等教育自学考试成绩通知单", rows).png()


PICTURES: dict[str, Callable[[], bytes]] = {
    "毕业证书-方嘉树.png": lambda: making.diploma(FANG).png(),
    "毕业证书-方嘉树-新.png": lambda: making.diploma(FANG, "999991200505004321").png(),
    "备案表-方嘉树.png": lambda: making.record(FANG).png(),
    "备案表-方嘉树-新.png": lambda: making.record(FANG, code="999987654321").png(),
    "毕业证书-钟安琪.png": lambda: making.diploma(
        ZHONG, "999991200105001234", "2001年7月1日"
    ).png(),
    "认证报告-钟安琪.png": lambda: making.report(ZHONG).png(),
    "毕业证书-丁守拙.png": lambda: making.diploma(DING, "999991200205001234", "2002年7月1日").png(),
    "备案表-丁守拙.png": lambda: making.record(DING, code="999922223333").png(),
    "毕业证书-孟清扬.png": lambda: making.diploma("孟清扬", "999991200505007777").png(),
    "备案表-孟清扬.png": lambda: making.record("孟清扬", code="999977778888").png(),
    "毕业证书-石诗涵.png": lambda: making.diploma("石诗涵", "999991200505008888").png(),
    "备案表-石诗涵.png": lambda: making.record("石诗涵", code="999966665555").png(),
    "成绩通知单.png": lambda: score_sheet(SHI, "社会学概论", 71, "2001年10月"),
    "成绩通知单-另一张.png": lambda: score_sheet(SHI, "社会学概论", 72, "2001年10月"),
    "成绩通知单-常安琪.png": lambda: score_sheet(CHANG, "社会学概论", 71, "2001年10月"),
    "四级证书-史思源.png": lambda: making.cet(SHI, "999051998001234", "1998年6月").png(),
}
