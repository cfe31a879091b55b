"""`python -m dreamer_app`."""

from dreamer_app.main import main

main()
