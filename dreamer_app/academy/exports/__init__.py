"""One training format a file; every line carries the synthetic flag."""
