"""First steps: from nothing to one proven dream. Every step can be skipped, and all of it opened again."""
