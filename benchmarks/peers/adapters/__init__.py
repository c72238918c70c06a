"""One module for each system; each has `open_system() -> benchmarks.peers.system.System`."""
