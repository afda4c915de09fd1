"""Tests of AI services on hidden datasets: a service answers unit by unit, and a report says how well.

`algorithms` are what vendors register, `runs` a test from its opening to its verdict. Metrics need numpy and
are computed by the event function; HTTP answers numbers that it stored.
"""
