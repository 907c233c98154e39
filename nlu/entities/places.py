"""Provinces and institutes under the names people use for them."""

_PROVINCES = """
北京市 beijing 北京|天津市 tianjin 天津|上海市 shanghai 上海|重庆市 chongqing 重庆
河北省 hebei 河北 石家庄 保定|山西省 shanxi 山西 太原|辽宁省 liaoning 辽宁 沈阳 大连|吉林省 jilin 吉林 长春
黑龙江省 heilongjiang 黑龙江 哈尔滨|江苏省 jiangsu 江苏 南京 苏州 无锡|浙江省 zhejiang 浙江 杭州 宁波 温州
安徽省 anhui 安徽 合肥|福建省 fujian 福建 福州 厦门|江西省 jiangxi 江西 南昌|山东省 shandong 山东 济南 青岛
河南省 henan 河南 郑州 洛阳|湖北省 hubei 湖北 武汉|湖南省 hunan 湖南 长沙|广东省 guangdong 广东 广州 深圳 canton
海南省 hainan 海南 海口 三亚|四川省 sichuan 四川 成都|贵州省 guizhou 贵州 贵阳|云南省 yunnan 云南 昆明
陕西省 shaanxi 陕西 西安|甘肃省 gansu 甘肃 兰州|青海省 qinghai 青海 西宁|台湾省 taiwan 台湾
内蒙古自治区 inner_mongolia 内蒙古 内蒙 呼和浩特|广西壮族自治区 guangxi 广西 南宁 桂林 广西自治区
西藏自治区 tibet 西藏 拉萨|宁夏回族自治区 ningxia 宁夏 银川 宁夏自治区
新疆维吾尔自治区 xinjiang 新疆 乌鲁木齐 新疆自治区|香港特别行政区 hong_kong 香港|澳门特别行政区 macao macau 澳门
"""

PROVINCES: dict[str, str] = {
    name.replace("_", " "): names[0]
    for line in _PROVINCES.replace("\n", "|").split("|")
    if (names := line.split())
    for name in names
}
"""Every form of a province's name, and its larger cities, to the official name."""

_NICKNAMES = """
数学院=数学与系统科学研究院 数学所=数学与系统科学研究院 力学所=力学研究所 物理所=物理研究所 高能所=高能物理研究所
战略咨询院=科技战略咨询研究院 声学所=声学研究所 理论所=理论物理研究所 理论物理所=理论物理研究所
渗流所=渗流流体力学研究所 科学史所=自然科学史研究所 科技史所=自然科学史研究所 古脊椎所=古脊椎动物与古人类研究所
空间中心=国家空间科学中心 空天院=空天信息创新研究院 理化所=理化技术研究所 基因组所=北京基因组研究所（国家生物信息中心）
天文台=国家天文台 过程所=过程工程研究所 化学所=化学研究所 生态中心=生态环境研究中心 大气所=大气物理研究所
地理所=地理科学与资源研究所 地理资源所=地理科学与资源研究所 地质所=地质与地球物理研究所 地质地球所=地质与地球物理研究所
青藏高原所=青藏高原研究所 青藏所=青藏高原研究所 微电子所=微电子研究所 信工所=信息工程研究所 动物所=动物研究所
微生物所=微生物研究所 校部=校部各院系 植物所=植物研究所 空间应用中心=空间应用工程与技术中心 文献中心=文献情报中心
生物物理所=生物物理研究所 网络中心=计算机网络信息中心 遗传所=遗传与发育生物学研究所 遗传发育所=遗传与发育生物学研究所
心理所=心理研究所 软件所=软件研究所 纳米中心=国家纳米科学中心 半导体所=半导体研究所 计算所=计算技术研究所
自动化所=自动化研究所 电工所=电工研究所 工热所=工程热物理研究所 热物理所=工程热物理研究所
"""

UNIT_NICKNAMES: dict[str, str] = dict(pair.split("=") for pair in _NICKNAMES.split())
"""What the institutes of the photo notice (its annex 1) are called among themselves."""

UNITS_IN_ENGLISH: dict[str, str] = {
    "institute of software": "软件研究所",
    "institute of computing technology": "计算技术研究所",
    "institute of automation": "自动化研究所",
    "institute of physics": "物理研究所",
    "institute of chemistry": "化学研究所",
    "institute of zoology": "动物研究所",
    "institute of botany": "植物研究所",
    "institute of psychology": "心理研究所",
    "institute of mechanics": "力学研究所",
    "institute of acoustics": "声学研究所",
    "institute of microbiology": "微生物研究所",
    "institute of biophysics": "生物物理研究所",
    "institute of semiconductors": "半导体研究所",
    "institute of microelectronics": "微电子研究所",
    "institute of high energy physics": "高能物理研究所",
    "institute of information engineering": "信息工程研究所",
    "institute of electrical engineering": "电工研究所",
    "institute of process engineering": "过程工程研究所",
}
