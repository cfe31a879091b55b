"""Widgets that know the theme and nothing of dreams: code, differences, charts, cards."""
