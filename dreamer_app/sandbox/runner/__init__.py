"""The code that is mounted read-only into a sealed worker and runs on the worker's own Python, 3.11 to 3.13.

It uses the standard library and what lies in the environment folder, nothing else of The Dreamer. Whatever it reports
is untrusted: it shares its user with code that no person wrote.
"""
