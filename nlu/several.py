"""Several requests in one message: "查下免考，再给我来份成绩单", "中英文成绩单各一份"."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from nlu.interpreter import OUT_OF_SCOPE, Entity, Interpreter, Parse, Request

SURE = 0.6  # what is heard in a part of a message must be clear without the rest
LONGEST = 160  # characters; a longer message tells a story, with one request in it
SHORTEST = 3
MOST_PARTS = 8  # what has more of them is a story as well, and each costs a reading
MOST = 4  # requests; whoever wants more says it again
QUESTION = "ask_rule"  # two of these are two questions, where two of another kind are said twice
KINDS = frozenset({"language", "gpa", "coverage"})  # what one document has one of
# Not requests of their own, but what goes with one.
ASIDE = frozenset(
    {
        *("greet", "goodbye", "thank", "help", "affirm", "deny", "cancel", "go_back"),
        *("change_answer", "ask_human", "switch_language", OUT_OF_SCOPE),
    }
)
# A comma alone joins a request and its circumstances; one more request says that it is one.
_ADDED = (
    r"(?:然后|顺便|順便|另外|还有|還有|以及|并且|並且)(?:再|也)?"
    r"|(?:再|也)(?=请|請|给|給|帮|幫|来|來|办|辦|查|看|申请|申請|要)"
)
_ADDED_EN = (
    r"and then|and also|then also|also|plus|then|and(?= (?:can|could|please|i|get|show|check)\b)"
)
BREAK = re.compile(
    rf"[。；;！!？?\n]+\s*(?:{_ADDED})?|[，,、\s]*(?:{_ADDED})|[,.]?\s+(?:{_ADDED_EN})\s+",
    re.IGNORECASE,
)
EACH = re.compile(r"各|都|分别|分別|两种|兩種|\b(both|each)\b", re.IGNORECASE)


class Several:
    """Fills the port: what ``inner`` understands, and the requests it is made of if there are more."""

    def __init__(self, inner: Interpreter) -> None:
        self._inner = inner

    def parse(self, text: str) -> Parse:
        parse = self._inner.parse(text)
        if not SHORTEST < len(text) <= LONGEST:
            return parse
        parts = [part for part in BREAK.split(text) if len(part.strip()) >= SHORTEST]
        whole = Request(text, parse.intent, parse.confidence, parse.entities)
        found = self._requests(parts) if 1 < len(parts) <= MOST_PARTS else [whole]
        found = [one for request in found for one in _one_for_each(request)]
        return replace(parse, requests=tuple(found[:MOST])) if len(found) > 1 else parse

    def _requests(self, parts: Iterable[str]) -> list[Request]:
        """In their order, each once, with the words that belong to it."""
        found: list[Request] = []
        for part in parts:
            parse = self._inner.parse(part)
            last = found[-1] if found else None
            own = parse.intent not in ASIDE and parse.confidence >= SURE
            again = last is not None and parse.intent == last.intent != QUESTION
            if last and (not own or again):
                if _contradicts(last.entities, parse.entities):  # "…，再来一份英文的"
                    found.append(replace(last, text=part, entities=parse.entities))
                elif parse.entities:  # "…，要英文的": a detail of what was said before
                    found[-1] = last.with_details(part, parse.entities)
            elif own:
                found.append(Request(part, parse.intent, parse.confidence, parse.entities))
        return found


def _contradicts(first: Iterable[Entity], second: Iterable[Entity]) -> bool:
    named = {one.entity: one.value for one in first}
    return any(named.get(one.entity, one.value) != one.value for one in second)


def _one_for_each(request: Request) -> Iterator[Request]:
    """The same once for each of two values: "中英文各一份"."""
    values: dict[str, list[Entity]] = {}
    for one in request.entities:
        known = values.setdefault(one.entity, [])
        if one.value not in {other.value for other in known}:
            known.append(one)
    both = [several for name, several in values.items() if name in KINDS and len(several) > 1]
    if len(both) != 1 or request.intent in ASIDE or not EACH.search(request.text):
        yield request
        return
    for one in both[0]:
        others = (two for two in request.entities if two.entity != one.entity)
        yield replace(request, entities=(one, *others))
