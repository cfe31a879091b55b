"""Sealed workers: the only room that speaks to Docker and the only place where dreamt code runs."""
