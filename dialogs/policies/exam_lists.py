"""Lists the exam office publishes: reasons reviewers choose from, and numbers to call (E11)."""

import re
from collections.abc import Callable, Iterable
from typing import Any
from unicodedata import normalize

from dialogs.engine.slots import Invalid, Slot
from dialogs.engine.turn import Said
from dialogs.engine.words import Speech, Words, _, listed, plain
from dialogs.policies.offices import PHONE

RULE = re.compile(r"\s*[(（]\s*(E\d{1,2})\s*[)）]\s*$")


def said_text(said: Said) -> str | None:
    return said.text or None


def reasons_slot(title: Words) -> Callable[[str], Slot[tuple[tuple[str, str], ...]]]:
    """``图片不清楚，请重新拍摄上传（E5）；…``: words and the rule they rest on."""

    def make(name: str) -> Slot[tuple[tuple[str, str], ...]]:
        def parse(stored: str) -> tuple[tuple[str, str], ...]:
            found = []
            for part in re.split(r"[;；\n]+", stored):
                rule = RULE.search(part)
                words = " ".join(RULE.sub("", part).split())
                if words:
                    found.append((words, rule[1] if rule else ""))
            if not found or any(len(words) > 200 for words, _rule in found):
                raise Invalid(_("请写几条理由，每条最多 200 字，用分号隔开。"))
            return tuple(dict.fromkeys(found))

        prompt = _(
            "请写全部理由，用分号隔开，可以注明依据，例如“图片不清楚，请重新拍摄上传（E5）”。"
        )
        return Slot(name, prompt, title, parse, said_text, free=True, verbatim=True)

    return make


def with_reasons(old: Any, answer: Iterable[tuple[str, str]]) -> tuple[dict[str, str], ...]:
    """A reason in the same words keeps its name and its English; statistics go by the name."""
    known = {one.zh: one for one in old or ()}
    taken = {one.id for one in old or ()}
    rows = []
    for words, rule in answer:
        if (one := known.get(words)) is not None:
            rows.append({"id": one.id, "zh": words, "en": one.en, "rule": rule or one.rule})
            continue
        number = next(n for n in range(1, 1000) if f"r{n}" not in taken)
        taken.add(f"r{number}")
        rows.append({"id": f"r{number}", "zh": words, "en": "", "rule": rule})
    return tuple(rows)


def show_reasons(reasons: Any) -> Speech:
    if not reasons:
        return _("没有")
    shown = [f"{one.zh}（{one.rule}）" if one.rule else one.zh for one in reasons]
    return listed(*(plain(one) for one in shown))


def hotlines_slot(name: str) -> Slot[tuple[str, ...]]:
    def parse(stored: str) -> tuple[str, ...]:
        found = [part.strip() for part in re.split(r"[、,，;；\s]+", normalize("NFKC", stored))]
        if not all(PHONE.fullmatch(one) for one in found if one) or not any(found):
            raise Invalid(_("电话只能有数字、空格、括号和短横，例如 010-12345678。"))
        return tuple(one for one in found if one)

    prompt = _("客服电话是多少？有几个的用顿号隔开。")
    return Slot(name, prompt, _("客服电话（E11）"), parse, said_text, free=True, verbatim=True)


def show_hotlines(numbers: Any) -> Speech:
    return listed(*(plain(one) for one in numbers)) if numbers else _("没有")
