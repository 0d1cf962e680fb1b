"""Golden numbers for packages/core/src/stats: SciPy, scikit-learn, mpmath and plain NumPy, never our own code.

Run from anywhere; writes packages/core/golden/stats/*.json. Deterministic: seeds are fixed, versions are recorded.
"""
import json
import math
import sys
import warnings
from importlib.metadata import version
from pathlib import Path

import mmh3
import mpmath
import numpy as np
import scipy
import sklearn
from scipy import stats
from scipy.spatial.distance import jensenshannon
from sklearn import metrics

warnings.filterwarnings("ignore")
OUT = Path(__file__).resolve().parents[2] / "packages" / "core" / "golden" / "stats"
VERSIONS = {
    "numpy": np.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__,
    "mpmath": mpmath.__version__, "mmh3": version("mmh3"),
}
mpmath.mp.dps = 40


def plain(value):
    """JSON has no infinities; they are written as strings."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(v) for v in value]
    if isinstance(value, (np.integer, np.bool_)):
        return int(value)
    if isinstance(value, (float, np.floating, mpmath.mpf)):
        number = float(value)
        if math.isnan(number):
            return None
        return number if math.isfinite(number) else ("Infinity" if number > 0 else "-Infinity")
    return value


def write(name, cases):
    OUT.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"madeBy": f"tools/golden/{Path(sys.argv[0]).name}", "versions": VERSIONS, **plain(cases)}, indent=None, separators=(",", ":"))
    (OUT / f"{name}.json").write_text(text.replace("},{", "},\n{") + "\n")


# --- distribution functions ------------------------------------------------------------------------------------------
def mp_ibeta(a, b, x):
    """Both tails of the regularized incomplete beta function; x is the exact double."""
    with mpmath.workdps(500):  # the upper tail is a difference
        a, b, x = mpmath.mpf(a), mpmath.mpf(b), mpmath.mpf(x)
        low = mpmath.betainc(a, b, 0, x, regularized=True)
        return +low, 1 - low


def mp_student_cdf(t, v):
    """Half an incomplete beta function, at exact arguments."""
    with mpmath.workdps(100):
        t, v = mpmath.mpf(t), mpmath.mpf(v)
        half = mpmath.betainc(v / 2, mpmath.mpf(1) / 2, 0, v / (v + t * t), regularized=True) / 2
        return +half if t <= 0 else 1 - half


def mp_binomial_tails(k, n, p):
    """P(X <= k) and P(X >= k), summed term by term from the mode's side."""
    with mpmath.workdps(60):
        p = mpmath.mpf(p)

        def total(first, last):
            term = mpmath.binomial(n, first) * p ** first * (1 - p) ** (n - first)
            result = mpmath.mpf(0)
            for i in range(first, last + 1):
                result += term
                term *= p / (1 - p) * (n - i) / (i + 1)
            return result

        low = total(0, k)
        return low, 1 - total(0, k - 1) if k else mpmath.mpf(1)


