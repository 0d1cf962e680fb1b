import { diagnose } from '../../diagnostics/define.ts'
import { duplicateId } from '../../diagnostics/catalog/check.ts'
import type { Expr, Literal } from '../../expr/expr.ts'
import type { RowFunctionName } from '../../expr/functions/row-functions.ts'
import { columnText, quoted } from '../../expr/print/text.ts'
import { BOOL, IMAGE, INT, type Type } from '../../expr/type.ts'
import type { ColumnSource, OutputSource } from '../../language/spec.ts'
import { boundText } from '../bound-text.ts'
import type { EveryClause, RowCondition, Target } from '../clause.ts'
import type { ProgramColumn } from '../program.ts'
import type { NamedDataset, NamedModel } from '../../check/names/names.ts'
import { type Context, placeOf, rowCondition } from './context.ts'
import type { Undigested } from './digest.ts'
import { codeLiteral } from './slices.ts'

type Every = Undigested<EveryClause>

/** The clauses that the column contracts, keys and splits of the datasets and the outputs of the models stand for. */
export function lowerContracts(context: Context): readonly Every[] {
  const clauses: Every[] = []
  for (const [name, dataset] of context.names.datasets) clauses.push(...ofDataset(context, name, dataset))
  for (const model of context.names.models.values()) {
    if (context.spec.models.has(model.name)) clauses.push(...ofOutputs(context, model))
  }
  const ids = new Set<string>()
  for (const clause of clauses) {
    if (ids.has(clause.id)) context.report(diagnose(duplicateId, context.spec.system.span, { id: clause.id }))
    ids.add(clause.id)
  }
  return clauses
}

function ofDataset(context: Context, name: string, dataset: NamedDataset): readonly Every[] {
  const clauses: Every[] = []
  const data: Target = { relation: name, stage: 'data' }
  const champion = context.names.models.get('champion')
  const served = champion?.from === name ? new Set(champion.input) : new Set<string>()
  for (const [columnName, source] of dataset.source.columns) {
    const column = dataset.columns.get(columnName)
    if (column === undefined) continue
    const isServed = served.has(columnName) && column.columnType !== 'image'
    const of: readonly Target[] = isServed ? [data, { relation: 'requests', stage: 'runtime' }] : [data]
    clauses.push(...ofColumn(context, name, column, source, of, []))
  }
  const whole = (id: string, says: string, condition: RowCondition): Every => ({
    ...contract(context, id, says, condition, [data], [], dataset.source),
    severity: dataset.source.severity?.value ?? 'block',
    missing: 'fail',
  })
  if (dataset.key.length > 0) {
    clauses.push(
      whole(`${name}.key`, `No two rows of ${name} have the same ${dataset.key.join(', ')}.`, {
        kind: 'unique-key',
        columns: dataset.key,
      }),
    )
  }
  const splits = splitConditions(context, name, dataset).map((split) => ({
    name: split.name,
    condition: split.condition,
  }))
  if (splits.length > 1) {
    clauses.push(whole(`${name}.splits`, `No row of ${name} is in two splits.`, { kind: 'disjoint-splits', splits }))
  }
  return clauses
}

/** The split conditions of a dataset, typed; one with errors is left out (they are reported). */
export function splitConditions(
  context: Context,
  name: string,
  dataset: NamedDataset,
): readonly { readonly name: string; readonly condition: Expr; readonly text: string }[] {
  const relation = context.names.relationInfos.get(name)
  if (relation === undefined) return []
  return [...dataset.source.splits].flatMap(([split, expression]) => {
    const condition = rowCondition(context, expression, relation)
    return condition === undefined ? [] : [{ name: split, condition, text: expression.text }]
  })
}

function ofOutputs(context: Context, model: NamedModel): readonly Every[] {
  const of: Target[] = [{ relation: model.name, stage: 'model' }]
  const inputs = context.names.datasets.get(model.from)?.columns
  const images = model.input.filter((name) => inputs?.get(name)?.columnType === 'image')
  // What reads images is not served.
  if (model.name === 'champion' && images.length === 0) of.push({ relation: 'requests', stage: 'runtime' })
  return [...model.outputs].flatMap(([output, column]) => {
    const source = model.source.outputs.get(output)
    return source === undefined ? [] : ofColumn(context, model.name, column, source, of, [model.name], images)
  })
}

