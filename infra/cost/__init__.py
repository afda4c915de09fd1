"""`make cost`: the monthly bill for several loads, and where each quota is met as load grows.

Measured calls, durations and sizes (`benchmarks/usage.json`) × stated assumptions
(`assumptions.yaml`) = a month's amounts; × a dated price table (`prices.yaml`) = the bill; beside
the default quotas (`quotas.yaml`) = the load at which each is met.
"""
