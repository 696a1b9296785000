"""Rounds and rides: arrays in, routes out.

`problem` says what is asked, `solution` what is answered, `check` whether the answer keeps every
rule, `solve` finds it: by the engine of this library (`native`) or another one behind the same
protocol (`backends`).
"""
