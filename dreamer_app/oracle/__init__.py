"""Reads documentation into the knowledge graph."""
