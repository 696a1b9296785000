"""The measures of a home: textbook values, a raster oracle, and what must always hold."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msap_mobility.calendar import Cycle, Hours, Span
from msap_mobility.coverage import indicators as indicators_module
from msap_mobility.coverage import measure
from msap_mobility.errors import InputError
from msap_mobility.model import (
    Group,
    Home,
    Homes,
    Limit,
    Mode,
    Opening,
    Place,
    TimesTable,
    Timetable,
)

DAY = 86400
HOUR = 3600
STEP = 900  # every instant of the random cases is a whole quarter of an hour
FOOT = (Limit(mode="walk", max_m=1000),)
FREE = Group(id="free", age="65_plus", car=False, alone=True, limits=FOOT)
BUSY = Group(
    id="busy",
    age="under_65",
    car=True,
    alone=False,
    limits=FOOT,
    hours=((0, Hours(17 * HOUR, 19 * HOUR)), (5, Hours(1 * HOUR, 4 * HOUR)), (6, Hours(0, DAY))),
)
GROUPS = (FREE, BUSY)
HORIZONS = (
    Cycle(weeks=1),
    Cycle(weeks=2),
    Span(first=date(2027, 3, 27), last=date(2027, 3, 29)),  # the clock goes forward
    Span(first=date(2026, 10, 24), last=date(2026, 10, 26)),  # and back
)


def homes_of(groups, people=None):
    rows = [
        Home(
            id=f"h{number}",
            lon=1.0,
            lat=49.0,
            people=1.0 if people is None else people[number],
            group=group.id,
        )
        for number, group in enumerate(groups)
    ]
    return Homes.of(rows, groups=GROUPS)


def walk(near):
    """A walking table in which True is within the limit and False is beyond it."""
    metres = np.where(np.array(near, dtype=bool), 500, 5000).astype(np.float32)
    status = np.zeros(metres.shape, np.uint8)
    return [Mode(id="walk", times=TimesTable(seconds=metres, metres=metres, status=status))]


def places(count):
    return [Place(id=f"p{n}", name=f"P{n}", lon=1.0, lat=49.0) for n in range(count)]


def opening(place, start_s, end_s, **more):
    return Opening(place=f"p{place}", services=("a",), start_s=start_s, end_s=end_s, **more)


def one_home(openings, horizon, *, group=FREE, **more):
    """The measures of one home beside one place."""
    timetable = Timetable.of(openings, places=places(1), horizon=horizon)
    found = measure(homes_of([group]), timetable, walk([[True]]), **more).low
    return found.reached[0], found.space_time[0], found.wait_s[0], found.visits_per_week[0]


# Textbook values, by hand.


def test_three_hours_every_thursday():
    start = 3 * DAY + 13 * HOUR
    reached, space_time, wait_s, visits = one_home(
        [opening(0, start, start + 3 * HOUR)], Cycle(weeks=1)
    )
    assert reached
    assert space_time == 3 / 168
    assert wait_s == (165 * HOUR) ** 2 / (2 * 168 * HOUR)
    assert visits == 1


def test_the_gap_runs_on_into_the_next_turn_of_the_cycle():
    evening = [opening(0, 0, HOUR), opening(0, 5 * DAY, 5 * DAY + HOUR)]
    _, _, wait_s, visits = one_home(evening, Cycle(weeks=1))
    gaps = (5 * DAY - HOUR, 2 * DAY - HOUR)
    assert wait_s == sum(gap**2 for gap in gaps) / (2 * 7 * DAY)
    assert visits == 2


def test_a_span_is_not_bent_into_a_circle():
    span = Span(first=date(2027, 1, 4), last=date(2027, 1, 13))
    noon = span.start_s + DAY
    _, space_time, wait_s, visits = one_home([opening(0, noon, noon + DAY)], span)
    assert space_time == 0.1
    assert wait_s == (DAY**2 + (8 * DAY) ** 2) / (2 * 10 * DAY)
    assert visits == pytest.approx(0.7)


@settings(deadline=None)
@given(st.sets(st.integers(0, 27), min_size=1))
def test_short_visits_wait_half_the_mean_gap_and_more_where_uneven(days):
    """``E[W] = (mean gap / 2)(1 + CV²)`` for visits that are points."""
    visits = [opening(0, day * DAY, day * DAY + 1) for day in days]
    _, _, wait_s, _ = one_home(visits, Cycle(weeks=4))
    starts = np.array(sorted(days), dtype=float) * DAY
    gaps = np.diff(np.append(starts, starts[0] + 28 * DAY))
    expected = gaps.mean() / 2 * (1 + gaps.var() / gaps.mean() ** 2)
    assert wait_s == pytest.approx(expected, abs=len(days))  # each visit lasts one second


def test_a_door_that_never_closes():
    always = [opening(0, 0, 4 * DAY), opening(0, 4 * DAY, 7 * DAY)]
    assert one_home(always, Cycle(weeks=1), stay_s=DAY) == (True, 1.0, 0.0, 7.0)


def test_nobody_waits_for_what_never_comes():
    assert one_home([], Cycle(weeks=1)) == (False, 0.0, np.inf, 0.0)


def test_a_stay_must_end_before_the_door_closes():
    hour = [opening(0, DAY, DAY + HOUR)]
    assert not one_home(hour, Cycle(weeks=1), stay_s=HOUR)[0]
    assert one_home(hour, Cycle(weeks=1), stay_s=HOUR - 1)[1] == 1 / (7 * DAY)


def test_a_stay_may_run_from_sunday_night_into_monday():
    night = [opening(0, 0, HOUR), opening(0, 7 * DAY - HOUR, 7 * DAY)]
    assert one_home(night, Cycle(weeks=1), stay_s=HOUR)[1] == 1 / 168


def test_hours_of_the_group_are_the_measure_of_its_time():
    monday_evening = [opening(0, 18 * HOUR, 20 * HOUR)]
    assert one_home(monday_evening, Cycle(weeks=1), group=BUSY)[1] == 1 / (2 + 3 + 24)


def test_group_hours_follow_the_wall_clock_when_it_changes():
    spring, autumn = HORIZONS[2:]
    for span, saturday_and_sunday_hours in ((spring, 3 + 23), (autumn, 3 + 25)):
        sunday = span.second(date.fromordinal(span.first.toordinal() + 1), 0)
        hour = [opening(0, sunday, sunday + HOUR)]
        monday_hours = 2
        assert one_home(hour, span, group=BUSY)[1] == pytest.approx(
            1 / (saturday_and_sunday_hours + monday_hours)
        )


def test_a_toy_with_two_houses_and_a_van():
    """Reached in space is not reached in time: 90 of 100 people, 5 % of their hours.

    70 people walk to the maison (Mon–Fri 9–12 and 14–17: 30 h a week of 168), 20 to the van (2 h
    every second week), 10 to nothing.
    """
    office = [
        opening(0, week * 7 * DAY + day * DAY + hour * HOUR, week * 7 * DAY + day * DAY + end)
        for week in (0, 1)
        for day in range(5)
        for hour, end in ((9, 12 * HOUR), (14, 17 * HOUR))
    ]
    van = opening(1, 3 * DAY + 14 * HOUR, 3 * DAY + 16 * HOUR, channel="tour")
    timetable = Timetable.of([*office, van], places=places(2), horizon=Cycle(weeks=2))
    near = [[True, False], [False, True], [False, False]]
    coverage = measure(homes_of([FREE] * 3, people=[70, 20, 10]), timetable, walk(near))
    total = coverage.table(threshold=1).total.low
    assert (total.people_reached, total.people_never) == (90, 10)
    assert total.share_reached == pytest.approx(0.9)
    assert total.space_time == pytest.approx((70 * 30 / 168 + 20 * 2 / 336) / 100)
    # A week of the maison: five midday gaps of 2 h, four nights of 16 h, a weekend of 64 h.
    at_maison = (5 * 2**2 + 4 * 16**2 + 64**2) / (2 * 168) * HOUR
    at_van = 334**2 / (2 * 336) * HOUR
    assert coverage.low.wait_s[:2].tolist() == pytest.approx([at_maison, at_van])
    assert total.mean_wait_s == pytest.approx((70 * at_maison + 20 * at_van) / 90)
    assert total.median_wait_s == pytest.approx(at_maison)
    assert total.visits_per_week == pytest.approx((70 * 5 + 20 * 0.5) / 100)


# A raster as oracle: a quarter of an hour at a time, by the words of the definitions.


ALWAYS = st.just(value=True)


@st.composite
def cases(draw, certain=ALWAYS):
    horizon = draw(st.sampled_from(HORIZONS))
    cyclic = isinstance(horizon, Cycle)
    first = 0 if cyclic else horizon.start_s - 4 * HOUR
    steps = (horizon.period_s if cyclic else horizon.length_s + 8 * HOUR) // STEP
    openings = [
        Opening(
            place=f"p{draw(st.integers(0, 2))}",
            services=draw(st.sampled_from([("a",), ("b",), ("a", "b")])),
            start_s=first + STEP * start,
            end_s=first + STEP * (start + draw(st.integers(1, 60))),
            audience=draw(st.sampled_from([(), ("free",), ("busy",), ("free", "busy")])),
            certain=draw(certain),
        )
        for start in draw(st.lists(st.integers(0, steps - 1), max_size=8))
    ]
    groups = draw(st.lists(st.sampled_from(GROUPS), min_size=1, max_size=4))
    near = [[draw(st.booleans()) for _ in range(3)] for _ in groups]
    services = draw(st.sampled_from([(), ("a",), ("a", "b"), ("nobody offers this",)]))
    stay_s = STEP * draw(st.sampled_from([0, 1, 4, 40]))
    return groups, near, openings, horizon, services, stay_s


def measured(case, openings=None):
    groups, near, listed, horizon, services, stay_s = case
    timetable = Timetable.of(
        listed if openings is None else openings, places=places(3), horizon=horizon
    )
    return measure(homes_of(groups), timetable, walk(near), services=services, stay_s=stay_s)


def local_times(horizon):
    """Local (date or day number, weekday, seconds since midnight) of each step of the raster."""
    if isinstance(horizon, Cycle):
        for second in range(0, horizon.period_s, STEP):
            yield second // DAY, second // DAY % 7, second % DAY
    else:
        for second in range(horizon.start_s, horizon.end_s, STEP):
            local = datetime.fromtimestamp(second, tz=UTC).astimezone(horizon.zone)
            yield local.date(), local.weekday(), local.hour * HOUR + local.minute * 60


def usable_steps(group, near, case):
    """The steps in which one can arrive at some place near and stay."""
    _, _, openings, horizon, services, stay_s = case
    cyclic = isinstance(horizon, Cycle)
    first = 0 if cyclic else horizon.start_s
    length = (horizon.period_s if cyclic else horizon.length_s) // STEP
    usable = set()
    for place in range(3):
        offered = set()
        for row in openings:
            asked = not services or set(services) & set(row.services)
            admitted = not row.audience or group.id in row.audience
            if row.place == f"p{place}" and asked and admitted:
                steps = range((row.start_s - first) // STEP, (row.end_s - first) // STEP)
                offered |= {step % length if cyclic else step for step in steps}
        stay = [further // STEP for further in range(0, stay_s + 1, STEP)]
        for step in range(length):
            whole = [(step + more) % length if cyclic else step + more for more in stay]
            if near[place] and offered.issuperset(whole):
                usable.add(step)
    return usable, length


def by_raster(group, near, case):
    horizon = case[3]
    usable, length = usable_steps(group, near, case)
    times = list(local_times(horizon))
    needed = [
        not group.hours
        or any(day == weekday and h.start_s <= clock < h.end_s for day, h in group.hours)
        for _, weekday, clock in times
    ]
    covered = sum(step in usable for step in range(length) if needed[step]) / sum(needed)
    visits = len({times[step][0] for step in usable}) / (len({day for day, _, _ in times}) / 7)
    if not usable:
        return False, covered, np.inf, visits
    if isinstance(horizon, Cycle):
        following = sorted(usable | {step + length for step in usable})
    else:
        following = [*sorted(usable), length]
    wait = [
        0.0 if step in usable else following[np.searchsorted(following, step)] - step - 0.5
        for step in range(length)
    ]
    return True, covered, sum(wait) * STEP / length, visits


@settings(max_examples=150, deadline=None)
@given(cases())
def test_equals_the_raster(case):
    found = measured(case).low
    for home, group in enumerate(case[0]):
        reached, covered, wait_s, visits = by_raster(group, case[1][home], case)
        assert found.reached[home] == reached
        assert found.space_time[home] == pytest.approx(covered, abs=1e-12)
        assert found.wait_s[home] == pytest.approx(wait_s, rel=1e-12)
        assert found.visits_per_week[home] == pytest.approx(visits, rel=1e-12)


# What must always hold.


@settings(deadline=None)
@given(cases(), st.integers(0, 8))
def test_an_opening_more_never_lowers_coverage(case, kept):
    fewer, more = measured(case, case[2][:kept]).low, measured(case).low
    assert (fewer.reached <= more.reached).all()
    assert (fewer.space_time <= more.space_time).all()
    assert (fewer.wait_s >= more.wait_s).all()
    assert (fewer.visits_per_week <= more.visits_per_week).all()


@settings(deadline=None)
@given(cases(), st.integers(0, 8))
def test_a_union_covers_at_most_the_sum_of_its_parts(case, cut):
    groups, near, listed, horizon, services, _ = case
    case = (groups, near, listed, horizon, services, 0)  # with a stay, two touching parts do more
    one, other = measured(case, listed[:cut]).low, measured(case, listed[cut:]).low
    both = measured(case).low
    assert (both.space_time <= one.space_time + other.space_time + 1e-12).all()
    assert (both.visits_per_week <= one.visits_per_week + other.visits_per_week).all()


@settings(deadline=None)
@given(cases(certain=st.booleans()))
def test_unknown_hours_give_a_pessimistic_and_an_optimistic_value(case):
    coverage = measured(case)
    known = measured(case, [row for row in case[2] if row.certain])
    assert coverage.low.same_as(known.low)
    assert (coverage.low.reached <= coverage.high.reached).all()
    assert (coverage.low.space_time <= coverage.high.space_time).all()
    assert (coverage.low.wait_s >= coverage.high.wait_s).all()
    assert (coverage.low.visits_per_week <= coverage.high.visits_per_week).all()
    assert known.high is known.low
    assert known.certain


@settings(deadline=None)
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(case, random):
    groups, near, listed, *rest = case
    order = list(range(len(groups)))
    random.shuffle(order)
    shuffled = random.sample(listed, len(listed))
    turned = ([groups[i] for i in order], [near[i] for i in order], shuffled, *rest)
    found, again = measured(case).low, measured(turned).low
    assert again.wait_s.tolist() == found.wait_s[order].tolist()
    assert again.space_time.tolist() == found.space_time[order].tolist()


@settings(deadline=None, max_examples=30)
@given(cases())
def test_the_size_of_the_chunks_does_not_matter(case):
    whole = measured(case).low
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(indicators_module, "_INTERVALS_AT_ONCE", 1)
        assert measured(case).low.same_as(whole)


def test_hours_known_after_all_where_nobody_can_use_the_doubtful_ones():
    far = [opening(0, 0, HOUR), opening(1, 0, DAY, certain=False)]
    timetable = Timetable.of(far, places=places(2), horizon=Cycle(weeks=1))
    coverage = measure(homes_of([FREE]), timetable, walk([[True, False]]))
    assert coverage.high is not coverage.low
    assert coverage.certain
    assert coverage.table(threshold=1).total.certain


def test_a_year_of_dated_openings_counts_its_holidays_by_itself():
    year = Span(first=date(2026, 1, 1), last=date(2026, 12, 31))
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    thursdays = [day for day in days if day.weekday() == 3 and day != date(2026, 1, 1)]
    listed = [opening(0, year.second(d, 8 * HOUR), year.second(d, 9 * HOUR)) for d in thursdays]
    _, space_time, _, visits = one_home(listed, year)
    assert space_time == len(thursdays) / (365 * 24)
    assert visits == pytest.approx(len(thursdays) / (365 / 7))


# Wrong input.


def test_all_faults_at_once():
    timetable = Timetable.of([], places=places(2), horizon=Cycle(weeks=1))
    with pytest.raises(InputError) as caught:
        measure(homes_of([FREE]), timetable, walk([[True]]), stay_s=-1)
    assert [fault.code for fault in caught.value.faults] == ["out_of_range", "times_of_other_size"]


def test_a_group_that_can_never_come_is_told():
    tuesday = Span(first=date(2027, 1, 5), last=date(2027, 1, 5))
    timetable = Timetable.of([], places=places(1), horizon=tuesday)
    with pytest.raises(InputError) as caught:
        measure(homes_of([BUSY, FREE]), timetable, walk([[True], [True]]))
    (fault,) = caught.value.faults
    assert (fault.code, fault.value) == ("group_never_free", "busy")
