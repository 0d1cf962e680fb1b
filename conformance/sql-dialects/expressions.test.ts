import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRandom } from '../../packages/core/src/stats/prng.ts'
import { compareAll, describeDisagreement } from '../differential/compare.ts'
import { createExpressionGenerator } from '../differential/expressions.ts'
import { generateGroup } from '../differential/group.ts'
import { heldExpr } from '../differential/postgresql/held.ts'
import { compiled, translatedImplementation } from './translated.ts'
import { startTranslator, type Translator } from './translator.ts'

const seed = process.env['PLUMB_FUZZ_SEED'] ?? 'plumbline'
const groups = Number(process.env['PLUMB_FUZZ_DIALECT_GROUPS'] ?? 2)
const there = existsSync(join(import.meta.dirname, '../../.work/clickhouse/installed'))

describe.skipIf(!there)(
  `dialects that are compiled, and not run${there ? '' : ' – skipped: tools/clickhouse/install.sh has installed nothing'}`,
  () => {
    let translator: Translator
    beforeAll(() => {
      translator = startTranslator()
    })
    afterAll(() => translator.close())

    it.each(Object.keys(compiled) as (keyof typeof compiled)[])(
      `%s, read by another reader, says what is meant on ${groups * 1_200} generated pairs`,
      { timeout: 600_000 + groups * 120_000 },
      async (name) => {
        const implementation = await translatedImplementation(name, translator)
        const targets = { javascript: false, others: [implementation] } as const
        const random = createRandom(seed, name)
        const generator = createExpressionGenerator(random)
        const distinct = new Set<string>()
        const differing: string[] = []
        let asked = 0
        for (let group = 0; group < groups; group++) {
          const made = generateGroup(random, generator, distinct)
          // A text of DuckDB's statements cannot hold NUL: U+0001 stands for it.
          const exprs = made.exprs.map((expr) => heldExpr(expr))
          const found = await compareAll(exprs, made.rows, targets)
          asked += found.asked.get(name) ?? 0
          differing.push(...found.disagreements.map((each) => describeDisagreement(each, targets)))
        }
        implementation.close()
        expect(differing.slice(0, 3)).toEqual([])
        // Lists, and what is too long, are refused; most is asked.
        expect(asked).toBeGreaterThan(groups * 500)
      },
    )
  },
)
