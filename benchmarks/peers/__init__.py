"""Compared with what a user would pick instead: `python -m benchmarks.peers`. Each system runs in its own process."""
