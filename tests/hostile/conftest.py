from tests.sandbox.conftest import base_folder, open_folder, sandbox, workplace

__all__ = ["base_folder", "open_folder", "sandbox", "workplace"]