def special():
    normal_cdf = [(z, mpmath.ncdf(mpmath.mpf(z))) for z in
                  [-38, -37.5, -30, -20, -12.3, -8, -5, -3, -2.2, -2.1, -1.96, -1, -0.1, 0, 1e-9, 0.5, 1.7, 3, 6]]
    normal_quantile = []
    for p in [1e-300, 1e-100, 1e-20, 1e-12, 1e-8, 1e-4, 0.001, 0.005, 0.025, 0.1, 0.3, 0.49999, 0.5, 0.7, 0.975, 0.9999]:
        start = stats.norm.ppf(p)
        root = mpmath.mpf(start)
        for _ in range(60):  # Newton on ln of the tail: safe at 1e-300
            value = mpmath.ncdf(root)
            step = (mpmath.log(value) - mpmath.log(mpmath.mpf(p))) * value / mpmath.npdf(root)
            root -= step
            if abs(step) < mpmath.mpf(10) ** -35:
                break
        normal_quantile.append((p, root))
    beta = []
    for a, b in [(1, 10), (3, 8), (0.5, 0.5), (1, 1), (0.5, 30), (100, 740), (2000, 1000), (749, 1), (3750, 3751)]:
        for x in [1e-6, 0.01, 0.1, 0.3, 0.5, 0.66, 0.9, 0.999]:
            low, high = mp_ibeta(a, b, x)
            if min(low, high) > mpmath.mpf("1e-290"):
                beta.append((x, a, b, low, high))
    beta_quantile = [(p, a, b, stats.beta.ppf(p, a, b)) for p in [1e-10, 0.0005, 0.025, 0.4, 0.5, 0.8, 0.975]
                     for a, b in [(1, 10), (3, 8), (0.5, 0.5), (1, 1), (100, 7400), (20000, 10000), (7499, 1), (1, 7499), (1500000, 1500000)]]
    t_cdf = [(t, v, mp_student_cdf(t, v)) for v in [1, 2, 9, 100, 7499, 1e6] for t in [-30, -5, -2, -0.1, 0, 0.3, 2]]
    t_quantile = [(p, v, stats.t.ppf(p, v)) for v in [1, 2, 9, 100, 7499, 1e6] for p in [1e-10, 0.001, 0.025, 0.4, 0.5, 0.975]]
    binomial = [(k, n, p, *mp_binomial_tails(k, n, p)) for k, n, p in
                [(3, 10, 0.3), (0, 10, 0.3), (10, 10, 0.3), (700, 7500, 0.1), (15000, 30000, 0.5), (5, 1000000, 1e-5), (3700, 7500, 0.5), (1, 2, 0.5)]]
    log_gamma = [(x, mpmath.loggamma(x)) for x in [0.5, 1.5, 2.5, 3, 7.25, 14.9, 15, 100, 1e6]]
    write("special", {"normalCdf": normal_cdf, "normalQuantile": normal_quantile, "incompleteBeta": beta,
                      "betaQuantile": beta_quantile, "studentCdf": t_cdf, "studentQuantile": t_quantile,
                      "binomial": binomial, "logGamma": log_gamma})


# --- analytic intervals ----------------------------------------------------------------------------------------------
def intervals():
    proportions = []
    for k, n in [(0, 1), (1, 1), (0, 10), (10, 10), (1, 10), (3, 10), (5, 10), (7, 1000), (500, 1000), (999, 1000), (6000, 7500), (3, 30000), (123456, 9999999)]:
        for level in [0.5, 0.9, 0.95, 0.99, 0.9995, 1 - 1e-9]:
            test = stats.binomtest(k, n)
            w, e = test.proportion_ci(level, "wilson"), test.proportion_ci(level, "exact")
            # SciPy's exact interval is a root search to 1e-12; the beta quantiles it approximates are sharper.
            tail = (1 - level) / 2
            low = 0.0 if k == 0 else stats.beta.ppf(tail, k, n - k + 1)
            high = 1.0 if k == n else stats.beta.isf(tail, k + 1, n - k)
            assert abs(low - e.low) < 1e-9 and abs(high - e.high) < 1e-9
            proportions.append({"k": k, "n": n, "level": level, "wilson": [w.low, w.high], "exact": [low, high]})
    exact_p = [{"k": k, "n": n, "at": p, "p": min(1, 2 * min(stats.binom.cdf(k, n, p), stats.binom.sf(k - 1, n, p)))}
               for k, n, p in [(3, 10, 0.1), (3, 10, 0.3), (3, 10, 0.9), (0, 20, 0.2), (990, 1000, 0.98)]]
    rng = np.random.default_rng(1)
    means = []
    for values in [rng.normal(3, 2, 5), rng.lognormal(0, 1, 40), rng.normal(-1e6, 1e-3, 200), np.array([1.0, 2.0])]:
        n, mean, sd = len(values), values.mean(), values.std(ddof=1)
        for level in [0.8, 0.95, 0.999]:
            low, high = stats.t.interval(level, n - 1, mean, sd / math.sqrt(n))
            means.append({"mean": mean, "sd": sd, "n": n, "level": level, "low": low, "high": high,
                          "at": mean + sd, "p": stats.ttest_1samp(values, mean + sd).pvalue})
    correlations = []
    for n, slope in [(4, 1.0), (10, 0.0), (50, 0.7), (500, -3.0)]:
        x = rng.normal(size=n)
        result = stats.pearsonr(x, slope * x + rng.normal(size=n))
        for level in [0.8, 0.95, 0.999]:
            ci = result.confidence_interval(level)
            correlations.append({"r": result.statistic, "n": n, "level": level, "low": ci.low, "high": ci.high})
    quantiles = []
    for values in [[7.0], [1.0, 2.0], [3.0, 1.0, 2.0], list(rng.normal(size=17)), list(rng.integers(0, 5, 60).astype(float)), list(rng.lognormal(size=300))]:
        data = np.sort(values)
        for q in [0.0, 0.1, 0.25, 0.5, 0.9, 0.99, 1.0]:
            case = {"values": data, "q": q, "type7": np.quantile(data, q)}
            if 0 < q < 1:
                # Ranks from the definition: largest l with P(X <= l-1) <= tail, smallest u with P(X >= u) <= tail.
                n = len(data)
                case["intervals"] = []
                for level in [0.8, 0.95, 0.99]:
                    tail = (1 - level) / 2 * (1 + 1e-12)  # equal up to rounding is not above
                    ls = [l for l in range(1, n + 1) if stats.binom.cdf(l - 1, n, q) <= tail]
                    us = [u for u in range(1, n + 1) if stats.binom.sf(u - 1, n, q) <= tail]
                    case["intervals"].append([level, data[max(ls) - 1] if ls else -math.inf, data[min(us) - 1] if us else math.inf])
            quantiles.append(case)
    write("intervals", {"proportions": proportions, "exactP": exact_p, "means": means, "correlations": correlations, "quantiles": quantiles})


