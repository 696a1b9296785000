"""A small extract in OpenStreetMap's XML, written by hand: no data of others is needed."""

from __future__ import annotations

from pathlib import Path

from msap_mobility.scenario.territory.plane import Plane

__all__ = ["MAISON", "Extract", "village"]

MAISON = (5.27, 48.53)


class Extract:
    """Nodes and ways by their metres from `MAISON`."""

    def __init__(self) -> None:
        self.plane = Plane(lon=MAISON[0], lat=MAISON[1])
        self.nodes: list[str] = []
        self.ways: list[str] = []

    def point(self, east_m: float, north_m: float, **tags: str) -> int:
        number = len(self.nodes) + 1
        lon, lat = self.plane.degrees(east_m, north_m)
        at = f'<node id="{number}" lon="{lon}" lat="{lat}">'
        self.nodes.append(f"{at}{_tags(tags)}</node>")
        return number

    def way(self, refs: list[int], **tags: str) -> None:
        listed = "".join(f'<nd ref="{ref}"/>' for ref in refs)
        number = len(self.ways) + 1
        self.ways.append(f'<way id="{number}">{listed}{_tags(tags)}</way>')

    def road(self, *ends: tuple[float, float], highway: str = "tertiary") -> None:
        self.way([self.point(*end) for end in ends], highway=highway)

    def building(self, east_m: float, north_m: float, side_m: float = 10, **tags: str) -> None:
        half = side_m / 2
        around = [(-half, -half), (half, -half), (half, half), (-half, half)]
        refs = [self.point(east_m + x, north_m + y) for x, y in around]
        self.way([*refs, refs[0]], **{"building": "yes", **tags})

    def write(self, path: Path) -> Path:
        path.write_text(f"<osm>{''.join(self.nodes)}{''.join(self.ways)}</osm>", encoding="utf-8")
        return path


def _tags(tags: dict[str, str]) -> str:
    plain = {key.replace("__", ":"): value for key, value in tags.items()}
    return "".join(f'<tag k="{key}" v="{value}"/>' for key, value in plain.items())


def village(*, people: str = "") -> Extract:
    """Two roads that cross at the maison, a village of 30 houses on them, a farm, a town hall."""
    made = Extract()
    crossing = made.point(0, 0)
    for x, y in ((-3000, 0), (3000, 0), (0, -3000), (0, 3000)):
        made.way([made.point(x, y), crossing], highway="tertiary")
    made.point(10, 20, place="village", name="Bourg", ref__INSEE="55999", population=people or "60")
    for number in range(30):
        made.building(-140 + 20 * (number % 15), 40 if number < 15 else -40)
    made.building(2500, 50)
    made.building(60, 100, amenity="townhall", name="Mairie")
    made.building(200, 100, side_m=4)
    made.building(300, 100, building="church", amenity="place_of_worship")
    return made
