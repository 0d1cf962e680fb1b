import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Expr } from '../../packages/core/src/expr/expr.ts'
import { caseOf, type EqualityCase, rowOf } from '../../packages/core/src/fuzz/case.ts'
import { compare } from '../../packages/core/src/fuzz/compare.ts'
import { createRandom } from '../../packages/core/src/stats/prng.ts'
import { walk } from '../../packages/core/src/targets/children.ts'
import * as js from '../../packages/core/src/targets/javascript/index.ts'
import * as db from '../../packages/core/src/targets/sql/duckdb/index.ts'
import { identifier, render } from '../../packages/core/src/targets/sql/sql.ts'
import type { DuckdbTables } from '../../packages/engine/src/fuzz/duckdb.ts'
import { compareAll, type Disagreement, implementationsOf, shrink, type Targets } from './compare.ts'
import { type DuckdbRunner, openDuckdb } from './duckdb.ts'
import { createExpressionGenerator } from './expressions.ts'
import { findDisagreement } from './find.ts'
import { generateGroup, type Group } from './group.ts'
import { duckdbBugs, javascriptBugs, plantedCase } from './planted.ts'

/** `PLUMB_KEEP_CASES=1` writes what the bugs were minimised to. */
const keeping = process.env['PLUMB_KEEP_CASES'] !== undefined
const folderOf = (name: string) => new URL(`../equality/${name}/`, import.meta.url)

/** What keeps a bug from coming back: the smallest expression and row on which it shows. */
async function keep(name: string, found: Disagreement, targets: Targets): Promise<void> {
  const least = await shrink(found, targets)
  expect(walk(least.expr).length, name).toBeLessThanOrEqual(9)
  const made = { ...caseOf(least).case, says: `A planted bug: ${name}.` }
  mkdirSync(folderOf(name), { recursive: true })
  writeFileSync(new URL('case.json', folderOf(name)), `${JSON.stringify(made, null, 2)}\n`)
}

/** Whether the case that a bug became still shows it. */
async function shows(name: string, targets: Targets): Promise<boolean> {
  const kept = JSON.parse(readFileSync(new URL('case.json', folderOf(name)), 'utf8')) as EqualityCase
  const batch = { columns: kept.columns, exprs: [kept.tree], rows: [rowOf(kept)] }
  return (await compare(batch, implementationsOf(targets))).disagreements.length > 0
}

describe('a planted bug is found', () => {
  let duckdb: DuckdbRunner
  const groups: Group[] = []
  beforeAll(async () => {
    duckdb = await openDuckdb(1)
    const random = createRandom('p2', 'differential')
    const generator = createExpressionGenerator(random)
    const distinct = new Set<string>()
    for (let i = 0; i < 200; i++) groups.push(generateGroup(random, generator, distinct))
  })
  afterAll(() => duckdb.close())

  const demand = async (name: string, targets: Targets, changed: (expr: Expr) => boolean): Promise<void> => {
    const found = await findDisagreement(groups, targets, changed)
    if (typeof found === 'string') throw new Error(found)
    if (keeping) await keep(name, found, targets)
    expect(existsSync(folderOf(name)), `PLUMB_KEEP_CASES=1 makes the case ${name}`).toBe(true)
    expect(await shows(name, targets), name).toBe(true)
  }

  const sqlOf = (expr: Expr, tables: DuckdbTables) =>
    render(db.compileRow(expr, { ...tables, column: identifier }).value)
  it.each(Object.entries(duckdbBugs))('in SQL: %s', async (bug, duckdbTables) => {
    const changed = (expr: Expr) => sqlOf(expr, duckdbTables) !== sqlOf(expr, {})
    await demand(plantedCase('duckdb', bug), { duckdb, duckdbTables, javascript: false }, changed)
  })

  const codeOf = (expr: Expr, tables: js.JavascriptOptions) => js.renderJs(js.compileRow(expr, tables).fn)
  it.each(Object.entries(javascriptBugs))('in JavaScript: %s', async (bug, javascriptTables) => {
    const changed = (expr: Expr) =>
      js.javascriptSupport(expr).supported && codeOf(expr, javascriptTables) !== codeOf(expr, {})
    await demand(plantedCase('javascript', bug), { javascriptTables }, changed)
  })

  it('is minimised to what shows it', async () => {
    const targets: Targets = {
      duckdb,
      javascript: false,
      duckdbTables: { functions: { ...db.duckdbFunctions, lower_ascii: db.simple((s) => s.sql) } },
    }
    const changed = (expr: Expr) => walk(expr).some((node) => node.node === 'call' && node.fn === 'lower_ascii')
    const found = await findDisagreement(groups, targets, changed)
    if (typeof found === 'string') throw new Error(found)
    const least = await shrink(found, targets)
    expect(walk(least.expr).map((node) => (node.node === 'call' ? node.fn : node.node))).toContain('lower_ascii')
    expect(walk(least.expr).length).toBeLessThanOrEqual(4)
    expect(least.row.size).toBeLessThanOrEqual(1)
  })

  it('and without a bug nothing is', async () => {
    const { disagreements } = await compareAll(groups[0]?.exprs ?? [], groups[0]?.rows ?? [], { duckdb })
    expect(disagreements).toEqual([])
  })
})
