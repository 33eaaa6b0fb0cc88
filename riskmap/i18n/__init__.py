"""Words: a code and its fields become a sentence, in English and in Spanish alike."""

from riskmap.i18n.choice import choose_language
from riskmap.i18n.words import LANGUAGES, Words

__all__ = ["LANGUAGES", "Words", "choose_language"]
