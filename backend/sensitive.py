"""Words on health, family, belief and the like, which are not kept whoever says them.

What the law calls sensitive (PIPL, article 28), and what tells of a home. A word of it is enough: what
else it may mean is not weighed.
"""

import re

_HEALTH = (
    "(?<!毛)病|症|癌|瘤|(?<![中上])炎(?![热黄])|抑郁|焦虑|躁郁|双相|自闭|强迫症|厌食|失眠|怀孕|孕[妇期检]|怀了|流产|产假|坐月子|生娃|残疾|残障|"
    "手术|化疗|放疗|透析|住院|住进|出院|确诊|诊断|治疗|医治|看医生|看大夫|吃药|用药|服药|药物|康复|骨折|受伤|车祸|工伤|发烧|发热|"
    "感冒|咳嗽|阳性|阳了|新冠|流感|核酸|隔离|艾滋|乙肝|糖尿|高血压|低血糖|心脏|血压|心理咨询|心理问题|心理医生|精神科|精神分裂|"
    "自残|自杀|轻生|割腕|去世|过世|离世|(?<![急慢烦累气卡困笑热冷饿])死了|葬礼|奔丧|丧[事假]|失明|失聪|听障|视障|盲人|聋|瘫痪|癫痫|哮喘|过敏|中风|白血|痛经|月经|"
    "例假|生理期|急诊|重症|移植|献血|晕倒|昏迷|医保报销|疼|性侵|骚扰|家暴|霸凌|被打(?![回动开印断包扰])"
)
_FAMILY = (
    "妈|爸|爹|父亲|母亲|父母|双亲|单亲|家长|爷爷|奶奶|外公|外婆|姥|(?<!小)(?<!师)(?<!学)(?<!空)(?<!的)哥(?!大)|(?<!师)(?<!学)(?<!小)姐(?!姐好)|"
    "弟弟|妹妹|兄弟|表[兄弟姐妹哥]|堂[兄弟姐妹哥]|老公|老婆|丈夫|妻子|媳妇|爱人|我对象|男朋友|女朋友|男友|女友|前任|未婚|已婚|结婚|结了婚|"
    "离婚|离异|离了婚|婚姻|孤儿|儿子|女儿|闺女|孩子|小孩|宝宝|娃(?!哈)|亲戚|叔|舅|姑[妈姑父]|姨|家属|家里人|家人|家庭|我家里|贫困|低保|"
    "困难生|建档立卡|破产|欠债"
)
_OTHER = (
    "处分|拘留|犯罪|坐牢|判刑|前科|案底|取保|吸毒|党员|入党|宗教|信仰|信佛|信教|穆斯林|基督|天主教|佛教|教徒|民族是|"
    "[是为成][一-鿿]{1,3}族(?!自治)|同性恋|出柜|跨性别|双性恋|工资|存款|负债"
)
_ENGLISH = (
    r"hiv|aids|cancer|tumou?r|depress\w*|anxiety|bipolar|pregnan\w*|miscarr\w*|disab\w*|suicid\w*|surger\w*|operated|chemo\w*|"
    r"pneumonia|hepatitis|diabet\w*|asthma|epilep\w*|allerg\w*|covid|flu|fever|ill|illness|sick|sickness|disease|hospital\w*|"
    r"clinic|doctor'?s? (?:appointment|said|told)|diagnos\w*|therap\w*|psychiat\w*|psycholog\w*|medication|injur\w*|accident|"
    r"died|passed away|funeral|blind|deaf|mother|father|mom|mum|mommy|dad|daddy|parents?|brother|sister|husband|wife|spouse|"
    r"boyfriend|girlfriend|fianc\w*|daughter|son|kids?|child|children|uncle|aunt|grand\w*(?:ma|pa|mother|father)|famil\w*|"
    r"divorc\w*|married|marriage|widow\w*|orphan\w*|religio\w*|muslim|christian|catholic|buddhis\w*|jewish|gay|lesbian|"
    r"transgender|arrest\w*|convict\w*|prison|rape\w*|assault\w*|harass\w*|abus\w*"
)
_SENSITIVE = re.compile(rf"{_HEALTH}|{_FAMILY}|{_OTHER}|\b(?:{_ENGLISH})\b", re.I)


def is_sensitive(words: str) -> bool:
    """Whether they touch on what nobody should read of somebody."""
    return _SENSITIVE.search(words) is not None
