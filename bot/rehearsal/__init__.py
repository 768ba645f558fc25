"""A rehearsal stage: a strict fake of Telegram, and plays performed on it."""
