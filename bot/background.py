"""What stands behind an answer, for whoever wants more than one source: all of them, and the history of the rule."""

from collections.abc import Mapping

from bot.composing import date_in_words, day_in_words, law_in_words
from bot.wording import say
from indexer.sections import Language, Section, Source

MOST_SOURCES = 12


def background(section: Section, sections: Mapping[str, Section], language: Language) -> str:
    """Return the markup: the heading, what came before and after the rule, the places in laws, and all sources."""
    lines = [f"**{section.text(language).heading}**"]
    if history := _history(section, sections, language):
        lines += ["", say(language, "background.history"), *history]
    places = [f"- {law_in_words(law, language)}" for law in section.laws]
    places += [f"- {_source(source, language)}" for source in _each_once(section.sources)[:MOST_SOURCES]]
    return "\n".join([*lines, "", say(language, "background.sources"), *places])


def _history(section: Section, sections: Mapping[str, Section], language: Language) -> list[str]:
    """Return the rules before it, oldest first, itself, and the rule after it, where there are others at all."""
    chain = [section]
    while (before := _before(chain[0], sections)) is not None and before not in chain:
        chain.insert(0, before)
    while (after := sections.get(chain[-1].replaced_by or "")) is not None and after not in chain:
        chain.append(after)
    return [f"- {_dates(one, language)}: {one.text(language).heading}" for one in chain] if len(chain) > 1 else []


def _before(section: Section, sections: Mapping[str, Section]) -> Section | None:
    return next((other for other in sections.values() if other.replaced_by == section.id), None)


def _dates(section: Section, language: Language) -> str:
    start, end = (
        day_in_words(day, language) if day else "…" for day in (section.in_force_from, section.in_force_until)
    )
    return f"{start} – {end}" if section.in_force_until else say(language, "background.from", start=start)


def _each_once(sources: tuple[Source, ...]) -> list[Source]:
    return list({(source.publisher, source.title, source.url): source for source in sources}.values())


def _source(source: Source, language: Language) -> str:
    when = f" ({date_in_words(source.date, language)})" if source.date else ""
    title = source.title.replace("[", "(").replace("]", ")")
    return f"{source.publisher}: [{title}]({source.url}){when}" if source.url else f"{source.publisher}: {title}{when}"
