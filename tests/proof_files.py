"""The pictures of proofs that people send in conversation scripts, drawn when they are needed."""

from collections.abc import Callable
from pathlib import Path

from tests import graduation_files
from tests.pictures import making

WEN = "温若溪"

PICTURES: dict[str, Callable[[], bytes]] = {
    "四级证书.png": lambda: making.cet(WEN).png(),
    "四级证书-清楚的.png": lambda: making.cet(WEN, number="999052312005678").png(),
    "四级证书-倒着.png": lambda: making.cet(WEN).png(turn=180),
    "四级证书-别人的.png": lambda: making.cet("林若溪", number="999052312004321").png(),
    "四级证书-读不出.jpg": lambda: making.jpeg(
        making.cet("姚子涵", number="999052312009999").image
    ),
    "三级证书.png": lambda: making.pets(WEN).png(),
    "毕业证书.png": lambda: making.diploma(WEN).png(),
    "备案表.png": lambda: making.record(WEN).png(),
    "计算机证书.png": lambda: computer(WEN),
    "计算机证书-柏景行.png": lambda: computer("柏景行"),
    "四级证书-常安琪.png": lambda: making.cet("常安琪", number="999052312007777").png(),
    "学历证书-柏景行.png": lambda: making.diploma("柏景行").png(),
    "备案表-柏景行.png": lambda: making.record("柏景行").png(),
    "认证报告-柏景行.png": lambda: making.report("柏景行").png(),
    "学历证书-侯俊杰.png": lambda: making.diploma("侯俊杰").png(),
    "备案表-侯俊杰.png": lambda: making.record("侯俊杰").png(),
    "计算机证书-侯俊杰.png": lambda: computer("侯俊杰"),
    "PETS-贾天翔.png": lambda: making.pets("贾天翔").png(),
    "四级证书.pdf": lambda: b"%PDF-1.7 a certificate that is no picture",
}


def computer(name: str) -> bytes:
    rows = [f"姓名：{name}", "证书编号：99912018001234", "发证日期：2018年9月"]
    return making.form("计算机等级证书", rows).png()


def write(folder: Path) -> None:
    for name, draw in (PICTURES | graduation_files.PICTURES).items():
        (folder / name).write_bytes(draw())
