"""The Docker backend of the sandbox; the only modules that import `docker`."""
