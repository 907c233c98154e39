"""However orders are made, cancelled and expire, no quota or waiver is ever overspent (T2, T3)."""

from datetime import date
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend import orders, transcripts
from backend.clock import local_date
from backend.documents.facts import Gpa, Language
from backend.fees.price import Price
from tests.fees.scene import DAY, Scene

LANGUAGES = [Language.ZH, Language.EN]
FEW = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
STEPS = st.lists(
    st.tuples(st.sampled_from(["order", "order", "pay", "cancel", "wait"]), st.integers(0, 3)),
    min_size=4,
    max_size=10,
)
STUDENTS = count(1)


class Ledger:
    """What one student has ordered; each paid price is one that was to be had."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.student = scene.graduate(f"Q{next(STUDENTS)}")
        self.applications: list[tuple[str, Language]] = []

    def file(self, language: Language) -> None:
        self.applications.append((self.scene.file(self.student, language, Gpa.WITHOUT), language))

    def standing(self) -> list[tuple[Language, str, bool, int]]:
        """Of every order that is paid or may be: language, state, free copy, fen waived."""
        found = []
        with self.scene.office.read(self.student) as work:
            for number, language in self.applications:
                order = orders.latest_order(work, transcripts.own(work, number))
                if order and order.state in (orders.State.CONFIRMED, orders.State.PAID):
                    line = orders.line_of(work, order)
                    assert line.price_fen == order.total_fen
                    found.append((language, order.state, line.free, line.waived_fen))
        return found

    def step(self, action: str, place: int) -> None:
        number, _language = self.applications[place % len(self.applications)]
        state = self.scene.application(number).state
        if action == "wait":
            self.scene.pass_time(DAY)
            self.scene.expire()
        elif action == "order" and state == transcripts.State.APPROVED:
            self.order(number)
        elif state == transcripts.State.ORDERED:
            self.end(number, action)

    def order(self, number: str) -> None:
        told: Price = self.scene.price(number)
        assert self.scene.order(self.scene.confirm(number)).total_fen == told.due_fen

    def end(self, number: str, action: str) -> None:
        with self.scene.office.work(self.student) as work:
            order = orders.open_order(work, transcripts.own(work, number))
            assert order is not None
            if action == "pay":
                orders.settle(work, order)
            elif action == "cancel":
                orders.cancel(work, order.number, self.scene.agreed(self.student))


@FEW
@given(
    steps=STEPS, quota=st.integers(0, 2), times=st.integers(1, 2), off=st.sampled_from([200, None])
)
def test_what_is_taken_is_never_more_than_there_is(
    scene: Scene, steps: list[tuple[str, int]], quota: int, times: int, off: int | None
) -> None:
    today = local_date(scene.clock.now())
    scene.set_policy("transcript", today, free_copies=quota)
    mine = Ledger(scene)
    for language in LANGUAGES * 2:
        mine.file(language)
    waiver = scene.waive(person=mine.student, times=times, off_fen=off, until=today + 400 * DAY)
    for action, place in steps:
        mine.step(action, place)
        standing = mine.standing()
        for language in LANGUAGES:
            free = sum(one[2] for one in standing if one[0] == language)
            assert free <= quota
            assert len([kind for kind, _n in scene.free_copies(mine.student)]) == sum(
                one[2] for one in standing
            )
        waived = sum(one[3] > 0 for one in standing)
        assert waived == scene.used(waiver) <= times
    scene.pass_time(2 * DAY)  # what was only reserved is there again
    scene.expire()
    paid = [one for one in mine.standing() if one[1] == orders.State.PAID]
    assert scene.used(waiver) == sum(one[3] > 0 for one in paid)
    assert len(scene.free_copies(mine.student)) == sum(one[2] for one in paid)


@FEW
@given(
    asked=st.sampled_from(LANGUAGES),
    day=st.dates(date(2020, 3, 20), date(2020, 5, 3)),
    quota=st.integers(1, 2),
)
def test_only_who_wrote_within_the_window_has_no_free_copy_and_only_of_that_kind(
    scene: Scene, asked: Language, day: date, quota: int
) -> None:
    scene.set_policy("transcript", local_date(scene.clock.now()), free_copies=quota)
    mine = Ledger(scene)
    scene.asked_by_email(mine.student, asked, Gpa.WITHOUT, day)
    within = date(2020, 3, 25) <= day <= date(2020, 4, 29)
    for language in LANGUAGES:
        mine.file(language)
    left = {language: scene.price(number).free_left for number, language in mine.applications}
    assert left[asked] == (0 if within else quota)
    assert {left[one] for one in LANGUAGES if one != asked} == {quota}
