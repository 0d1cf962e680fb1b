import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stats } from '@plumbline/core'

/** Labels (a quarter positive) and scores with ties, as float64 one after the other; made once. */
export function makeRows(folder: string, rows: number): string {
  const file = join(folder, `metrics-${rows}.f64`)
  if (existsSync(file)) return file
  const random = stats.createRandom('benchmark', 'metrics')
  const values = new Float64Array(2 * rows)
  for (let row = 0; row < rows; row++) {
    const label = random.float() < 0.25 ? 1 : 0
    const score = 1 / (1 + Math.exp(1.2 - random.normal() - 1.5 * label))
    values[row] = label
    values[rows + row] = Math.min(0.9999, Math.max(0.0001, Math.round(score * 1e4) / 1e4))
  }
  mkdirSync(folder, { recursive: true })
  writeFileSync(file, values)
  return file
}
