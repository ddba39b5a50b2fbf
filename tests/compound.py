"""An item of each kind whose answer has several parts, as an author writes it."""

from typing import Any

from test_items import COMMON, Dict, both

MULTI: Dict = {
    **COMMON,
    "id": "own.several",
    "type": "multi",
    "stem": both("哪些成立？", "Which of these hold?"),
    "options": [
        {"text": both("甲", "first"), "correct": True, "why": both("甲成立", "first holds")},
        {"text": both("乙", "second"), "correct": True, "why": both("乙成立", "second holds")},
        {"text": both("丙", "third"), "correct": True, "why": both("丙成立", "third holds")},
        {"text": both("丁", "fourth"), "misconception": "mixed_up", "why": both("丁不成立", "fourth does not")},
    ],
}
TFC: Dict = {
    **COMMON,
    "id": "own.mend",
    "type": "tfc",
    "stem": both("不成立。", "It does not hold."),
    "answer": False,
    "why": both("因为", "Because"),
    "misconception": "mixed_up",
    "correction": both("成立。", "It holds."),
}
TERM: Dict = {
    **COMMON,
    "id": "own.term",
    "type": "term",
    "points": 4,
    "stem": both("客户", "Customer"),
    "model": both("买的人。", "Whoever buys."),
    "rubric": [{"points": 2, "text": both("人", "who")}, {"points": 2, "text": both("买", "buys")}],
}
FILL: Dict = {
    **COMMON,
    "id": "own.gaps",
    "type": "fill",
    "points": 3,
    "stem": both("[[1]]与[[2]]之比是[[3]]。", "The ratio of [[1]] to [[2]] is [[3]]."),
    "blanks": [
        {"accept": [both("销售", "sales"), both("销售额", "sales volume")], "why": both("在上", "above")},
        {"accept": [both("成本", "Cost")], "why": both("在下", "below")},
        {"accept": [both("80%", "80%")], "why": both("算出来", "worked out")},
    ],
}
ORDER: Dict = {
    **COMMON,
    "id": "own.steps",
    "type": "order",
    "points": 4,
    "stem": both("按先后排列。", "Put in order."),
    "sequence": [both("一", "one"), both("二", "two"), both("三", "three"), both("四", "four")],
    "why": both("数数。", "Count."),
}
MATCH: Dict = {
    **COMMON,
    "id": "own.pairs",
    "type": "match",
    "points": 3,
    "stem": both("配对。", "Match."),
    "pairs": [
        {"left": both("猫", "cat"), "right": both("喵", "meow")},
        {"left": both("狗", "dog"), "right": both("汪", "woof")},
        {"left": both("鸭", "duck"), "right": both("嘎", "quack")},
    ],
    "others": [both("咩", "baa")],
    "why": both("叫声。", "Their voices."),
}
EACH: dict[str, Dict] = {"multi": MULTI, "tfc": TFC, "term": TERM, "fill": FILL, "order": ORDER, "match": MATCH}


def changed(item: Dict, **fields: Any) -> Dict:
    """Return an item with some fields other than they were; those that are None are taken out."""
    made = {**item, **fields}
    return {name: value for name, value in made.items() if value is not None}
