"""How other programs talk to the running Dreamer: local HTTP, the model gateway, MCP."""
