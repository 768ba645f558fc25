import asyncio

import pytest

from bot.telegram_limits import CHAT_BURST, Bucket, Limits


class Clock:
    """A clock that moves only by the pauses taken."""

    def __init__(self) -> None:
        self.now = 100.0
        self.pauses: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def pause(self, seconds: float) -> None:
        self.pauses.append(round(seconds, 3))
        self.now += seconds


def test_a_bucket_lets_a_burst_through_and_then_one_each_interval() -> None:
    bucket = Bucket(1.0, 3)

    assert [bucket.wait(0.0) for _ in range(5)] == [0, 0, 0, 1, 2]
    assert bucket.wait(10.0) == 0


@pytest.mark.parametrize(("chat_id", "free", "then"), [(7, CHAT_BURST, 1.0), (-100, 20, 3.0)])
def test_a_chat_and_a_group_have_their_own_pace(chat_id: int, free: int, then: float) -> None:
    clock = Clock()
    limits = Limits(clock.pause, clock)

    async def send() -> None:
        for _ in range(free + 2):
            await limits.keep(chat_id)

    asyncio.run(send())

    assert clock.pauses == [then, then]


def test_over_all_chats_thirty_a_second_go_out() -> None:
    clock = Clock()
    limits = Limits(clock.pause, clock)

    async def send() -> None:
        for chat_id in range(90):
            await limits.keep(chat_id)

    asyncio.run(send())

    assert clock.now - 100.0 == pytest.approx(2.0)


def test_one_busy_chat_does_not_hold_up_another() -> None:
    clock = Clock()
    limits = Limits(clock.pause, clock)

    async def send() -> None:
        for _ in range(CHAT_BURST):
            await limits.keep(1)
        await limits.keep(2)

    asyncio.run(send())

    assert clock.pauses == []
