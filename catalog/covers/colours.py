"""Cloth colours: twelve hues, each dark or pale, with text and ornament that stand out."""

import math
from dataclasses import dataclass
from functools import cache

HUES = (24, 45, 68, 95, 125, 155, 190, 222, 255, 285, 315, 345)
LEAST_CONTRAST = 4.5


@dataclass(frozen=True)
class Scheme:
    """Colours of one cover as #rrggbb."""

    cloth: str
    text: str
    ornament: str


@cache
def scheme(hue: int, pale: bool, shade: int) -> Scheme:
    """Return the colours of a cloth; `shade` (0 … 3) makes it a little lighter.

    The text is moved away from the cloth until WCAG's contrast of 4.5 is reached.
    """
    if pale:
        cloth = oklch(0.88 + 0.012 * shade, 0.045, hue)
        return Scheme(cloth, _readable(cloth, 0.28, -0.02, hue), oklch(0.52, 0.12, hue))
    cloth = oklch(0.31 + 0.025 * shade, 0.075, hue)
    return Scheme(cloth, _readable(cloth, 0.95, 0.01, hue), oklch(0.8, 0.095, (hue + 40) % 360))


def contrast(one: str, other: str) -> float:
    """Return WCAG's contrast ratio of two colours, 1 … 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def oklch(lightness: float, chroma: float, hue: float) -> str:
    """Return a colour as #rrggbb; chroma gives way where a screen cannot show it."""
    while True:
        channels = _linear(lightness, chroma, hue)
        if all(-0.0005 <= channel <= 1.0005 for channel in channels) or chroma <= 0:
            return "#" + "".join(f"{_byte(channel):02x}" for channel in channels)
        chroma -= 0.004


def _readable(cloth: str, lightness: float, step: float, hue: int) -> str:
    text = oklch(lightness, 0.03, hue)
    while contrast(cloth, text) < LEAST_CONTRAST and 0 < lightness + step < 1:
        lightness += step
        text = oklch(lightness, 0.03, hue)
    return text


def _linear(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    """OKLCH to linear sRGB, by Björn Ottosson's matrices."""
    a = chroma * math.cos(math.radians(hue))
    b = chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _byte(channel: float) -> int:
    channel = min(1.0, max(0.0, channel))
    curved = 12.92 * channel if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055
    return round(255 * curved)


def _luminance(colour: str) -> float:
    def linear(byte: int) -> float:
        value = byte / 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[at : at + 2], 16)) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
