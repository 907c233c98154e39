"""How the words sound: who types 程绩丹 or ``chengjidan`` means 成绩单."""

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.constants import DENSE_FEATURIZABLE_ATTRIBUTES
from rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer import CountVectorsFeaturizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu.homophones import SOUNDS, spelled_out

_BEGIN, _END = "bos", "eos"  # no syllables
_SHORTEST_SPELLING = 4  # letters; shorter ones are English more often than pinyin


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class PinyinFeaturizer(CountVectorsFeaturizer):
    """n-grams of syllables without tones, begin and end among them.

    Everything else is Rasa's own featurizer; its options are this one's.
    """

    @staticmethod
    def _attributes_for(analyzer: str) -> list[str]:
        return list(DENSE_FEATURIZABLE_ATTRIBUTES)  # the names of intents have no sound

    def _get_message_tokens_by_attribute(self, message: Message, attribute: str) -> list[str]:
        tokens = super()._get_message_tokens_by_attribute(message, attribute)
        if attribute != TEXT or not tokens:
            return tokens
        heard = [" ".join(_syllables(token)) for token in tokens]
        heard[0] = f"{_BEGIN} {heard[0]}"
        heard[-1] = f"{heard[-1]} {_END}"
        return heard  # as many as there are tokens, as Rasa wants it


def _syllables(token: str) -> list[str]:
    if token.isascii():
        return spelled_out(token) if len(token) >= _SHORTEST_SPELLING else []
    return [SOUNDS.get(character, character) for character in token]
