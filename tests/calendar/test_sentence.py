"""Sentences for villagers."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from msap_mobility.calendar import Rhythm
from tests.calendar.strategies import rhythms


@pytest.mark.parametrize(
    ("text", "french", "english"),
    [
        ("every 2 weeks Th 13:30-16:30",
         "un jeudi sur deux, de 13 h 30 à 16 h 30",
         "every second Thursday, from 1:30 pm to 4:30 pm"),
        ("Mo-Su 9:00-12:00",
         "tous les jours, de 9 h 00 à 12 h 00",
         "every day, from 9:00 am to 12:00 pm"),
        ("Mo,We,Fr 9:00-12:00",
         "chaque lundi, mercredi et vendredi, de 9 h 00 à 12 h 00",
         "every Monday, Wednesday and Friday, from 9:00 am to 12:00 pm"),
        ("every 3 weeks from 2027-01-04 Th 9:00-10:00",
         "un jeudi sur trois, de 9 h 00 à 10 h 00, à compter de la semaine du 4 janvier 2027",
         ("one Thursday in three, from 9:00 am to 10:00 am, counted from the week of"
         " 4 January 2027")),
        ("every 2 weeks Mo,Th 9:00-10:00",
         "une semaine sur deux, lundi et jeudi, de 9 h 00 à 10 h 00",
         "every second week on Monday and Thursday, from 9:00 am to 10:00 am"),
        ("every 6 weeks Mo,Th 9:00-10:00",
         "une semaine sur 6, lundi et jeudi, de 9 h 00 à 10 h 00",
         "one week in 6 on Monday and Thursday, from 9:00 am to 10:00 am"),
        ("odd weeks Tu 9:00-10:00",
         "chaque mardi des semaines impaires, de 9 h 00 à 10 h 00",
         "every Tuesday of odd-numbered weeks, from 9:00 am to 10:00 am"),
        ("1st,3rd We 9:00-10:00 not on public holidays",
         "le premier et le troisième mercredi du mois, de 9 h 00 à 10 h 00, sauf les jours fériés",
         ("the first and third Wednesday of the month, from 9:00 am to 10:00 am,"
         " except on public holidays")),
        ("last day 9:00-10:00 until 2027-12-31",
         "le dernier jour du mois, de 9 h 00 à 10 h 00, jusqu'au 31 décembre 2027",
         "the last day of the month, from 9:00 am to 10:00 am, until 31 December 2027"),
        (("Th 9:00-12:00,14:00-17:00 school term zone B from 2027-01-04"
         " except 2027-05-06,2027-05-13 also 2027-05-01"),
         ("chaque jeudi, de 9 h 00 à 12 h 00 et de 14 h 00 à 17 h 00, hors vacances scolaires"
         " (zone B), à partir du 4 janvier 2027, sauf le 6 mai 2027 et le 13 mai 2027, et aussi"
         " le 1er mai 2027"),
         ("every Thursday, from 9:00 am to 12:00 pm and from 2:00 pm to 5:00 pm, outside school"
         " holidays (zone B), from 4 January 2027, except on 6 May 2027 and 13 May 2027, and also"
         " on 1 May 2027")),
        ("last Fr 9:00-10:00 school holidays zone A",
         ("le dernier vendredi du mois, de 9 h 00 à 10 h 00, pendant les vacances scolaires"
         " (zone A)"),
         "the last Friday of the month, from 9:00 am to 10:00 am, during school holidays (zone A)"),
    ],
)  # fmt: skip
def test_sentences(text: str, french: str, english: str) -> None:
    assert Rhythm.of(text).describe("fr") == french
    assert Rhythm.of(text).describe("en") == english


@settings(deadline=None)
@given(rhythms())
def test_every_rhythm_has_a_sentence(rhythm: Rhythm) -> None:
    french, english = rhythm.describe("fr"), rhythm.describe("en")
    assert french != english
    assert "{" not in french + english
