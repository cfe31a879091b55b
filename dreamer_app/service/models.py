"""What surfaces may ask about language models outside of a night: which there are, whether they answer, prompts."""

from __future__ import annotations

from functools import cached_property

from dreamer_app.core.errors import DreamerError
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import Settings
from dreamer_app.llm.discovery import FoundServer, TrialReport, find_servers, models_of, try_out
from dreamer_app.llm.keys import keep_key, key_for
from dreamer_app.llm.prompts import PromptShelf
from dreamer_app.service.imagination import endpoint_of


class ModelDesk:
    """Language models over one base folder.

    Args:
        paths: The base folder.
        settings: Which servers are configured.
    """

    def __init__(self, paths: DataPaths, settings: Settings) -> None:
        self._paths = paths
        self._settings = settings

    @cached_property
    def prompts(self) -> PromptShelf:
        """The prompts, ours and the user's."""
        return PromptShelf(self._paths.prompts)

    async def servers(self) -> tuple[FoundServer, ...]:
        """Every server that answers: those of the settings, then those of this computer."""
        wanted = self._settings.model
        found: list[FoundServer] = []
        for address in dict.fromkeys(one for one in (wanted.base_url, wanted.coder_base_url) if one):
            try:
                models = await models_of(address, key_for(address), seconds=10.0)
            except DreamerError:
                continue
            found.append(FoundServer(name="settings", base_url=address, models=models))
        here = await find_servers()
        return (*found, *(one for one in here if one.base_url not in {other.base_url for other in found}))

    async def try_out(self, model: str) -> TrialReport:
        """Ask a model for one short answer; never raises for what the server does."""
        try:
            endpoint = await endpoint_of(self._settings.model.base_url, model)
        except DreamerError as error:
            return TrialReport(ok=False, base_url="", model=model, message=error.message, hint=error.hint)
        return await try_out(endpoint.base_url, model, self._settings.model)

    def keep_key(self, base_url: str, key: str) -> None:
        """Put the key of a server into the system's store of secrets; an empty one removes it.

        Raises:
            InfrastructureError: There is no store, or it is locked.
        """
        keep_key(base_url, key)
