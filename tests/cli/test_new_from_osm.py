"""`msap new --osm`: from one file to a folder that `msap check` and `msap plan` take at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from msap_mobility.cli import main
from msap_mobility.cli.endings import Exit
from tests.real_data import real_data
from tests.scenario.territory.extracts import MAISON, village

Run = Callable[..., tuple[int, str, str]]
HERE = f"{MAISON[0]},{MAISON[1]}"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*words: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main([str(word) for word in words])
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return call


@pytest.mark.parametrize(
    ("extract", "maison"),
    [
        ("roads/meuse_montiers.osm.pbf", "5.266,48.5345"),
        ("roads/liechtenstein.osm.pbf", "9.5215,47.141"),
        ("roads/andorra.osm.pbf", "1.5218,42.5063"),
    ],
)
def test_one_file_to_a_plan_that_breaks_no_rule(
    run: Run, tmp_path: Path, extract: str, maison: str
) -> None:
    folder, out = tmp_path / "territory", tmp_path / "out"
    code, told, _ = run("new", folder, "--osm", real_data(extract), "--maison", maison)
    assert code == Exit.DONE
    assert "2.2 people in each household" in told
    assert run("check", folder)[0] == Exit.DONE
    assert run("plan", folder, "--budget", "200 it", "--out", out)[0] == Exit.DONE
    assert run("check", folder, "--tour", out / "plan.json")[0] == Exit.DONE
    saved = json.loads((out / "plan.json").read_text(encoding="utf-8"))["plan"]
    assert saved["rounds"]
    assert saved["people_reached"] > 0.5 * saved["people_in_all"]


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_homes_off_the_roads_are_named(run: Run, tmp_path: Path, lang: str) -> None:
    """One five kilometres off, one by a road that leads nowhere; and how many more."""
    sketch = village()
    sketch.road((3500, 3500), (3500, 3900))
    extract, folder = sketch.write(tmp_path / "bourg.osm"), tmp_path / "bourg"
    assert run("new", folder, "--osm", extract, "--maison", HERE)[0] == Exit.DONE
    assert "h9" not in run("check", folder, "--lang", lang)[1]
    homes = (folder / "homes.csv").read_text(encoding="utf-8")
    away = [sketch.plane.degrees(*at) for at in ((3510, 3700), (8100, 0))]
    rows = [f"h9{i},{lon},{lat},2,adult_car,55999" for i, (lon, lat) in enumerate(away)]
    (folder / "homes.csv").write_text("\n".join([homes.strip(), *rows, ""]), encoding="utf-8")
    code, told, _ = run("check", folder, "--lang", lang)
    assert code == Exit.DONE
    assert ("2 homes and stops" if lang == "en" else "2 foyers et arrêts") in told
    assert len([line for line in told.splitlines() if line.startswith(("- h90", "- h91"))]) == 2
    many = [f"h9{i},{away[1][0]},{away[1][1]},2,adult_car,55999" for i in range(25)]
    (folder / "homes.csv").write_text("\n".join([homes.strip(), *many, ""]), encoding="utf-8")
    told = run("check", folder, "--lang", lang)[1]
    assert told.count("- h9") == 20
    assert told.splitlines()[-1] == ("- and 5 more" if lang == "en" else "- et 5 de plus")


def test_what_was_found_is_told_in_the_language_asked_for(run: Run, tmp_path: Path) -> None:
    extract = village().write(tmp_path / "bourg.osm")
    asked = ("--osm", extract, "--maison", HERE, "--radius", "2,5 km", "--people", 100)
    code, told, _ = run("new", tmp_path / "bourg", *asked, "--lang", "fr")
    assert code == Exit.DONE
    assert "Donné : 100 habitants" in told
    assert "Mairie" in (tmp_path / "bourg/places.csv").read_text(encoding="utf-8")


def test_what_is_typed_wrong_is_told_under_its_option(run: Run, tmp_path: Path) -> None:
    extract = village().write(tmp_path / "bourg.osm")
    folder = tmp_path / "bourg"
    for words, expected in (
        (("--osm", extract), ["--maison LON,LAT"]),
        (("--maison", HERE, "--people", 3), ["column maison", "column people"]),
        (("--osm", extract, "--maison", "5,27,48,53"), ["longitude first"]),
        (("--osm", extract, "--maison", "x", "--radius", "y"), ["column maison", "column radius"]),
        (("--osm", extract, "--maison", HERE, "--radius", "1 m"), ["column radius"]),
        (("--osm", extract, "--maison", "48.53,5.27"), ["longitude first"]),
        (("--osm", tmp_path / "no.osm.pbf", "--maison", HERE), ["no.osm.pbf"]),
    ):
        code, _, told = run("new", folder, *words, "--lang", "en")
        assert code == Exit.WRONG_INPUT
        for text in expected:
            assert text in told
        assert not folder.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["bourg.osm"]
