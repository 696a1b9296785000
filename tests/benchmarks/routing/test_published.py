"""Every published solution at hand is read, found without fault, and worth what is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from benchmarks.routing.families import FAMILIES, named
from benchmarks.routing.instance import Grounded
from benchmarks.routing.referee import judge
from benchmarks.routing.references import routes_of
from benchmarks.routing.whole import problem_of, scale_of
from msap_mobility.optimise.routing.check import check
from tests.benchmarks.routing.published import as_answer
from tests.real_data import ROOT, real_data

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.routing.ground import Ground

WITH_SOL = ("cvrp_x", "gvrp", "hfvrp", "mdvrptw", "pcvrptw", "sdvrptw_skills", "vrptw_gh1000")


def solutions(family: str, ending: str) -> list[str]:
    folder = ROOT / "instances" / family
    return [f"{family}/{file.stem}" for file in sorted(folder.glob(f"*{ending}"))]


def ground_of(instance: str) -> tuple[Ground, Path, float]:
    family, name = instance.split("/")
    folder = real_data(f"instances/{family}")
    found = {each.name: each for each in named(folder.parent, family)}[name]
    assert found.reference is not None
    instance = found.load()
    assert isinstance(instance, Grounded)
    return instance.ground, folder / name, found.reference.value


def kinds(ground: Ground) -> list[int]:
    """Vehicles in the order of the file."""
    return np.repeat(np.arange(len(ground.fleet)), ground.fleet.count).tolist()


@pytest.mark.parametrize(
    "instance", [name for each in WITH_SOL for name in solutions(each, ".sol")]
)
def test_a_published_solution_keeps_every_rule_at_its_cost(instance: str) -> None:
    ground, file, best = ground_of(instance)
    published = routes_of(file.with_suffix(".sol"))
    answer = as_answer(ground, zip(kinds(ground), published.routes, strict=False))
    verdict = judge(ground, answer, scale_of(ground))
    assert verdict.broken == ()
    assert check(problem_of(ground), answer) == ()
    assert not answer.missing
    assert verdict.value == pytest.approx(published.cost, abs=0.006)
    assert verdict.value == pytest.approx(best, abs=0.006)


def res_routes(file: Path) -> tuple[float, list[tuple[int, list[int]]]]:
    """Cordeau's ``.res``: depot, vehicle, length, load, then nodes between two ends."""
    first, *rest = [line.split() for line in file.read_text().splitlines() if line.strip()]
    nodes = [[int(word) - 1 for word in words[5:-1]] for words in rest]
    return float(first[0]), [
        (int(words[0]) - 1, listed) for words, listed in zip(rest, nodes, strict=True)
    ]


@pytest.mark.parametrize("instance", solutions("mdvrp", ".res"))
def test_solutions_of_several_depots_are_worth_what_is_told(instance: str) -> None:
    ground, file, _ = ground_of(instance)
    cost, routes = res_routes(file.with_suffix(".res"))
    answer = as_answer(ground, routes)
    verdict = judge(ground, answer, scale_of(ground))
    assert verdict.broken == ()
    assert check(problem_of(ground), answer) == ()
    assert verdict.value == pytest.approx(cost, abs=0.006)


@pytest.mark.parametrize("family", list(FAMILIES))
def test_every_instance_of_every_family_makes_a_problem(family: str) -> None:
    folder = real_data(f"instances/{family.partition('/')[0]}")
    for instance in named(folder.parent, family):
        loaded = instance.load()
        problem = loaded.problem()
        assert len(problem.tasks) == len(loaded.nodes)
        assert problem.duration_s.max() < 2**30
