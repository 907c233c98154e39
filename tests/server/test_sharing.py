"""A student shares a transcript in the chat; an employer without an account opens the link."""

from __future__ import annotations

from collections.abc import Callable

import httpx

from tests.server.guest import Guest, number_in
from tests.server.running import Running

OWNER = "20181800000008"  # a graduate with free copies left, of whom no other test knows


def test_an_employer_sees_what_was_shared_until_its_owner_stops_it(
    server: Running, guests: Callable[[Running, str], Guest]
) -> None:
    owner = guests(server, OWNER)
    owner.apply()
    number = number_in(owner.press("确认订单")[-1], "T")
    owner.wait_for(number, ".pdf")
    owner.say(f"分享 {number} 的成绩单")
    for answer in ("求职", "某某公司", "课程、学分和成绩", "1 个月", "不要口令", "告诉我"):
        said = owner.say(answer)
    assert "某某公司" in str(said[-1]["card"])
    made = owner.press("生成链接")[-1]
    (link,) = [one["url"] for one in made["buttons"] if one["label"] == "打开链接"]
    with httpx.Client(trust_env=False) as employer:
        landing = employer.get(link)
        assert landing.status_code == 200
        assert landing.headers["x-robots-tag"] == "noindex, nofollow, noarchive"
        assert landing.headers["cache-control"] == "no-store"
        origin = {"origin": server.base}
        shown = employer.post(link, data={"said": "某某公司人事"}, headers=origin)
        assert shown.status_code == 200
        assert shown.headers["referrer-policy"] == "no-referrer"
        assert "From the record of issue" in shown.text
        assert number not in shown.text
        owner.wait_for("某某公司", "有人看过")
        owner.say("停用分享")
        owner.press("停用 求职（某某公司）")
        assert employer.post(link, headers=origin).status_code == 404
        assert employer.get(link).status_code == 404
