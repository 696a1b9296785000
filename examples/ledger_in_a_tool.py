"""The accounts of a scheme like Ecosyst'M, inside a maison's own tool.

Run it: ``python examples/ledger_in_a_tool.py``
"""

import msap_mobility as msap
from msap_mobility.ledger import DrivenRide, Refused

ledger = msap.Ledger.create(":memory:", rules=msap.SchemeRules.ayen())  # or a file, or a server
ledger.add_shop("bakery")
ledger.sell_booklet("paul", km=50)  # 3.00 € into the guarantee fund, 50 coupons to Paul

ride = DrivenRide(id="r1", rider="paul", driver="jeanne", km=25)
ledger.settle(ride)  # idempotent: the ride's id is the key, the price is in the rules
ledger.settle(ride)  # sent twice, paid once

ledger.exchange("jeanne", km=25)  # 25 coupons become 1.50 Y'ACA
ledger.spend("jeanne", "bakery", "1.50")
ledger.reconvert("bakery", "1.50")  # euros out of the fund: the circle is closed

try:
    ledger.reconvert("jeanne", "1.00")
except Refused as no:  # private persons get no euros back; the refusal names the article
    print(no.text("fr"))

cover = ledger.cover()  # at every instant, to the cent
print(f"fund {cover.fund_cents} c = in circulation {cover.total_cents} c")
print(ledger.verify(ledger.checkpoint()).summary("en"))
