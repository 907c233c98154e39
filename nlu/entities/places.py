"""Provinces in any form, and places of origin.

A province's value is its short name (浙江, 内蒙古). The records are kept in Shanghai, so that in
上海考过的 or 转到上海来 it is only "here"; it is a province where it stands for an answer.
"""

import re
from collections.abc import Iterator

HERE = "上海"
_PROVINCES = """
北京 beijing peking|天津 tianjin|上海 shanghai|重庆 chongqing 渝中
河北 hebei 石家庄 保定 唐山 邯郸 shijiazhuang|山西 shanxi 太原 大同 taiyuan
辽宁 liaoning 沈阳 大连 鞍山 shenyang dalian|吉林 jilin 长春 changchun|黑龙江 heilongjiang 哈尔滨 大庆 harbin
江苏 jiangsu 南京 苏州 无锡 常州 南通 徐州 扬州 nanjing suzhou wuxi|浙江 zhejiang 杭州 宁波 温州 绍兴 嘉兴 金华 hangzhou ningbo wenzhou
安徽 anhui 合肥 芜湖 蚌埠 hefei|福建 fujian 福州 厦门 泉州 fuzhou xiamen|江西 jiangxi 南昌 赣州 九江 nanchang
山东 shandong 济南 青岛 烟台 潍坊 jinan qingdao|河南 henan 郑州 洛阳 开封 zhengzhou luoyang
湖北 hubei 武汉 宜昌 襄阳 wuhan|湖南 hunan 长沙 株洲 湘潭 changsha|广东 guangdong 广州 深圳 东莞 佛山 珠海 canton guangzhou shenzhen
海南 hainan 海口 三亚 haikou sanya|四川 sichuan 成都 绵阳 chengdu|贵州 guizhou 贵阳 遵义 guiyang
云南 yunnan 昆明 大理 kunming|陕西 shaanxi 西安 咸阳 xi'an xian|甘肃 gansu 兰州 lanzhou|青海 qinghai 西宁 xining|台湾 taiwan 台北
内蒙古 inner_mongolia 内蒙 呼和浩特 包头 hohhot|广西 guangxi 南宁 桂林 柳州 nanning guilin|西藏 tibet xizang 拉萨 lhasa
宁夏 ningxia 银川 yinchuan|新疆 xinjiang 乌鲁木齐 urumqi|香港 hong_kong hongkong|澳门 macao macau
"""
_LETTERS = (
    "京北京 津天津 沪上海 渝重庆 冀河北 晋山西 辽辽宁 苏江苏 浙浙江 皖安徽 闽福建 赣江西 鲁山东 豫河南 鄂湖北 湘湖南"
    " 粤广东 琼海南 川四川 蜀四川 黔贵州 滇云南 陕陕西 陇甘肃 蒙内蒙古 桂广西"
)
_LETTER = {pair[0]: pair[1:] for pair in _LETTERS.split()}

PROVINCES: dict[str, str] = {
    name.replace("_", " "): names[0]
    for line in _PROVINCES.strip().replace("\n", "|").split("|")
    if (names := line.split())
    for name in names
}
"""Every form of a province's name, and its larger cities, to the short name."""

_NAMES = "|".join(
    sorted((re.escape(name) for name in PROVINCES if not name.isascii()), key=len, reverse=True)
)
_IN_ENGLISH = "|".join(
    sorted((re.escape(name) for name in PROVINCES if name.isascii()), key=len, reverse=True)
)
_SUFFIX = r"(?:特别行政区|壮族自治区|回族自治区|维吾尔自治区|自治区|省|市)?"
_NOT_A_PROVINCE = r"(?!大学|师范|理工|交通大|外国语|航空|邮电|学院|路|街|东路|西路|菜|话|人民|时间|银行|理工|财经)"
_PROVINCE = re.compile(
    rf"(?P<zh>{_NAMES}){_SUFFIX}{_NOT_A_PROVINCE}"
    rf"|(?<![a-z])(?P<en>{_IN_ENGLISH})(?: (?:province|city))?(?![a-z]| (?:university|normal|road|institute|jiao))"
)
_BY_LETTER = re.compile(
    rf"(?:(?:转|迁|调|搬|回|往|去|到|从|由|是|为)(?:去|到|往|回|至|入)?|^)(?P<letter>[{''.join(_LETTER)}])"
    r"(?=[了的那考籍,,。.!!]|转|$)"
)
_ORIGIN = re.compile(
    rf"(?:{_NAMES}){_SUFFIX}"
    r"(?:(?<=[市])|[\u4e00-\u9fff]{1,10}?(?:市|自治州|州|地区|盟))"
    r"[\u4e00-\u9fff]{1,8}?(?:自治县|自治旗|新区|区|县|市|旗)"
)
_ANSWER = re.compile(r"(?:省份|户口|户籍|生源地?|来自|改成|改为|换成|应该是|是|选|填)[::]?$")
_ON_THE_WAY = re.compile(r".{0,3}(?:上过?课|上的课|出差|开会|拍|照相|培训|实习|校区|的研究所|集中)")


def find_places(text: str) -> Iterator[tuple[str, str, int, int]]:
    """``(entity, value, start, end)`` in folded text; a place of origin is kept as typed: no value."""
    for match in _ORIGIN.finditer(text):
        yield "origin_place", "", *match.span()
    for match in _PROVINCE.finditer(text):
        name = PROVINCES[match["zh"] or match["en"]]
        if _is_meant(text, name, match):
            yield "province", name, *match.span()
    for match in _BY_LETTER.finditer(text):
        yield "province", _LETTER[match["letter"]], *match.span("letter")


def _is_meant(text: str, name: str, match: re.Match[str]) -> bool:
    around = len(text) - (match.end() - match.start())
    if around <= 4:
        return True
    if name == HERE:
        return bool(_ANSWER.search(text[: match.start()]))
    return not _ON_THE_WAY.match(text, match.end())
