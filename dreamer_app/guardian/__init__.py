"""Proves or rejects a candidate; every gate leaves a receipt."""
