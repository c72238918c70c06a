"""The state of an installation as one file, and back."""
