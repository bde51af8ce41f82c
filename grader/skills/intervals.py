"""Intervals for shares: how sure a share of a few answers is, and whether two differ."""

from __future__ import annotations

from math import hypot, sqrt

# For oneself, not for a verdict: what is at stake is which lesson to open next. With the 10
# answers that a skill often has, 95 % would leave nearly every difference unsaid.
CONFIDENCE = 0.80


def wilson(successes: float, n: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Return the Wilson score interval of a proportion.

    With z the normal quantile of (1 + confidence) / 2 and p = successes / n::

        (p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n)

    Chosen because it holds its promise with few answers and never leaves 0 to 1, where
    the usual p ± z·se fails (Wilson 1927, doi:10.1080/01621459.1927.10502953; Brown, Cai
    & DasGupta 2001, doi:10.1214/ss/1009213286). Partial credit counts as a part of a
    success: a share in [0, 1] with mean p varies by p(1 − p) at most, which is what the
    formula takes, so that the interval is, if anything, too wide.

    Parameters
    ----------
    successes : float
        0 to ``n``, whole or not.
    n : int
        Number of answers; with none, nothing is known: (0, 1).
    confidence : float
        Between 0 and 1.
    """
    if n == 0:
        return 0.0, 1.0
    from statistics import NormalDist  # here, so that cards are ready without it

    z = NormalDist().inv_cdf((1 + confidence) / 2)
    p = successes / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(max(0.0, p * (1 - p)) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    # Rounding must not push a limit past the estimate, or off the scale.
    return min(p, max(0.0, middle - half)), max(p, min(1.0, middle + half))


def difference(
    first: tuple[float, float, float], second: tuple[float, float, float]
) -> tuple[float, float]:
    """Return Newcombe's interval of the difference of two proportions, first − second.

    His hybrid score method 10: the distances of each estimate to its Wilson limits, joined
    as the sides of a right angle (Newcombe 1998, doi:10.1002/(SICI)1097-0258(19980430)17:
    8<873::AID-SIM779>3.0.CO;2-I). It holds its promise with few answers, too.

    Parameters
    ----------
    first, second : tuple of (float, float, float)
        Estimate, low and high of each.
    """
    (p, low, high), (q, bottom, top) = first, second
    return p - q - hypot(p - low, top - q), p - q + hypot(high - p, q - bottom)
