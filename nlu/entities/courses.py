"""Courses of the self-study exam that every province has, and what candidates call them.

Codes and names are those of the nationwide course list. A registry's own list comes on top of them.
"""

_COMMON = """
00001 马克思主义哲学原理|00002 邓小平理论概论|00005 马克思主义政治经济学原理|00009 政治经济学（财经类）|00012 英语（一）|00015 英语（二）
00016 日语（二）|00018 计算机应用基础|00020 高等数学（一）|00021 高等数学（二）|00022 高等数学（工专）
00023 高等数学（工本）|00024 普通逻辑|00034 社会学概论|00040 法学概论|00041 基础会计学|00043 经济法概论（财经类）
00051 管理系统中计算机应用|00054 管理学原理|00058 市场营销学|00060 财政学|00065 国民经济统计概论
00067 财务管理学|00098 国际市场营销学|00107 现代管理学|00144 企业管理概论|00145 生产与作业管理|00146 中国税制
00147 人力资源管理（一）|00149 国际贸易理论与实务|00151 企业经营战略|00152 组织行为学|00154 企业管理咨询
00155 中级财务会计|00156 成本会计|00157 管理会计（一）|00158 资产评估|00159 高级财务会计|00160 审计学
00161 财务报表分析（一）|00182 公共关系学|00242 民法学|00243 民事诉讼法学|00245 刑法学|00261 行政法学
00277 行政管理学|00312 政治学概论|00315 当代中国政治制度|00316 西方政治制度|00318 公共政策|00319 行政组织理论
00320 领导科学|00341 公文写作与处理|00529 文学概论（一）|00535 现代汉语|00536 古代汉语
00538 中国古代文学史（一）|00539 中国古代文学史（二）|00540 外国文学史|00541 语言学概论|00642 传播学概论
02197 概率论与数理统计（二）|02198 线性代数|03706 思想道德修养与法律基础
03707 毛泽东思想、邓小平理论和“三个代表”重要思想概论|03708 中国近现代史纲要|03709 马克思主义基本原理概论
04183 概率论与数理统计（经管类）|04184 线性代数（经管类）|04729 大学语文
12656 毛泽东思想和中国特色社会主义理论体系概论|13000 英语（专升本）
"""

COMMON_COURSES: dict[str, str] = {
    code: name
    for line in _COMMON.strip().replace("\n", "|").split("|")
    for code, name in [line.split(" ")]
}
"""Code to name."""

_NICKNAMES = """
00009=政治经济学,政经
00012=英语1,英一,english 1
00015=英语2,英二,english ii,english 2
00018=计算机基础
00020=高数一,高数1,高等数学一
00021=高数二,高数2,高等数学二
00022=高数工专
00023=高数工本
00024=逻辑学
03706=思修,思想道德修养,思想道德与法律基础,思道法
03707=毛邓三,毛邓
03708=近代史,近现代史,史纲,近代史纲要,近现代史纲要,中国近代史,中国近代史纲要,中国近现代史
03708=近纲,modern chinese history,modern history
03709=马原,马概,马克思,马克思主义,马克思主义原理,马克思主义基本原理,马克思基本原理,马克思原理,马哲原理
03709=marxism,principles of marxism,basic principles of marxism
04729=大语,college chinese
12656=毛概,毛泽东思想概论
"""

NICKNAMES: dict[str, str] = {
    nickname: code
    for line in _NICKNAMES.strip().splitlines()
    for code, names in [line.split("=")]
    for nickname in names.split(",")
}
"""Folded nickname to code."""

SEVERAL = (
    "高数", "高等数学", "线性代数", "线代", "概率论与数理统计", "概率论", "advanced math",
    "advanced mathematics", "linear algebra", "probability",
)  # fmt: skip
"""What stands for more than one course: the value is what was said, and a dialog has to ask."""
