import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql, textLiteral } from '@plumbline/core'
import { expect, test } from 'vitest'
import { runDataStage } from '../data-stage.ts'
import { openSession } from '../duckdb/session.ts'
import { buildProgram } from '../testing/program-builder.ts'

test('witnesses are the first failing rows by position, from CSV and from Parquet, on several threads', async () => {
  const root = await mkdtemp(join(tmpdir(), 'plumb-witness-'))
  const failing = (i: number) => i % 997 === 41 || i > 299_000
  const lines = Array.from({ length: 300_000 }, (_, i) => `${i},${failing(i) ? -1 : i % 50}`)
  await writeFile(join(root, 'd.csv'), `id,x\n${lines.join('\n')}\n`)
  const session = await openSession()
  if (!session.ok) throw new Error(session.error.cause)
  const made = await session.value.query(
    sql`COPY (FROM read_csv(${textLiteral(join(root, 'd.csv'))}, header=true, delim=',')) TO ${textLiteral(join(root, 'd.parquet'))} (FORMAT parquet, ROW_GROUP_SIZE 20000)`,
  )
  session.value.close()
  expect(made.ok).toBe(true)
  const expected = lines.flatMap((_, i) => (failing(i) ? [i + 1] : [])).slice(0, 20)
  for (const format of ['csv', 'parquet'] as const) {
    const program = buildProgram(
      [
        {
          name: 'd',
          source: { path: `d.${format}`, format },
          key: ['id'],
          columns: [
            { name: 'id', type: 'integer' },
            { name: 'x', type: 'integer' },
          ],
        },
      ],
      [{ id: 'x', every: 'x >= 0' }],
    )
    for (let run = 0; run < 3; run++) {
      for await (const statement of runDataStage({ program, root, toolVersion: '0', session: { threads: 4 } })) {
        const witnesses = 'witnesses' in statement ? (statement.witnesses ?? []) : []
        expect(
          witnesses.map((each) => each.row),
          format,
        ).toEqual(expected)
        expect(
          witnesses.map((each) => each.key.id),
          format,
        ).toEqual(expected.map((row) => row - 1))
      }
    }
  }
  await rm(root, { recursive: true, force: true })
})
