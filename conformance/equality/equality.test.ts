import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type EqualityCase, expectedAnswer, rowOf } from '../../packages/core/src/fuzz/case.ts'
import { compare } from '../../packages/core/src/fuzz/compare.ts'
import type { Implementation } from '../../packages/core/src/fuzz/implementation.ts'
import { marginImplementation } from '../../packages/core/src/fuzz/margin.ts'
import { referenceAnswers } from '../../packages/core/src/fuzz/reference.ts'
import { nodeJavascript } from '../../packages/engine/src/fuzz/javascript.ts'
import { type DuckdbRunner, openDuckdb } from '../differential/duckdb.ts'
import { openPostgresql, type PostgresqlRunner } from '../differential/postgresql/runner.ts'
import { describeWithServer } from '../differential/postgresql/with-server.ts'

const here = new URL('.', import.meta.url)
const names = readdirSync(here, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
const read = (name: string) => JSON.parse(readFileSync(new URL(`${name}/case.json`, here), 'utf8')) as EqualityCase

async function differing(name: string, implementations: readonly Implementation[]): Promise<readonly string[]> {
  const { columns, tree, ...rest } = read(name)
  const row = rowOf({ columns, tree, ...rest })
  const { disagreements } = await compare({ columns, exprs: [tree], rows: [row] }, implementations)
  return disagreements.flatMap(({ answers }) => answers.flatMap((each) => (each.agrees ? [] : [JSON.stringify(each)])))
}

describe('all agree', () => {
  let duckdb: DuckdbRunner
  beforeAll(async () => {
    duckdb = await openDuckdb(1)
  })
  afterAll(() => duckdb.close())

  it('has its cases', () => expect(names.length).toBeGreaterThanOrEqual(20))

  it.each(names)('%s', async (name) => {
    const expected = read(name)
    expect(referenceAnswers(expected.tree, [rowOf(expected)])).toEqual([expectedAnswer(expected)])
    expect(await differing(name, [nodeJavascript(), duckdb.with(), marginImplementation()])).toEqual([])
  })
})

describeWithServer('PostgreSQL agrees', (server) => {
  let postgresql: PostgresqlRunner
  beforeAll(async () => {
    postgresql = await openPostgresql(server())
  })
  afterAll(() => postgresql.close())
  it('on every case that it can be asked', async () => {
    for (const name of names) expect(await differing(name, [postgresql.with()]), name).toEqual([])
  })
})
