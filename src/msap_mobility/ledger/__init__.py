"""The accounts of a scheme: coupons, local currency, euros, to the cent and for ever."""
