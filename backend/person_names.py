"""Names of people as they stand in words, told by surnames and by what stands before a name.

Rather too much is taken for a name than too little: a word more or less is no loss to what the words
mean. Surnames are the hundred commonest and those of the old list of surnames that are in use.
"""

import re

HAN = "[一-鿿]"

# --- Chinese --------------------------------------------------------------------------------

# Hardly ever anything but a surname: a name wherever they stand.
_PLAIN = (
    "王李刘陈杨赵吴徐孙朱郭罗梁郑宋唐韩冯邓曹彭董袁潘蒋蔡杜叶苏魏吕沈姚卢姜崔谭汪范廖贾韦邹孟熊秦邱尹薛阎"
    "侯陶黎郝龚邵覃翟詹殷樊葛邢倪庞聂耿阮俞柳柯翁骆鲍喻祁裴霍蒲饶缪岑褚娄窦佟闵邬卞姬栾隋寇甄虞敖巩佘邝瞿臧靳"
    "冉闫佴郜逄粟亓綦邸晁逯禹芮刁仝楚肖"
)
# Words of every day as well: a name only at the start or behind what stands before names.
_EVERYDAY = (
    "张黄周马胡何林高谢许曾田于余程丁任钟陆石金夏傅方白江段雷龙史贺顾毛万严武戴莫孔向汤萧温康施牛安齐易乔"
    "伍颜庄鲁岳欧兰焦左甘祝宁尚符舒纪梅童凌季盛曲游辛柴华屈牟艾尤穆卓古吉简麦戚景卜冷晏席卫柏宗桂苟巫桑郎丛"
)
# Hardly ever a surname: only behind a word for a person.
_SELDOM = (
    "钱申章关毕单成文苗包管解房时司车项连党宫费全应边师和仇商沙荣仲明池查麻苑迟涂滕谷蓝路蒙阳农米"
)
_COMPOUND = (
    "欧阳|司马|上官|诸葛|皇甫|尉迟|公孙|慕容|令狐|司徒|夏侯|端木|呼延|独孤|宇文|长孙|轩辕|澹台|淳于|申屠|"
    "赫连|闻人|钟离|万俟|公冶|宗政|濮阳|太叔|南宫|东郭|鲜于|拓跋|完颜|叶赫那拉|爱新觉罗"
)
# Words in which those characters are no surname.
_WORDS = (
    "王者|霸王|国王|女王|王牌|帝王|行李|桃李|陈述|陈旧|江苏|苏州|苏醒|罗马|罗列|搜罗|郑州|郑重|孙子|孙悟空|朱砂|城郭|"
    "宋体|宋朝|唐山|唐诗|唐朝|荒唐|唐突|韩国|韩语|韩文|邓小平|毛邓三|董事|杜绝|杜撰|叶子|茶叶|树叶|沈阳|姜汤|生姜|"
    "范围|范例|范本|范文|规范|示范|师范|模范|防范|熊猫|狗熊|秦皇岛|秦始皇|先秦|侯马|时侯|陶瓷|陶冶|殷勤|柳州|"
    "骆驼|比喻|霍乱|上饶|饶了|蒲公英|尤其|吕梁|潘多拉|柯基|甄别|甄选|禹州|楚雄|清楚|楚楚|苦楚|梁园|徐州|徐汇|徐徐|杨浦|"
    "赵州|葛根|耿直|粟米|肖像|取肖|生肖|刁难|拉萨|新疆|苏打|李白|刘海|汪汪|爱丁堡|乌苏|流苏|苏木|苏联|"
    "邓论|邓三|吴语|卢布|蔡司|姚明|瞿塘|阎王|吕布|敖包|"
    "张贴|张罗|开张|主张|纸张|夸张|紧张|慌张|一张|两张|几张|这张|那张|每张|哪张|多张|张照|张图|张单|张表|张成绩|张证|"
    "张发票|张准考|张英文|张中文|张电子|张纸|黄色|黄金|黄山|黄了|黄牛|黄河|周[一二三四五六日天末边围期岁年]|上周|下周|本周|每周|一周|两周|"
    "这周|马上|马克思|马原|马哲|马列|马虎|马路|胡说|胡乱|糊涂|何时|何种|何处|何必|何况|何为|如何|任何|为何|几何|吉林|"
    "桂林|园林|森林|高数|高考|高中|高铁|高等|高级|高校|高[一二三]|高分|高清|提高|高兴|高低|高度|最高|多高|谢谢|感谢|多谢|"
    "允许|许可|也许|准许|许多|或许|特许|曾用|曾经|不曾|田径|关于|由于|对于|等于|处于|终于|至于|属于|于是|于此|"
    "余额|余下|剩余|多余|其余|业余|程序|程度|课程|流程|过程|日程|进程|工程|教程|路程|绑丁|拉丁|丁克|任务|任课|任职|任意|任期|"
    "信任|主任|责任|委任|担任|前任|历任|离任|分钟|闹钟|秒钟|钟头|登陆|大陆|陆续|石家庄|石油|金额|金融|金钱|金色|奖学金|押金|公积金|"
    "基金|资金|现金|助学金|学金|夏令营|夏季|夏天|师傅|方便|方式|方法|方案|方面|方向|方位|地方|对方|官方|校方|三方|双方|单方|甲方|"
    "乙方|官方|白底|白色|白跑|明白|空白|白天|白名单|江西|浙江|黑龙江|这段|阶段|时段|那段|一段|前段|历史|史纲|祝贺|照顾|顾虑|顾问|"
    "毛病|毛概|千万|万一|万分|付钱|交钱|退钱|多少钱|钱包|的钱|严格|严重|武汉|戴眼镜|戴墨镜|莫名|向谁|向您|向你|向老师|向学校|向我|"
    "温度|气温|健康|施行|实施|文件|文字|文凭|文档|文科|文学|文本|中文|英文|论文|牛逼|牛津|安排|安全|安装|安静|晚安|安徽|西安|齐全|"
    "补齐|容易|交易|易懂|伍军人|退伍|颜色|美颜|庄重|章程|盖章|申请|申报|申诉|申述|申领|申办|申报|关联|关系|关闭|关注|机关|相关|有关|"
    "海关|兰州|焦虑|左右|左边|甘肃|祝您|祝你|包括|包含|打包|包装|宁夏|宁波|宁愿|尚未|符合|不符|世纪|纪律|纪念|年纪|童年|凌晨|毕业|"
    "毕设|毕竟|完毕|单子|单位|单独|单个|单科|订单|菜单|名单|账单|简单|成绩单|成绩|成功|成为|成人|成了|成本|完成|组成|变成|改成|换成|"
    "季度|苗头|曲线|歌曲|路上|路径|路费|线路|旅游|游戏|游泳|辛苦|管理|管用|不管|谁管|管这|管事|尽管|华为|清华|中华|房间|房子|房产|"
    "租房|委屈|解释|解除|解绑|解决|解答|解开|了解|理解|尤其|阳性|阳光|时间|时候|时长|时限|时效|时段|何时|及时|同时|农村|农业|司法|"
    "公司|上司|古代|吉利|简历|简体|简单|简章|简介|车票|车费|车站|火车|项目|事项|选项|一项|这项|各项|连接|连上|连续|麦当劳|背景|"
    "党员|党费|党校|入党|费用|学费|收费|缴费|免费|退费|交费|费劲|冷静|席位|出席|卫生|全部|全套|全额|全都|全英|全国|全日制|安全|"
    "应该|应当|应届|应用|应付|答应|反应|这边|那边|边上|旁边|师兄|师姐|老师|导师|和我|和他|和你|和您|和老师|和平|商量|商店|商业|沙发|"
    "明天|明细|明年|明白|说明|证明|明确|明明|查询|查看|查一|查下|查成绩|查查|查不|查到|查分|查的|查得|检查|麻烦|迟到|迟交|迟迟|延迟|"
    "和成绩|和学|和毕业|和那|和这|和之前|和其他|和原来|时不时|连带|全名|全称|全国|全是|成都|成立|成这|成那|解一下|查我|查他|查她|查成|"
    "申請|申情|成績|任选|毛巾|金毛|江湖|白花|白送|白批|白痴|白衬|白白|石沉大海|谢[啦咯您你过些老]|戴首饰|戴耳环|戴项链|路过|周几|周报|雷猴|马桶|严证|徐抖|夏载|高烤|苏区|古德|武大|任天堂|景区|梅西|欧冠|鲁迅|吉吉|闵行|孔子学院|史免|白浪|程绩|龙宝|金毛|张票|张[样例]|张验|高写|高能所|高血|史这|史不|莫得|莫有|齐刘海|阎证|罗马|爱罗|哈罗|张是|安卓|安心|管我|时我|方能|应聘|时能|时要|毕了|查进|查资|查真|查个|查档|查学|查申|查订|查毕|查验|查无|查出|查完|查询"
)
_PERSONS = (
    "室友|舍友|同学|同桌|同窗|同门|导师|导员|辅导员|班主任|班长|老师|教授|朋友|闺蜜|基友|同事|学生|学员|考生|员工|"
    "师兄|师姐|师弟|师妹|学长|学姐|学弟|学妹|老乡|邻居|领导|主任|院长|书记|秘书|助理|老板|先生|女士|博士|搭档|队友|"
    "同伴|伙伴|本人|名叫|叫做|名为|姓名|名字|人叫|友叫|学叫|师叫|弟叫|妹叫|姓"
)
_ACTS = "问下|问问|那个|这个|昨天|今天|前天|刚才|上次|还有|就是|把|被|与|及|叫|是|帮|替|代|给|为|找|跟|和|请|让|由|问|@"
_ENDS = "的了吗呢吧啊呀嘛么哦是在"  # hardly the end of a name
_VERBS = "要想说去来给把被让帮问叫查找有没不也都就还能会可和跟与写发办申交改领取用做看请到得"


