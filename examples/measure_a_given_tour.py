"""Measure a real tour that is given, not planned: the Rur@linette bus of Indre.

Its hours are not published, so every figure has two values: with the bus closed in all unknown
hours, and with it open.

Run it: ``python examples/measure_a_given_tour.py``
"""

import msap_mobility as msap

scenario = msap.load("rurali_indre")
coverage = scenario.coverage()
print(coverage.summary("en", scenario.commune_names))

first = next(iter(scenario.timetable().openings()))
print(f"{len(scenario.timetable())} openings in a year; certain hours: {first.certain}")
