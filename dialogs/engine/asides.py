"""Questions about the question on the table, or about what was just refused."""

from dialogs.engine.commands import LIKELY, WHY, asked_to_explain, asks_too
from dialogs.engine.missing import Missing
from dialogs.engine.talk import Frame
from dialogs.engine.turn import Said


class Asides(Missing):
    """What is asked in passing, and answered before the dialog goes on."""

    def explained(self, said: Said, frame: Frame) -> bool:
        """ "啥意思": what the question on the table is about, and the question again."""
        labels = [str(one["label"]) for one in self.talk.buttons]
        if not frame.asked or not asked_to_explain(said.words, labels):
            return False
        self.go_on(explaining=True)
        return True

    def explained_why(self, said: Said) -> bool:
        """ "为什么", right after a refusal that cited a rule: what the rule says."""
        if not self.talk.cited or not WHY.fullmatch(said.words):
            return False
        self.open("ask_rule", {"rule": self.talk.cited})
        return True

    def answer_what_was_asked_too(self, said: Said, frame: Frame) -> None:
        """ "英文的，多少钱": an answer, and a question, which is answered before the next one."""
        top = self.talk.top
        if top is None or not top.asked or not asks_too(said.words):
            return
        if said.sure(LIKELY) != "ask_rule":
            return
        self.said.pop()
        self.open("ask_rule", self.context("ask_rule"), opening=said.text)

    def context(self, intent: str) -> dict[str, str]:
        """A question is about what is being done, or was done last."""
        if intent != "ask_rule":
            return {}
        under_way = [one.dialog for one in reversed(self.talk.stack) if one.dialog != "leave"]
        dialog = under_way[0] if under_way else self.talk.lately
        return {"about": dialog} if dialog else {}
