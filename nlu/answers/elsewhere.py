"""Whose business a question is about, where somebody else's name is in it.

The documents are one university's and one exam office's. Who asks the same of another is told
so, however near the words are. The list is of names, and of provinces where they go with an exam.
"""

import re

_UNIVERSITIES = re.compile(
    r"清华|北京?大学|北大(?!荒)|复旦|交大|交通大学|浙大|浙江大学|南京?大学|武大|武汉大学|中科大|科大(?<!国科大)|中国科学技术大学"
    r"|科学技术大学|人民大学|(?<![本个别他])人大(?![概约多])|北师大|师范大学|师大|同济|厦大|厦门大学|南开|天大|天津大学|哈工大|工业大学|工大|北航|航空航天"
    r"|北理工?|理工大学?|中山大学|华科|华中科技|山大|山东大学|四川大学|川大|吉林大学|吉大|兰大|兰州大学|湖南大学|中南大学"
    r"|东南大学|华师|华东师|社科院大学|社科大|上科大|上海科技大学|上海大学|上大(?!学)|深圳大学|深大|电子科技|成电|西电|北邮|邮电大学"
    r"|财经大学|政法大学|外国语大学|农业大学|林业大学|海洋大学|医科大学|电影学院|体育大学|传媒大学|香港大学|港大|港中文"
    r"|开放大学|国开|电大|附属中学|附中|高中|本科(学校|母校)|母校"
    r"|tsinghua|peking univ|pku\b|fudan|zhejiang univ|jiao ?tong|sjtu|ustc|nanjing univ|wuhan univ|harvard|stanford|oxford"
)
_OURS = re.compile(r"国科大|中国?科学?院大学|ucas")
_PROVINCES = (
    "北京|天津|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南"
    "|陕西|甘肃|青海|内蒙古?|广西|西藏|宁夏|新疆|深圳|广州|南京|杭州|武汉|成都|西安"
)
_OTHER_EXAM_OFFICE = re.compile(
    rf"({_PROVINCES})(省|市)?的?(自学?考|考试院|教育考试院|招考)|"
    r"(jiangsu|zhejiang|guangdong|beijing) self.?study"
)
_MOVING = re.compile(r"转[入出到过回走]|转考|迁|transfer")  # from or to there: ours as well
_AUTHORITIES = re.compile(
    r"留服|留学服务|驾照|驾驶证|护照|签证|公务员|国考|省考|居住证|落户|社保|公积金|教师资格|普通话|雅思|托福|\bgre\b"
    r"|toefl|ielts|passport|driv(er|ing)|\bvisa\b|四六级|六级|计算机等级|成人高考|成考|考研|公证|\bwes\b|parchment|人才引进"
    r"|公安局?|银行|居委|身份证(丢|补|照片|在哪|办)|档案馆|人社局|知网"
)


def named_elsewhere(text: str) -> tuple[str, ...]:
    """The names of others in normalized words; none where ours stands beside a university's."""
    universities = [] if _OURS.search(text) else _UNIVERSITIES.finditer(text)
    exams = [] if _MOVING.search(text) else _OTHER_EXAM_OFFICE.finditer(text)
    found = (*universities, *exams, *_AUTHORITIES.finditer(text))
    return tuple(dict.fromkeys(one[0] for one in found))
