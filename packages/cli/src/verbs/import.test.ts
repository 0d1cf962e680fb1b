import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { schemaJudge } from '../../../../tests/support/schemas.ts'
import { plumbAside } from '../../../../tests/support/plumb.ts'

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumb-import-'))
  await writeFile(join(root, 'people.csv'), 'id,age,city\n1,30,Bonn\n2,17,Graz\n')
  await writeFile(
    join(root, 'suite.json'),
    JSON.stringify({
      name: 'people',
      expectations: [
        { type: 'expect_column_values_to_be_unique', kwargs: { column: 'id' } },
        { type: 'expect_column_values_to_be_between', kwargs: { column: 'age', min_value: 18 } },
        { type: 'expect_column_values_to_match_regex', kwargs: { column: 'city', regex: '(?!x)' } },
      ],
    }),
  )
})
afterAll(() => rm(root, { recursive: true, force: true }))

const plumb = (...args: readonly string[]) => plumbAside(root, ...args)

describe('plumb import', () => {
  test('writes a spec that passes check, and says what was lost', async () => {
    const done = await plumb('import', 'suite.json', '--data', 'people.csv')
    expect(done).toMatchObject({ code: 0, err: '' })
    expect(done.out).toContain('2 of 3 checks are in plumb.yaml')
    expect(done.out).toContain('Not imported (1)')
    expect(await readFile(join(root, 'plumb.yaml'), 'utf8')).toContain('every: age >= 18')
    expect(await plumb('check')).toMatchObject({ code: 0 })
    const tested = await plumb('test')
    expect(tested.code).toBe(1)
    expect(tested.out).toContain('age-between')
  })

  test('prints the report for machines as published, and can end in 1', async () => {
    const done = await plumb('import', 'suite.json', '--spec', 'other.plumb.yaml', '--json', '--exit-code')
    expect(done.code).toBe(1)
    const report: unknown = JSON.parse(done.out)
    expect(schemaJudge()('import', report)).toEqual([])
    expect(report).toMatchObject({ format: 'great-expectations', counts: { imported: 2, refused: 1 } })
  })

  test.each([
    ['import/spec-exists', ['suite.json', '--spec', 'people.csv']],
    ['import/no-file', ['nothing.json', '--force']],
    ['import/unknown-format', ['suite.json', '--force', '--from', 'great-expectations'], { a: 1 }],
    ['import/not-a-document', ['people.csv', '--force']],
  ] as const)('%s', async (code, args, content?: object) => {
    if (content !== undefined) await writeFile(join(root, 'suite.json'), JSON.stringify(content))
    const done = await plumb('import', ...args)
    expect(done.code).toBe(2)
    expect(done.err).toContain(code)
  })
})
