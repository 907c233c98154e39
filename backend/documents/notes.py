"""What the notes below the courses say, and which scores lead to one of them."""

from functools import lru_cache

from backend.documents.facts import Coverage, Language, TranscriptFacts
from backend.documents.words import Words, words

# What the words of the register are called in English. The grades of a pair, pass or fail, and of the
# five-step scale share "Pass" and "Fail"; the note below the courses says which word stood there.
_WORD_SCORES = {
    "通过": "Pass",
    "不通过": "Fail",
    "合格": "Pass",
    "不合格": "Fail",
    "优秀": "Excellent",
    "优": "Excellent",
    "良好": "Good",
    "良": "Good",
    "中等": "Average",
    "中": "Average",
    "及格": "Pass",
    "不及格": "Fail",
    "免修": "Exempted",
}


_MARKS = {Language.ZH: "①②", Language.EN: "¹²"}


def notes(facts: TranscriptFacts) -> list[str]:
    """The notes below the courses: only those that something on this transcript needs."""
    w = words(facts.language)
    gap = "" if w.language is Language.ZH else " "
    degree = [w.degree_mark_note] if any(line.degree_course for line in facts.courses) else []
    if facts.coverage is Coverage.COMBINED:
        degree.append(w.period_note)
    gpa_note = facts.gpa_note_zh if w.language is Language.ZH else facts.gpa_note_en
    scores = _score_notes(facts, w)
    marked = _marks_of(scores, w)
    found = [
        w.coverage_note[facts.coverage],
        gap.join(
            marked[kind] + gap + text if kind in marked else text for kind, text in scores.items()
        ),
        gap.join(degree),
        gpa_note if facts.gpa_value is not None and gpa_note else "",
    ]
    return [note for note in found if note]


def marks(facts: TranscriptFacts) -> dict[str, str]:
    """Scores of this transcript that a note explains, with the mark that leads to it."""
    w = words(facts.language)
    marked = _marks_of(_score_notes(facts, w), w)
    return {
        score: marked[kind_of(score)]
        for score in {line.score for line in facts.courses}
        if kind_of(score) in marked
    }


def _score_notes(facts: TranscriptFacts, w: Words) -> dict[str, str]:
    """What the kinds of scores on this transcript mean, in the order in which it is printed."""
    scores = [line.score for line in facts.courses]
    kinds = {kind_of(score) for score in scores}
    own = facts.scale_note_zh if w.language is Language.ZH else facts.scale_note_en
    said = {
        "figure": w.percent_note,
        "letter": own or w.letter_note,
        "word": _word_note(scores, w),
    }
    return {kind: text for kind, text in said.items() if kind in kinds and text}


def _marks_of(notes: dict[str, str], w: Words) -> dict[str, str]:
    """Figures are the rule and carry no mark."""
    return dict(zip([kind for kind in notes if kind != "figure"], _MARKS[w.language], strict=False))


@lru_cache(maxsize=256)
def kind_of(score: str) -> str:
    """Whether a score is a "figure", a "letter" or a "word"; empty when there is none."""
    if score.replace(".", "", 1).isdecimal():
        return "figure"
    return "letter" if score.isascii() and score.strip() else "word" if score.strip() else ""


def score_in_words(score: str, language: Language) -> str:
    """A score as printed: figures and letters as they are, words in the language of the document.

    A word that is not in the table stays as it is: it is better read in Chinese than guessed at.
    """
    return score if language is Language.ZH else _WORD_SCORES.get(score, score)


def _word_note(scores: list[str], w: Words) -> str:
    """In English: which word of the register each printed one stands for."""
    if w.language is Language.ZH:
        return w.word_note
    given = [score for score in dict.fromkeys(scores) if kind_of(score) == "word"]
    pairs = [f"{_WORD_SCORES[score]} = {score}" for score in given if score in _WORD_SCORES]
    found = [w.word_note + ", ".join(pairs) + "."] if pairs else []
    if len(pairs) < len(given):
        found.append(w.kept_note)
    return " ".join(found)
