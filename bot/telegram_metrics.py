"""What can be counted while the bot runs, in the form that Prometheus reads. No words and no chats, only numbers."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class Metrics:
    """The counters of one running bot."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.settled_count = 0
        self._received = Counter("tanya_updates_received", "Updates taken in.", registry=self.registry)
        self._settled = Counter("tanya_updates_settled", "Updates worked off.", ["result"], registry=self.registry)
        self._waiting = Gauge("tanya_updates_waiting", "Updates taken in and not settled.", registry=self.registry)
        self._seconds = Histogram(
            "tanya_update_seconds", "Seconds from taking an update in to its last message.", buckets=_SECONDS,
            registry=self.registry,
        )  # fmt: skip

    def received(self) -> None:
        """Count an update that was taken in."""
        self._received.inc()
        self._waiting.inc()

    def settled(self, result: str, seconds: float) -> None:
        """Count an update that was worked off: `done`, `failed`, or `refused` where the queue was full."""
        self.settled_count += 1
        self._settled.labels(result).inc()
        self._waiting.dec()
        self._seconds.observe(seconds)

    def as_text(self) -> bytes:
        """Return all of it in Prometheus' text format."""
        return generate_latest(self.registry)
