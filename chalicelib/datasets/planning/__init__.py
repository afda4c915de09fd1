"""What is wanted: the plan of a dataset, its criteria as data, and what follows from it alone.

`plan` is the form, `conditions` its criteria, `contradictions` and `remarks` what is wrong or doubtful in
it, `power` what its size can show, `codes` and `versions` what dataset and release are called.
"""
