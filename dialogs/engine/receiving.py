"""Files that come in: for the question on the table, for a later one, or for a dialog they begin."""

from backend.photos.looking import Came
from dialogs.engine import repair
from dialogs.engine.dialog import Dialog
from dialogs.engine.hearing import CAME
from dialogs.engine.running import Running
from dialogs.engine.talk import Frame
from dialogs.engine.turn import Attached
from dialogs.engine.words import _


class Receiving(Running):
    """What becomes of a file."""

    def receive(self, file: Attached) -> None:
        """A file is for the dialog that asks for one, or for one that begins with it."""
        top = self.talk.top
        asking = self.dialogs.get(top.dialog) if top else None
        if top and asking and asking.file and top.asked.startswith(asking.file):
            self.go_on(heard=heard_of(asking, top.asked, file))
            return
        if top and asking and asking.file and asking.album:
            self.keep_for_later(top, file)
            return
        self.talk.stack = [frame for frame in self.talk.stack if frame.dialog != "leave"]
        lately = self.dialogs.get(self.talk.lately)
        if lately and lately.further and not self.talk.stack:
            further = self.dialogs[lately.further]
            self.open(lately.further, {}, heard=heard_of(further, further.file, file))
            return
        for name, dialog in self.dialogs.items():
            if dialog.takes is not None and dialog.takes(self.work, self.person, file):
                self.open(name, {}, heard=heard_of(dialog, dialog.file, file))
                return
        if file.media_type.startswith("image/") and self.begin_with_owed(file):
            return
        self.say(repair.no_file_wanted)
        self.go_on()

    def begin_with_owed(self, file: Attached) -> bool:
        """A picture may be the answer that somebody waits for."""
        owed = self.owed(self.work, self.person) if self.owed and self.person else None
        if owed is None or not self.dialogs[owed.dialog].album or self.talk.stack:
            return False
        frame = self.talk.open(owed.dialog, owed.answers)
        frame.prefill[f"{CAME}0001"] = file.blob_id
        self.go_on()
        return True

    def keep_for_later(self, frame: Frame, file: Attached) -> None:
        """Several files come at once, and one is asked for after the other."""
        if not file.media_type.startswith("image/"):
            self.say(_("这里要的是图片（JPG 或 PNG），“{name}”没有用上。", name=file.name))
            if not frame.waiting:
                self.go_on()
            return
        place = sum(name.startswith(CAME) for name in frame.prefill) + 1
        frame.prefill[f"{CAME}{place:04}"] = file.blob_id
        self.say(repair.file_kept)
        if not frame.waiting:
            self.go_on()


def heard_of(dialog: Dialog, slot: str, file: Attached) -> dict[str, str]:
    """A file as the answer to a question."""
    heard = {slot: file.blob_id}
    if dialog.named:
        heard[f"{slot}.came"] = Came(file.named, file.recompressed).to_text()
    return heard
