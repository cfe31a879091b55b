"""The desktop: tray, windows, dialogs. Qt lives here only; everything shown comes from the service."""