function ofColumn(
  context: Context,
  owner: string,
  column: ProgramColumn,
  source: ColumnSource | OutputSource,
  of: readonly Target[],
  models: readonly string[],
  images: readonly string[] = [],
): readonly Every[] {
  const cell: Expr = { node: 'column', type: column.type, name: column.name }
  const clauses: Every[] = []
  const add = (kind: string, says: string, condition: RowCondition): void => {
    clauses.push(contract(context, `${owner}.${column.name}.${kind}`, says, condition, of, models, source))
  }
  if (!column.optional) {
    const there: Expr = { node: 'is-missing', type: BOOL, operand: cell, negated: true }
    // A model is not asked without its picture, and that one is missing is said by the contract of the picture.
    const expr = images.reduceRight((otherwise: Expr, name): Expr => {
      const operand: Expr = { node: 'column', type: IMAGE, name }
      const unasked: Expr = { node: 'is-missing', type: BOOL, operand, negated: false }
      return { node: 'or', type: BOOL, args: [unasked, otherwise] }
    }, there)
    add('required', `${column.name} is always present.`, {
      kind: 'expr',
      expr,
      text: [...images.map((name) => `${columnText(name)} == null`), `${columnText(column.name)} != null`].join(' || '),
    })
  }
  if (column.role !== 'output')
    add('type', `${column.name} can be read as ${typeWords(column)}.`, { kind: 'castable', column: column.name })
  if (column.length !== undefined) {
    const length: Expr = { node: 'literal', type: INT, value: String(column.length) }
    const size: Expr = { node: 'call', fn: 'size_list', type: INT, args: [cell] }
    add('length', `${column.name} has ${column.length} elements.`, {
      kind: 'expr',
      expr: { node: 'call', fn: 'eq_int', type: BOOL, args: [size, length] },
      text: `size(${columnText(column.name)}) == ${column.length}`,
    })
  }
  const range =
    column.type.kind === 'list' ? rangeOfElements(column, cell, column.type.element) : rangeCondition(column, cell)
  if (range !== undefined)
    add('range', `${column.name} is ${range.words}.`, { kind: 'expr', expr: range.expr, text: range.text })
  if (column.values !== undefined && column.values.length > 0) {
    const elements = column.values.map((v) => codeLiteral(column, v.code))
    const codes = column.values.map((v) => JSON.stringify(v.code)).join(', ')
    add('values', `${column.name} is one of its declared values.`, {
      kind: 'expr',
      expr: { node: 'in-list', type: BOOL, operand: cell, elements },
      text: `${columnText(column.name)} in [${codes}]`,
    })
  }
  return clauses
}

function contract(
  context: Context,
  id: string,
  says: string,
  condition: RowCondition,
  of: readonly Target[],
  models: readonly string[],
  source: Pick<ColumnSource, 'nameSpan'> &
    Partial<Pick<ColumnSource, 'severity' | 'missing' | 'mostly' | 'rationale' | 'origin'>>,
): Every {
  const required = id.endsWith('.required')
  return {
    id,
    form: 'every',
    says,
    severity: source.severity?.value ?? 'block',
    origin: source.origin === 'profiled' ? 'profiled' : 'contract',
    of,
    slices: [{ name: 'all', condition: null }],
    meets: [],
    hazards: [],
    ...(source.rationale === undefined ? {} : { rationale: source.rationale }),
    allowEmpty: false,
    place: placeOf(context, source.nameSpan),
    models,
    condition,
    // One null is reported once, by `required`.
    missing: required ? 'fail' : (source.missing?.value ?? 'exclude'),
    mostly: source.mostly?.value ?? '1',
  }
}

const typeWords = ({ columnType, type }: ProgramColumn): string =>
  type.kind === 'list' ? `list(${ELEMENT_NAMES[type.element.kind] ?? ''}), no element missing` : columnType

const ELEMENT_NAMES: Readonly<Record<string, string>> = {
  int: 'integer',
  double: 'number',
  bool: 'boolean',
  string: 'text',
  timestamp: 'timestamp',
}

/** The range of a list is one of its elements. */
function rangeOfElements(column: ProgramColumn, cell: Expr, element: Type) {
  const name = column.name === ELEMENT ? `${ELEMENT}_` : ELEMENT
  const range = rangeCondition({ ...column, name, type: element }, { node: 'local', name, type: element })
  if (range === undefined) return undefined
  return {
    expr: { node: 'comprehension', op: 'all', range: cell, variables: [name], body: range.expr, type: BOOL } as const,
    text: `${columnText(column.name)}.all(${name}, ${range.text})`,
    words: `a list of elements ${range.words}`,
  }
}

/** Stands for an element in the conditions of contracts. */
const ELEMENT = 'x'

function rangeCondition(
  column: ProgramColumn,
  cell: Expr,
): { readonly expr: Expr; readonly text: string; readonly words: string } | undefined {
  const kind = column.type.kind
  const bound = (value: number | string): Literal => ({
    node: 'literal',
    type: column.type,
    value: value === Number.POSITIVE_INFINITY ? 'Infinity' : value === Number.NEGATIVE_INFINITY ? '-Infinity' : value,
  })
  const compare = (op: 'ge' | 'le', value: number | string): Expr => ({
    node: 'call',
    fn: `${op}_${kind}` as RowFunctionName,
    type: BOOL,
    args: [cell, bound(value)],
  })
  const { low, high } = column
  const name = cell.node === 'column' ? columnText(column.name) : column.name
  const shown = (value: number | string): string => boundText(column.type, value) ?? ''
  const text = (value: number | string): string =>
    kind === 'timestamp' ? `timestamp(${quoted(shown(value))})` : String(value)
  if (low !== undefined && high !== undefined) {
    return {
      expr: { node: 'and', type: BOOL, args: [compare('ge', low), compare('le', high)] },
      text: `${name} >= ${text(low)} && ${name} <= ${text(high)}`,
      words: `between ${shown(low)} and ${shown(high)}`,
    }
  }
  if (low !== undefined)
    return { expr: compare('ge', low), text: `${name} >= ${text(low)}`, words: `at least ${shown(low)}` }
  if (high !== undefined)
    return { expr: compare('le', high), text: `${name} <= ${text(high)}`, words: `at most ${shown(high)}` }
  return undefined
}
