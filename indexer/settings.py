"""The indexer's settings, read once from the environment or `.env`."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT = Path(__file__).resolve().parent.parent


class IndexSettings(BaseSettings):
    """Where the knowledge and the generations are, and which model makes the vectors."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore", frozen=True
    )

    data_dir: Path = Field(default=PROJECT / "data", description="Folder of the generations and the embedded database.")
    knowledge_dir: Path = Field(default=PROJECT / "knowledge", description="Folder of the documents.")
    embedding_model: str = Field(
        default="bundled",
        description="`bundled`, a folder, or the name of a sentence-transformers model on a hub.",
    )
    embedding_device: str = Field(default="cpu", description="Where the model runs: `cpu`, `cuda`, `mps`.")
    embedding_query_prompt: str | None = Field(
        default=None, description="Prefix of questions for models that want one; known for E5, else the model's own."
    )
    embedding_passage_prompt: str | None = Field(default=None, description="The same for texts.")
    reranker_model: str | None = Field(
        default=None, description="A cross-encoder (a folder or a hub name) that re-reads the ten best sections."
    )
    chroma_url: str | None = Field(
        default=None, description="A Chroma server (http://host:port) to keep the generations in, instead of folders."
    )