def _behind(words: str) -> str:
    """A look behind for words of several lengths, each of which needs its own."""
    return "|".join(f"(?<={one})" for one in words.split("|"))


_AFTER = "说|讲|那份|那张|那边|的单|的成绩|的申请|的材料|的照片|的证|的毕业|让我|叫我|托我|要的|也要|也想|没交|交了|本人"
_GIVEN = rf"(?:(?![{_ENDS}]){HAN}(?:(?![{_ENDS}{_VERBS}]){HAN})?)"
_ALONE = r"(?<![^\s,。.!?;:、“”\"'()\[\]《》])"
_TITLES = "老师|老師|教授|同学|主任|博士|院长|处长|先生|女士|导师|师兄|师姐|学长|学姐|书记|经理"
_CHINESE = re.compile(
    rf"(?P<no>{_WORDS})"
    rf"|(?:{_COMPOUND}){_GIVEN}?"
    rf"|[{_PLAIN}{_EVERYDAY}](?:(?![{_ENDS}]){HAN}){{0,2}}?(?={_TITLES})"
    rf"|[小老阿](?:[{_PLAIN}]|[张林黄周高何马田石胡谢许曾丁钟陆](?![一-鿿]{{0,1}}[时序]))"
    rf"|[{_PLAIN}]{_GIVEN}?"
    rf"|(?:{_behind(_ACTS)}|{_ALONE})[{_EVERYDAY}]{_GIVEN}"
    rf"|[{_EVERYDAY}](?:(?![{_ENDS}]){HAN}){{1,2}}?(?={_AFTER})"
    rf"|(?:{_behind(_PERSONS)})[{_EVERYDAY}{_SELDOM}]{_GIVEN}"
    rf"|{HAN}{{2,6}}(?:[·•・]{HAN}{{2,6}}){{1,3}}"
)
# Somebody is named whose name is none of those above.
_SAID_TO_BE = re.compile(
    rf"(?:室友|舍友|同学|同桌|导师|朋友|同事|老乡|邻居|名字?|人)(?:名?叫|姓)(?![我他她它你您大做什啥])[{HAN[1:-1]}A-Za-z]"
)

