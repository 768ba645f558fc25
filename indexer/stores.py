"""Which store of generations the settings name."""

from indexer.folder_store import FolderStore
from indexer.generations import GenerationStore
from indexer.server_store import ServerStore
from indexer.settings import IndexSettings
from indexer.vectors import open_server


def open_store(settings: IndexSettings) -> GenerationStore:
    """Return the store that the settings name."""
    if settings.chroma_url:
        return ServerStore(open_server(settings.chroma_url))
    return FolderStore(settings.data_dir)
