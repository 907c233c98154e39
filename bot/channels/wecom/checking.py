"""Whether the application in WeCom is set up so that this program can work with it, in words."""

from typing import Any
from urllib.parse import urlsplit

Words = tuple[str, str]  # Chinese, English

CODES: dict[int, Words] = {
    40001: ("secret 不对。", "The secret is wrong."),
    40013: ("corp_id（企业 ID）不对。", "The corp_id is wrong."),
    40056: ("agent_id（应用的 AgentId）不对。", "The agent_id is wrong."),
    50003: ("应用已停用。", "The application is switched off."),
    60020: (
        "本服务器的地址不在应用的“企业可信 IP”里。",
        "This server's address is not among the application's trusted IPs.",
    ),
    301002: (
        "agent_id 不是这个 secret 的应用。",
        "The agent_id belongs to another application than the secret.",
    ),
}
UNREACHABLE = ("连不上企业微信。", "WeCom cannot be reached.")
CLOSED = CODES[50003]
NOBODY = (
    "应用的可见范围是空的，没有人看得到它。",
    "The application's visible range is empty: nobody sees it.",
)


def domain_wrong(found: str, wanted: str) -> Words:
    return (
        f"应用的可信域名是“{found}”，应为“{wanted}”，否则页面里认不出人。",
        f"The application's trusted domain is '{found}' and should be '{wanted}'.",
    )


def problems(agent: dict[str, Any], base_url: str) -> list[Words]:
    """What is missing or wrong in an application that answers, by what ``agent/get`` tells of it."""
    found: list[Words] = []
    if agent.get("close"):
        found.append(CLOSED)
    ranges = ("allow_userinfos", "allow_partys", "allow_tags")
    if not any(any((agent.get(name) or {}).values()) for name in ranges):
        found.append(NOBODY)
    host, domain = urlsplit(base_url).netloc, str(agent.get("redirect_domain") or "")
    if host not in (domain, f"{domain}:443"):
        found.append(domain_wrong(domain, host))
    return found
