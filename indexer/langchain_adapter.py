"""The knowledge and the model for anybody's LangChain program."""

from collections.abc import Callable
from datetime import date

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from indexer.embedding import Embedder
from indexer.search import Hit, Retriever, Search
from indexer.sections import Language


class SellerEmbeddings(Embeddings):
    """The embedder as LangChain `Embeddings`."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one unit vector per text."""
        vectors: list[list[float]] = self._embedder.encode_passages(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """Return the unit vector of a question."""
        vector: list[float] = self._embedder.encode_queries([text])[0].tolist()
        return vector


class SellerRetriever(BaseRetriever):
    """The published knowledge as a LangChain retriever; only what holds on the asked day is returned.

    `current` gives the retriever to use (`LiveIndex.current`), `today` the day in Asia/Jakarta.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    current: Callable[[], Retriever]
    today: Callable[[], date]
    language: Language = "id"
    limit: int = 4

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        found = self.current().search(Search(query, self.today(), limit=self.limit))
        return [self._document(hit) for hit in found.hits]

    def _document(self, hit: Hit) -> Document:
        section, text = hit.section, hit.section.text(self.language)
        return Document(
            id=section.id,
            page_content=f"{text.heading}\n\n{text.body}",
            metadata={
                "section": section.id,
                "score": hit.score,
                "role": hit.role,
                "status": section.status,
                "platform": section.platform,
                "in_force_from": str(section.in_force_from or ""),
                "in_force_until": str(section.in_force_until or ""),
                "checked": str(section.checked or ""),
                "sources": [source.url or source.publisher for source in section.sources],
            },
        )
