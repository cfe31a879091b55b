"""The facade that the command line, the interface and the API call."""
