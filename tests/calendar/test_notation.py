"""The compact text: what it writes, what it reads, what it refuses."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from msap_mobility.calendar import EveryWeek, Hours, LastDay, MonthlyWeekday, Rhythm
from msap_mobility.calendar.notation import day_codes, day_numbers
from msap_mobility.calendar.vocabulary import plain
from msap_mobility.errors import InputError
from msap_mobility.wording import LANGUAGES
from tests.calendar.strategies import rhythms, weekdays


@settings(deadline=None)
@given(rhythms())
def test_text_reads_back_to_an_equal_rhythm(rhythm: Rhythm) -> None:
    assert Rhythm.of(rhythm.text()) == rhythm
    assert Rhythm.of(rhythm.text().upper()) == rhythm


@settings(deadline=None)
@given(weekdays)
def test_codes_of_days_read_back(days: tuple[int, ...]) -> None:
    assert day_numbers(day_codes(days)) == days


@pytest.mark.parametrize(
    "text",
    [
        "Th 13:30-16:30",
        "Mo,We 09:00-12:00,14:00-17:00",
        "Mo-Fr 09:00-12:00",
        "Mo-We,Fr 09:00-12:00",
        "Mo-Su 00:00-24:00",
        "odd weeks Tu 09:00-12:00",
        "even weeks Mo-Fr 09:00-12:00",
        "every 2 weeks from 2027-01-04 Th 13:30-16:30",
        "every 2 weeks Th 13:30-16:30",
        "every week from 2027-01-04 Th 13:30-16:30",
        "2nd Th 13:30-16:30",
        "1st,3rd We 13:30-16:30",
        "1st,last Fr 08:00-09:00:30",
        "last day 09:00-12:00",
        (
            "Th 13:30-16:30 not on public holidays school term zone B from 2027-01-04"
            " until 2027-12-31 except 2027-05-06,2027-05-13 also 2027-05-08"
        ),
        "Th 13:30-16:30 school holidays zone A",
    ],
)
def test_the_written_form_is_stable(text: str) -> None:
    assert Rhythm.of(text).text() == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("jeudi 13h30-16h30", "Th 13:30-16:30"),
        ("Je 9h-12h", "Th 09:00-12:00"),
        ("JEUDI  13 h 30 – 16 h 30", "Th 13:30-16:30"),
        ("tous les jeudis de 13h30 à 16h30", "Th 13:30-16:30"),
        ("lundi et mercredi 9:00-12:00 et 14:00-17:00", "Mo,We 09:00-12:00,14:00-17:00"),
        ("ma, ve 14:00-17:00,9:00-12:00", "Tu,Fr 09:00-12:00,14:00-17:00"),
        ("Lu-Ve 9:00-12:00", "Mo-Fr 09:00-12:00"),
        ("Ve-Lu 9:00-12:00", "Mo,Fr-Su 09:00-12:00"),
        ("sem. impaires Ma 9:00-12:00", "odd weeks Tu 09:00-12:00"),
        ("semaines paires, mardi, 9:00-12:00", "even weeks Tu 09:00-12:00"),
        ("un jeudi sur deux 9h-12h", "every 2 weeks Th 09:00-12:00"),
        ("une semaine sur trois à partir du 4/1/2027 lundi et jeudi 9h-12h",
         "every 3 weeks from 2027-01-04 Mo,Th 09:00-12:00"),
        ("toutes les 2 semaines à compter du 04/01/2027 jeudi 9h-12h",
         "every 2 weeks from 2027-01-04 Th 09:00-12:00"),
        ("2e jeudi 13:30-16:30", "2nd Th 13:30-16:30"),
        ("le deuxième jeudi du mois, de 13 h 30 à 16 h 30", "2nd Th 13:30-16:30"),
        ("1er et 3e mercredi 9h-12h", "1st,3rd We 09:00-12:00"),
        ("le premier et le troisième mercredi du mois 9h-12h", "1st,3rd We 09:00-12:00"),
        ("dernier vendredi du mois 9h-12h", "last Fr 09:00-12:00"),
        ("le dernier jour du mois 9h-12h", "last day 09:00-12:00"),
        ("jeudi 9h-12h sauf jours fériés", "Th 09:00-12:00 not on public holidays"),
        ("jeudi 9h-12h, hors vacances scolaires zone B", "Th 09:00-12:00 school term zone B"),
        ("jeudi 9h-12h en période scolaire zone c", "Th 09:00-12:00 school term zone C"),
        ("jeudi 9h-12h vacances scolaires zone A", "Th 09:00-12:00 school holidays zone A"),
        ("jeudi 9h-12h du 04/01/2027 au 31/12/2027 sauf le 06/05/2027 et aussi le 08/05/2027",
         "Th 09:00-12:00 from 2027-01-04 until 2027-12-31 except 2027-05-06 also 2027-05-08"),
        ("Thursdays from 1:30 to 4:30", "Th 01:30-04:30"),
        ("every Thursday 9:00-12:00", "Th 09:00-12:00"),
        ("every second Thursday 9:00-12:00", "every 2 weeks Th 09:00-12:00"),
        ("the second Thursday of the month 9:00-12:00", "2nd Th 09:00-12:00"),
        ("Monday and Friday 9:00-12:00", "Mo,Fr 09:00-12:00"),
    ],
)  # fmt: skip
def test_what_coordinators_write(text: str, written: str) -> None:
    assert Rhythm.of(text).text() == written


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", ""),
        ("Th", ""),
        ("13:30-16:30", "13:30-16:30"),
        ("Xx 13:30-16:30", "xx 13:30-16:30"),
        ("Th 13:30", "13:30"),
        ("Th 13:30-16:30 sometimes", "sometimes"),
        ("6th Th 13:30-16:30", "6th th 13:30-16:30"),
        ("2nd Mo,Th 13:30-16:30", "Mo,Th"),
        ("odd weeks 2nd Th 13:30-16:30", "2nd th 13:30-16:30"),
        ("Th 13:30-16:30 until 2027-01-01 until 2027-02-01", "until 2027-02-01"),
        ("Th 13:30-16:30 school term zone D", "zone d"),
    ],
)
def test_the_part_not_understood_is_named(text: str, part: str) -> None:
    with pytest.raises(InputError) as caught:
        Rhythm.of(text)
    faults = {fault.code: fault for fault in caught.value.faults}
    assert faults["not_a_rhythm"].details["part"] == part
    assert all(repr(part) in faults["not_a_rhythm"].what(lang) for lang in LANGUAGES)


def test_all_faults_of_a_text_are_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        Rhythm.of(
            "every 99 weeks from 2027-02-30 Th 16:30-13:30,25:00-26:00"
            " from 2027-13-01 except 2027-02-29,2027-04-31 also 2027-05-01"
        )
    assert [fault.code for fault in caught.value.faults] == [
        "not_a_date",
        "ends_before_start",
        "out_of_range",
        "out_of_range",
        "not_a_date",
        "not_a_date",
        "not_a_date",
    ]


def test_a_zone_is_needed_where_school_counts() -> None:
    with pytest.raises(InputError) as caught:
        Rhythm.of("Th 9:00-12:00 school term")
    assert [fault.code for fault in caught.value.faults] == ["zone_needed"]


@settings(deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        rhythm = Rhythm.of(text)
    except InputError:
        return
    assert Rhythm.of(rhythm.text()) == rhythm


@settings(deadline=None)
@given(st.lists(st.sampled_from(
    ["every", "2", "weeks", "odd", "last", "day", "2nd", "th", "mo-fr", "9:00-12:00", "14h-17h",
     "from", "until", "except", "also", "2027-01-04", "2027-02-30", "school", "term", "zone", "b",
     "not on public holidays", ",", "-"]), max_size=12))  # fmt: skip
def test_any_words_of_the_notation_are_read_or_refused(words: list[str]) -> None:
    test_any_text_is_read_or_refused.hypothesis.inner_test(" ".join(words))


def test_the_notation_is_its_own_translation() -> None:
    """A written text passes through the dictionary unchanged, but for capitals."""
    text = "every 2 weeks from 2027-01-04 Th 13:30-16:30 not on public holidays except 2027-05-06"
    assert plain(text) == text.lower()


def test_rules_read_are_the_rules_meant() -> None:
    assert Rhythm.of("last day 9h-12h").rule == LastDay()
    assert Rhythm.of("last,1st Fr 9h-12h").rule == MonthlyWeekday(weekday=4, nth=(1, -1))
    assert Rhythm.of("every 2 weeks Th from 2027-01-04 9h-12h").rule == EveryWeek(
        weekdays=(3,), interval=2, anchor=date(2027, 1, 4)
    )
    assert Rhythm.of("Th 9h-12h").hours == (Hours(32_400, 43_200),)
