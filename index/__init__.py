"""Documents in, Hits out.

`index` depends on `corpus` alone. Import the modules by name: importing the package does no work.
"""
