import { fileURLToPath } from 'node:url'
import { compared, type Measure } from '../support/figures.ts'
import { measure } from '../support/process.ts'

type Results = Readonly<
  Record<string, { readonly nsPerRow: Readonly<Record<'ours' | 'ajv' | 'ajvAllErrors', readonly number[]>> }>
>

/** 30 single-column clauses as JavaScript against ajv, both in one process, in turns. */
export function benchGuard(passes: number, rounds: number): readonly Measure[] {
  const script = fileURLToPath(new URL('measure.ts', import.meta.url))
  const results = JSON.parse(measure([script, String(passes), String(rounds)]).output) as Results
  return Object.entries(results).flatMap(([rows, { nsPerRow }]) => [
    compared(
      `30 clauses on one row (${rows})`,
      'ns CPU',
      nsPerRow.ours,
      nsPerRow.ajv,
      2,
      'A row of 21 columns, 4 096 rows in rotation, parsed from JSON. Ours names every violated clause; this ajv stops at the first.',
    ),
    compared(
      `30 clauses on one row (${rows}, all errors)`,
      'ns CPU',
      nsPerRow.ours,
      nsPerRow.ajvAllErrors,
      undefined,
      'The same against ajv with `allErrors`, which names every violation as ours does.',
    ),
  ])
}
