const INTERVALS: Readonly<Record<string, string>> = {
  bca: 'BCa bootstrap',
  'beta-sequence': 'beta-binomial sequence',
  'bootstrap-band': 'bootstrap band',
  'clopper-pearson': 'Clopper-Pearson',
  'delong-logit': 'DeLong (logit)',
  'delong-paired': 'paired DeLong',
  'fisher-z': 'Fisher z',
  'normal-sequence': 'normal mixture sequence',
  'order-statistics': 'order statistics',
  t: 'Student t',
  wilson: 'Wilson',
  'wilson-weighted': 'Wilson, effective rows',
}

const PROOFS: Readonly<Record<string, string>> = {
  'linear-sign': 'the sign of the weight decides it',
  'monotone-graph': 'every operation on the way to the output is monotone',
  'monotone-trees': 'every tree is monotone in the column',
  'no-path': 'no path leads from the column to the output',
  'no-split': 'no tree splits on the column',
  'zero-weight': 'the weight of the column is zero',
}

/** The method of an interval by the name that statisticians use; one of a later version as the evidence has it. */
export function intervalMethodText(method: string): string {
  return Object.hasOwn(INTERVALS, method) ? (INTERVALS[method] ?? method) : method
}

/** How something was proved, in words, with the name that the evidence has. */
export function proofMethodText(method: string): string {
  return Object.hasOwn(PROOFS, method) ? `${PROOFS[method]} (${method})` : method
}
