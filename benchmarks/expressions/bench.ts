import { fileURLToPath } from 'node:url'
import { compared, type Measure } from '../support/figures.ts'
import { measure } from '../support/process.ts'

interface Result {
  /** By side, clause and round. */
  readonly nsPerRow: Readonly<Record<'ours' | 'hand' | 'bachmann' | 'bufbuild', readonly (readonly number[])[]>>
}

/** Eight clauses on one row: compiled JavaScript against code by hand with the same rules, and against evaluators of CEL. */
export function benchExpressions(passes: number, rounds: number): readonly Measure[] {
  const script = fileURLToPath(new URL('measure.ts', import.meta.url))
  const { nsPerRow } = JSON.parse(measure([script, String(passes), String(rounds)]).output) as Result
  const all = (side: keyof Result['nsPerRow']): readonly number[] =>
    Array.from({ length: rounds }, (_, round) =>
      nsPerRow[side].reduce((sum, clause) => sum + (clause[round] ?? Number.NaN), 0),
    )
  const rows = '8 clauses, 13 columns, 4 096 rows in rotation; each clause alone, its time added up.'
  return [
    compared(
      'clauses on one row, compiled, beside code by hand',
      'ns CPU',
      all('ours'),
      all('hand'),
      1.2,
      `${rows} The code by hand (\`benchmarks/expressions/by-hand.ts\`) keeps the same rules for missing cells, exact ints and non-finite numbers, checked on edge values.`,
    ),
    compared(
      'clauses on one row, compiled, beside @marcbachmann/cel-js',
      'ns CPU',
      all('ours'),
      all('bachmann'),
      undefined,
      `${rows} CEL without our rules for missing cells; conditions parsed and checked before, ints made bigints before.`,
    ),
    compared(
      'clauses on one row, compiled, beside @bufbuild/cel',
      'ns CPU',
      all('ours'),
      all('bufbuild'),
      undefined,
      `${rows} As above.`,
    ),
  ]
}
