"""Tokens for words that are half Chinese, half English, and typed in a hurry."""

import re
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

from nlu.normalize import normalize

_TOKEN = re.compile(r"[a-z0-9']+|[\u3400-\u9fff]|[?!]")
_DIGIT = re.compile(r"[0-9]")
_NOTHING = "_"  # no letters at all: Rasa's classifiers need features of every message


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class CharacterTokenizer(Tokenizer):
    """A token for each Chinese character and each word in letters.

    They are read in simplified, half-width lower case, with every digit as 0, so that n-grams of
    *words* are n-grams of characters in Chinese and of words in English. Offsets count in the text
    as it is read, which for what people type is the text itself.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_"}

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        read = _DIGIT.sub("0", normalize(message.get(attribute)))
        found = [Token(match[0], match.start()) for match in _TOKEN.finditer(read)]
        return found or [Token(_NOTHING, 0)]
