"""Typer commands over the service."""
