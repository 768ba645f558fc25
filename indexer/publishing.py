"""Which generation answers: publish, roll back, prune."""

from indexer.faults import GenerationError
from indexer.gate import refusal
from indexer.generations import GenerationStore, Manifest

KEPT = 3


def publish(store: GenerationStore, name: str | None = None, force: bool = False) -> Manifest:
    """Let a generation answer: the named one, or the newest.

    Raises:
        GenerationError: there is none, or its figures are worse than the published one's (unless `force`).
    """
    names = store.names()
    if not names:
        raise GenerationError("there is no generation to publish; run `python -m indexer build`.")
    manifest = store.manifest(name or names[0])
    current = store.published()
    reason = refusal(dict(manifest.gate), _gate_of(store, current) if current in names else {})
    if reason and not force:
        raise GenerationError(
            f"generation {manifest.name} is not published: {reason} Mend the knowledge, or publish it with --force."
        )
    store.point_to(manifest.name)
    return manifest


def _gate_of(store: GenerationStore, name: str | None) -> dict[str, float]:
    try:
        return dict(store.manifest(name).gate) if name else {}
    except GenerationError:
        return {}  # a published one that cannot be read must not stand in the way of the next


def answers_with(store: GenerationStore, fingerprint: str) -> bool:
    """Tell whether a generation is published that the model of that fingerprint made."""
    name = store.published()
    return name in store.names() and name is not None and store.manifest(name).fingerprint == fingerprint


def roll_back(store: GenerationStore) -> Manifest:
    """Let the generation before the published one answer again.

    Raises:
        GenerationError: nothing is published, or there is no older generation.
    """
    current = store.published()
    if current is None:
        raise GenerationError("nothing is published; run `python -m indexer build`.")
    older = [name for name in store.names() if name < current]
    if not older:
        raise GenerationError(f"there is no generation older than {current} to go back to.")
    store.point_to(older[0])
    return store.manifest(older[0])


def prune(store: GenerationStore, keep: int = KEPT) -> list[str]:
    """Remove all but the published generation and the `keep` newest others, and what was begun and never sealed."""
    current = store.published()
    others = [name for name in store.names() if name != current]
    removed = [*store.unfinished(), *others[keep:]]
    for name in removed:
        store.delete(name)
    return removed
