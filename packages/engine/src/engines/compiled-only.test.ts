import type { Statement } from '@plumbline/core'
import { expect, it } from 'vitest'
import { runDataStage } from '../data-stage.ts'
import { buildProgram } from '../testing/program-builder.ts'

it.each(['clickhouse', 'snowflake', 'bigquery'] as const)(
  'clauses on tables of %s are errors that say so',
  async (dialect) => {
    const engine = { name: 'lake', dialect, address: `${dialect}://x` }
    const source = { engine, table: 'risk.accounts', pinned: true }
    const program = buildProgram(
      [{ name: 'accounts', source, columns: [{ name: 'x', type: 'integer' }] }],
      [{ id: 'positive', every: 'x > 0' }],
    )
    const found: Statement[] = []
    for await (const each of runDataStage({ program, root: '.', toolVersion: '0.0.0' })) found.push(each)
    expect(found).toMatchObject([{ verdict: 'error', reason: 'engine-unreachable' }])
    expect(JSON.stringify(found)).toContain('Compiled, not run')
  },
)
