"""Colours as eyes see them: contrast after WCAG, and distance for readers who confuse some."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

SIGHT = {
    "all colours": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "no red": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "no green": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "no blue": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
"""How linear red, green and blue are seen: Machado, Oliveira and Fernandes (2009), severity 1."""


def linear(color: str) -> np.ndarray:
    part = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


def luminance(color: str) -> float:
    return float(linear(color) @ [0.2126, 0.7152, 0.0722])


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def apart(one: str, other: str) -> float:
    """Return how far two colours are apart (CIELAB) for those to whom they are nearest."""
    return min(
        float(np.linalg.norm(_lab(np.array(sight) @ linear(one)) - _lab(np.array(sight) @ linear(other))))
        for sight in SIGHT.values()
    )


def nearest(colors: Sequence[str]) -> float:
    """Return how far neighbours in a row of colours are apart at least."""
    return min(apart(a, b) for a, b in pairwise(colors))


def _lab(rgb: np.ndarray) -> np.ndarray:
    mixed = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = mixed @ np.clip(rgb, 0, 1) / np.array([0.9505, 1.0, 1.089])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def written_on(cell: str) -> str:
    """Return the colour in which plotly.js writes on a cell of a heat map: white on a dark one, else a dark gray."""
    red, green, blue = (int(cell[i : i + 2], 16) for i in (1, 3, 5))
    return "#ffffff" if (299 * red + 587 * green + 114 * blue) / 1000 < 128 else "#444444"
