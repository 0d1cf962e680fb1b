import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compile, type Statement } from '@plumbline/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runDataStage } from '../data-stage.ts'

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-truth-'))
})
afterAll(() => rm(root, { recursive: true }))

const spec = (file: string, format: string): string => `plumbline: 1
system: { name: truth, version: 1.0.0 }
data: { d: { source: ${file}, columns: { left: { type: boolean, format: ${JSON.stringify(format)}, optional: true } } } }
clauses:
  yes: { says: Yes., of: d, every: left, missing: exclude, allow_empty: true }
  no: { says: No., of: d, every: '!left', missing: exclude, allow_empty: true }
`

/** How many cells are true, false, missing, and no truth value. */
async function read(file: string, format: string): Promise<readonly number[]> {
  const { value, diagnostics } = compile({ main: { path: 'plumb.yaml', text: spec(file, format) }, others: [] })
  const [problem] = diagnostics.filter(({ severity }) => severity === 'error')
  if (value === undefined || problem !== undefined) throw new Error(problem?.message)
  const found = new Map<string, Statement>()
  for await (const each of runDataStage({ program: value, root, toolVersion: '0', session: { threads: 1 } }))
    found.set(each.clause, each)
  const failing = (id: string): number => {
    const statement = found.get(id)
    if (statement === undefined || !('failing' in statement)) throw new Error(JSON.stringify(statement))
    return statement.failing ?? 0
  }
  const type = found.get('d.left.type')
  return [failing('no'), failing('yes'), (type as { missing?: number }).missing ?? 0, failing('d.left.type')]
}

describe('truth values as a file writes them', () => {
  it.each<[format: string, cells: readonly string[], counted: readonly number[]]>([
    ['Yes/No', ['Yes', 'No', ' yes ', 'NO', '', 'maybe', 'true', '1', 'Y'], [2, 2, 1, 4]],
    ['ja / nein', ['Ja', 'nein', 'yes'], [1, 1, 0, 1]],
    // Codes of a survey, also as a library writes them beside a missing cell.
    ['1/2', ['1', '2', '1.0', '2.0', '0', '3', ''], [2, 2, 1, 2]],
    ['Да/Нет', ['да', 'НЕТ', 'Yes'], [1, 1, 0, 1]],
    ["it's/isn't", ["it's", "isn't", "'"], [1, 1, 0, 1]],
    ['No/Yes', ['Yes', 'No', 'No'], [2, 1, 0, 0]],
  ])('%s of a CSV file', async (format, cells, counted) => {
    const rows = cells.map((cell, i) => `${i},"${cell}"`)
    await writeFile(join(root, 'd.csv'), ['id,left', ...rows].join('\n'))
    expect(await read('d.csv', format)).toEqual(counted)
  })

  it('reads numbers of JSON by their value, and no other words than those it is told', async () => {
    const json = (cells: readonly unknown[]): Promise<void> =>
      writeFile(join(root, 'd.json'), JSON.stringify(cells.map((left) => ({ left }))))
    await json([1, 2, 1, 3, null])
    expect(await read('d.json', '1/2')).toEqual([2, 1, 1, 1])
    await json([1.5, 2, 1])
    expect(await read('d.json', '1/2')).toEqual([1, 1, 0, 1])
    await json([true, false, true])
    expect(await read('d.json', 'Yes/No')).toEqual([0, 0, 0, 3])
  })
})

describe('a format', () => {
  const mistakes = (text: string): readonly string[] =>
    compile({ main: { path: 'plumb.yaml', text }, others: [] }).diagnostics.flatMap(({ code, severity }) =>
      severity === 'error' ? [code] : [],
    )
  it.each([
    ['Yes', 'language/bad-literal'],
    ['Yes/yes', 'language/bad-literal'],
    ['Yes/', 'language/bad-literal'],
    ['a/b/c', 'language/bad-literal'],
    ['%Y', 'check/not-for-type'],
  ])('of a boolean is no %s', (format, code) => {
    expect(mistakes(spec('d.csv', format))).toContain(code)
  })

  it('of times is no pair of words', () => {
    const text = spec('d.csv', 'Yes/No').replace('type: boolean', 'type: timestamp')
    expect(mistakes(text)).toContain('check/not-for-type')
  })
})
