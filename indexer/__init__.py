"""Documents become sections, sections become a published index, and the index is searched."""
