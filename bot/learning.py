"""``registrar unclear`` and ``registrar retrain``: what staff have labelled becomes examples, and those
a better model."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from backend import labels
from backend.work import Work
from bot.prepare import MODEL, sealer, work_there
from bot.settings import Settings
from nlu import learnt
from nlu.learnt import Selection, Taught
from nlu.training_data import TEST_FOLDER, read

LEARNT = "learnt"  # in the data folder


def learnt_file(settings: Settings) -> Path:
    return settings.data / LEARNT / learnt.FILE


def run_unclear(settings: Settings, export: Path | None, say: Callable[[str], None]) -> int:
    """Tell how many there are; ``export`` writes those that have been labelled, to what is there."""
    if export is None:
        with work_there(settings, sealer=sealer(settings)) as work:
            tell_count(work, len(labels.labelled(work)), say)
        return 0
    selection = exported(settings, export, say)
    learnt.write(selection.kept, export)
    say(f"{export}：{len(selection.kept)} 句 · examples")
    return 0


def exported(settings: Settings, file: Path, say: Callable[[str], None]) -> Selection:
    """What is in the file with what staff have labelled since; what is left out is said.

    Raises NotReady, or ValueError where the file is no training data.
    """
    before = learnt.in_file(file)
    with work_there(settings, sealer=sealer(settings)) as work:
        found = [Taught(one.number, one.words, one.intent) for one in labels.labelled(work)]
        meant = labels.last_meant(work, (one.number for one in before if one.number))
        tell_count(work, len(found), say)
    stays, undone = standing(before, found, meant)
    selection = learnt.selected([*stays, *found], read(), read(TEST_FOLDER))
    for one in undone:
        say(f"删去 taken out: {one.name}（{learnt.UNDONE}）")
    for name, why in selection.left_out:
        say(f"没有用 left out: {name}（{why}）")
    return selection


def standing(
    before: list[Taught], found: list[Taught], meant: Mapping[str, str]
) -> tuple[list[Taught], list[Taught]]:
    """What was exported before and stays, and what does not, since staff say so no longer.

    A message that is erased by now, its time over or its author's consent withdrawn, stays as the
    example it has become. ``meant`` is what each message was last said to mean.
    """
    new = {learnt.letters(learnt.without_placeholders(one.text)) for one in found}
    old = [one for one in before if learnt.letters(one.text) not in new]
    undone = [one for one in old if one.number and meant.get(one.number) != one.intent]
    return [one for one in old if one not in undone], undone


def tell_count(work: Work, labelled: int, say: Callable[[str], None]) -> None:
    waiting = labels.count(work)
    say(f"等着标注 {waiting} 条，已标注 {labelled} 条 · {waiting} to label, {labelled} labelled")


def run_retrain(
    settings: Settings,
    file: Path | None,
    say: Callable[[str], None],
    *,
    only_measure: bool = False,
    forget: bool = False,
) -> int:
    """Exports what staff have labelled and trains on it, or on a ``file`` as it is.

    Exit status 1 where the candidate is worse, or there is nothing to learn: nothing is changed then.
    """
    from nlu import retrain  # noqa: PLC0415
    from nlu.intents import publication  # noqa: PLC0415

    cache = settings.data / MODEL
    if forget:
        there = publication.forget(cache)
        say(
            "下次启动起用出厂的模型 · as shipped from the next start on"
            if there
            else "用的就是出厂的模型 · it is the one as shipped already"
        )
        return 0
    try:
        if file is None:
            place = learnt_file(settings)
            taught = list(exported(settings, place, say).kept)
            if not only_measure:
                learnt.write(taught, place)
        elif file.exists():
            taught = learnt.in_file(file)
        else:
            print(f"{file}: 没有这个文件 no such file", file=sys.stderr)
            return 1
        outcome = retrain.retrain(cache, taught, progress=say, only_measure=only_measure)
    except retrain.NothingLearnt as nothing:
        for name, why in nothing.left_out:
            say(f"没有用 left out: {name}（{why}）")
        print(
            "没有可学的例句：先请老师标注“没听懂的话”。 There is nothing to learn: staff label first.",
            file=sys.stderr,
        )
        return 1
    except ValueError as wrong:
        print(f"训练数据不对 · training data: {wrong}", file=sys.stderr)
        return 1
    print(retrain.told(outcome), end="")
    if outcome.reasons:
        return 1
    if outcome.folder is None:
        say("没有变差，只是比较，没有发布 · no worse; only measured, not published")
    else:
        say(f"已发布，重启后使用 · published, in use after a restart: {outcome.folder}")
    return 0
