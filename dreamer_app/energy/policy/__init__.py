"""When dreaming is allowed, as a pure function: nothing in here reads a clock, a sensor or a file."""
