"""Types, settings, errors, events, clock and paths. Imports nothing else of ours."""
