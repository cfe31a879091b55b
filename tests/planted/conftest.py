"""The example dream is read, copied and run by tests; pytest must not run it where it lies."""

collect_ignore = ["example"]
