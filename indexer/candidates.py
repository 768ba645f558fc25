"""What accepted proposals change in the knowledge folder: known questions, ways of asking, and drafts of sections."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from indexer.drafts import draft_document, draft_name
from indexer.faults import Faults, KnowledgeError
from indexer.fields import Fields
from indexer.folder_store import write_atomically
from indexer.knowledge import Knowledge, read_knowledge, require_knowledge
from indexer.known_questions import KnownQuestion, Wanted, load_questions
from indexer.located_yaml import load_entries, load_mapping, read_text
from indexer.plain_yaml import plain_or_quoted, quoted
from indexer.proposals import AskedProposal, Proposal, SectionProposal, one_line
from indexer.sections import LANGUAGES, Language, Section

REVIEWED = Path("questions/reviewed.yaml")
FOLDER = Path("candidates")
ASKED = FOLDER / "asked.yaml"
REVIEWED_HEAD = "# Questions that reviews of transcripts found; `python -m indexer proposals --write` adds to them.\n"
ASKED_HEAD = """\
# Candidates: sellers' words for sections that are there, from reviews of transcripts. The build does not read
# them. Move what is good to the section's `asked` in its document, then delete it here. A question that stands in
# questions/ should not be moved word for word, else the trial of a new index says nothing about it.
# `python -m indexer proposals --write` adds to this file and writes it anew: comments below this line are lost.
"""
Candidates = dict[str, dict[Language, list[str]]]


@dataclass(frozen=True)
class Change:
    """A file as it shall be, and in a few words what is new in it."""

    path: Path
    text: str
    news: str


@dataclass(frozen=True)
class Plan:
    """What proposals change. `places` says where each goes, by its id; those that cannot be taken are in `faults`."""

    places: Mapping[int, str]
    changes: tuple[Change, ...]
    left_alone: tuple[str, ...]
    faults: tuple[str, ...]


def plan_changes(folder: Path, root: Path, proposals: Sequence[Proposal]) -> Plan:
    """Work out what the proposals change below the knowledge folder; nothing is written.

    Raises:
        KnowledgeError: there is no knowledge, or a file that is to be added to cannot be read.
    """
    unread = Faults(root)
    knowledge = read_knowledge(folder, unread)
    if not knowledge.sections:
        require_knowledge(knowledge, unread.sorted())
    planning = _Planning(folder, root, knowledge)
    for proposal in proposals:
        planning.take(proposal)
    return planning.plan()


def write_changes(changes: Sequence[Change]) -> None:
    """Write the files, each in one step."""
    for change in changes:
        change.path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(change.path, change.text)


def counted(count: int, what: str) -> str:
    """Return `1 question` or `2 questions`."""
    return f"{count} {what}{'' if count == 1 else 's'}"


def same(text: str) -> str:
    """Return what two ways of typing one question share: letters and words, not their size nor the space between."""
    return one_line(text).casefold()


class _Planning:
    """Gathers what is new, against what stands in the folder and what earlier proposals of the same run brought."""

    def __init__(self, folder: Path, root: Path, knowledge: Knowledge) -> None:
        sections = knowledge.sections
        self.folder = folder
        self.root = root
        self.knowledge = knowledge
        # Faults in the questions are for the check; what cannot be read here can only come twice.
        known = load_questions(folder / "questions", sections, Faults(root))
        self.known = {same(question.text): question for question in known}
        self.answered = {same(text): section.id for section in sections.values() for text in _ways(section)}
        self.candidates = _load_candidates(folder / ASKED, root)
        self.candidates_added = 0
        self.reviewed: list[str] = []
        self.drafts: list[Change] = []
        self.places: dict[int, str] = {}
        self.left_alone: list[str] = []
        self.faults: list[str] = []

    def take(self, proposal: Proposal) -> None:
        """Add what one proposal brings."""
        if isinstance(proposal, AskedProposal):
            self._asked(proposal)
        elif isinstance(proposal, SectionProposal):
            self._draft(proposal)

    def plan(self) -> Plan:
        """Return everything that was gathered."""
        changes = [*self.drafts, *self._candidates_change(), *self._reviewed_change()]
        return Plan(self.places, tuple(changes), tuple(self.left_alone), tuple(self.faults))

    def _asked(self, proposal: AskedProposal) -> None:
        section = self.knowledge.sections.get(proposal.section)
        if section is None:
            self.faults.append(
                f"proposal {proposal.id}: `{one_line(proposal.section)}` is not a section; it was removed, or "
                "cannot be read (`python -m indexer check` says so)."
            )
            return
        self.places[proposal.id] = section.id
        self._add_known_question(proposal)
        by_language = self.candidates.setdefault(section.id, {})
        there = {same(text) for text in (*_ways(section), *chain.from_iterable(by_language.values()))}
        for question in proposal.questions:
            if same(question.text) not in there:
                there.add(same(question.text))
                by_language.setdefault(question.language, []).append(question.text)
                self.candidates_added += 1

    def _add_known_question(self, proposal: AskedProposal) -> None:
        text = proposal.questions[0].text
        known = self.known.get(same(text))
        if known is None:
            self.known[same(text)] = KnownQuestion(text, Wanted.FOUND, (proposal.section,), subject=REVIEWED.stem)
            self.reviewed.append(f"- text: {quoted(text)}\n  section: {plain_or_quoted(proposal.section)}\n")
            return
        doubt = "" if proposal.section in known.sections else ", with something else wanted; see which is right"
        self.left_alone.append(
            f"proposal {proposal.id}: its question stands in {REVIEWED.parent}/{known.subject}.yaml already{doubt}."
        )

    def _draft(self, proposal: SectionProposal) -> None:
        there = sorted((self.folder / FOLDER).glob(f"*-{proposal.id}.md"))
        answered = self.answered.get(same(proposal.questions[0].text))
        if there:
            self.places[proposal.id] = f"{FOLDER}/{there[0].name}"
            self.left_alone.append(f"proposal {proposal.id}: {FOLDER}/{there[0].name} is there already.")
        elif answered:
            # A draft that was moved and finished; or somebody wrote the section since the review.
            self.places[proposal.id] = answered
            self.left_alone.append(f"proposal {proposal.id}: its question is one of `{answered}` already; no draft.")
        else:
            path = FOLDER / draft_name(proposal)
            self.places[proposal.id] = str(path)
            text = draft_document(proposal, self.knowledge.sections, self.knowledge.topics)
            self.drafts.append(Change(self.folder / path, text, "a draft of a section"))

    def _candidates_change(self) -> list[Change]:
        if not self.candidates_added:
            return []
        path = self.folder / ASKED
        return [Change(path, _candidates_text(self.candidates), counted(self.candidates_added, "candidate"))]

    def _reviewed_change(self) -> list[Change]:
        if not self.reviewed:
            return []
        path, faults = self.folder / REVIEWED, Faults(self.root)
        before = (read_text(path, faults) if path.exists() else None) or REVIEWED_HEAD
        text = (before if before.endswith("\n") else f"{before}\n") + "".join(self.reviewed)
        load_entries(text, path, faults)
        _require_none(faults)
        return [Change(path, text, counted(len(self.reviewed), "question"))]


def _ways(section: Section) -> list[str]:
    return [*(text.heading for text in section.texts.values()), *chain.from_iterable(section.asked.values())]


def _load_candidates(path: Path, root: Path) -> Candidates:
    faults = Faults(root)
    text = read_text(path, faults) if path.exists() else None
    fields = Fields(load_mapping(text or "", 1, path, faults), path, faults)
    for section in fields.located.values:
        fields.texts_by_language(section)
    _require_none(faults)
    return {section: _texts(values) for section, values in fields.located.values.items()}


def _texts(values: object) -> dict[Language, list[str]]:
    """Return the texts as they stand there, where `Fields` would take out the line breaks."""
    by_language = values if isinstance(values, Mapping) else {}
    found = {language: by_language.get(language) or [] for language in LANGUAGES}
    return {
        language: [str(text) for text in (texts if isinstance(texts, list) else [texts])]
        for language, texts in found.items()
    }


def _candidates_text(candidates: Candidates) -> str:
    lines = []
    for section, by_language in candidates.items():
        filled = {language: by_language[language] for language in LANGUAGES if by_language.get(language)}
        lines += [f"{plain_or_quoted(section)}:"] if filled else []
        for language, texts in filled.items():
            lines += [f"  {language}:", *(f"    - {quoted(text)}" for text in texts)]
    return "\n".join([ASKED_HEAD.rstrip("\n"), *lines]) + "\n"


def _require_none(faults: Faults) -> None:
    if faults.found:
        raise KnowledgeError(faults.sorted())
