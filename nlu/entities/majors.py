"""Majors of the self-study exam, by their names and by what is said around a name.

A long name is a major wherever it stands; a short one (会计, 法律) is many things and counts only
beside a word like 专业 or 本科.
"""

import re
from collections.abc import Iterator

_NAMES = """
汉语言文学 汉语国际教育 秘书学 行政管理 行政管理学 工商管理 工商企业管理 人力资源管理 会计学 会计 金融学 金融 金融管理
国际经济与贸易 市场营销 电子商务 物流管理 项目管理 工程管理 工程造价 旅游管理 公共事业管理 财务管理 财税学 税务
审计学 采购与供应管理 商务管理 销售管理 企业管理 劳动与社会保障 社会工作 社会工作与管理 心理健康教育 心理学
学前教育 小学教育 教育学 教育管理 教育技术学 法律 法学 律师 监所管理 公安管理 经济学 保险 保险学 统计学
英语 英语翻译 英语语言文学 商务英语 日语 德语 法语 韩国语 新闻学 新闻 广告学 传播学 编辑出版 播音与主持 网络与新媒体
计算机科学与技术 计算机及应用 计算机应用技术 软件工程 计算机网络 计算机信息管理 信息管理与信息系统 电子工程 电子信息工程
通信工程 电气工程及其自动化 机械设计制造及其自动化 机电一体化 模具设计与制造 土木工程 建筑工程 建筑学 园林 环境科学
数字媒体艺术 动画 视觉传达设计 环境设计 艺术设计 室内设计 服装设计与工程 音乐教育 美术学 商品花卉 民商法学
护理学 护理 药学 中药学 营养与食品卫生 公共卫生管理 食品科学与工程 农学 动物医学 化学工程 汽车维修与检测 餐饮管理
"""
_IN_ENGLISH = """
accounting|law|nursing|business administration|public administration|marketing|computer science|finance
|human resource management|chinese language and literature|preschool education|english|japanese|journalism|administrative management
""".replace("\n", "")
NAMES = frozenset(_NAMES.split())

_LEVEL = r"(?:\((?:专升本|独立本科段|本科|专科)\)|专升本)?"
_LONG = "|".join(sorted((n for n in NAMES if len(n) >= 4), key=len, reverse=True))
_ANY = "|".join(sorted(NAMES, key=len, reverse=True))
_OPEN = r"[\u4e00-\u9fff]{2,12}?"
_IS = r"(?:应该|应当|其实)?(?:是|为|选|填|改成|改为|换成|[::,,])?\s?"
_FORMS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<name>(?:{_LONG}){_LEVEL})(?!学院|学会|系统)",
        rf"(?:专业|专科|本科|major(?:ing)?(?: (?:is|in|was|should be))?){_IS}(?P<name>(?:{_ANY}){_LEVEL})"
        r"(?![\u4e00-\u9fff]{0,2}(?:成绩|课))",
        rf"(?:学(?!前)的?|读的?|念的?|考的|报的)(?:是)?(?P<name>(?:{_ANY}){_LEVEL})(?=专业|本科|专科|毕业|的|[,,。]|$)",
        rf"(?P<name>(?:{_ANY}){_LEVEL})(?:专业)?的?(?:那个|那张|那|这个)?(?:准考证|考号|号)",
        rf"(?P<name>(?:{_ANY}){_LEVEL})(?:这个|的)?(?:专业|本科|专科|自考|大专|实践)",
        rf"专业(?:应该|应当|其实)?(?:是|为|[::])\s?(?P<name>(?!什么|哪|啥|不|没|错|我|写|选|一|多|谁){_OPEN})(?=[,,。.;;!!]|的$|$)",
        rf"我(?:本科|硕士|大专)?(?:是)?[学读念](?:的是)?(?P<name>(?!不|过|了|的|完|得|习|校|位|会|生|前|院|籍|号|历){_OPEN})(?:专业|的)(?=[,,。]|$)",
        rf"major(?:ing)? (?:is |in |was |should be )?(?P<name>{_IN_ENGLISH})(?![a-z])",
    )
)


def find_majors(text: str) -> Iterator[tuple[int, int]]:
    """Where majors stand in folded text."""
    for form in _FORMS:
        for match in form.finditer(text):
            yield match.span("name")
