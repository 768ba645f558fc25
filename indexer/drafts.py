"""The draft of a section that sellers miss: a document in the form of the knowledge, with the gaps marked."""

import re
import unicodedata
from collections.abc import Collection

from indexer.plain_yaml import plain_or_quoted, quoted
from indexer.proposals import SectionProposal, one_line
from indexer.sections import KINDS, LANGUAGES, Language, Platform

# A line that starts so is a gap that somebody must fill; the check reports it.
GAP = "TODO: "
LONGEST_SLUG = 60
_NAMES: dict[Language, str] = {"id": "Indonesian", "en": "English"}
_STRUCTURE = re.compile(r"^#{2,3} ", re.MULTILINE)


def draft_name(proposal: SectionProposal) -> str:
    """Return the file name of a draft: the question in small letters, digits and hyphens, and the proposal's id."""
    text = unicodedata.normalize("NFKD", proposal.questions[0].text).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", text)
    slug = "-".join(words)[:LONGEST_SLUG].rstrip("-") or "question"
    return f"{slug}-{proposal.id}.md"


def draft_document(proposal: SectionProposal, sections: Collection[str], topics: Collection[str]) -> str:
    """Return the document: what is known is filled in, the rest is a gap, and a comment says what to do."""
    topic = proposal.topic if proposal.topic in topics else None
    platform = proposal.platform if proposal.platform in set(Platform) else None
    parts = [
        _head(topic, platform, topics),
        _instructions(proposal, topic, platform, topics),
        _fields(proposal, sections),
        *(_text(proposal, language) for language in LANGUAGES),
    ]
    return "\n\n".join(parts) + "\n"


def _head(topic: str | None, platform: str | None, topics: Collection[str]) -> str:
    lines = ["---", "title:", *(f"  {code}: {quoted(f'{GAP}a short title in {_NAMES[code]}')}" for code in LANGUAGES)]
    lines.append(f"topic: {plain_or_quoted(topic)}" if topic else f"topic:  # one of {', '.join(topics)}")
    lines.append(f"platform: {platform}" if platform else f"platform:  # one of {', '.join(Platform)}")
    return "\n".join([*lines, "---"])


def _instructions(proposal: SectionProposal, topic: str | None, platform: str | None, topics: Collection[str]) -> str:
    turns = "1 turn" if proposal.count == 1 else f"{proposal.count} turns"
    lines = [
        f"A draft from proposal {proposal.id} of {proposal.proposed_on}: sellers asked this in {turns}, "
        "and no section answers it."
    ]
    if proposal.note:
        lines.append(f"Note of the review: {_in_comment(proposal.note)}")
    lines += ["", "Missing:", *(f"- {gap}" for gap in _gaps(proposal, topic, platform, topics)), ""]
    folders = ", ".join(f"{kind}/" for kind in KINDS if kind != "faqs")
    lines += [
        "Every figure in the answer must stand in one of the facts. Make the heading the question as it should be",
        "asked, keep sellers' own words in `asked`, and put a question that does not stand there into questions/.",
        f"Then move the file to faqs/ (or {folders}), name it and its `## answer` as they can",
        "stay for ever, delete this comment, and run `python -m indexer check`: it says what is still wrong.",
    ]
    return "\n".join(["<!--", *lines, "-->"])


def _in_comment(text: str) -> str:
    """Return a text that cannot end the comment it stands in."""
    return re.sub(r"-(?=-)", "- ", one_line(text))


def _gaps(proposal: SectionProposal, topic: str | None, platform: str | None, topics: Collection[str]) -> list[str]:
    gaps = [
        "a title in both languages",
        "the facts: each statement with its sources as an entry of facts/, and the ids in `facts`, the main one first",
    ]
    if topic is None:
        typed = f"; the proposal says {_in_comment(proposal.topic)}" if proposal.topic else ""
        gaps.append(f"the topic (one of {', '.join(topics)}{typed})")
    if platform is None:
        typed = f"; the proposal says {_in_comment(proposal.platform)}" if proposal.platform else ""
        gaps.append(f"the platform (one of {', '.join(Platform)}{typed})")
    gaps += [f"the heading in {_NAMES[code]}" for code in LANGUAGES if code != proposal.questions[0].language]
    gaps += [f"the answer in {_NAMES[code]}" for code in LANGUAGES if code not in proposal.answers]
    return gaps


def _fields(proposal: SectionProposal, sections: Collection[str]) -> str:
    lines = ["## answer", "", "```yaml", "facts: []", "asked:"]
    for language in LANGUAGES:
        texts = dict.fromkeys(question.text for question in proposal.questions if question.language == language)
        lines += [f"  {language}:", *(f"    - {quoted(text)}" for text in texts)] if texts else []
    near = [address for address in dict.fromkeys(proposal.near) if address in sections]
    lines += ["see_also:", *(f"  - {plain_or_quoted(address)}" for address in near)] if near else []
    return "\n".join([*lines, "```"])


def _text(proposal: SectionProposal, language: Language) -> str:
    first = proposal.questions[0]
    heading = one_line(first.text) if first.language == language else f"{GAP}the question in {_NAMES[language]}"
    gap = f"{GAP}the answer in {_NAMES[language]}; its first sentence answers the question."
    return f"### {language}: {heading}\n\n{_body(proposal.answers.get(language)) or gap}"


def _body(answer: str | None) -> str:
    """Return an answer whose headings do not count as a section or a language; the check reports them."""
    lines = re.split(r"\r\n|\r|\n", (answer or "").strip())
    return _STRUCTURE.sub("#### ", "\n".join(lines))
