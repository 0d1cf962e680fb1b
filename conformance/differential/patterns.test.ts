import { DuckDBInstance } from '@duckdb/node-api'
import { RE2JS } from 're2js'
import { expect, it } from 'vitest'
import type { Expr } from '../../packages/core/src/expr/expr.ts'
import { BOOL, STRING } from '../../packages/core/src/expr/type.ts'
import { compileRow, text } from '../../packages/core/src/targets/sql/duckdb/index.ts'
import { identifier, join, render, sql } from '../../packages/core/src/targets/sql/sql.ts'
import { createRandom, type Random } from '../../packages/core/src/stats/prng.ts'
import { chance, pick } from '../../packages/core/src/fuzz/choose.ts'
import { nodeJavascript } from '../../packages/engine/src/fuzz/javascript.ts'
import { randomPattern } from './pools.ts'

const seed = process.env['PLUMB_FUZZ_SEED'] ?? 'plumbline'
const rounds = Number(process.env['PLUMB_FUZZ_PATTERNS'] ?? 8)
const PATTERNS = 60
const TEXTS = 40

// biome-ignore format: a pool
/** Letters with more than two cases, beyond the basic plane, combining, line ends, word edges. */
const alphabet: readonly string[] = ['a', 'b', 'c', 'A', 'B', 'k', 'K', '\u212a', 's', 'ſ', 'S', 'é', 'É', '\u0301', 'ß', 'ẞ', 'σ', 'ς', 'Σ', 'ǆ', 'ǅ', '😀', '\u{1F601}', '\u{10400}', '\u{10428}', '\u{10FFFF}', '\n', '\r', '\0', ' ', '\t', '5', '٣', '_', '.', '-', '\uFFFD']
// biome-ignore format: a pool
const parts: readonly string[] = ['\\pL', '\\PL', '\\p{Lu}', '\\p{Greek}', '\\pN', '[[:alpha:]]', '[^[:word:]]', '[a-cσ-ς]', '[^\\n]', '[\\x{10000}-\\x{1F601}]', '(?i:σ)', '(?i:k)', '(?i:[r-t])', '(?i:ß)', '(?i:\u{10400})', '(?i:ǅ)', '\\A', '\\z', '\\b', '\\B', '(?m:^)', '(?m:$)', '(?s:.)', '\\Q.\\E', '\\D', '\\W', 'a{2,4}?', '(a|b)*', '(?:ab|a)+', '(?i:A[^b])', '\\C?']

function pattern(random: Random): string {
  if (chance(random, 0.4)) return randomPattern(random)
  const piece = () => (chance(random, 0.6) ? pick(random, parts) : randomPattern(random, 1))
  return Array.from({ length: 1 + random.int(3) }, piece).join(chance(random, 0.2) ? '|' : '')
}

const valid = (candidate: string): boolean => {
  try {
    RE2JS.compile(candidate)
    return !candidate.includes('\\C')
  } catch {
    return false
  }
}

it(`generated patterns: JavaScript = re2js = DuckDB (seed ${seed})`, async () => {
  const random = createRandom(seed, 'patterns')
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  const disagreements: string[] = []
  const counts = { matched: 0, pairs: 0 }
  for (let round = 0; round < rounds; round++) {
    const patterns = Array.from({ length: PATTERNS }, () => pattern(random)).filter(valid)
    const texts = Array.from({ length: TEXTS }, () =>
      Array.from({ length: random.int(7) }, () => pick(random, alphabet)).join(''),
    )
    const exprs = patterns.map(
      (each): Expr => ({
        node: 'matches',
        type: BOOL,
        operand: { node: 'column', type: STRING, name: 's' },
        pattern: each,
      }),
    )
    const rows = texts.map((cell) => new Map([['s', cell]]))
    const generated = await nodeJavascript().answers({ columns: [], exprs, rows })
    const values = join(
      texts.map((cell, i) => sql`(${text(String(i).padStart(4, '0'))}, ${text(cell)})`),
      sql`, `,
    )
    const answers = join(
      exprs.map((expr, i) => sql`${compileRow(expr, { column: identifier }).value} AS ${identifier(`e${i}`)}`),
      sql`, `,
    )
    const found = await connection.runAndReadAll(
      render(sql`SELECT ${answers} FROM (VALUES ${values}) t(i, s) ORDER BY i`),
    )
    const columns = found.getColumns()
    patterns.forEach((each, i) => {
      const oracle = RE2JS.compile(each)
      texts.forEach((cell, k) => {
        const expected = oracle.test(cell)
        counts.pairs++
        if (expected) counts.matched++
        const javascript = generated[i]?.[k]
        const same = javascript !== undefined && 'value' in javascript && javascript.value === expected
        if (same && columns[i]?.[k] === expected) return
        disagreements.push(
          `${JSON.stringify(each)} on ${JSON.stringify(cell)}: re2js ${expected}, javascript ${JSON.stringify(javascript)}, duckdb ${String(columns[i]?.[k])}`,
        )
      })
    })
  }
  connection.closeSync()
  instance.closeSync()
  expect(disagreements.slice(0, 20)).toEqual([])
  expect(counts.pairs).toBeGreaterThan(rounds * 1_000)
  expect(counts.matched / counts.pairs).toBeGreaterThan(0.2)
  expect(counts.matched / counts.pairs).toBeLessThan(0.8)
})
