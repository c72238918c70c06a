"""What the README's table of figures is made of: `python -m benchmarks`."""
