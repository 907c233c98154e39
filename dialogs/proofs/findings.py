"""What was found about a picture, in words: the rule, and how to mend it."""

from collections.abc import Callable, Mapping

from backend.pictures.findings import Finding
from dialogs.engine.words import Words, _

SENTENCES: Mapping[str, Callable[[Finding], Words]] = {
    "not_a_picture": lambda f: _(
        "这不是 JPG 或 PNG 图片（{rule}）。请截图，或者另存为 JPG 再发；"
        "苹果手机可以在“设置-相机-格式”里选“兼容性最佳”。",
        rule=f.rule,
    ),
    "damaged": lambda f: _(
        "这张图打不开，文件可能不完整（{rule}）。请重新拍一张再发。", rule=f.rule
    ),
    "too_many_pixels": lambda f: _(
        "这张图有 {mega} 百万像素，太大了，没有打开（{rule}）。请缩小到 4000 万像素以内再发。",
        rule=f.rule,
        mega=round((f.measured or 0) / 1_000_000),
    ),
    "too_large": lambda f: _(
        "这张图有 {size} MB，规定单个文件不超过 {most} MB（{rule}）。请缩小，或者截图后再发。",
        rule=f.rule,
        size=megabytes(f.measured),
        most=megabytes(f.limit),
    ),
    "too_small": lambda f: _(
        "这张图太小，短边只有 {measured} 像素，字看不清（{rule}）。请靠近一些重新拍，"
        "短边要有 {limit} 像素。",
        rule=f.rule,
        measured=round(f.measured or 0),
        limit=round(f.limit or 0),
    ),
    "empty": lambda f: _("这张图上看不到内容（{rule}）。请重新拍一张。", rule=f.rule),
    "blurred": lambda f: _(
        "这张图不清晰（{rule}）。请拿稳手机，对着字对好焦，再拍一张。", rule=f.rule
    ),
    "blurred_a_little": lambda f: _("图片有点模糊，审核时可能退回（{rule}）。", rule=f.rule),
    "dark": lambda f: _("这张图太暗，看不清（{rule}）。请到光线亮的地方再拍一张。", rule=f.rule),
    "dark_a_little": lambda f: _("图片偏暗，审核时可能退回（{rule}）。", rule=f.rule),
    "glare": lambda f: _("图片有反光，挡住的字可能看不到（{rule}）。", rule=f.rule),
    "cropped": lambda f: _("图片可能没有拍全，有字碰到了边（{rule}）。", rule=f.rule),
    "several_pages": lambda f: _("图上好像不止一页，一页拍一张更清楚（{rule}）。", rule=f.rule),
    "sideways": lambda f: _("这张图的文字没有朝上（{rule}）。请把图转正以后再发。", rule=f.rule),
    "wrong_form": lambda f: _("图上的凭证好像不是您选的那一种（{rule}）。", rule=f.rule),
    "record_old": lambda f: _(
        "备案表是 {months} 个月以前更新的，请先在学信网延长在线验证有效期，审核时要能查到。",
        months=round(f.measured or 0),
    ),
    "number_differs": lambda f: _(
        "您填的编号和图上读到的不一样，请再核对（{rule}）。", rule=f.rule
    ),
    "month_differs": lambda f: _("时间和图上读到的不一样（{rule}）。", rule=f.rule),
    "name_differs": lambda f: _("图上的姓名和登记的姓名不一样（{rule}）。", rule=f.rule),
    "same_as_other": lambda f: _("和另一位考生交的文件完全相同（{rule}）。", rule=f.rule),
    "looks_like_other": lambda f: _("和另一位考生交的图片几乎一样（{rule}）。", rule=f.rule),
    "number_of_other": lambda f: _("另一位考生的凭证也是这个编号（{rule}）。", rule=f.rule),
    "insisted": lambda f: _("系统认为不合格，考生请人工看这张图（{rule}）。", rule=f.rule),
}

UNREAD = _(
    "图上的文字没有自动识别出来。请照着图片填编号和时间，自己看清楚：姓名要和登记的一样，文字要朝上；"
    "审核的老师会对着图片人工核对。"
)


def words(finding: Finding) -> Words:
    return SENTENCES[finding.code](finding)


def megabytes(size: float | None) -> str:
    return f"{(size or 0) / 1_048_576:.1f}".removesuffix(".0")
