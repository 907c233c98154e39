"""One spelling for what can be typed in many: width, case, traditional characters, noise."""

import re
import unicodedata

LONGEST = 500
"""Characters of an utterance that are read: of a longer one, its head and its tail."""

_TO_SIMPLIFIED = (
    "來来 個个 們们 偽伪 備备 傳传 傷伤 傾倾 僅仅 價价 儀仪 億亿 償偿 優优 兒儿 內内 兩两 "
    "冊册 凈净 凍冻 刪删 劃划 劇剧 劉刘 動动 務务 勝胜 勞劳 勢势 勵励 區区 協协 卻却 厲厉 "
    "參参 吳吴 員员 問问 啟启 喪丧 喬乔 單单 嗎吗 國国 圍围 園园 圓圆 圖图 團团 報报 場场 "
    "塊块 塵尘 壓压 壞坏 壽寿 夢梦 奪夺 婦妇 媽妈 嬌娇 孫孙 學学 實实 寧宁 審审 寫写 寶宝 "
    "將将 專专 尋寻 對对 導导 層层 屬属 岡冈 島岛 峽峡 崗岗 帥帅 師师 帳账 帶带 幣币 幫帮 "
    "幾几 庫库 廠厂 廢废 廣广 廳厅 張张 強强 彈弹 彙汇 徑径 從从 復复 徹彻 恆恒 惡恶 惱恼 "
    "愛爱 態态 慶庆 憂忧 憑凭 憲宪 憶忆 應应 懶懒 懷怀 戰战 戲戏 戶户 拋抛 掃扫 掛挂 採采 "
    "揀拣 換换 損损 搶抢 撥拨 擁拥 擇择 擋挡 擔担 據据 擬拟 擴扩 擺摆 攜携 攝摄 敗败 敘叙 "
    "敵敌 數数 斷断 時时 暫暂 曆历 書书 會会 東东 條条 棄弃 業业 極极 構构 樓楼 標标 樣样 "
    "樹树 橋桥 機机 檔档 檢检 權权 歡欢 歲岁 歷历 歸归 殺杀 氣气 決决 沒没 況况 減减 測测 "
    "準准 溫温 滿满 漢汉 漸渐 潔洁 濕湿 濟济 灣湾 災灾 為为 無无 煩烦 燈灯 燒烧 營营 爭争 "
    "爺爷 牆墙 狀状 獎奖 獨独 獲获 現现 環环 產产 畢毕 畫画 異异 當当 療疗 癥症 發发 盡尽 "
    "監监 盤盘 眾众 睏困 碼码 礎础 禍祸 禮礼 種种 稱称 穩稳 窮穷 競竞 筆笔 節节 範范 築筑 "
    "簡简 簽签 籤签 糧粮 糾纠 紀纪 約约 紅红 納纳 純纯 紙纸 級级 紛纷 細细 終终 組组 結结 "
    "絕绝 絡络 給给 統统 絲丝 綁绑 經经 綜综 維维 網网 緊紧 線线 緣缘 編编 緩缓 練练 縣县 "
    "縮缩 總总 績绩 織织 繞绕 繫系 繳缴 繼继 續续 罰罚 羅罗 義义 習习 聖圣 聞闻 聯联 聰聪 "
    "聲声 職职 聽听 肅肃 腦脑 臉脸 臨临 與与 舊旧 艱艰 萬万 蓋盖 藝艺 藥药 蘇苏 處处 號号 "
    "蟲虫 術术 衛卫 裏里 補补 裝装 裡里 製制 複复 褲裤 見见 規规 視视 親亲 覺觉 覽览 觀观 "
    "觸触 訂订 計计 訊讯 討讨 訓训 記记 訪访 設设 許许 診诊 評评 詞词 詢询 試试 話话 該该 "
    "詳详 認认 誕诞 語语 誠诚 誤误 說说 誰谁 課课 調调 談谈 請请 諒谅 論论 諾诺 講讲 謝谢 "
    "謹谨 證证 識识 譯译 議议 護护 讀读 變变 讓让 豐丰 貓猫 負负 財财 貢贡 貧贫 貨货 責责 "
    "貴贵 買买 貸贷 費费 貼贴 貿贸 賀贺 資资 賞赏 賠赔 賣卖 質质 賬账 賴赖 購购 贈赠 贏赢 "
    "趕赶 趙赵 趨趋 跡迹 踐践 躍跃 車车 軟软 較较 載载 輔辅 輕轻 輛辆 輩辈 輯辑 輸输 轄辖 "
    "轉转 轟轰 辦办 辭辞 農农 這这 進进 運运 過过 達达 違违 遠远 適适 遲迟 遷迁 選选 遺遗 "
    "邁迈 還还 邊边 郵邮 鄉乡 鄧邓 鄰邻 醫医 釋释 釘钉 針针 鈔钞 銀银 鋼钢 錄录 錢钱 錯错 "
    "錶表 鍵键 鎖锁 鎮镇 鏈链 鏡镜 鐘钟 鐵铁 長长 門门 閉闭 開开 閒闲 間间 閣阁 閱阅 闆板 "
    "闊阔 關关 陣阵 陳陈 陸陆 陽阳 隊队 階阶 際际 隨随 險险 隱隐 隻只 雖虽 雙双 雜杂 雞鸡 "
    "離离 難难 雲云 電电 霧雾 靈灵 靜静 韓韩 響响 頁页 頂顶 項项 順顺 須须 預预 頒颁 頓顿 "
    "頗颇 領领 頭头 頻频 顆颗 題题 額额 顏颜 願愿 類类 顧顾 顫颤 顯显 風风 飛飞 飯饭 飲饮 "
    "養养 餓饿 館馆 馬马 駐驻 駕驾 騎骑 騙骗 驅驱 驗验 驚惊 體体 髮发 鬆松 鬧闹 魚鱼 鮮鲜 "
    "鳥鸟 鳳凤 鹽盐 麗丽 麥麦 麵面 麼么 著着 黃黄 點点 黨党 齊齐 齒齿 齡龄 龍龙 "
)
_PUNCTUATION = "–- —- −- “\" ”\" ‘' ’' "
_NOISE = {"Cc", "Cf", "Cn", "Co", "Cs", "Mn", "So", "Sk"}