# --- Latin letters --------------------------------------------------------------------------

_SURNAMES = (
    "wang|li|zhang|liu|chen|huang|zhou|wu|xu|hu|zhu|lin|luo|liang|feng|deng|cao|peng|zeng|jiang|cheng|wei|su|lv|lyu|ding|"
    "cui|liao|xiong|duan|lei|mao|gong|shao|tang|ouyang|sima"
)
_SYLLABLE = (
    "(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?"
    "(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|an|en|in|un|ao|ai|ei|ia|ie|iu|ua|ui|uo|ue|ou|er|[aeiouv])"
)
_GIVEN_LATIN = rf"{_SYLLABLE}['-]?(?:{_SYLLABLE})?"
_NO_GIVEN = r"(?!(?:to|me|he|she|we|be|can|so|no|do|go|an?|e|you|in|on|men|die|sure|use)\b)"
_PINYIN = (
    re.compile(rf"\b(?:{_SURNAMES}) {_NO_GIVEN}{_GIVEN_LATIN}\b", re.I),
    re.compile(rf"\b{_NO_GIVEN}{_GIVEN_LATIN} (?:{_SURNAMES})\b", re.I),
    re.compile(
        r"\b(?:wang|zhang|liu|chen|huang|xu|zhu|luo|liang|feng|deng|cao|peng|zeng|jiang|ouyang)\b",
        re.I,
    ),
)
_CAPITALS = re.compile(r"(?<![A-Za-z])[A-Z][a-z'’-]+(?: (?:[A-Z]\. )?[A-Z][a-z'’-]+)+(?![A-Za-z])")
_STARTS = """
My The A I Is Are Am Can Could Please Hi Hello Dear Hey What Where When How Why Who Does Do Did Will Would Should Has
Have May For To From And But If In On At Of Yes No Thanks Thank Ok Okay Also This That It We You He She They Not Get Give
Let Need Want Ask Tell Our His Her Your Sir Madam With Because So
"""
_FIRST = frozenset(_STARTS.split())  # at the start of a sentence, before a name
_PERSON = (
    "roommate|flatmate|classmate|labmate|friend|colleague|supervisor|advis[eo]r|tutor|mentor|professor|prof|teacher|"
    "lecturer|boss|student|dean|director|secretary|girl|guy|neighbou?r|mate"
)
_AFTER_PERSON = re.compile(
    rf"(?P<keep>\b(?i:{_PERSON}|mr|mrs|ms|miss|mx|dr|i'm|i am|this is|for|with|by|named|called|contact|ask|tell)\.?,? )"
    r"(?P<name>[A-Z][a-z'’-]+)(?![A-Za-z])"
)
_NO_NAMES = """
Anhui Chongqing Fujian Gansu Guangdong Guangxi Guizhou Hainan Hebei Heilongjiang Henan Hubei Hunan Inner Mongolia Jiangsu
Jiangxi Jilin Liaoning Ningxia Qinghai Shaanxi Shandong Shanxi Sichuan Tianjin Tibet Xinjiang Yunnan Zhejiang Taiwan
Chinese English Japanese German French Russian Korean Beijing Shanghai China Gpa Alipay Wechat Telegram Monday Tuesday
Wednesday Thursday Friday Saturday Sunday January February March April May June July August September October November
December
"""
_PLAIN_LATIN = frozenset(_NO_NAMES.split())
_OF_SUBJECTS = (
    "ment",
    "tion",
    "ics",
    "ology",
    "tive",
    "sity",
    "tute",
    "emy",
    "lege",
    "ering",
    "ript",
    "science",
)
_CALLED = re.compile(r"\b(?:mr|mrs|ms|dr|prof)\b\.? ?[a-z]|\bnamed [a-z]|\bcall me\b", re.I)
_WHO_IS = re.compile(
    r"\b(?:roommate|flatmate|classmate|labmate|friend|colleague)(?:'s name)?,? (?:is called |called |is )?"
    r"(?!(?:a|an|and|or|to|in|at|on|of|for|from|with|who|that|which|can|could|will|would|may|must|should|might|has|had|have|"
    r"is|was|are|were|did|does|do|say|said|ask|told|tell|got|get|went|go|pick|need|want|not|the|still|also|already|never|just|"
    r"here|there|about|because|if|when|where|please|instead|too|as|my|his|her|their|applied|approve|apply|help|cover|sign|take|use|see|know|come|send|me|you|him|her|us|them)\b|\w+(?:s|ed|ing|n't)\b)[A-Za-z]+",
    re.I,
)


def without_names(words: str, shown: str) -> str:
    """With ``shown`` in place of every name."""
    words = _CHINESE.sub(lambda found: found[0] if found["no"] else shown, words)
    words = _CAPITALS.sub(lambda found: _capitals(found[0], shown), words)
    for order in _PINYIN:
        words = order.sub(shown, words)
    return _AFTER_PERSON.sub(
        lambda found: found[0] if found["name"] in _PLAIN_LATIN else found["keep"] + shown, words
    )


def _capitals(found: str, shown: str) -> str:
    parts = found.split()
    first = [parts.pop(0)] if parts[0] in _FIRST else []
    if all(one in _PLAIN_LATIN or one.lower().endswith(_OF_SUBJECTS) for one in parts):
        return found
    return " ".join([*first, shown])


def named_otherwise(words: str) -> bool:
    """Whether somebody seems to be named in what :func:`without_names` left."""
    return any(one.search(words) for one in (_SAID_TO_BE, _CALLED, _WHO_IS))
