"""A Question in, a cited Answer out, and the faces that show it.

`bot` depends on `index` and `corpus`. Import the modules by name: importing the package does no work.
"""
