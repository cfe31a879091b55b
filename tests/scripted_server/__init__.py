"""A small OpenAI-compatible server whose answers and failures are written in data files."""
