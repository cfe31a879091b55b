"""Dreams about data models: documented field types and options, combined into a model that reads records."""
