"""How the server bears many visitors at once: `python -m benchmarks.load`."""
