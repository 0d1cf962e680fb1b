import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Statement, stats } from '@plumbline/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runDataStage } from '../data-stage.ts'
import { compiledSpec } from '../../../core/src/testing/compiled-spec.ts'

// Two relations whose rows a classifier may tell apart, and two spellings of one value.

const random = stats.createRandom('domains of tables', 'test')
const WORDS = ['late', 'parcel', 'refund', 'thanks', 'login', 'card']

/** Rows whose columns are alike one by one; `together` says how much x and y go together, and `words` which occur. */
function rowsOf(n: number, together: number, words: number) {
  return Array.from({ length: n }, () => {
    const x = random.normal()
    const y = together * x + Math.sqrt(1 - together ** 2) * random.normal()
    const note = [0, 1, 2].map(() => WORDS[random.int(words)]).join(' ')
    const vector = [together + 0.3 * random.normal(), random.normal(), random.normal()]
    return { x, y, colour: 'rgb'[random.int(3)], note, vector, late: random.float() < 0.5 }
  })
}
const SPELLINGS = { before: ['Ok', 'late', 'n/a'], now: ['Ok', 'ok ', 'o.k.', 'LATE', 'new', '?!', '--'] }

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-domains-'))
  const tables = { before: rowsOf(900, 0, 4), same: rowsOf(700, 0, 4), now: rowsOf(700, 0.8, 6), few: rowsOf(30, 0, 4) }
  for (const [name, rows] of Object.entries(tables))
    await writeFile(join(root, `${name}.jsonl`), rows.map((row) => JSON.stringify(row)).join('\n'))
  for (const [name, states] of Object.entries(SPELLINGS))
    await writeFile(
      join(root, `states-${name}.csv`),
      `state,day\n${states.map((state, i) => `"${state}",${i}`).join('\n')}\n,9\n`,
    )
})
afterAll(() => rm(root, { recursive: true }))

const COLUMNS = `columns: { x: { type: number }, y: { type: number }, colour: { type: category, values: [r, g, b] }, note: { type: text }, vector: { type: vector(3) }, late: { type: boolean } }`

async function measured(of: string, must: string): Promise<Statement | undefined> {
  const text = `plumbline: 1
system: { name: domains, version: 1.0.0 }
data:
${['before', 'same', 'now', 'few'].map((name) => `  ${name}: { source: ${name}.jsonl, ${COLUMNS} }\n`).join('')}
${['before', 'now'].map((name) => `  states_${name}: { source: states-${name}.csv, columns: { state: { type: text, optional: true }, day: { type: integer } } }\n`).join('')}
clauses:
  it: { of: ${of}, must: '${must}' }
`
  const value = compiledSpec(text)
  for await (const statement of runDataStage({ program: value, root, toolVersion: '0', session: { threads: 2 } }))
    if (statement.clause === 'it') return statement
  return undefined
}

describe('classifier_auc', () => {
  it.each([
    ['numbers that go together', 'classifier_auc(before, x, y)'],
    ['words', 'classifier_auc(before, note)'],
    ['the elements of a vector', 'classifier_auc(before, vector)'],
    ['all columns', 'classifier_auc(before, x, y, colour, note, vector, late)'],
  ])('tells other rows by %s', async (_, term) => {
    expect(await measured('now', `${term} <= 0.6`)).toMatchObject({ verdict: 'violated' })
    expect(await measured('same', `${term} <= 0.6`)).toMatchObject({ verdict: 'satisfied' })
  })

  it('is not moved by one column whose distribution is the same', async () => {
    expect(await measured('now', 'classifier_auc(before, y) <= 0.6')).toMatchObject({ verdict: 'satisfied' })
    expect(await measured('now', 'psi(y, before) < 0.1')).toMatchObject({ verdict: 'satisfied' })
  })

  it('has no interval of a few rows', async () => {
    expect(await measured('few', 'classifier_auc(before, x, y) <= 0.6')).toMatchObject({
      verdict: 'inconclusive',
      reason: 'too-few-rows',
    })
  })

  it('takes no column that is missing there, or a time', async () => {
    await expect(measured('states_now', 'classifier_auc(before, state) <= 0.6')).rejects.toThrow('expr/unknown-column')
    await expect(measured('now', 'classifier_auc(before) <= 0.6')).rejects.toThrow('expr/argument-count')
  })
})

describe('variants', () => {
  it('are other ways to write a value; signs alone are no letters', async () => {
    expect(await measured('states_now', 'variants(state) == 0')).toMatchObject({ verdict: 'violated', measured: 2 })
    expect(await measured('states_before', 'variants(state) == 0')).toMatchObject({ verdict: 'satisfied', measured: 0 })
  })

  it('are new where the reference writes them otherwise', async () => {
    expect(await measured('states_now', 'new_variants(state, states_before) == 0')).toMatchObject({ measured: 3 })
    expect(await measured('states_before', 'new_variants(state, states_before) == 0')).toMatchObject({ measured: 0 })
    await expect(measured('states_now', 'variants(day) == 0')).rejects.toThrow('expr/column-type')
  })
})
