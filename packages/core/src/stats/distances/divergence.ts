/** Added to every bin's count, so that an empty bin gives a large but finite distance. */
const SMOOTHING = 0.5

/** Σ over bins of term(share of reference, share of window), shares smoothed; `undefined` without rows on a side. */
function overBins(
  reference: ArrayLike<number>,
  window: ArrayLike<number>,
  term: (p: number, q: number) => number,
): number | undefined {
  const bins = reference.length
  let referenceTotal = 0
  let windowTotal = 0
  for (let i = 0; i < bins; i++) {
    referenceTotal += reference[i] as number
    windowTotal += window[i] as number
  }
  if (referenceTotal === 0 || windowTotal === 0) return undefined
  let sum = 0
  for (let i = 0; i < bins; i++) {
    const p = ((reference[i] as number) + SMOOTHING) / (referenceTotal + SMOOTHING * bins)
    const q = ((window[i] as number) + SMOOTHING) / (windowTotal + SMOOTHING * bins)
    sum += term(p, q)
  }
  return sum
}

/**
 * Population stability index of two histograms over the same bins: Σ (p − q) ln(p / q), natural logarithm, smoothed by
 * 0.5 per bin; 0 for equal shares, unbounded above. Source: N. Siddiqi, Credit Risk Scorecards (2006); it is the
 * symmetric divergence of H. Jeffreys.
 */
export function psi(reference: ArrayLike<number>, window: ArrayLike<number>): number | undefined {
  return overBins(reference, window, (p, q) => (p - q) * Math.log(p / q))
}

/**
 * Jensen-Shannon divergence of two histograms in bits (base 2), in [0, 1], smoothed by 0.5 per bin. The divergence, not
 * its square root (which SciPy returns). Source: J. Lin, IEEE Transactions on Information Theory 37 (1991).
 */
export function js(reference: ArrayLike<number>, window: ArrayLike<number>): number | undefined {
  const value = overBins(reference, window, (p, q) => {
    const mean = (p + q) / 2
    return (p * Math.log2(p / mean) + q * Math.log2(q / mean)) / 2
  })
  // Equal shares can sum to a rounding error below 0.
  return value === undefined ? undefined : Math.min(1, Math.max(0, value))
}

/**
 * Kullback-Leibler divergence of the window from the reference, natural logarithm: Σ q ln(q / p), 0 or more, unbounded;
 * smoothed by 0.5 per bin. What is lost by describing the window with the reference. Source: S. Kullback, R. A. Leibler,
 * Annals of Mathematical Statistics 22 (1951).
 */
export function kl(reference: ArrayLike<number>, window: ArrayLike<number>): number | undefined {
  const value = overBins(reference, window, (p, q) => q * Math.log(q / p))
  return value === undefined ? undefined : Math.max(0, value)
}

/**
 * Hellinger distance, √(1 − Σ √(p q)), in [0, 1], smoothed by 0.5 per bin. Summed as ½ Σ (√p − √q)², which does not lose
 * what is small. Source: E. Hellinger, Journal für die reine und angewandte Mathematik 136 (1909).
 */
export function hellinger(reference: ArrayLike<number>, window: ArrayLike<number>): number | undefined {
  const value = overBins(reference, window, (p, q) => (Math.sqrt(p) - Math.sqrt(q)) ** 2 / 2)
  return value === undefined ? undefined : Math.min(1, Math.sqrt(value))
}
