"""What the running server tells of itself: structured logs, and figures for Prometheus."""
