"""A text of a given length, written in as many messages as it takes."""

from dialogs.engine.chat import Chat
from dialogs.engine.message import Length
from dialogs.engine.slots import Invalid, Option, Slot, option_meant, tidy
from dialogs.engine.turn import Said
from dialogs.engine.words import Speech, Words, _

DONE, ANEW = "=done", "=anew"
DONE_OPTION = Option(
    DONE,
    _("写好了"),
    "primary",
    aliases=("好了", "写完了", "就这些", "没有了", "结束", "done", "finished", "that is all"),
)


def essay(chat: Chat, name: str, prompt: Speech, *, title: Words, least: int, most: int) -> str:
    """Between ``least`` and ``most`` characters without blanks; after each message it is told how many
    there are. A message that makes it too long is not taken, and what was written before stands.
    """
    attempt, pieces = 1, list[str]()
    while True:
        written = sum(map(characters, pieces))
        question = prompt if not pieces else so_far(written, least, most)
        length = Length(written, least, most)
        slot = piece(f"{name}.{attempt}.{len(pieces) + 1}", question, title, length)
        words = chat.ask(slot)
        if words == DONE:
            return "\n".join(pieces)
        if words == ANEW:
            attempt, pieces = attempt + 1, []
        else:
            pieces.append(words)


def characters(words: str) -> int:
    """As length is told: without blanks and line breaks."""
    return sum(not one.isspace() for one in words)


def so_far(written: int, least: int, most: int) -> Words:
    if written < least:
        return _(
            "已写 {written} 字，至少 {least} 字，还差 {missing} 字，接着写就行。",
            written=written,
            least=least,
            missing=least - written,
        )
    return _(
        "已写 {written} 字（{least} 到 {most} 字）。写好了吗？也可以接着写。",
        written=written,
        least=least,
        most=most,
    )


def piece(name: str, prompt: Speech, title: Words, length: Length) -> Slot[str]:
    options: tuple[Option, ...] = ()
    if length.written:
        options = (Option(ANEW, _("重写"), aliases=("重新写", "start over")),)
    if length.written >= length.least:
        options = (DONE_OPTION, *options)
    first = not length.written

    def parse(stored: str) -> str:
        if stored in (DONE, ANEW):
            if stored not in [one.value for one in options]:
                raise Invalid(so_far(length.written, length.least, length.most))
            return stored
        words = tidy(stored)
        count = characters(words)
        if not count:
            raise Invalid(_("这里需要写几个字。"))
        if length.written + count > length.most:
            raise Invalid(
                _(
                    "太长了：加上这一段一共 {count} 字，最多 {most} 字。这一段没有算进去，请缩短后再发。",
                    count=length.written + count,
                    most=length.most,
                )
            )
        return words

    def read(said: Said) -> str | None:
        if option_meant(said.words, (DONE_OPTION,)) and length.written < length.least:
            raise Invalid(_("还没有写够。"))
        return option_meant(said.words, options) or said.text

    return Slot(
        *(name, prompt, title, parse, read, options),
        free=True,
        verbatim=True,
        length=length,
        revisable=first,
        told=lambda stored: _("{count} 字", count=characters(stored)),
    )
