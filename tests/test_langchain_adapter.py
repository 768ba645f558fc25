from datetime import date

import pytest
from langchain_core.documents import Document
from langchain_core.runnables import RunnableLambda
from langchain_core.vectorstores import InMemoryVectorStore

from indexer.embedding import Embedder
from indexer.langchain_adapter import SellerEmbeddings, SellerRetriever
from indexer.search import Retriever
from indexer.sections import Language
from tests.sample_knowledge import TODAY

pytest_plugins = ["tests.indexes"]


def knowledge_of(retriever: Retriever, language: Language = "id", limit: int = 4) -> SellerRetriever:
    return SellerRetriever(current=lambda: retriever, today=lambda: TODAY, language=language, limit=limit)


def first_line(documents: list[Document]) -> str:
    return f"{documents[0].page_content.splitlines()[0]} [{documents[0].metadata['section']}]"


def test_a_small_langchain_program_answers_from_the_knowledge(retriever: Retriever) -> None:
    program = knowledge_of(retriever) | RunnableLambda(first_line)

    assert program.invoke("kapan saldo cair") == "Kapan saldo cair? [faqs/payouts#when-paid]"


def test_a_program_may_ask_for_many_at_once(retriever: Retriever) -> None:
    program = knowledge_of(retriever, language="en") | RunnableLambda(first_line)

    assert program.batch(["kapan saldo cair", "komisi sekarang berapa"]) == [
        "When is the balance paid out? [faqs/payouts#when-paid]",
        "What is the commission now? [faqs/fees#commission-now]",
    ]


def test_a_document_carries_what_a_program_needs_to_cite(retriever: Retriever) -> None:
    document = knowledge_of(retriever).invoke("komisi sekarang berapa")[0]

    assert document.id == "faqs/fees#commission-now"
    assert "**9,25%**" in document.page_content
    assert {name: document.metadata[name] for name in ("status", "platform", "in_force_from", "checked", "role")} == {
        "status": "in_force",
        "platform": "both",
        "in_force_from": "2026-05-18",
        "checked": "2026-10-01",
        "role": "current",
    }
    assert document.metadata["sources"] == ["https://uni.example/1"]


def test_as_many_documents_come_as_are_asked_for(retriever: Retriever) -> None:
    assert len(knowledge_of(retriever, limit=2).invoke("komisi")) == 2


@pytest.mark.parametrize("day", [TODAY, date(2030, 1, 1)])
def test_what_is_over_is_not_returned_as_if_it_held(retriever: Retriever, day: date) -> None:
    documents = SellerRetriever(current=lambda: retriever, today=lambda: day, limit=50).invoke("komisi")

    assert documents and all(document.metadata["status"] != "superseded" for document in documents)


def test_a_date_in_the_question_returns_what_held_then(retriever: Retriever) -> None:
    document = knowledge_of(retriever).invoke("berapa komisi mei 2024?")[0]

    assert (document.id, document.metadata["role"]) == ("faqs/fees#commission-2024", "past")


def test_the_retriever_follows_the_index_that_is_live(retriever: Retriever) -> None:
    asked: list[str] = []

    def current() -> Retriever:
        asked.append("now")
        return retriever

    program = SellerRetriever(current=current, today=lambda: TODAY)
    program.invoke("komisi")
    program.invoke("ongkir")

    assert asked == ["now", "now"]


def test_the_embeddings_serve_any_langchain_vector_store(embedder: Embedder) -> None:
    store = InMemoryVectorStore(SellerEmbeddings(embedder))
    store.add_texts(["commission", "shipping", "balance paid"])

    assert [document.page_content for document in store.similarity_search("saldo cair", k=1)] == ["balance paid"]
    found = store.similarity_search_with_score("komisi ongkir", k=3)
    assert [round(score, 2) for _, score in found] == [0.71, 0.71, 0.0]


def test_questions_and_texts_get_the_prompts_of_the_model(embedder: Embedder) -> None:
    embeddings = SellerEmbeddings(embedder)

    assert embeddings.embed_query("komisi") == pytest.approx(embedder.encode_queries(["komisi"])[0].tolist())
    assert embeddings.embed_documents(["komisi", "pajak"]) == [
        pytest.approx(vector) for vector in embedder.encode_passages(["komisi", "pajak"]).tolist()
    ]
    assert embeddings.embed_documents([]) == []
