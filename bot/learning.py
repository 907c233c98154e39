"""``registrar unclear`` and ``registrar retrain``: what staff have labelled becomes examples, and those
a better model."""

import sys
from collections.abc import Callable
from pathlib import Path

from backend import labels
from bot.prepare import MODEL, sealer, work_there
from bot.settings import Settings
from nlu import learnt
from nlu.learnt import Selection, Taught
from nlu.training_data import TEST_FOLDER, read

LEARNT = "learnt"  # in the data folder


def learnt_file(settings: Settings) -> Path:
    return settings.data / LEARNT / learnt.FILE


def taught(settings: Settings) -> tuple[list[Taught], int]:
    """What staff have labelled, and how many messages wait for it. Raises NotReady."""
    with work_there(settings, sealer=sealer(settings)) as work:
        found = [Taught(one.number, one.words, one.intent) for one in labels.labelled(work)]
        return found, labels.count(work)


def run_unclear(settings: Settings, export: Path | None, say: Callable[[str], None]) -> int:
    """Tell how many there are; ``export`` writes those that have been labelled, to what is there."""
    found, waiting = taught(settings)
    say(
        f"等着标注 {waiting} 条，已标注 {len(found)} 条 · {waiting} to label, {len(found)} labelled"
    )
    if export is None:
        return 0
    selection = exported(found, learnt.in_file(export))
    learnt.write(selection.kept, export)
    for number, why in selection.left_out:
        say(f"没有用 left out: {number}（{why}）")
    say(f"{export}：{len(selection.kept)} 句 · examples")
    return 0


def exported(found: list[Taught], before: list[Taught]) -> Selection:
    """What was there before stays, unless it has been labelled otherwise since."""
    new = {learnt.letters(learnt.without_placeholders(one.text)) for one in found}
    stays = [one for one in before if learnt.letters(one.text) not in new]
    return learnt.selected([*stays, *found], read(), read(TEST_FOLDER))


def run_retrain(
    settings: Settings,
    file: Path | None,
    say: Callable[[str], None],
    *,
    only_measure: bool = False,
    forget: bool = False,
) -> int:
    """Exit status 1 where the candidate is worse, or there is nothing to learn: nothing is changed."""
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
    file = file or learnt_file(settings)
    try:
        outcome = retrain.retrain(cache, file, progress=say, only_measure=only_measure)
    except retrain.NothingLearnt as nothing:
        for number, why in nothing.left_out:
            say(f"没有用 left out: {number}（{why}）")
        print(
            f"{file} 里没有可学的例句，先运行 registrar unclear --export。 There is nothing to learn.",
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
