"""Pages in, Documents out, kept safely.

`corpus` depends on nothing else of the project. Import the modules by name:
importing the package does no work.
"""
