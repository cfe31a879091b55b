"""The settings dialog, generated from the declarations in `core/settings`."""
