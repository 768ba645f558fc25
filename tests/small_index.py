"""The sample knowledge, built with the bundled model. Use with `pytest_plugins = ["tests.small_index"]`."""

import pytest

from bot.answerer import Answerer
from bot.deciding import ANSWER, VAGUE, Evidence
from tests.published_index import PublishedIndex, WaysOfAsking, publish_index
from tests.sample_knowledge import write_knowledge

# As in the real knowledge, sections name several ways of asking: what is near lies clearly above the rest.
ASKED: dict[str, WaysOfAsking] = {
    "faqs/fees#overview": {
        "id": ("biaya apa aja yang kena", "potongan apa saja buat seller", "apa saja biaya jualan"),
        "en": ("what fees do sellers pay", "which fees are taken", "all the fees"),
    },
    "faqs/fees#commission-now": {
        "id": ("komisi sekarang berapa", "berapa komisi sekarang", "komisi berapa persen sekarang", "komisi berapa"),
        "en": ("what is the commission now", "how much is the commission now", "current commission"),
    },
    "faqs/fees#commission-2025": {
        "id": ("berapa komisi mulai juni 2025", "komisi tahun 2025 berapa", "komisi 2025", "komisi berapa"),
        "en": ("what was the commission in 2025", "commission from June 2025", "commission 2025"),
    },
    "faqs/fees#commission-2024": {
        "id": ("berapa komisi tahun 2024", "komisi mei 2024 berapa", "komisi 2024", "komisi berapa"),
        "en": ("what was the commission in May 2024", "commission 2024", "how much was the commission in 2024"),
    },
    "faqs/fees#shipping-tokopedia": {
        "id": ("ongkir tokopedia berapa", "ongkir di tokopedia", "berapa ongkos kirim tokopedia"),
        "en": ("how much is shipping on tokopedia", "tokopedia shipping cost", "shipping fee tokopedia"),
    },
    "faqs/fees#shipping-tiktok": {
        "id": ("ongkir tiktok shop berapa", "ongkir di tiktok shop", "berapa ongkos kirim tiktok shop"),
        "en": ("how much is shipping on tiktok shop", "tiktok shop shipping cost", "shipping fee tiktok"),
    },
    "faqs/payouts#when-paid": {
        "id": ("kapan saldo cair", "saldo cair kapan ya", "saldo cairnya kapan", "berapa hari saldo cair"),
        "en": ("when is the balance paid out", "when do I get my balance", "how long until the balance is paid"),
    },
    "regulations/old-rule#social-sales": {
        "id": ("aturan lama media sosial boleh jualan", "dulu media sosial boleh jualan", "aturan lama media sosial"),
        "en": ("the old rule for social media", "could social media sell before", "old rule may social media sell"),
    },
    "regulations/new-rule#social-sales": {
        "id": ("media sosial boleh jualan", "aturan media sosial boleh jualan", "bolehkah media sosial jualan"),
        "en": ("may social media sell", "can social media sell", "the rule for social media selling"),
    },
    "announcements/news#closing": {
        "id": ("kapan tiktok shop tutup", "tiktok shop tutup kapan", "tanggal tiktok shop tutup"),
        "en": ("when did tiktok shop close", "tiktok shop closing date", "when was tiktok shop closed"),
    },
    "announcements/news#new-tax": {
        "id": ("rencana pajak baru", "apa rencana pajak baru", "pajak baru yang direncanakan"),
        "en": ("which new tax is planned", "planned new tax", "is there a new tax planned"),
    },
    "announcements/news#tax-put-off": {
        "id": ("pajak ditunda", "apakah pajak ditunda", "pajaknya ditunda ya"),
        "en": ("is the tax put off", "tax put off", "was the tax put off"),
    },
    "announcements/news#share": {
        "id": ("benarkah porsinya 75%", "porsinya 75% itu benar", "apa benar porsinya 75%"),
        "en": ("is the share really 75%", "is it true that the share is 75%", "share 75% true"),
    },
    "regulations/official-text#article-7": {
        "id": ("pasal 7 pajak dan izin", "isi pasal 7 pajak dan izin", "pasal 7"),
        "en": ("article 7 tax and licence", "what does article 7 say", "article 7"),
    },
    "outside/other-shops#shopee": {
        "id": ("komisi shopee berapa", "berapa komisi shopee", "komisi shopee"),
        "en": ("what is the commission on shopee", "shopee commission", "how much does shopee take"),
    },
}


@pytest.fixture(scope="session")
def small_index(tmp_path_factory: pytest.TempPathFactory) -> PublishedIndex:
    """Give the index of the sample knowledge."""
    folder = tmp_path_factory.mktemp("small")
    return publish_index(write_knowledge(folder / "knowledge"), folder / "data", ASKED)


@pytest.fixture
def plain_decisions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Decide so that a reader can work it out: the weights in use are fitted on a knowledge of hundreds of sections.

    A hit with a score of 0.475 surely does not answer, one of 0.725 surely does; one of the first two does a third
    more often. A message says too little if its only word stands in most of the sample.
    """

    def probability(evidence: Evidence, of: str) -> float:
        if of == VAGUE:
            return float(evidence.information < 1)
        return min(1.0, max(0.0, 4 * evidence.score - (1.9 if of == ANSWER else 1.55)))

    monkeypatch.setattr(Evidence, "probability", probability)


@pytest.fixture
def answerer(small_index: PublishedIndex, plain_decisions: None) -> Answerer:
    """Give an answerer of the sample knowledge that decides plainly; so few sections lie near each other by chance."""
    return Answerer(lambda: small_index.retriever)
