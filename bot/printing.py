"""What was said and done, as lines of a conversation script."""

import re
from typing import Any

from backend.models import AuditEntry
from bot.script import EFFECT

CHANCE = re.compile(  # ends the number of a charge, or of a refund at the provider
    r"(?<=\b[CR]\d{6}-\d{4})-[2-9A-HJ-NP-Z]{4}\b"
)


def said(who: str, message: dict[str, Any]) -> str:
    return f"{who} < {written(message)}"


def written(message: dict[str, Any]) -> str:
    """A message in one line."""
    parts = [one_line(message["text"])]
    if card := message["card"]:
        rows = "；".join(f"{name}：{one_line(value)}" for name, value in card["rows"])
        parts.append(f"【{card['title']}｜{rows}】")
    if message["pictures"]:
        parts.append(f"（图 {len(message['pictures'])} 张）")
    parts += [f"《{file['name']}》" for file in message["files"]]
    parts += [
        f"[{button['label']} ↗]" if "url" in button else f"[{button['label']}]"
        for button in message["buttons"]
    ]
    return " ".join(part for part in parts if part)


def one_line(text: str) -> str:
    """Without what is different each time."""
    return CHANCE.sub("", text.replace("\n", " / "))


def job(name: str) -> str:
    return f"{EFFECT}任务 {name}"


def done(row: AuditEntry, actor: str) -> str:
    why = f"（{one_line(row.why)}）" if row.why else ""
    subject = "付款" if row.subject.startswith("payment:") else one_line(row.subject)
    if subject.startswith("traced:person:"):
        subject = "traced:person"
    return f"{EFFECT}{subject} {row.event}: {row.from_state or '无'} → {row.to_state}，{actor}{why}"