# --- DeLong, from the definition (all pairs) -------------------------------------------------------------------------
def kernel(labels, scores):
    positive, negative = scores[labels == 1], scores[labels == 0]
    return (positive[:, None] > negative[None, :]) + 0.5 * (positive[:, None] == negative[None, :])


def structural(labels, scores_list):
    """DeLong 1988: covariance matrix of the AUCs from the structural components of the O(mn) kernel."""
    kernels = [kernel(labels, s) for s in scores_list]
    v10 = np.array([k.mean(axis=1) for k in kernels])
    v01 = np.array([k.mean(axis=0) for k in kernels])
    m, n = v10.shape[1], v01.shape[1]
    s = np.atleast_2d(np.cov(v10, ddof=1)) / m + np.atleast_2d(np.cov(v01, ddof=1)) / n
    return [k.mean() for k in kernels], s


def expected_variance(auc, m, n):
    """The variance expected of an area, Newcombe (2006), method 5."""
    mean = (m + n) / 2
    return auc * (1 - auc) * (1 + (mean - 1) * ((1 - auc) / (2 - auc) + auc / (1 + auc))) / (m * n)


def moderated(k, variance, expected):
    """Variance with the expected one counting like ten rows of the smaller class, and Student's t of Satterthwaite's degrees."""
    m, n = k.shape
    own = min(m, n) / (min(m, n) + 10)
    a, b = np.var(k.mean(axis=1), ddof=1) / m, np.var(k.mean(axis=0), ddof=1) / n
    degrees = (a + b) ** 2 / (a ** 2 / (m - 1) + b ** 2 / (n - 1))
    return own * variance + (1 - own) * max(variance, expected), stats.t(degrees)


