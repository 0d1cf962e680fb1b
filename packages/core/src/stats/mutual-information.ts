/** Cells of a contingency table that have the same counts: of the cell, of its row and of its column. */
export interface AlikeCells {
  readonly joint: number
  readonly row: number
  readonly column: number
  /** How many cells of the table have these counts. */
  readonly cells: number
}

/**
 * Mutual information of the two variables of a contingency table in nats, by relative frequencies (the plug-in estimate):
 * Σ p(a, b) · ln(p(a, b) / (p(a) · p(b))). Undefined for an empty table. Cover and Thomas, "Elements of Information Theory", 2.28.
 */
export function mutualInformation(table: readonly AlikeCells[]): number | undefined {
  const n = table.reduce((sum, { joint, cells }) => sum + joint * cells, 0)
  if (n === 0) return undefined
  let sum = 0
  for (const { joint, row, column, cells } of table) sum += cells * (joint / n) * Math.log((joint / row) * (n / column))
  // Independent counts leave what rounding does, on either side of 0.
  return Math.max(0, sum)
}
