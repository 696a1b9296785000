"""From an OpenStreetMap extract to a scenario folder: a first territory to plan on and to correct.

`survey` reads the extract round a maison. `dwellings` takes buildings and addresses for homes,
`neighbourhoods` tells them together so that none stands where it really is, `households` fills them
with people; `settlements` names them. `pitches` are the candidate stops, `services` what is there
already. `drawing` puts the scenario together and `writing` writes it, whole or not at all.
"""

from msap_mobility.scenario.territory.around import Around, point_of
from msap_mobility.scenario.territory.findings import Findings
from msap_mobility.scenario.territory.writing import write_territory

__all__ = ["Around", "Findings", "point_of", "write_territory"]