def delong():
    rng = np.random.default_rng(2)
    cases = []
    for n, share, ties, shift in [(6, 0.5, 0, 1), (30, 0.2, 0, 1), (200, 0.5, 5, 1), (400, 0.03, 0, 2), (300, 0.6, 3, 0), (50, 0.3, 2, 3)]:
        labels = (rng.random(n) < share).astype(int)
        labels[:2] = 1
        labels[2:4] = 0
        a = labels * shift + rng.normal(size=n)
        b = 0.6 * a + 0.8 * rng.normal(size=n) + 0.3 * labels
        if ties:
            a, b = np.floor(a * ties) / ties, np.floor(b * ties) / ties
        aucs, cov = structural(labels, [a, b])
        assert abs(aucs[0] - metrics.roc_auc_score(labels, a)) < 1e-12
        case = {"labels": labels, "a": a, "b": b, "auc": aucs, "variance": [cov[0, 0], cov[1, 1]],
                "difference": aucs[0] - aucs[1], "differenceVariance": cov[0, 0] + cov[1, 1] - 2 * cov[0, 1]}
        kernels = [kernel(labels, each) for each in (a, b)]
        expected = [expected_variance(auc, *kernels[0].shape) for auc in aucs]
        if 0 < aucs[0] < 1:
            variance, law = moderated(kernels[0], cov[0, 0], expected[0])
            t = law.ppf(0.975)
            center, se = math.log(aucs[0] / (1 - aucs[0])), math.sqrt(variance) / (aucs[0] * (1 - aucs[0]))
            case["logit95"] = [1 / (1 + math.exp(-(center - t * se))), 1 / (1 + math.exp(-(center + t * se)))]
        together = cov[0, 1] / math.sqrt(cov[0, 0] * cov[1, 1]) if cov[0, 0] * cov[1, 1] > 0 else 0
        apart = expected[0] + expected[1] - 2 * together * math.sqrt(expected[0] * expected[1])
        variance, law = moderated(kernels[0] - kernels[1], case["differenceVariance"], apart)
        se, t = math.sqrt(variance), law.ppf(0.975)
        case["difference95"] = [case["difference"] - t * se, case["difference"] + t * se]
        case["differenceP"] = 2 * law.sf(abs(case["difference"]) / se)
        cases.append(case)
    write("delong", {"cases": cases})


# --- metrics ---------------------------------------------------------------------------------------------------------
def ece(labels, p, weights):
    """Equal-mass ECE on the expanded sample: numpy quantile edges, right-closed bins as sklearn's calibration_curve."""
    y, s = np.repeat(labels, weights), np.repeat(p, weights)
    edges = np.quantile(s, np.linspace(0, 1, 11))
    ids = np.searchsorted(edges[1:-1], s)
    total = 0.0
    for b in range(10):
        inside = ids == b
        if inside.any():
            total += inside.mean() * abs(y[inside].mean() - s[inside].mean())
    return total


def metric_cases():
    rng = np.random.default_rng(3)
    cases = []
    for n, share, digits, weighted in [(2, 0.5, None, False), (5, 0.4, 1, True), (40, 0.5, 1, False), (40, 0.5, 1, True), (300, 0.05, 2, False),
                                       (300, 0.9, None, True), (1000, 0.3, None, False), (500, 0.3, 0, False), (7, 0.5, 1, True)]:
        labels = (rng.random(n) < share).astype(int)
        labels[0], labels[1] = 1, 0
        p = 1 / (1 + np.exp(-(1.2 * labels - 0.6 + rng.normal(size=n))))
        if digits is not None:
            p = np.round(p, digits)  # ties, and exact 0 and 1
        w = rng.integers(0, 4, n) if weighted else np.ones(n, int)
        if weighted:
            w[:2] = np.maximum(w[:2], 1)
        y, s = np.repeat(labels, w), np.repeat(p, w)
        d = (s >= 0.5).astype(int)
        tn, fp, fn, tp = metrics.confusion_matrix(y, d, labels=[0, 1]).ravel()
        clipped = np.clip(s, 1e-15, 1 - 1e-15)
        one = lambda f, **k: f(y, d, zero_division=np.nan, **k)
        cases.append({
            "labels": labels, "scores": p, "weights": w if weighted else None,
            "rocAuc": metrics.roc_auc_score(labels, p, sample_weight=w), "averagePrecision": metrics.average_precision_score(y, s),
            "brier": metrics.brier_score_loss(y, s), "logLoss": float(np.mean(-(y * np.log(clipped) + (1 - y) * np.log1p(-clipped)))),
            "sklearnLogLoss": metrics.log_loss(y, s, labels=[0, 1]), "calibrationError": ece(labels, p, w),
            "confusion": [tp, fp, fn, tn], "accuracy": metrics.accuracy_score(y, d), "precision": one(metrics.precision_score),
            "recall": one(metrics.recall_score), "specificity": one(metrics.recall_score, pos_label=0), "f1": one(metrics.f1_score),
            "positiveRate": d.mean(),
            "negativePredictiveValue": one(metrics.precision_score, pos_label=0),
            "balancedAccuracy": metrics.balanced_accuracy_score(y, d), "mcc": mcc_or_nan(y, d),
            "kappa": metrics.cohen_kappa_score(y, d),
        })
    write("metrics", {"classification": cases, "regression": regression_cases()})


