"""Patience with those who ask; apart from what serves them, which is imported only when somebody does."""

HEAD_SECONDS = 5.0
"""From the first byte of a request, or from the connection, to the end of its headers."""
BODY_SECONDS = 30.0
"""For a whole body to arrive, and for each piece of the answer to be taken; all of it stays within one computer."""
