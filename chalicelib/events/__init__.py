"""Events as Lambda delivers them: several records, repeated, out of order, one of them bad.

One module a function, so that none loads what only another needs: `readers` runs without the
inference layer.
"""