def mcc_or_nan(y, d):
    """scikit-learn answers 0 where one side has one value only; the metric does not exist there."""
    return metrics.matthews_corrcoef(y, d) if len(set(y)) > 1 and len(set(d)) > 1 else np.nan


def regression_cases():
    rng = np.random.default_rng(23)
    cases = []
    for n, scale, digits, weighted in [(2, 1, None, False), (9, 1e6, 0, True), (60, 1e-6, None, False), (301, 50, 1, True), (800, 3, None, True)]:
        observed = scale * (rng.gamma(2.0, size=n) + 0.1) * rng.choice([-1, 1], n)
        predicted = observed + scale * rng.standard_t(3, size=n)
        if digits is not None:
            observed, predicted = np.round(observed, digits), np.round(predicted, digits)
        w = rng.integers(0, 4, n) if weighted else np.ones(n, int)
        if weighted:
            w[:2] = np.maximum(w[:2], 1)
        y, p = np.repeat(observed, w), np.repeat(predicted, w)
        cases.append({
            "observed": observed, "predicted": predicted, "weights": w if weighted else None,
            "mae": metrics.mean_absolute_error(y, p), "mse": metrics.mean_squared_error(y, p),
            "rmse": metrics.root_mean_squared_error(y, p), "mape": metrics.mean_absolute_percentage_error(y, p),
            "meanError": float(np.mean(p - y)), "medianAbsoluteError": metrics.median_absolute_error(y, p),
            "r2": metrics.r2_score(y, p),
        })
    return cases


# --- distances -------------------------------------------------------------------------------------------------------
def shares(counts):
    counts = np.asarray(counts, float) + 0.5
    return counts / counts.sum()


def edges_of(reference):
    """Deciles of the reference, merged; an edge at the maximum is replaced by the greatest value below it."""
    edges = []
    for edge in np.quantile(reference, np.arange(1, 10) / 10):
        if edge >= reference.max():
            below = reference[reference < reference.max()]
            if not len(below):
                continue
            edge = below.max()
        if not edges or edge != edges[-1]:
            edges.append(edge)
    return edges


def raw(counts):
    counts = np.asarray(counts, float)
    return counts / counts.sum()


def normed_wasserstein(reference, window):
    scale = np.std(reference, ddof=1) if len(reference) > 1 else np.nan
    return stats.wasserstein_distance(reference, window) / scale if scale > 0 else np.nan


def distances():
    rng = np.random.default_rng(4)
    cases = []
    pairs = [
        (rng.normal(size=500), rng.normal(0.3, 1.2, 200)), (rng.integers(-2, 9, 400).astype(float), rng.integers(0, 9, 300).astype(float)),
        (np.array([0.0] * 95 + [1.0] * 5), np.array([0.0] * 50 + [1.0] * 50)), (np.array([0.0] * 5 + [1.0] * 95), np.array([0.0] * 40 + [1.0] * 60)),
        (np.zeros(50), np.zeros(20)), (np.zeros(50), np.ones(20)), (np.array([1.0]), np.array([2.0, 3.0])), (rng.lognormal(size=1000), rng.lognormal(size=1000)),
    ]
    for i, (reference, window) in enumerate(pairs):
        missing = [0, 7] if i == 1 else [0, 0]
        edges = edges_of(reference)
        count = lambda x, m: list(np.bincount(np.searchsorted(edges, x, side="left"), minlength=len(edges) + 1)) + [m]
        a, b = count(reference, missing[0]), count(window, missing[1])
        p, q = shares(a), shares(b)
        cases.append({"reference": reference, "window": window, "missing": missing, "edges": edges, "referenceCounts": a, "windowCounts": b,
                      "psi": float(np.sum((p - q) * np.log(p / q))), "js": jensenshannon(p, q, base=2) ** 2,
                      "ks": stats.ks_2samp(reference, window, method="asymp").statistic,
                      "kl": stats.entropy(q, p), "hellinger": math.sqrt(1 - min(1.0, float(np.sum(np.sqrt(p * q))))),
                      "totalVariation": float(np.abs(raw(a) - raw(b)).sum() / 2), "linf": float(np.abs(raw(a) - raw(b)).max()),
                      "wasserstein": normed_wasserstein(reference, window)})
    write("distances", {"cases": cases})


