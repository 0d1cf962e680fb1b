/** Weights that leave the least squared error: one for each feature, the intercept last. The features have to differ from each other. */
export function leastSquares(features: readonly (readonly number[])[], targets: readonly number[]): readonly number[] {
  const rows = features.map((row) => [...row, 1])
  const k = rows[0]?.length ?? 0
  // The normal equations with their right side as a last column, solved by elimination with the greatest pivot first.
  const system = Array.from({ length: k }, (_, i) =>
    Array.from({ length: k + 1 }, (__, j) =>
      rows.reduce((sum, row, at) => sum + (row[i] ?? 0) * (j === k ? (targets[at] ?? 0) : (row[j] ?? 0)), 0),
    ),
  )
  for (let column = 0; column < k; column++) {
    const below = system.slice(column).map((row) => Math.abs(row[column] ?? 0))
    const pivot = column + below.indexOf(Math.max(...below))
    const [own, other] = [system[column] ?? [], system[pivot] ?? []]
    system[column] = other
    system[pivot] = own
    for (const [at, row] of system.entries()) {
      if (at === column) continue
      const factor = (row[column] ?? 0) / (other[column] ?? 1)
      for (let j = column; j <= k; j++) row[j] = (row[j] ?? 0) - factor * (other[j] ?? 0)
    }
  }
  return system.map((row, i) => (row[k] ?? 0) / (row[i] ?? 1))
}
