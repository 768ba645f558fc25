"""Sections made by hand, for tests that need no index."""

from dataclasses import replace
from datetime import date

from indexer.sections import Confidence, Platform, Section, Source, Status, Text

COMMISSION = Section(
    id="faqs/fees#commission",
    topic="fees",
    status=Status.IN_FORCE,
    platform=Platform.BOTH,
    confidence=Confidence.HIGH,
    texts={
        "id": Text("Komisi platform berapa?", "Komisinya **4%**. Dihitung setelah diskonmu."),
        "en": Text(
            "How much is the platform commission?", "The commission is **4%**. It is counted after your discount."
        ),
    },
    in_force_from=date(2026, 5, 18),
    checked=date(2026, 10, 1),
    sources=(Source("TikTok Shop", "Platform commission", "2026-05-18", "https://seller.example/fees"),),
)


def section(**changes: object) -> Section:
    """Return the section on commission with some of its fields changed."""
    return replace(COMMISSION, **changes)  # type: ignore[arg-type]
