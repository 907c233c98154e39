"""What kind of thing a question asks for: how long, how much, when, where, who, whether one may …

A clause can state some kinds of things and not others: that there is an approval, and not how many
days it takes. The kinds of a question against those of the questions that a clause answers is the
strongest sign that a near clause does not answer it.
"""

import re

_KINDS: dict[str, str] = {
    "how long": r"多久|多长时间|几(个)?(工作)?[天日周月年]|几个(工作日|星期|礼拜|小时|月)|多少(个)?(工作)?[天日]"
    r"|等多|要等|有效期|how (long|many (days|weeks|months|years|working))",
    "when": r"什么时[候间]|啥时|何时|哪[一]?[天日年届]|几[号月点日]|几时|截[止至]|最[晚迟早]|日期|从.{0,6}起|哪个?时间"
    r"|\bwhen\b|what (time|date|day)|deadline|by which|since",
    "how much": r"多少钱|几[块元毛]|多少[块元]|收费|费用|价[格钱]|[要用得]?(花|掏|交|付|收)钱|[几多]少?钱|贵|免费|白[送给拿]"
    r"|how much|\bcosts?\b|\bfees?\b|\bprice|free\b|charge",
    "how many": r"几[份张门次个寸种轮本遍位名样版]|多少([份张门次个字人种位票级]|度)|how many|最多|最少|至少|多大|几k|尺寸|像素"
    r"|what size|how (big|large)",
    "where": r"哪[里儿]|在哪|去哪|到哪|从哪|地[址点方]|何处|路径|菜单|入口|哪个?(页面|栏目|地方|按钮|网站|平台|系统)"
    r"|网址|怎么进|where|url|address|menu",
    "reach": r"电话|号码|联系方式|怎么联系|邮箱|邮件地址|信箱|e-?mail|phone|contact|\bqq\b|call|热线|客服",
    "who": r"谁|哪个(部门|单位|老师|科|处|机构)|归.{0,3}管|找(哪|什么|啥)|问(哪|谁)|哪边|\bwho(m|se)?\b|which (office|department)",
    "why": r"为什么|为啥|为何|凭(什么|啥)|怎么会|干嘛(要|非)|原因|依据|根据|\bwhy\b",
    "may": r"能不能|可不可以|可以.{0,12}[吗嘛么不没]|能.{0,14}[吗嘛么不没]|行[吗不嘛么]|[可得]以?不|允许|让不让|给不给"
    r"|^(can|may|could|is it (possible|ok|allowed)|am i allowed)|\bcan i\b",
    "must": r"要不要|需不需要|[需必]要|必须|一定|非得?|是不是|是否|用不用|得.{0,10}[吗嘛么]|要.{0,14}[吗嘛么不]$|还要|还得"
    r"|do i (need|have)|must|required|necessary|mandatory",
    "how": r"怎[么样]|咋|如何|流程|步骤|办法|方法|操作|几步|\bhow (do|to|can|should)|procedure|steps",
    "what": r"什么|啥|哪些|哪[几一]?[种个样类项门]|要求|\bwhat\b|\bwhich\b",
    "effect": r"会怎|后果|影响|会不会|怎么办|咋办|咋整|完蛋|what (happens|if)|consequence",
    "difference": r"区别|差别|不同|不一样|一样|差在|difference|same",
    "mean": r"什么意思|啥意思|代表|指的?是|是啥|是什么|mean",
}
KINDS = tuple(_KINDS)
_SEEN = tuple((kind, re.compile(pattern)) for kind, pattern in _KINDS.items())


def kinds_in(text: str) -> frozenset[str]:
    """Of normalized words; a statement or a single word has none."""
    return frozenset(kind for kind, seen in _SEEN if seen.search(text))
