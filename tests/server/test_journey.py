"""A student gets from the first word to a signed PDF that others believe, over the wire."""

from __future__ import annotations

from tests.server.conftest import NewGuest
from tests.server.guest import number_in

PNG = b"\x89PNG\r\n\x1a\n"


def test_student_applies_is_approved_pays_and_receives_the_transcript(guest: NewGuest) -> None:
    student, officer = guest("enrolled"), guest("unit_officer")
    for copy in (1, 2):
        said = student.apply()
        [preview] = [one for one in said if one["pictures"]]
        picture = student.http.get(preview["pictures"][0]["url"])
        assert picture.headers["content-type"] == "image/png"
        assert picture.content.startswith(PNG)
        [filed] = student.press("提交申请")
        number = number_in(filed, "T")
        prompt = officer.wait_for(number)
        assert "林若溪" in str(prompt["card"])
        officer.press("同意", number)
        student.wait_for(number, "已通过审批")
        student.press("办理订单", number)
        said = student.press("确认订单")
        if copy == 2:
            order = number_in(said[-1], "D")
            paid = student.pay(student.button("去支付", order)["url"])
            assert order in paid.text
            student.wait_for("收到付款 5.00 元", order)
        file = student.wait_for(f"-{number}.pdf")["files"][0]
        pdf = student.http.get(file["url"])
        assert pdf.content.startswith(b"%PDF-")
        assert len(pdf.content) == file["size"]
