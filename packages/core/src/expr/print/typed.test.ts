import { describe, expect, it } from 'vitest'
import { checkRow } from '../check/check.ts'
import type { Expr } from '../expr.ts'
import { parseExpression } from '../parse/parser.ts'
import { place, rowEnvironment } from '../testing/accounts.ts'
import { exprOf } from '../testing/generate.ts'
import { randomOf } from '../testing/random.ts'
import type { ScalarKind } from '../type.ts'
import { printExpr } from './typed.ts'

const plain = (expr: Expr | undefined): string =>
  JSON.stringify(expr ?? null, (key, value) => (key === 'at' ? undefined : value))
/** Key order does not matter to a tree. */
const sorted = (text: string): unknown => JSON.parse(text)

describe('printExpr', () => {
  it('round-trips: parse and check of the printed text give the same tree', () => {
    const environment = rowEnvironment()
    const kinds: readonly ScalarKind[] = ['bool', 'bool', 'int', 'double', 'string', 'timestamp', 'duration']
    for (let seed = 0; seed < 5000; seed++) {
      const random = randomOf(seed)
      const expr = exprOf(random, random.pick(kinds), 4)
      const text = printExpr(expr)
      const parsed = parseExpression(text, place)
      const checked = parsed.value === undefined ? parsed : checkRow(parsed.value, environment, place)
      if (checked.diagnostics.length > 0) expect.fail(`seed ${seed}: ${text}\n${checked.diagnostics[0]?.message}`)
      expect(sorted(plain(checked.value as Expr | undefined)), `seed ${seed}: ${text}`).toEqual(sorted(plain(expr)))
    }
  })
})
