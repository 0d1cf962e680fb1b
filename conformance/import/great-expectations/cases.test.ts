import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { describe, expect, it } from 'vitest'
import { answerDefinition, readDefinition } from './run-definitions.ts'

// Our own cases, answered by Great Expectations itself (tools/golden/great-expectations.py).

const folder = new URL('cases', import.meta.url).pathname

interface Exception {
  readonly reason: string
  readonly cases: readonly string[]
}
const exceptions = parse(readFileSync(new URL('own-exceptions.yaml', import.meta.url), 'utf8')) as readonly Exception[]
const excepted = new Set(exceptions.flatMap(({ cases }) => cases))

describe('own cases, answered by Great Expectations', () => {
  it.each(readdirSync(folder).toSorted())('%s', async (file) => {
    const answers = await answerDefinition(readDefinition(readFileSync(join(folder, file), 'utf8')))
    expect(answers.some(({ asserts }) => asserts === 'answer')).toBe(true)
    const name = (id: string): string => `${file.replace('.json', '')} ${id}`
    const wrong = answers.filter(({ id, disagrees }) => disagrees !== undefined && !excepted.has(name(id)))
    expect(wrong.map(({ id, disagrees }) => `${name(id)}: ${disagrees}`)).toEqual([])
    const needless = answers.filter(({ id, disagrees }) => disagrees === undefined && excepted.has(name(id)))
    expect(needless.map(({ id }) => id)).toEqual([])
  })
})
