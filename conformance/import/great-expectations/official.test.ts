import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { describe, expect, it } from 'vitest'
import { answerDefinition, readDefinition } from './run-definitions.ts'

// The definitions of Great Expectations, in the folder that PLUMB_GREAT_EXPECTATIONS names.

const folder = process.env['PLUMB_GREAT_EXPECTATIONS'] ?? ''
const there = folder !== '' && existsSync(folder)
const files = there
  ? readdirSync(folder, { recursive: true })
      .map((name) => String(name).replaceAll('\\', '/'))
      .filter((name) => name.endsWith('.json'))
      .toSorted()
  : []

interface Exception {
  readonly reason: string
  readonly cases: readonly string[]
}
const exceptions = parse(readFileSync(new URL('exceptions.yaml', import.meta.url), 'utf8')) as readonly Exception[]
const excepted = new Set(exceptions.flatMap(({ cases }) => cases))

const isKnown = (file: string, { id }: { readonly id: string }): boolean =>
  excepted.has(`${file} ${id}`) || excepted.has(`${file} *`)

describe.skipIf(!there)(
  `official definitions of Great Expectations${there ? '' : ' (PLUMB_GREAT_EXPECTATIONS names no folder)'}`,
  () => {
    const counts = { agree: 0, excepted: 0, nothing: 0 }

    it.each(files)('%s', async (file) => {
      const answers = await answerDefinition(readDefinition(readFileSync(join(folder, file), 'utf8')))
      const wrong = answers.filter((answer) => answer.disagrees !== undefined && !isKnown(file, answer))
      expect(wrong.map(({ id, disagrees }) => `${id}: ${disagrees}`)).toEqual([])
      // An exception that is none any more is taken off the list.
      const needless = answers.filter(
        (answer) => answer.disagrees === undefined && excepted.has(`${file} ${answer.id}`),
      )
      expect(needless.map(({ id }) => id)).toEqual([])
      for (const { asserts, disagrees } of answers)
        counts[asserts === 'nothing' ? 'nothing' : disagrees === undefined ? 'agree' : 'excepted']++
    })

    it('agree but for the listed ones, and those are few', () => {
      process.stdout.write(`Great Expectations: ${JSON.stringify(counts)}\n`)
      expect(counts.agree / (counts.agree + counts.excepted)).toBeGreaterThan(0.8)
    })
  },
)
