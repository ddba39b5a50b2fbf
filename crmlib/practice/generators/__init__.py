"""Generators: what draws the numbers of a chapter's exercises, a module a topic.

Each draws values, takes the key from the chapter's model and the answer of each distractor from a named misconception.
What an exercise says stands in ``casebook/items/<topic>.yaml``.
"""

from collections.abc import Mapping

from crmlib.practice.exercise import Generator
from crmlib.practice.generators import distributors, loyalty, relationships, tiers

GENERATORS: Mapping[str, Mapping[str, Generator]] = {
    "tiers": tiers.GENERATORS,
    "loyalty": loyalty.GENERATORS,
    "relationships": relationships.GENERATORS,
    "distributors": distributors.GENERATORS,
}
"""By topic and name, in the order in which a chapter asks."""
