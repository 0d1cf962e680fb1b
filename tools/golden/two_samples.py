"""Golden numbers for tests of two samples: SciPy, and for the Gaussian kernel the double sum over all pairs.

Run from anywhere; writes packages/core/golden/stats/two-samples.json.
"""
import math
import warnings

import mpmath
import numpy as np
from scipy import stats
from scipy.stats._hypotests import _cdf_cvm_inf

from stats import edges_of, write

warnings.filterwarnings("ignore")


def mmd(a, b):
    s = a.std(ddof=1)
    k = lambda x, y: np.exp(-((x[:, None] - y[None, :]) ** 2) / (2 * s * s)).mean()
    return math.sqrt(max(0.0, k(a, a) + k(b, b) - 2 * k(a, b)))


def of(result):
    return [result.statistic, result.pvalue]


def cramer_von_mises(a, b):
    """SciPy's statistic; its p-value is 1 − cdf, which has no digits left where it is small, so the same limit in many digits."""
    found = stats.cramervonmises_2samp(a, b, method="asymptotic")
    m, n = len(a), len(b)
    total, k = m + n, m * n
    et, vt = (1 + 1 / total) / 6, (total + 1) * (4 * k * total - 3 * (m**2 + n**2) - 2 * k) / (45 * total**2 * 4 * k)
    tn = 1 / 6 + (found.statistic - et) / math.sqrt(45 * vt)
    p = mp_quadratic(tn)
    assert abs(p - found.pvalue) < 1e-7
    return [found.statistic, p]


def samples():
    rng = np.random.default_rng(51)
    pairs = [
        (rng.normal(size=40), rng.normal(0.4, 1.3, 30)), (rng.integers(0, 6, 60).astype(float), rng.integers(0, 7, 90).astype(float)),
        (rng.normal(size=12), rng.normal(size=9)), (rng.lognormal(size=300), rng.lognormal(0.1, 1, 200)),
        (rng.normal(size=1500), rng.normal(0.5, 1, 1200)), (rng.normal(size=1500), rng.normal(0.02, 1, 1200)), (np.round(rng.normal(size=25), 1), np.round(rng.normal(2, 1, 25), 1)),
    ]
    made = []
    for a, b in pairs:
        s = a.std(ddof=1)
        small = len(a) * len(b) <= 1_000_000
        tied = len(set(a) | set(b)) < len(a) + len(b)
        root = math.sqrt(len(a) * len(b) / (len(a) + len(b)))
        d = stats.ks_2samp(a, b, method="asymp").statistic
        ks = stats.ks_2samp(a, b, method="exact").pvalue if small and len(a) < 1000 else float(mpmath.nsum(lambda k: 2 * (-1) ** (int(k) - 1) * mpmath.exp(-2 * k * k * (d * root) ** 2), [1, 40]))
        cvm = cramer_von_mises(a, b)
        ad = stats.anderson_ksamp([a, b], variant="midrank")
        edges = edges_of(a)
        count = lambda x: np.bincount(np.searchsorted(edges, x, side="left"), minlength=len(edges) + 1)
        table = np.array([count(a), count(b)])
        table = table[:, table.sum(axis=0) > 0]
        chi2 = stats.chi2_contingency(table, correction=False)
        g = stats.chi2_contingency(table, correction=False, lambda_="log-likelihood")
        made.append({
            "reference": a, "window": b, "ks": [d, ks], "cramerVonMises": cvm, "andersonDarling": ad.statistic,
            "eppsSingleton": of(stats.epps_singleton_2samp(a, b)), "mannWhitney": [stats.mannwhitneyu(b, a).statistic, stats.mannwhitneyu(a, b, method="asymptotic").pvalue],
            "welch": of(stats.ttest_ind(a, b, equal_var=False)), "energy": stats.energy_distance(a / s, b / s), "mmd": mmd(a, b),
            "counts": table, "chiSquare": of(chi2), "g": of(g), "cramersV": stats.contingency.association(table, method="cramer", correction=False),
        })
    return made


def tables():
    made = []
    for a, b, c, d in [(3, 7, 9, 1), (0, 10, 5, 5), (50, 50, 40, 60), (1, 1, 1, 1), (1200, 800, 1000, 1000), (0, 0, 5, 7), (10, 0, 0, 12)]:
        p = (a + b) / (a + b + c + d)
        n1, n2 = a + c, b + d
        se = math.sqrt(p * (1 - p) * (1 / n1 + 1 / n2)) if n1 and n2 else 0
        z = (a / n1 - b / n2) / se if se else float("nan")
        made.append({"table": [a, b, c, d], "fisher": stats.fisher_exact([[a, b], [c, d]]).pvalue, "z": [z, 2 * stats.norm.sf(abs(z))]})
    return made


def mp_quadratic(x):
    """The limit of Cramér and von Mises by the series of Anderson and Darling (1952), in many digits."""
    with mpmath.workdps(90):
        x = mpmath.mpf(x)
        total = mpmath.nsum(lambda k: mpmath.binomial(-0.5, int(k)) * (-1) ** int(k) * mpmath.sqrt(4 * k + 1) * mpmath.exp(-(4 * k + 1) ** 2 / (16 * x)) * mpmath.besselk(0.25, (4 * k + 1) ** 2 / (16 * x)), [0, 60])
        return float(1 - total / (mpmath.pi * mpmath.sqrt(x)))


def limits():
    cvm = [[x, mp_quadratic(x)] for x in (0.03, 0.05, 0.1, 0.2, 0.34730, 0.46136, 0.74346, 1.16786, 2.0, 4.0)]
    for x, p in cvm:
        assert abs((1 - _cdf_cvm_inf(x)) - p) < 1e-9
    chi2 = [[x, k, stats.chi2.sf(x, k)] for x in (1e-6, 0.1, 1.0, 3.84, 9.5, 40.0, 300.0, 1200.0) for k in (1, 2, 4, 9, 100)]
    kolmogorov = [[x, float(mpmath.nsum(lambda k: 2 * (-1) ** (int(k) - 1) * mpmath.exp(-2 * k * k * mpmath.mpf(x) ** 2), [1, 60])) if x >= 0.6 else stats.kstwobign.sf(x)] for x in (0.2, 0.4, 0.6, 0.9, 1.0, 1.36, 2.0, 5.0)]
    # Critical points of A² (Marsaglia & Marsaglia, 2004; Stephens, 1974).
    anderson = [[1.9329578327415937, 0.1], [2.4924, 0.05], [3.0770, 0.025], [3.8781, 0.01]]
    return {"cramerVonMises": cvm, "chiSquare": chi2, "kolmogorov": kolmogorov, "andersonDarling": anderson}


if __name__ == "__main__":
    write("two-samples", {"samples": samples(), "tables": tables(), "limits": limits()})
