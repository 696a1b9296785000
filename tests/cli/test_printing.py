"""Tables on stdout: rounded values bear a mark, and the mark is explained."""

from __future__ import annotations

import pytest

from msap_mobility.cli.printing import print_comparison, print_coverage, row_names
from msap_mobility.coverage import compare
from msap_mobility.scenario import Scenario


@pytest.fixture(scope="module")
def story():
    scenario = Scenario.load("bellencombre")
    plan = scenario.plan_tour(budget="100 it")
    return scenario, scenario.without_tour().coverage(), scenario.coverage(plan)


def test_rounded_rows_are_marked_and_the_mark_is_explained(story, capsys):
    scenario, before, after = story
    print_comparison(compare(before, after), "en", row_names(scenario, "en"))
    told = capsys.readouterr().out
    assert "living alone: about 0% reached before, about 3" in told
    assert "≈ 0% → ≈ 3" in told
    assert "65 and over, with a car" in told
    assert told.rstrip().endswith("≈ 0% may be a few households, ≈ 100% all but a few.")
    print_coverage(after.table(), "fr", row_names(scenario, "fr"))
    assert "≈ : valeur arrondie" in capsys.readouterr().out


def test_where_all_is_exact_nothing_is_marked(story, capsys):
    scenario, before, after = story
    print_comparison(compare(before, after, threshold=1), "en", row_names(scenario, "en"))
    print_coverage(after.table(threshold=1), "en", row_names(scenario, "en"))
    assert "≈" not in capsys.readouterr().out
