"""Sounds of the characters that matter here: who types 程绩丹 means 成绩单.

Without tones, and with the pairs merged that many speakers and input methods do not tell apart
(zh/z, ch/c, sh/s, final ng/n).
"""

import re

_SYLLABLES = """
a 啊阿 ai 爱哎唉矮 an 安按案暗 ang 昂 ao 奥傲 ba 吧把爸八巴罢霸 bai 百白败拜摆柏 ban 办班半版板般伴扮搬颁
bang 帮绑棒榜邦 bao 报包保抱宝爆饱暴 bei 被北备背杯倍贝悲 ben 本笨奔 beng 崩 bi 比必笔毕闭避币逼鼻彼碧壁
bian 变边便编遍辩辨扁 biao 表标彪 bie 别憋 bin 宾滨 bing 并病冰兵饼 bo 波博播伯驳玻剥 bu 不部步补布簿
ca 擦 cai 才采菜财材彩踩裁猜 can 参餐残惨 cao 操草曹 ce 测策册侧厕 ceng 层曾蹭 cha 查差茶插察叉岔 chai 拆柴
chan 产铲颤缠 chang 长常场唱厂昌尝畅 chao 超朝抄吵潮炒 che 车撤彻 chen 陈沉晨趁称尘 cheng 成城程承乘诚称呈橙撑秤
chi 吃持迟尺齿翅赤池 chong 冲充重虫崇 chou 抽愁丑臭 chu 出处初除触楚础储 chuan 传穿船川串 chuang 创窗床闯
chui 吹垂 chun 春纯唇 ci 次此词辞刺磁慈 cong 从聪匆葱 cu 粗促醋 cui 催脆崔 cun 存村寸 cuo 错措搓
da 大打达答搭 dai 带代待袋戴贷呆 dan 单但丹担弹淡蛋胆诞 dang 当党档荡挡 dao 到道导倒刀岛盗 de 的得地德
deng 等登灯邓 di 第低底地敌帝弟递 dian 点电店典垫殿 diao 调掉吊 die 跌叠爹 ding 定订顶丁钉 diu 丢 dong 动东懂冬洞
dou 都斗豆抖 du 读度独毒堵肚 duan 段短断端锻 dui 对队堆 dun 顿吨 duo 多夺朵躲 e 额饿恶俄 en 恩嗯 er 二而儿耳尔
fa 发法罚乏 fan 反返饭翻范烦犯凡番 fang 方放房防访仿 fei 费非飞废肺肥 fen 分份粉纷奋坟 feng 风封丰冯峰疯
fo 佛 fou 否 fu 付复服负福父附府副富符幅夫扶腐 gai 改该概盖钙 gan 干感敢赶甘肝 gang 刚钢岗港 gao 高告搞稿
ge 个各哥歌格隔革割 gei 给 gen 跟根 geng 更耕 gong 工公功共供宫攻 gou 够购构狗勾 gu 古故股顾固骨谷姑 gua 挂瓜刮
guai 怪乖 guan 关管官观馆惯冠 guang 光广逛 gui 规归贵鬼柜轨 gun 滚棍 guo 过国果锅 ha 哈 hai 还海害孩 han 汉含喊寒汗韩
hang 行航杭 hao 好号浩毫耗豪 he 和合核何喝河盒贺 hei 黑嘿 hen 很恨狠 heng 横恒 hong 红洪宏 hou 后候厚猴侯
hu 户护互湖乎呼忽胡虎 hua 话化画花划华滑 huai 坏怀 huan 换还环欢缓患 huang 黄皇慌 hui 会回汇灰毁惠挥悔 hun 婚混
huo 或活火获货伙 ji 机及级几绩记计集基急即己系季吉技际积击极疾迹籍既继纪辑寄济鸡挤 jia 家加价假架佳嘉
jian 见件间建检减简监坚荐剪鉴肩键 jiang 将讲江奖降姜 jiao 教交叫较校缴角脚焦胶 jie 接结解界节介届街借阶姐戒
jin 进近今金仅尽紧禁津 jing 经京精竟静境警景敬竞 jiu 就九久旧救酒究 ju 局据举句具聚剧居拒 juan 卷捐 jue 决觉绝
jun 军均君 ka 卡咖 kai 开凯 kan 看刊砍 kang 康抗 kao 考靠烤 ke 可课科客克刻颗 ken 肯 kong 空控孔恐 kou 口扣
ku 苦库哭酷 kua 跨夸 kuai 快块筷 kuan 款宽 kuang 况矿狂 kui 亏愧 kun 困昆 kuo 扩括 la 拉啦辣 lai 来赖 lan 蓝兰览拦懒
lang 浪郎 lao 老劳捞 le 了乐勒 lei 类雷累泪 leng 冷 li 里理力利立离历李例礼丽励 lia 俩 lian 连联练脸链恋
liang 两量亮良凉 liao 料了聊疗 lie 列烈裂 lin 林临邻 ling 领另零灵令龄 liu 六流留刘溜 long 龙隆 lou 楼漏
lu 录路陆露炉鲁 lv 绿律率旅虑 luan 乱 lun 论轮 luo 落罗洛逻 ma 吗妈马码骂麻 mai 买卖麦埋 man 满慢漫 mang 忙盲
mao 毛猫冒贸 me 么 mei 没每美妹眉煤 men 门们 meng 梦蒙 mi 米密秘迷 mian 面免棉勉 miao 秒妙苗 min 民敏
ming 名明命铭 mo 末模莫默磨 mou 某 mu 目母木幕 na 那拿哪纳 nai 奶耐 nan 南男难 nao 脑闹 ne 呢 nei 内 neng 能
ni 你尼拟泥 nian 年念 niang 娘 nin 您 niu 牛 nong 弄农 nu 努怒 nv 女 nuan 暖 ou 欧偶 pa 怕爬 pai 拍排牌派 pan 判盘盼
pang 旁胖 pao 跑泡 pei 配陪培赔 pen 盆 peng 朋碰 pi 批皮匹屁 pian 片篇骗偏 piao 票漂飘 pin 品拼频贫 ping 平评凭瓶
po 破迫 pu 普铺朴 qi 起其期气七器企奇齐启弃妻欺 qia 恰 qian 前钱签千迁欠潜 qiang 强枪墙 qiao 桥巧敲 qie 且切
qin 亲勤琴 qing 请情清轻青庆晴 qiong 穷 qiu 求球秋 qu 去取区趣曲 quan 全权券圈 que 确却缺 qun 群 ran 然染 rang 让
re 热 ren 人认任仁 reng 仍扔 ri 日 rong 容荣 rou 肉 ru 如入 ruan 软 rui 瑞 ruo 若弱 sa 撒 sai 赛 san 三散 sang 丧
sao 扫 se 色 sen 森 sha 啥杀沙傻 shai 晒 shan 删山善闪 shang 上商伤赏 shao 少绍烧 she 社设摄舍射 shei 谁
shen 申身审深神甚什伸 sheng 生声省升剩胜圣 shi 是事时十市使实式师试识始失示世室适势视食施湿氏士 shou 手收受首守
shu 书数属树输术熟 shua 刷 shuai 帅 shuang 双 shui 水睡税 shun 顺 shuo 说 si 四思司死私似 song 送松宋 sou 搜
su 苏素速诉宿 suan 算酸 sui 岁随虽碎 sun 孙损 suo 所锁缩索 ta 他她它 tai 太台态抬 tan 谈探 tang 堂糖趟 tao 套讨逃
te 特 teng 疼腾 ti 题提体替 tian 天填田甜添 tiao 条调跳 tie 贴铁 ting 听停厅 tong 同通统痛童 tou 头投偷
tu 图土突途 tuan 团 tui 退推腿 tuo 脱托拖 wa 哇挖 wai 外歪 wan 完万晚玩 wang 网望忘往王 wei 为位未委微维伟喂尾卫
wen 问文闻温稳 wo 我握 wu 无五物务误午屋武 xi 系西息习洗细喜希戏析 xia 下夏吓 xian 先现线显限县险鲜
xiang 想向相像象项响香 xiao 小校笑消效晓销 xie 写些谢鞋协 xin 新心信欣 xing 行性形姓星兴型 xiong 兄 xiu 修休秀
xu 需许续须序 xuan 选宣 xue 学雪 xun 询讯寻训 ya 呀压牙 yan 验言研眼严颜演延烟盐 yang 样阳养洋 yao 要药摇 ye 也业夜页
yi 一以已意易义医依益移议艺疑 yin 因音引印银 ying 英应影硬营迎 yo 哟 yong 用永勇 you 有由又右友油邮优
yu 与于语预余玉雨育鱼 yuan 院元原员愿远园缘源 yue 月越约 yun 云运 za 杂咋 zai 在再载 zan 暂咱赞 zang 脏 zao 早造
ze 则责 zen 怎 zeng 增 zha 炸 zhai 摘宅 zhan 站占展 zhang 张章帐账掌 zhao 找照招着 zhe 这者折 zhen 真针镇
zheng 证正政整争征挣 zhi 只之知至制志值直职指纸支止质治 zhong 中种重众终钟 zhou 周州 zhu 主住注助祝著 zhua 抓
zhuan 转专 zhuang 装状撞 zhui 追 zhun 准 zhuo 着桌 zi 自字子资 zong 总 zou 走 zu 组足 zui 最嘴罪 zun 尊 zuo 做作坐左
"""


def merge(syllable: str) -> str:
    """The syllable as someone hears it who does not tell the neighbours apart."""
    syllable = re.sub(r"^([zcs])h", r"\1", syllable)
    return syllable.replace("ang", "an").replace("eng", "en").replace("ing", "in")


def _table() -> tuple[dict[str, str], frozenset[str]]:
    words = _SYLLABLES.split()
    sounds: dict[str, str] = {}
    for syllable, characters in zip(words[::2], words[1::2], strict=True):
        for character in characters:
            sounds.setdefault(character, merge(syllable))
    return sounds, frozenset(words[::2])


SOUNDS, _KNOWN = _table()
_LONGEST_SYLLABLE = 6


def spelled_out(word: str) -> list[str]:
    """The syllables of a word typed in letters (``chengjidan``), or nothing when it is none."""
    ends: list[tuple[str, ...] | None] = [()] + [None] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - _LONGEST_SYLLABLE), end):
            before = ends[start]
            if before is not None and word[start:end] in _KNOWN:
                ends[end] = (*before, word[start:end])
                break  # the longest last syllable
    return [merge(syllable) for syllable in ends[-1] or ()]
