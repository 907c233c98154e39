"""An exemption that is revoked while the graduation that rests on it is approved (E5, E6)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait

import pytest

from backend.errors import Refused
from backend.exam import exemptions
from backend.reviewing import deciding
from backend.work import Work
from tests.graduation.graduates import Graduates

A_WHILE = 1.0  # seconds in which the second would be through, did it not wait for the first


@pytest.mark.parametrize("revoked_first", [True, False])
def test_no_graduation_rests_on_an_exemption_that_is_revoked_at_the_same_moment(
    graduates: Graduates, revoked_first: bool
) -> None:
    hall = graduates.hall
    graduates.score("00018")
    (exemption,) = hall.file_exemptions(graduates.person, "00015")
    hall.approve_case(hall.reviewer, exemption)
    graduation = graduates.graduate()

    def revoke(work: Work) -> None:
        exemptions.revoke(work, exemption, "凭证有误", hall.agreed(hall.exam_office))

    def approve(work: Work) -> None:
        deciding.approve(work, [graduation], hall.agreed(hall.reviewer))

    def alone(person: int, act: Callable[[Work], None]) -> None:
        with hall.office.work(person) as work:
            act(work)

    hands = [(hall.exam_office, revoke), (hall.reviewer, approve)]
    (first, act), (second, then) = hands if revoked_first else reversed(hands)
    with ThreadPoolExecutor(1) as pool:
        with hall.office.work(first) as work:
            act(work)
            late = pool.submit(alone, second, then)
            wait([late], timeout=A_WHILE)
        with pytest.raises(Refused, match="score_gone" if revoked_first else "used_in_graduation"):
            late.result(timeout=30)
    states = (hall.case(exemption).state, hall.case(graduation).state)
    assert states == (("revoked", "pending") if revoked_first else ("approved", "approved"))