_SINGLE = {pair[0]: pair[1] for pair in (_TO_SIMPLIFIED + _PUNCTUATION).split()}


def _fold(char: str) -> str:
    """What stands for ``char``: always exactly one character, so that offsets stay true."""
    wide = unicodedata.normalize("NFKC", char)
    if len(wide) == 1:
        char = wide
    lower = char.lower()
    if len(lower) == 1:
        char = lower
    char = _SINGLE.get(char, char)
    return " " if char.isspace() or unicodedata.category(char) in _NOISE else char


_FOLDED: dict[str, str] = {}


def fold(text: str) -> str:
    """The text in simplified, half-width lower case, character for character."""
    out = []
    for char in text:
        folded = _FOLDED.get(char)
        if folded is None:
            folded = _fold(char)
            if len(_FOLDED) < 20_000:  # a stranger must not be able to fill the memory
                _FOLDED[char] = folded
        out.append(folded)
    return "".join(out)


def shorten(text: str) -> list[tuple[int, str]]:
    """The parts that are read, with their offsets: people ramble and put the point at the end."""
    if len(text) <= LONGEST:
        return [(0, text)]
    half = LONGEST // 2
    return [(0, text[:half]), (len(text) - half, text[-half:])]


_ADDRESS = re.compile(
    r"[a-z0-9_.+-]{1,64}@[a-z0-9.-]{3,80}|(?:https?://|www\.)[!-~]{3,200}"
    r"|(?<![a-z0-9.-])(?:[a-z0-9-]{1,40}\.){2,6}[a-z]{2,8}(?![a-z0-9.-])"
)


def normalize(text: str) -> str:
    """What the classifier reads; hardly longer than :data:`LONGEST`. An address is just one: what
    words it is made of means nothing."""
    words = " ".join(" ".join(fold(part) for _, part in shorten(text)).split())
    return _ADDRESS.sub(" anaddress ", words).strip()