# --- bootstrap -------------------------------------------------------------------------------------------------------
def bootstrap():
    rng = np.random.default_rng(5)
    cases = []

    def bca(name, samples, statistic, payload, levels=(0.8, 0.95), resamples=19999, **kw):
        found = []
        for level in levels:
            r = stats.bootstrap(samples, statistic, n_resamples=resamples, confidence_level=level, method="BCa", vectorized=False,
                                rng=np.random.default_rng(7), **kw)
            found.append([level, r.confidence_interval.low, r.confidence_interval.high])
        cases.append({"name": name, "value": statistic(*samples), "intervals": found, "standardError": r.standard_error, **payload})

    x = rng.lognormal(size=60)
    bca("mean", (x,), lambda v: v.mean(), {"x": x})
    bca("variance", (x,), lambda v: v.var(ddof=1), {"x": x})
    labels = (rng.random(120) < 0.35).astype(int)
    p = 1 / (1 + np.exp(-(1.5 * labels - 0.8 + rng.normal(size=120))))
    payload = {"labels": labels, "scores": p}
    paired = {"paired": True}
    bca("f1", (labels, p), lambda y, s: metrics.f1_score(y, s >= 0.5), payload, **paired, resamples=4999)
    bca("brier", (labels, p), lambda y, s: float(np.mean((y - s) ** 2)), payload, **paired)
    bca("averagePrecision", (labels, p), metrics.average_precision_score, payload, **paired, resamples=4999)
    a, b = rng.lognormal(0, 1, 40), rng.lognormal(0.4, 1, 25)
    bca("meanDifference", (a, b), lambda u, v: u.mean() - v.mean(), {"a": a, "b": b})
    write("bootstrap", {"cases": cases})


# --- random numbers --------------------------------------------------------------------------------------------------
def xoshiro128ss(state, count):
    """xoshiro128** as published by Blackman and Vigna, on Python integers."""
    mask = 0xFFFFFFFF
    rotl = lambda v, k: ((v << k) | (v >> (32 - k))) & mask
    s, out = list(state), []
    for _ in range(count):
        out.append((rotl((s[1] * 5) & mask, 7) * 9) & mask)
        t = (s[1] << 9) & mask
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = rotl(s[3], 11)
    return out


def random_numbers():
    texts = ["", "a", "ab", "plumbline", "sha256:0123456789abcdef", "0123456789abcdef0123456789abcdef", "grüße 😀 über alle Berge"] + ["x" * n for n in range(12, 34)]
    words = lambda text: [int.from_bytes(mmh3.hash_bytes(text.encode(), 0, x64arch=False)[i:i + 4], "little") for i in range(0, 16, 4)]
    seed, purpose = "sha256:feed", "bootstrap"
    state = words(f"{len(seed)}:{seed}{purpose}")
    drawn = xoshiro128ss(state, 12)
    write("random", {"murmur3": [{"text": t, "words": words(t)} for t in texts],
                     "xoshiro": [{"state": s, "uint32": xoshiro128ss(s, 10)} for s in [[1, 2, 3, 4], [0xFFFFFFFF] * 4, [0, 0, 0, 1]]],
                     "stream": {"seed": seed, "purpose": purpose, "uint32": drawn,
                                "float": [((drawn[i] >> 5) * 67108864 + (drawn[i + 1] >> 6)) / 9007199254740992 for i in range(0, 12, 2)]}})


if __name__ == "__main__":
    for make in [special, intervals, delong, metric_cases, distances, bootstrap, random_numbers]:
        make()
        print(make.__name__)
