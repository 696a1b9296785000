"""Who can take this villager on Tuesday, and the best rides for everyone.

Run it: ``python examples/neighbours_drive.py``
"""

import msap_mobility as msap
from msap_mobility.carpool.check import check_rides
from msap_mobility.roads import CalibratedTimes

car = CalibratedTimes(mode="car")  # or RoadTimes over an OpenStreetMap extract
ayen = msap.Place(id="ayen", name="Ayen", lon=1.324, lat=45.254)
perpezac = msap.Place(id="perpezac", name="Perpezac-le-Blanc", lon=1.33, lat=45.22)
brive = msap.Place(id="brive", name="Brive", lon=1.533, lat=45.159)

day = "2031-12-02"
offers = [  # neighbours on their own way, and a volunteer who would drive for the passenger alone
    msap.Offer.of(id="o1", driver="jeanne", start=ayen, end=brive, depart=f"{day} 08:10",
                  seats=3, max_detour="12 min"),
    msap.Offer.of(id="o2", driver="luc", start=brive, end=ayen, depart=f"{day} 11:45-12:15",
                  max_detour="10 min"),
    msap.Offer.of(id="o3", driver="marie", kind="volunteer", start=ayen,
                  depart=f"{day} 07:00-18:00"),
]  # fmt: skip
doctor = msap.Request.of(id="r1", rider="paul", start=perpezac, end=brive,
                         arrive=f"{day} 08:20-09:00", stay="2 h 30 min",
                         back=f"{day} 11:30-12:30")  # fmt: skip

answer = msap.who_can_take(doctor, offers, car)  # both ways together, or not at all
print(answer.text("en"))  # times, detours, whom to ring first, and why the others cannot

lucie = msap.Request.of(id="r2", rider="lucie", start=ayen, end=brive, depart=f"{day} 08:00-08:30")
best = msap.match(offers, [doctor, lucie], car)  # the day's optimum, with its proof
print(best.summary("fr"))
print(f"rules broken: {len(check_rides(best.rides, offers, [doctor, lucie], car))}")
