"""The things and acts people talk about, under the many words they use for them.

The same concept in Chinese and English is one feature, so what is learnt from one wording holds for
the others. A word may belong to one concept only; the longest one at a place counts.
"""

import re

from nlu.homophones import SOUNDS
from nlu.intents.kinds import SIGNS

ELSEWHERE = "~"
"""Begins the names of what other offices and the rest of life are about."""

CONCEPTS = {
    # things
    "transcript": "成绩单 成绩证明 成绩材料 学习成绩 官方成绩 在校成绩 cjd transcript transcripts e-transcript "
    "academic_record grade_report 成绩丹 程绩单 成积单 分数单",
    "score": "成绩 分数 几分 多少分 考分 分儿 score scores mark marks grade grades result results",
    "exemption": "免考 免试 免修 免掉 面考 免烤 免了 免英语 免一门 exemption exempt exempts exempted skip",
    "graduation": "毕业申请 申请毕业 办毕业 自考毕业 毕业审核 毕业手续 毕业审定 graduate graduation graduating 毕业",
    "review fee": "审定费 review_fee",
    "registration": "毕业注册 学历注册 电子注册 结业注册 学历证书注册 graduation_registration 注册",
    "diploma": "毕业证 毕业证书 学历证书 学历 diploma graduation_certificate",
    "degree": "学位 学位证 博士学位 硕士学位 degree 学位证书",
    "degree form": "学位信息 学位数据 学位资料 学位填报 degree_data degree_information degree_form degree_record",
    "thesis": "论文 thesis 毕业论文 查重 dissertation",
    "transfer in": "转入 转进来 转过来 转来 转到上海 transfer_in transferred_in incoming",
    "transfer out": "转出 转走 转出去 转过去 转去 转往 转考 迁到 outgoing transfer_out transfer-out",
    "exam file": "考籍 考及 学籍档案",
    "province": "外省 省 外地 老家 province 江苏 浙江 安徽 江西 福建 山东 山西 河南 河北 湖南 湖北 广东 广西 海南 "
    "四川 重庆 贵州 云南 陕西 甘肃 青海 宁夏 新疆 西藏 内蒙古 辽宁 吉林 黑龙江 天津",
    "backfill": "补登 补录 登记成绩 登记老成绩 补进去 backfill 补灯",
    "missing": "没显示 没有显示 查不到 不显示 找不到 缺失 没录 不见了 没有记录 missing not_showing does_not_show",
    "old": "以前 早年 老早 九几年 九十年代 老成绩 旧 从前 old earlier 历史 历年 历次 以往",
    "sample": "样例 样本 样图 样张 范例 示例 示范 例子 样子 长什么样 长啥样 啥样 什么样 sample samples example "
    "look_like",
    "credential": "凭证 证书 合格证 备案表 认证报告 通知单 certificate credential registration_record "
    "authentication_report pets cet 四级 六级 四六级",
    "exam ticket": "准考证 准考证号 考号 exam_ticket ticket admission_ticket 准烤证",
    "self-study": "自考 自学考试 专升本 self-study self_study 主考学校",
    "course": "课程 科目 门课 几门 英语二 马原 近代史 course courses 课",
    "photo": "照片 毕业照 证件照 照骗 电子照 相片 jpg picture pictures photo photos 图像 拍照 照相 毕业相 相",
    "shoot": "拍摄 采集照片 拍毕业照 photo_shoot shooting 集体拍照",
    "photo code": "采集码 图像码 图像采集码 采集二维码 采集吗 彩集码 collection_code photo_code",
    "qr": "二维码 扫码 qr qr_code 扫一扫",
    "make-up": "补拍 重拍 错过拍照 make-up",
    "seal": "章 印章 电子章 专用章 签章 签名 seal signature 电子签名 signed",
    "genuine": "真伪 真假 验真 辨真 是真的 是假的 伪造 造假 防伪 篡改 鉴别 真实性 属实 genuine authentic authenticity "
    "fake forged tampered trusted",
    "verify": "验证 核验 核实 检验 校验 verify validate verification 验一下",
    "share": "分享 共享 分想 分亨 给别人看 给对方看 share shared sharing shares shareable unshare",
    "looked": "谁看过 谁看了 看过我的 查看记录 浏览记录 who_looked who_viewed who_has_viewed viewed view_history",
    "check": "检查 检测 看看 帮我看 合格 合规 符合 check 行不行 能不能用 能用吗 acceptable",
    "order": "订单 定单 钉单 账单 order orders bill bills",
    "pay": "付款 支付 缴费 交费 交钱 付钱 付了 付费 缴纳 付一下 付完 微信支付 支付宝 结账 买单 付清 pay paid "
    "payment payments paying checkout wechat_pay 掏钱",
    "refund": "退款 退钱 退费 退回来 退我 退给我 refund money_back 腿款 charged_twice",
    "money": "钱 费用 元 块钱 块 fee fees price cost yuan",
    "invoice": "发票 开票 票据 收据 报销 抬头 invoice receipt fapiao 发飘",
    "name": "名字 姓名 改名 曾用名 name misspelled",
    "ethnicity": "民族 ethnicity",
    "origin": "生源地 生源 升源地 origin_place place_of_origin origin home_origin",
    "personal data": "个人信息 个人数据 我的数据 隐私 个人资料 我的信息 我的资料 personal_data personal_information "
    "my_data data_you 聊天记录",
    "account": "账号 账户 帐号 account 身份 identity 学号 student_id student_number",
    "bind": "绑定 绑 关联 认证 bind link connect log_in login sign_in 登录 登陆 绑丁 帮定",
    "unbind": "解绑 不想绑 不再绑 不绑 解除 取消绑定 取消关联 登出 退出登录 退出账号 unbind unlink log_out logout sign_out disconnect 解帮",
    "delete": "删除 删掉 删了 清除 清空 注销 销毁 抹掉 销户 删号 delete erase remove wipe",
    "export": "导出 副本 拷贝 打包 备份 export copy_of_my",
    "policy": "政策 收费标准 规则 规定 标准 policy policies rules 制度",
    "publish": "发布 修改费用 调整 设置 设定 变更收费 调成 publish",
    "application": "申请 办件 业务 application applications request requests 申青",
    "staff": "审批 待审 待批 待审批 待审核 我审 我批 等我批 等我审 inbox approvals review_queue to_review 干部 waiting_for_me "
    "my_approval",
    "student": "学生 学员 student students 同学",
    "menu": "菜单 功能 使用说明 帮助 指南 指引 help menu commands options 能做什么 会什么 能干啥 能干什么 能办什么事",
    "person": "人工 真人 活人 客服 转人工 找老师 human person agent someone 工作人员 customer_service",
    "phone": "电话 联系方式 联系电话 邮箱 phone contact email 号码 联系",
    "office": "教务部 财务处 学生处 学位办 自考办 图片社 技术支持 就业指导中心 哪个部门 office 教务处",
    "chinese": "中文 汉语 普通话 chinese mandarin 国语",
    "english": "英文 英语 english 英",
    "language": "语言 language 双语 中英文",
    "gpa": "gpa 绩点 平均分 grade_point",
    "reason": "理由 原因 reason",
    "unit": "研究所 所里 院系 培养单位 institute 软件所 计算所 物理所 化学所 自动化所 数学院 力学所 声学所 动物所 微生物所 "
    "半导体所 电工所 心理所 校部",
    "coverage": "集中教学 所级教学 合在一起 全部课程 centralized combined 雁栖湖 玉泉路",
    "file": "文件 pdf file 电子版 附件 document",
    "phd": "博士 出国 留学 申博 phd abroad university employer company hr 公司 单位 入职 背调 面试",
    # acts
    "apply": "开一份 开个 开具 办理 办一 申请一 要一份 来一份 出一份 弄一份 搞一份 开一下 办个 打印 出具 想要 我要 "
    "apply request issue produce i_need order_a get_a want_a need_a 新开 再开 想办 弄个 整个 打一份",
    "again": "重新 再次 再 又 again resend once_more 再来 another",
    "download": "下载 下不了 夏载 下一次 下下来 保存到 领取 download save get_the_file 取文件 拿文件 下到",
    "send": "发我 重发 发送 发给我 传给我 发一下 发过来 传一份 send give_me 给我发 发一遍",
    "lost": "丢了 弄丢 没了 删了 lost 丢失 不见",
    "status": "进度 状态 进展 结果 到哪 哪一步 怎么样了 什么情况 啥情况 咋样了 情况如何 status progress update news going "
    "到哪一步 哪了 走到哪 动静 消息 下文",
    "approved": "批了 批没批 通过 过了没 过了吗 审了 审完 审核 批下来 审过 过审 approved approve approval accepted reviewed "
    "批没 审到 被批 批准",
    "rejected": "驳回 没通过 不通过 未通过 被拒 退回 打回 被退 没过 rejected reject refused denied 拒了",
    "done yet": "好了吗 好了没 了吗 了没 了没有 下来没 完没 没有啊 下来了吗 yet already ready pending",
    "waiting": "催 还没 一直 等了 waiting still 迟迟",
    "open": "开放 可办理 可以办 能办什么 能办啥 开了没 开着 停办 open available closed closes 未开放 窗口",
    "now": "现在 目前 当前 近期 最近 今天 now today right_now moment",
    "list": "列表 列出 所有 全部 list all 记录 历史记录 history 哪些",
    "change": "改成 改为 换成 修改 更改 更正 改一下 改掉 要改 改个 纠正 重填 change edit modify update correct fix "
    "correction instead 该成",
    "mistake": "错了 写错 填错 选错 打错 输错 搞错 弄错 说错 传错 不对 有误 wrong mistake incorrect typed_the_wrong",
    "switch": "切换 换个 换到 切到 换一个 切换到 换成另 switch",
    "back": "上一步 上一题 返回 后退 退回去 倒回 回退 上一个 上个问题 前一步 back previous 上一页 往回 退一步 回到上",
    "cancel": "取消 算了 不办了 退出 放弃 停止 终止 不弄了 不申请了 不想办 cancel stop quit exit abort never_mind "
    "nevermind forget_it 中止 作罢 撤销",
    "yes": "是的 对的 好的 可以 确认 确定 同意 没错 没问题 嗯 yes yeah yep ok okay sure confirm agree 继续 好嘞 好滴",
    "no": "不是 不要 不用 不行 不需要 不同意 别 no nope not don't dont 不可以",
    "submit": "提交 submit 交上去",
    "thanks": "谢谢 感谢 多谢 谢了 谢啦 辛苦 thanks thank thx appreciate appreciated 有劳",
    "hello": "你好 您好 在吗 早上好 哈喽 嗨 hi hello hey 有人吗 在不在",
    "bye": "再见 拜拜 回头见 下次见 bye goodbye see_you 明天见 先走了 先这样",
    "speak": "说 讲 聊 回答 回复 交流 对话 speak talk reply answer conversation 跟我说 界面",
    "fill": "填报 填写 填 录入 fill enter complete 信息确认 完善",
    "sync": "同步 synchronize sync synchronized",
    "move": "搬 迁 工作调动 move moving",
    # questions
    "how much": "多少钱 贵不贵 贵吗 更贵 价钱 expensive 要钱吗 收费 免费 几块钱 怎么收费 how_much free charge charges price_of 价格",
    "how many": "几份 几种 几次 多少字 几个 几张 how_many 多少份",
    "when": "什么时候 啥时候 何时 几号 哪天 几点 周几 哪一天 什么时间 when what_time which_day 时间 日期",
    "deadline": "截止 期限 最晚 deadline due 之前 到期",
    "how long": "多久 几天 多长时间 how_long 保存几 有效期",
    "where": "在哪 哪里 哪儿 去哪 where 地址 地点 入口",
    "how": "怎么 如何 怎样 咋 how 流程 步骤 手续",
    "why": "为什么 为啥 怎么回事 why",
    "what is": "是什么意思 什么是 什么叫 指什么 区别 不同 what_is mean means difference 指的是",
    "materials": "材料 证明 要带 准备什么 提交什么 documents materials bring 带什么",
    "conditions": "条件 要求 资格 符合什么 规格 requirements eligible requirement condition 格式 限制",
    "who can": "哪些人 能申请吗 可以申请 能办吗 可以办吗 who_can am_i 能不能办",
    "which contact": "找谁 联系谁 跟谁说 哪个老师 who_should which_office 谁管 打哪个",
    "need?": "需要吗 还需要 要不要 需不需要 do_i_need do_i_have must 还要",
    "can?": "能不能 可不可以 可以吗 能吗 行吗 can_i could_i",
    "wear": "穿 戴 衣服 正装 耳环 项链 头发 眼镜 化妆 首饰 wear dress clothes clothing colors 美瞳",
    "size": "尺寸 像素 大小 多大 底色 几寸 命名 size pixel pixels background format",
    "~dormitory": "宿舍 寝室 床位 公寓 住宿 宿管 dorm dormitory 退宿",
    "~library": "图书馆 借书 图书证 借阅 续借 书 library book books",
    "~aid": "奖学金 助学金 助学贷款 补助 津贴 贷款 scholarship loan stipend 勤工 困难",
    "~card": "校园卡 一卡通 饭卡 食堂卡 学生证 充值 campus_card student_card 门禁",
    "~language test": "雅思 托福 ielts toefl gre 普通话考试 四级报名 六级报名 英语考试报名 教资",
    "~other exams": "驾照 驾校 科目一 科目二 科目三 科目四 注会 cpa acca 司法考试 法考 考公",
    "~visa": "签证 护照 通行证 visa passport 居住证 身份证丢 户口迁移",
    "~network": "校园网 wifi vpn 网络 密码忘 邮箱密码 选课系统",
    "~school": "高中 初中 中考 高考 小学 high_school 考研 保研 招生 录取 admission 夏令营 复试",
    "~classes": "选课 退课 课表 补考 缓考 请假 休学 退学 教室 期末 重修 drop_a_class sick_leave 上课点名 点名",
    "~tuition": "学费 住宿费 tuition 水电费 话费",
    "~work": "实习 就业 三方 招聘会 找工作 简历 job internship resume 兼职",
    "~health": "校医院 医保 疫苗 感冒 体检 挂号 医院 药 hospital doctor insurance",
    "~food": "食堂 外卖 吃 饭 好吃 餐厅 菜 eat food restaurant pizza cook 火锅 奶茶 咖啡",
    "~weather": "天气 下雨 气温 刮风 冷 热 下雪 weather rain snow 伞 umbrella 台风 温度",
    "~fun": "笑话 段子 唱首 唱歌 故事 诗 电影 剧 音乐 游戏 joke sing song poem story movie music game 原神 王者",
    "~sport": "体育馆 健身 足球 篮球 比分 世界杯 gym football basketball 羽毛球 游泳",
    "~travel": "机票 高铁 火车 酒店 打车 航班 班车 校车 旅游 flight train hotel bus taxi 地铁",
    "~shopping": "淘宝 京东 快递 手机 拼多多 amazon taobao 买东西 闲鱼",
    "~knowledge": "翻译 首都 等于 代码 python 总统 translate capital code president 股票 比特币 bitcoin",
    "~insult": "笨 傻 滚 垃圾 白痴 stupid idiot 废物",
    "~love": "女朋友 男朋友 对象 失恋 love girlfriend boyfriend 结婚 婚纱 相亲",
    "~ceremony": "毕业典礼 学士服 学位服 毕业旅行 ceremony 聚餐",
}

