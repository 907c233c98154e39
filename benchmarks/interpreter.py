"""What an utterance costs, against only looking at its letters and against scikit-learn's own."""

from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.installation import QuickWorkshop, copied
from benchmarks.measure import Row, Section, Series, interleaved, shown
from bot.assemble import assemble
from bot.prepare import MODEL
from bot.settings import Settings
from nlu.intents.features import features
from nlu.intents.model import LinearModel
from nlu.intents.train import fit
from nlu.normalize import normalize
from nlu.training_data import TRAINING_FOLDER, read

UTTERANCES = 150
ROUNDS = 7
BUCKETS = 1 << 18
LONGEST = 4


def hashed(text: str) -> list[int]:
    """Only the hashes of the n-grams of characters: less than any classifier must do."""
    return [
        hash(text[start : start + size]) % BUCKETS
        for size in range(1, LONGEST + 1)
        for start in range(len(text) - size + 1)
    ]


def measure(original: Settings, folder: Path) -> Iterator[Section]:
    utterances = read(TRAINING_FOLDER)
    spoken = [one.text for one in utterances[:: len(utterances) // UTTERANCES]]
    words = [normalize(text) for text in spoken]
    assistant = assemble(
        copied(original, folder / "interpreter"), wake=lambda _: None, workshop=QuickWorkshop()
    )
    model = LinearModel.load(original.data / MODEL)
    vectors, linear = fit(utterances)

    def each(run: Callable[[str], object], texts: list[str]) -> Callable[[], None]:
        def all_of_them() -> None:
            for text in texts:
                run(text)

        return all_of_them

    found = interleaved(
        {
            "parse": each(assistant.interpreter.parse, spoken),
            "intent": each(model.ranking, words),
            "features": each(features, words),
            "hash": each(hashed, words),
            "sklearn": each(
                lambda text: linear.decision_function(vectors.transform([text])), words
            ),
        },
        rounds=ROUNDS,
        warm=1,
    )
    assistant.close()

    def row(what: str, ours: Series, beside: str, theirs: Series) -> Row:
        mine, other = ours.typical_cpu / len(spoken), theirs.typical_cpu / len(spoken)
        return Row(what, shown(mine), beside, shown(other), mine / other)

    yield Section(
        "Interpreter: one utterance",
        [
            row("intent and entities", found["parse"], "hashing its n-grams", found["hash"]),
            row("intent alone", found["intent"], "hashing its n-grams", found["hash"]),
            row("intent alone", found["intent"], "only its features", found["features"]),
            row("intent alone", found["intent"], "scikit-learn, same model", found["sklearn"]),
        ],
        f"CPU; medians of {ROUNDS} passes over {len(spoken)} utterances, one at a time.",
    )
