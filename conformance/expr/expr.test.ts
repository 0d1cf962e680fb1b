import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import {
  BOOL,
  type ColumnInfo,
  createEvaluator,
  DOUBLE,
  type ExprPlace,
  INT,
  type ModelInfo,
  parseTimestamp,
  printExpr,
  readBinder,
  readMust,
  readRow,
  type RelationInfo,
  STRING,
  TIMESTAMP,
  type Type,
  type Value,
} from '../../packages/core/src/expr/index.ts'
import type { Result } from '../../packages/core/src/diagnostics/diagnostic.ts'

interface DeclaredColumn {
  readonly name: string
  readonly type: ColumnInfo['columnType']
  readonly optional?: boolean
  readonly role?: NonNullable<ColumnInfo['role']>
  readonly values?: readonly string[] | Readonly<Record<string, string>>
}

interface Declared {
  readonly columns: readonly DeclaredColumn[]
  readonly outputs: readonly DeclaredColumn[]
  readonly data: readonly string[]
  readonly predictions: readonly string[]
  readonly models: readonly string[]
}

type Cell =
  | null
  | string
  | boolean
  | { readonly int?: string; readonly double?: number | 'NaN'; readonly timestamp?: string }

interface Case {
  readonly says: string
  readonly scope: 'row' | 'relation' | 'binder'
  readonly of: string
  readonly confidence?: number | 'none'
  readonly expression: string
  readonly canonical?: string
  readonly rows?: readonly {
    readonly row: Readonly<Record<string, Cell>>
    readonly is?: boolean
    readonly error?: string
  }[]
  readonly must?: {
    readonly condition: string
    readonly terms: readonly { readonly expression: string; readonly estimates: string }[]
    readonly columns?: { readonly included: readonly string[]; readonly skipped: readonly string[] }
  }
}

const here = new URL('.', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, here), 'utf8')
const place: ExprPlace = { span: (start, end) => ({ file: 'case.yaml', start, end }) }
const declared = parse(read('environment.yaml')) as Declared

function columnOf(source: DeclaredColumn): ColumnInfo {
  const values =
    source.values === undefined
      ? undefined
      : Array.isArray(source.values)
        ? source.values.map((code: string) => ({ code }))
        : Object.entries(source.values).map(([code, label]) => ({ code: Number(code), label: String(label) }))
  const plain: Readonly<Record<string, Type>> = {
    integer: INT,
    number: DOUBLE,
    boolean: BOOL,
    text: STRING,
    timestamp: TIMESTAMP,
  }
  const type: Type = plain[source.type] ?? {
    kind: typeof values?.[0]?.code === 'number' ? 'int' : 'string',
    category: true,
  }
  return {
    name: source.name,
    columnType: source.type,
    type,
    optional: source.optional ?? false,
    ...(source.role === undefined ? {} : { role: source.role }),
    ...(values === undefined ? {} : { values }),
  }
}

const columns = declared.columns.map(columnOf)
const outputs = declared.outputs.map(columnOf)
const byName = (list: readonly ColumnInfo[]): ReadonlyMap<string, ColumnInfo> => new Map(list.map((c) => [c.name, c]))
const fieldsOf = (list: readonly ColumnInfo[]): Readonly<Record<string, Type>> =>
  Object.fromEntries(list.map((c) => [c.name, c.type]))
const relations: ReadonlyMap<string, RelationInfo> = new Map([
  ...declared.data.map((name): [string, RelationInfo] => [name, { name, kind: 'data', columns: byName(columns) }]),
  ...declared.predictions.map((name): [string, RelationInfo] => [
    name,
    {
      name,
      kind: name === 'requests' ? 'requests' : 'model',
      columns: byName([...columns, ...outputs]),
      model: 'champion',
      label: 'default',
      score: 'risk',
    },
  ]),
])
const models: ReadonlyMap<string, ModelInfo> = new Map(
  declared.models.map((name) => [
    name,
    { name, input: ['age', 'sex'], from: 'accounts', outputs: { kind: 'record', of: name, fields: fieldsOf(outputs) } },
  ]),
)
const record: Type = { kind: 'record', of: 'accounts', fields: fieldsOf(columns) }

function relation(name: string): RelationInfo {
  const found = relations.get(name)
  if (found === undefined) throw new Error(`environment.yaml declares no relation ${name}`)
  return found
}

function must(test: Case) {
  return readMust(
    test.expression,
    {
      scope: 'relation',
      relation: relation(test.of),
      relations,
      models,
      confidence: test.confidence,
      sample: false,
    },
    place,
  )
}

function typed(test: Case) {
  if (test.scope === 'binder') {
    return readBinder(
      test.expression,
      {
        scope: 'binder',
        locals: new Map([
          ['x', record],
          ['y', record],
        ]),
        models,
      },
      place,
      BOOL,
    )
  }
  return readRow(test.expression, { scope: 'row', relation: relation(test.of) }, place)
}

function valueOf(cell: Cell): Value | null {
  if (cell === null || typeof cell !== 'object') return cell
  if (cell.int !== undefined) return BigInt(cell.int)
  if (cell.double !== undefined) return Number(cell.double)
  const reading = parseTimestamp(cell.timestamp ?? '')
  if ('problem' in reading) throw new Error(reading.problem)
  return { timestamp: reading.value }
}

function diagnosticsText(result: Result<unknown>): string {
  return result.diagnostics
    .map(
      (d) =>
        `${d.code} at ${d.span.start}..${d.span.end}\n  ${d.message}\n  why: ${d.why}\n${d.fix === undefined ? '' : `  fix: ${d.fix}\n`}`,
    )
    .join('')
}

const slugs = readdirSync(here, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)

describe('conformance/expr', () => {
  it('has its cases', () => expect(slugs.length).toBeGreaterThanOrEqual(50))

  it.each(slugs)('%s', (slug) => {
    const test = parse(read(`${slug}/case.yaml`)) as Case
    const expectedText = existsSync(new URL(`${slug}/diagnostics.txt`, here))
      ? read(`${slug}/diagnostics.txt`)
      : undefined
    const result = test.scope === 'relation' ? must(test) : typed(test)
    expect(diagnosticsText(result)).toBe(expectedText ?? '')
    expect(result.value === undefined).toBe(expectedText !== undefined)
    if (expectedText !== undefined) return
    if (test.must !== undefined) {
      const value = must(test).value
      if (value === undefined) throw new Error('no condition')
      expect(printExpr(value.condition, value)).toBe(test.must.condition)
      expect(value.terms.map(({ expression, estimates }) => ({ expression, estimates }))).toEqual(test.must.terms)
      expect(value.columns).toEqual(test.must.columns)
      return
    }
    const expr = typed(test).value
    if (expr === undefined || test.canonical === undefined || test.rows === undefined)
      throw new Error('the case expects nothing')
    expect(printExpr(expr)).toBe(test.canonical)
    const evaluator = createEvaluator()
    for (const { row, is, error } of test.rows) {
      const cells = new Map(Object.entries(row).map(([name, cell]) => [name, valueOf(cell)]))
      expect(evaluator.evaluate(expr, { row: cells })).toEqual(error === undefined ? is : { error })
    }
  })
})
