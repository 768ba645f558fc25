"""Made-up conversations for demonstrations and tests: nobody said any of this, and no number in it is anybody's."""
