"""The application's menu. A key is a sentence, and is taken as said."""

from typing import Any

from bot.channels.wecom.api import Api

MENU: dict[str, Any] = {
    "button": [
        {
            "name": "我要办事",
            "sub_button": [
                {"type": "click", "name": "电子成绩单", "key": "我要办电子成绩单"},
                {"type": "click", "name": "能办什么", "key": "你能办什么"},
            ],
        },
        {"type": "click", "name": "进度", "key": "我的申请到哪一步了"},
        {"type": "click", "name": "帮助", "key": "帮助"},
    ]
}


async def create(api: Api, menu: dict[str, Any] = MENU) -> None:
    """Replaces the menu that is there. Raises ApiError, Unreachable."""
    await api.post("/cgi-bin/menu/create", menu, agentid=api.agent_id)
