"""Questions with judgements in, figures out.

`evals` depends on `bot`, `index` and `corpus`; nothing but the command line depends on it.
Import the modules by name: importing the package does no work.
"""
