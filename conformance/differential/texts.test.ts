import { expect, it } from 'vitest'
import type { Expr } from '../../packages/core/src/expr/expr.ts'
import { literalOf } from '../../packages/core/src/expr/value.ts'
import { type RowFunctionName, rowFunctions } from '../../packages/core/src/expr/functions/row-functions.ts'
import { duckdbFunctions, simple } from '../../packages/core/src/targets/sql/duckdb/index.ts'
import { sql } from '../../packages/core/src/targets/sql/sql.ts'
import { INT, STRING } from '../../packages/core/src/expr/type.ts'
import { compareAll, describeDisagreement } from './compare.ts'
import { openDuckdb } from './duckdb.ts'
import { heldExpr, heldRow } from './postgresql/held.ts'
import { openPostgresql } from './postgresql/runner.ts'
import { describeWithServer } from './postgresql/with-server.ts'

// Without a byte order mark: DuckDB's client drops one at the beginning of a text that it reads, whatever was computed.
// biome-ignore format: a pool
const TEXTS = ['', 'a', 'ab', 'aa', '😀', 'a😀b', '😀😀a', 'e\u0301a', '👩‍👩‍👧', 'a\\1b', '\\', '\\0', ' a ', '\u00a0😀\u3000', 'x\u200b', '\0a', 'b😀a😀']
const PARTS = ['', 'a', '😀', 'b', '\\', '\\0', 'aa', '\u0301', '\u200d']
const PLACES = [-(2n ** 63n), -1n, 0n, 1n, 2n, 3n, 6n, 2n ** 63n - 1n]

const s: Expr = { node: 'column', type: STRING, name: 's' }
const call = (fn: RowFunctionName, ...args: readonly Expr[]): Expr => ({
  node: 'call',
  type: rowFunctions[fn].result,
  fn,
  args,
})
const text = (value: string) => literalOf(STRING, value)
const int = (value: bigint) => literalOf(INT, value)
/** A text that is known only on the row. */
const made = (value: string) => call('add_string', call('substring', s, call('size_string', s)), text(value))

/** Every function of texts that counts places or replaces, at and beyond the ends. */
const exprs: readonly Expr[] = [
  ...PLACES.flatMap((i) => [call('char_at', s, int(i)), call('substring', s, int(i))]),
  ...PLACES.flatMap((i) => PLACES.map((j) => call('substring_to', s, int(i), int(j)))),
  ...PARTS.flatMap((part) => [call('index_of', s, text(part)), call('index_of', text(part), s)]),
  ...PARTS.flatMap((from) => PARTS.map((to) => call('replace', s, text(from), text(to)))),
  ...PARTS.flatMap((from) => PARTS.map((to) => call('replace', s, made(from), made(to)))),
  call('reverse', s),
  call('trim', s),
  call('char_at', s, call('size_string', s)),
]
const rows = TEXTS.map((cell) => ({ cells: new Map([['s', cell]]), hostile: true }))

it('places in texts count code points, and odd texts are replaced as they are, on every target', async () => {
  const duckdb = await openDuckdb()
  const { disagreements, pairs } = await compareAll(exprs, rows, { duckdb })
  duckdb.close()
  expect(disagreements.slice(0, 5).map((found) => describeDisagreement(found, {}))).toEqual([])
  expect(pairs).toBeGreaterThan(4_000)
})

// biome-ignore format: a pool
const JSONS = ['', ' ', 'null', ' true\n', '1', '-0', '01', '1.', '.5', '+1', '1e5', '1E+999', '-1e-400', '0x1', 'NaN', '-Infinity', 'Infinity', 'nul', 'truefalse', '1 2',
  '""', '"a', '"\\n"', '"\\x"', '"\n"', '"\t"', '"\\u00e9"', '"\\ud800"', '"\\\\ud800"', '"\\ud83d\\ude00"', '"\\u12"', '"\\"', '"😀\u2028"', "'a'", '"NaN,]"', '\0', '"\0"', '\ufeff1x', '\u00a01',
  '[]', '[1,2]', '[1,]', '[,1]', '[1,,2]', '[1 , 2 ]', '[1 2]', '[1,\n]', '[', ']', '[[]', '[NaN]', '{}', '{"a":1}', '{"a":1,}', '{"a"}', '{"a":}', '{a:1}', "{'a':1}", '{"a":1,"a":2}', '{"a":1 "b":2}', '{1:2}',
  '{"a":[{"b":null},[]]}', '[1]//', '[1/*a*/]', '{"a":1}{"a":1}', '[1}', '{"":""}', '[1,{}]', '[1,[]]', '[1,"]"]', '[1,"a",]', '[1,null]', '"a" "b"', '"a""b"', '1,2', ',', ':', '12345678901234567890123', '['.repeat(2_000) + ']'.repeat(2_000)]

it('a text is JSON by the same grammar on every target that knows it', async () => {
  const duckdb = await openDuckdb()
  const held = JSONS.map((cell) => ({ cells: new Map([['s', cell]]), hostile: true }))
  const asked = [call('is_json', s), call('not', call('is_json', s)), call('is_json', call('add_string', s, s))]
  const { disagreements, pairs } = await compareAll(asked, held, { duckdb })
  // What the engine's own function takes beyond the grammar is noticed.
  const lax = simple(({ sql: text }) => sql`json_valid(${text})`)
  const duckdbTables = { functions: { ...duckdbFunctions, is_json: lax } }
  const planted = await compareAll(asked, held, { duckdb, duckdbTables, javascript: false })
  duckdb.close()
  expect(disagreements.slice(0, 5).map((found) => describeDisagreement(found, {}))).toEqual([])
  expect(pairs).toBeGreaterThan(200)
  expect(planted.disagreements.length).toBeGreaterThan(5)
})

describeWithServer('texts in PostgreSQL', (server) => {
  it('mean the same', async () => {
    const postgresql = await openPostgresql(server())
    const targets = { postgresql, javascript: false } as const
    const found = await compareAll(
      exprs.map((expr) => heldExpr(expr)),
      rows.map(heldRow),
      targets,
    )
    await postgresql.close()
    expect(found.disagreements.slice(0, 5).map((each) => describeDisagreement(each, targets))).toEqual([])
  })
})
