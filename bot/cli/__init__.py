"""The command `orgbot`: the entry point, and the one home of Typer and rich.

It alone may reach into every package, `evals` included; what a command does not need, it does not import.
"""
