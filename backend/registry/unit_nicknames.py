"""What people call the units of the photo notice (its annex 1): 化学所, 空天院, ict."""

from collections.abc import Iterator

_UNITS = """
数学与系统科学研究院=数学院,数学所|力学研究所=力学所|物理研究所=物理所|高能物理研究所=高能所,高能物理所
科技战略咨询研究院=战略咨询院|声学研究所=声学所|理论物理研究所=理论所,理论物理所|渗流流体力学研究所=渗流所
自然科学史研究所=科学史所,科技史所|古脊椎动物与古人类研究所=古脊椎所|国家空间科学中心=空间中心
空天信息创新研究院=空天院|理化技术研究所=理化所|北京基因组研究所（国家生物信息中心）=基因组所,北京基因组研究所
国家天文台=天文台|过程工程研究所=过程所,过程工程所|化学研究所=化学所|生态环境研究中心=生态中心
大气物理研究所=大气所,大气物理所|地理科学与资源研究所=地理所,地理资源所|地质与地球物理研究所=地质所,地质地球所
青藏高原研究所=青藏高原所,青藏所|微电子研究所=微电子所|信息工程研究所=信工所|动物研究所=动物所|微生物研究所=微生物所
校部各院系=校部|植物研究所=植物所|空间应用工程与技术中心=空间应用中心|文献情报中心=文献中心|生物物理研究所=生物物理所
计算机网络信息中心=网络中心|遗传与发育生物学研究所=遗传所,遗传发育所|心理研究所=心理所|软件研究所=软件所
国家纳米科学中心=纳米中心|半导体研究所=半导体所|计算技术研究所=计算所|自动化研究所=自动化所|电工研究所=电工所
工程热物理研究所=工热所,热物理所
"""
_IN_ENGLISH = """
software=软件研究所|computing technology=计算技术研究所|automation=自动化研究所|physics=物理研究所
chemistry=化学研究所|zoology=动物研究所|botany=植物研究所|psychology=心理研究所|mechanics=力学研究所
acoustics=声学研究所|microbiology=微生物研究所|biophysics=生物物理研究所|semiconductors=半导体研究所
microelectronics=微电子研究所|high energy physics=高能物理研究所|theoretical physics=理论物理研究所
information engineering=信息工程研究所|electrical engineering=电工研究所|process engineering=过程工程研究所
atmospheric physics=大气物理研究所|genetics and developmental biology=遗传与发育生物学研究所
"""


def _pairs(table: str) -> Iterator[tuple[str, list[str]]]:
    for pair in table.strip().replace("\n", "|").split("|"):
        name, _, others = pair.partition("=")
        yield name, others.split(",")


UNIT_NICKNAMES: dict[str, str] = {
    nickname: name for name, nicknames in _pairs(_UNITS) for nickname in (name, *nicknames)
}
"""The institutes of the photo notice (its annex 1), by their names and what they are called."""

UNITS_IN_ENGLISH: dict[str, str] = {
    f"institute of {subject}": names[0] for subject, names in _pairs(_IN_ENGLISH)
} | {
    "ict": "计算技术研究所",
    "iscas": "软件研究所",
    "casia": "自动化研究所",
    "iop": "物理研究所",
}