SHORTEST_SOUND = 2
"""Syllables of the shortest word that is recognized by its sound alone."""

_WORD = re.compile(r"[a-z][a-z'\-]*")


def _index() -> tuple[dict[str, list[tuple[str, str]]], dict[str, str]]:
    chinese: dict[str, list[tuple[str, str]]] = {}
    english: dict[str, str] = {}
    for concept, words in CONCEPTS.items():
        for word in words.split():
            if word.isascii():
                english[word.replace("_", " ")] = concept
            else:
                chinese.setdefault(word[0], []).append((word, concept))
    for kind, sign in SIGNS.items():
        chinese[sign] = [(sign, kind)]
    for entries in chinese.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return chinese, english


_CHINESE, _ENGLISH = _index()
_SOUNDING: dict[tuple[str, ...], str] = {}
for _words in _CHINESE.values():
    for _word, _concept in _words:
        if len(_word) >= SHORTEST_SOUND:
            _SOUNDING.setdefault(tuple(SOUNDS.get(c, c) for c in _word), _concept)
_LONGEST_SOUND = 5
_PHRASE = 3
"""Words of the longest English entry."""


def concepts_in(text: str) -> list[str]:
    """The concepts of a normalized text, in the order in which they are mentioned."""
    found: list[tuple[int, str]] = []
    at = 0
    while at < len(text):
        for word, concept in _CHINESE.get(text[at], ()):
            if text.startswith(word, at):
                found.append((at, concept))
                at += len(word)
                break
        else:
            concept, length = _heard(text, at)
            if concept:
                found.append((at, concept))
            at += length
    words = [(match.start(), match[0]) for match in _WORD.finditer(text)]
    at = 0
    while at < len(words):
        for length in range(_PHRASE, 0, -1):
            phrase = " ".join(word for _, word in words[at : at + length])
            if len(words) >= at + length and phrase in _ENGLISH:
                found.append((words[at][0], _ENGLISH[phrase]))
                at += length
                break
        else:
            at += 1
    return [concept for _, concept in sorted(found)]


def _heard(text: str, at: int) -> tuple[str, int]:
    """The concept of the longest word that sounds like what stands here, and its length."""
    sounds = tuple(SOUNDS.get(c, c) for c in text[at : at + _LONGEST_SOUND])
    for length in range(len(sounds), SHORTEST_SOUND - 1, -1):
        if concept := _SOUNDING.get(sounds[:length]):
            return concept, length
    return "", 1
