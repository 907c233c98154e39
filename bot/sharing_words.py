"""What the share pages say instead of facts: headings and texts, in Chinese and in English."""

ENDED = (
    ("打不开这个链接", "This link does not open anything"),
    (
        "它可能已经到期、被停用，或者地址不完整。请向发给您链接的人要一个新的。",
        "It may have expired or been stopped, or the address is not complete."
        " Please ask whoever sent it to you for a new one.",
    ),
)
FOREIGN = (
    ("请在链接的页面里操作", "Please use the page of the link"),
    ("请重新打开链接，再按“查看”。", "Open the link again, and press “Show”."),
)
TOO_OFTEN = (
    ("打开得太频繁", "Opened too often"),
    ("请过一分钟再试。", "Please try again in a minute."),
)
PIN_OVER = (
    ("口令不再显示", "The PIN is not shown any more"),
    (
        "它只显示十分钟。忘了的话，请在对话里说“我的分享”，换一个新的。",
        "It is shown for ten minutes. If it is lost, say “my shares” in the chat and make a new one.",
    ),
)
