"""A document as data: its clauses, and every quote at the place where it stands in the text."""

import re
from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

SPACE = re.compile(r"\s+")


class Misquoted(ValueError):
    """A quote is not in its source."""


class Clause(BaseModel):
    """One thing a document says that a person may ask about.

    ``quotes`` are its exact words, white space aside; ``en`` renders them in English and binds
    nobody. ``fact`` answers in a sentence, ``note`` tells what goes with it (mostly what the document
    leaves open). ``asked`` are questions it answers. ``dialog`` does the thing, ``office`` knows more;
    both may be empty. ``conflicts`` are clauses that say otherwise; ``same`` are clauses (of another
    document, mostly) that answer the same questions, named in one of the two. ``years`` are the first
    and the last year, of enrolment or graduation, that it is about, where it is not about every one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(pattern=r"^[A-Za-z]\d+[a-z]?\.[\w-]+$")]
    rule: Annotated[str, Field(pattern=r"^[A-Z]\d+[a-z]?$")]
    quotes: Annotated[tuple[str, ...], Field(min_length=1)]
    en: str
    fact: str
    fact_en: str
    topics: tuple[str, ...] = ()
    asked: Annotated[tuple[str, ...], Field(min_length=1)]
    dialog: str = ""
    office: str = ""
    conflicts: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    years: tuple[int | None, int | None] = (None, None)
    note: str = ""
    note_en: str = ""

    def about(self, year: int) -> bool:
        first, last = self.years
        return (first is None or first <= year) and (last is None or year <= last)

    @field_validator("topics", "asked", mode="before")
    @classmethod
    def as_words(cls, listed: object) -> object:
        """Data files have numbers for words such as 2001."""
        return tuple(map(str, listed)) if isinstance(listed, list) else listed


class Quote(BaseModel):
    """``offset`` and ``end`` are character offsets into the source as it stands, so that
    ``source[offset:end]`` is the quote, white space aside; ``squeezed`` is where it begins in the source
    without white space.
    """

    model_config = ConfigDict(frozen=True)

    text: str
    offset: int
    end: int
    squeezed: int


class Document(BaseModel):
    """``dated`` is a day, a month where the document gives no more, or empty where it has none.

    ``begins`` is the day from which it counts, where that is another one. ``number`` is its own number
    (国科大教〔2026〕1号). ``supersedes`` are ids of earlier documents that it takes the place of from
    then on. ``text`` is the whole document, ``source`` its name.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    title: str
    issuer: str
    dated: Annotated[str, Field(pattern=r"^(\d{4}-\d{2}(-\d{2})?)?$")] = ""
    begins: Annotated[str, Field(pattern=r"^(\d{4}-\d{2}-\d{2})?$")] = ""
    number: str = ""
    source: str
    supersedes: tuple[str, ...] = ()
    text: str = Field(repr=False)
    clauses: tuple[Clause, ...] = Field(repr=False)

    @property
    def since(self) -> str:
        """The day, or the month, from which it counts; empty: from ever."""
        return self.begins or self.dated

    @field_validator("dated", "begins", mode="before")
    @classmethod
    def as_text(cls, dated: object) -> object:
        return dated.isoformat() if isinstance(dated, date) else dated

    @model_validator(mode="after")
    def check(self) -> "Document":
        """Whatever would be quoted stands in the text; raises :class:`Misquoted` otherwise."""
        for clause in self.clauses:
            self.quoted(clause)
        return self

    def quoted(self, clause: Clause) -> tuple[Quote, ...]:
        """The words of one of its clauses, and where they stand."""
        return tuple(self._found(clause, words) for words in clause.quotes)

    def _found(self, clause: Clause, words: str) -> Quote:
        wanted = SPACE.sub("", words)
        at = self._squeezed.find(wanted) if wanted else -1
        if at < 0:
            raise Misquoted(f"{clause.id}: not in {self.source}: {words}")
        places = self._places
        return Quote(
            text=words, offset=places[at], end=places[at + len(wanted) - 1] + 1, squeezed=at
        )

    @cached_property
    def _squeezed(self) -> str:
        return SPACE.sub("", self.text)

    @cached_property
    def _places(self) -> list[int]:
        """Where each character that is no white space stands."""
        return list(_filled(self.text))


def _filled(text: str) -> Iterator[int]:
    return (at for at, character in enumerate(text) if not SPACE.match(character))
