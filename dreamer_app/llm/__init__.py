"""OpenAI-compatible language models: the client, its budgets, prompts, and what can be made of answers."""
