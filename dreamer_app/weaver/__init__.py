"""Turns a cluster of the knowledge graph into a scenario."""
