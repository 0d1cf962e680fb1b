import { type ColumnSource, diagnose, featureDiagnostics as catalog, nearestName, quotedText } from '@plumbline/core'
import { derived, joined, partOf, type PlacedText, trimmed } from '../../text/placed-text.ts'
import { cel, columnOf, datasetOf, nameOf, refuse, type Scene } from '../scene.ts'
import type { Stated, StepPattern } from '../step-pattern.ts'
import { inArea } from './build.ts'
import { columnCel, every, must } from './clauses.ts'
import { dataRelation, timeOf } from './subjects.ts'
import { badArgument, boundOf, compared, listOf, literalOf, numberText } from './values.ts'

const { state, notBuilt } = inArea('data')

/** What the spec declares is a contract already: the step states it again, and they must agree. */
function ofType(scene: Scene, column: PlacedText, type: PlacedText): Stated | undefined {
  const relation = dataRelation(scene)
  if (relation === undefined) return undefined
  const dataset = datasetOf(scene.spec, relation.value)
  const { value: name, span } = nameOf(column)
  const declared = columnOf(scene.spec, relation.value, name)
  if (dataset === undefined || declared === undefined) {
    const known = [...(dataset?.columns.keys() ?? [])]
    const near = nearestName(name, known)
    const fix =
      near === undefined
        ? `Columns of ${relation.value}: ${known.slice(0, 24).join(', ')}.`
        : `Did you mean \`${near}\`?`
    return refuse(scene, catalog.disagrees, span, { problem: `${relation.value} has no column \`${name}\`.`, fix })
  }
  if (declared.type.value !== type.text) {
    const problem = `The spec declares \`${name}\` as ${declared.type.value}, not as ${type.text}.`
    const fix = `Write ${declared.type.value}, or change the type in the spec.`
    const related = [{ message: 'declared here', span: declared.type.span }]
    scene.report(diagnose(catalog.disagrees, type.span, { problem, fix }, related))
    return undefined
  }
  return { kind: 'existing', id: `${dataset.name}.${name}.type` }
}

function inSet(scene: Scene, column: PlacedText, values: readonly PlacedText[]): Stated | undefined {
  const relation = dataRelation(scene)
  if (relation === undefined) return undefined
  const declared = columnOf(scene.spec, relation.value, nameOf(column).value)
  const literals = values.map((value) => literalOf(scene, value, declared))
  if (literals.length === 0 || literals.some((each) => each === undefined)) return undefined
  const parts = literals.flatMap((each, i) => {
    if (each === undefined) return []
    return i === 0 ? [each] : [derived(', ', scene.span), each]
  })
  const list = joined(parts, scene.span)
  return every(scene, relation, cel(scene)`${columnCel(column)} in [${list}]`, 'exclude')
}

function matches(scene: Scene, column: PlacedText, written: PlacedText): Stated | undefined {
  const relation = dataRelation(scene)
  if (relation === undefined) return undefined
  const fence = /^(["/`]).*\1$/s.exec(written.text)?.[1]
  const pattern = fence === undefined ? written.text : written.text.slice(1, -1)
  const text = derived(quotedText(fence === '/' ? pattern.replaceAll('\\/', '/') : pattern), written.span)
  return every(scene, relation, cel(scene)`${columnCel(column)}.matches(${text})`, 'exclude')
}

/** A condition as written, between backticks or not. */
const condition = (written: PlacedText): PlacedText =>
  /^`.*`$/s.test(written.text) ? partOf(written, 1, written.text.length - 1) : trimmed(written)

/** The column of a relation with `role: label`; reported where it has none. */
function labelOf(scene: Scene, relation: string): ColumnSource | undefined {
  const dataset = datasetOf(scene.spec, relation)
  const column = [...(dataset?.columns.values() ?? [])].find(({ role }) => role?.value === 'label')
  if (column !== undefined) return column
  const fix = `Give a column of ${relation} \`role: label\` in the spec.`
  return refuse(scene, catalog.noSubject, scene.span, { what: 'label', fix })
}

function classShare(scene: Scene, label: PlacedText, written: PlacedText): Stated | undefined {
  const relation = dataRelation(scene)
  const bound = boundOf(scene, written)
  if (relation === undefined || bound === undefined) return undefined
  const column = labelOf(scene, relation.value)
  if (column === undefined) return undefined
  const value = literalOf(scene, label, column)
  if (value === undefined) return undefined
  const name = columnCel(derived(JSON.stringify(column.name), label.span))
  if (column.type.value !== 'boolean')
    return must(relation, compared(scene, cel(scene)`share(${name} == ${value})`, bound))
  return must(relation, compared(scene, cel(scene)`share(${value.text === 'true' ? '' : '!'}${name})`, bound))
}

/** The name of a parameter that holds a moment; reported where the spec has no such text. */
function momentOf(scene: Scene, param: PlacedText): PlacedText | undefined {
  const { value: name, span } = nameOf(param)
  const texts = [...scene.spec.params].flatMap(([key, { value }]) => (typeof value === 'string' ? [key] : []))
  if (texts.includes(name)) return derived(name, span)
  return badArgument(scene, param, 'param', nearestName(name, texts))
}

/** The shape and content of data. */
export const dataSteps: readonly StepPattern[] = [
  state(
    'column {col} is of type {type}',
    {
      number: 2,
      topic: 'type',
      example: 'Then column age is of type integer',
      doc: 'The contract that the spec has of the column; it must be of this type there.',
    },
    (scene, column, type) => column && type && ofType(scene, column, type),
  ),
  state(
    'column {col} is never missing',
    { number: 3, topic: 'present', example: 'Then column age is never missing', doc: 'Every row has the value.' },
    (scene, column) => {
      const relation = dataRelation(scene)
      return relation && column && every(scene, relation, cel(scene)`${columnCel(column)} != null`)
    },
  ),
  state(
    'missing rate of {col} is {bound}',
    {
      number: 4,
      topic: 'missing',
      estimates: true,
      example: 'Then missing rate of income is at most 5%',
      doc: 'Missing cells divided by rows.',
    },
    (scene, column, written) => {
      const relation = dataRelation(scene)
      const bound = written && boundOf(scene, written)
      return (
        relation &&
        column &&
        bound &&
        must(relation, compared(scene, cel(scene)`null_share(${columnCel(column)})`, bound))
      )
    },
  ),
  state(
    'values of {col} are in {set}',
    {
      number: 5,
      topic: 'values',
      example: 'Then values of sex are in male, female',
      doc: 'Every value that is there is one of these; codes by code or label.',
    },
    (scene, column, set) => column && set && inSet(scene, column, listOf(set)),
  ),
  state(
    'values of {col} are:',
    {
      topic: 'values',
      below: 'table',
      example: 'Then values of sex are:\n  | male   |\n  | female |',
      doc: 'The same, with the values as a table.',
    },
    (scene, column, ...values) => column && inSet(scene, column, values),
  ),
  state(
    'values of {col} are between {number} and {number}',
    {
      number: 6,
      topic: 'range',
      example: 'Then values of age are between 18 and 100',
      doc: 'Every value that is there lies in this range, both ends included.',
    },
    (scene, column, low, high) => {
      const relation = dataRelation(scene)
      const [from, to] = [low && numberText(scene, low), high && numberText(scene, high)]
      if (relation === undefined || column === undefined || from === undefined || to === undefined) return undefined
      const cell = columnCel(column)
      return every(scene, relation, cel(scene)`${cell} >= ${from} && ${cell} <= ${to}`, 'exclude')
    },
  ),
  state(
    '{col} matches pattern {regex}',
    {
      number: 7,
      topic: 'pattern',
      example: 'Then iban matches pattern /^[A-Z]{2}[0-9]{2}/',
      doc: 'Every text that is there contains a match; `^` and `$` ask for the whole.',
    },
    (scene, column, pattern) => column && pattern && matches(scene, column, pattern),
  ),
  state(
    '{cols} uniquely identify a row',
    {
      number: 8,
      topic: 'unique',
      example: 'Then customer and month uniquely identify a row',
      doc: 'No two rows have the same values there.',
    },
    (scene, written) => {
      const relation = dataRelation(scene)
      if (relation === undefined || written === undefined) return undefined
      const columns = listOf(written).flatMap((each, i) =>
        i === 0 ? [columnCel(each)] : [derived(', ', scene.span), columnCel(each)],
      )
      return must(relation, cel(scene)`duplicates(${joined(columns, scene.span)}) == 0`)
    },
  ),
  state(
    'every {col} exists in {dataset}',
    {
      number: 9,
      topic: 'exists',
      example: 'Then every id exists in accounts.id',
      doc: 'Every value that is there is also in the column of that name of the other dataset.',
    },
    (scene, column, other) => {
      const relation = dataRelation(scene)
      if (relation === undefined || column === undefined || other === undefined) return undefined
      const { value, span } = nameOf(other)
      const name = nameOf(column).value
      if (!value.endsWith(`.${name}`)) {
        const problem = `A value of \`${name}\` is looked for in the column of the same name.`
        return refuse(scene, catalog.disagrees, span, { problem, fix: `Write <dataset>.${name}.` })
      }
      const there = partOf(other, 0, other.text.length)
      const target = derived(value.slice(0, -name.length - 1), there.span)
      const cell = columnCel(column)
      return must(relation, cel(scene)`overlap(${relation.value}, ${target}, ${cell}) == distinct(${cell})`)
    },
  ),
  state(
    'at least {percent} of rows satisfy {cel}',
    {
      topic: 'mostly',
      example: 'Then at least 99% of rows satisfy bill <= 2.0 * limit',
      doc: 'The condition, in CEL, of at least this share of the rows.',
    },
    (scene, share, written) => {
      const relation = dataRelation(scene)
      const mostly = share && numberText(scene, share)
      if (relation === undefined || share === undefined || mostly === undefined || written === undefined)
        return undefined
      const value = Number(mostly.text)
      if (!(value > 0 && value <= 1)) return badArgument(scene, share, 'percent')
      return every(scene, relation, condition(written), undefined, { mostly: { value: mostly.text, span: share.span } })
    },
  ),
  state(
    'rows satisfy {cel}',
    {
      number: 10,
      topic: 'rows',
      example: 'Then rows satisfy bill <= 2.0 * limit',
      doc: 'The condition, in CEL, of every row.',
    },
    (scene, written) => {
      const relation = dataRelation(scene)
      return relation && written && every(scene, relation, condition(written))
    },
  ),
  state(
    'rows satisfy:',
    {
      topic: 'rows',
      below: 'text',
      example: 'Then rows satisfy:\n  """\n  bill <= 2.0 * limit\n  """',
      doc: 'The same, with the condition below.',
    },
    (scene, written) => {
      const relation = dataRelation(scene)
      return relation && written && every(scene, relation, trimmed(written))
    },
  ),
  state(
    'row count is {bound}',
    { number: 11, topic: 'row-count', example: 'Then row count is at least 20_000', doc: 'The number of rows.' },
    (scene, written) => {
      const relation = dataRelation(scene)
      const bound = written && boundOf(scene, written)
      return relation && bound && must(relation, compared(scene, cel(scene)`count()`, bound))
    },
  ),
  notBuilt(
    12,
    'data is not older than {duration}',
    'Then data is not older than 2 days',
    'The newest row is no older.',
    'Clauses read no clock, so that a verdict can be replayed. Name the day, `data is not older than 2026-11-01`, or a parameter of type text, `data is not older than since`, and give it with each test: `--param since=2026-11-01T00:00:00Z`.',
  ),
  state(
    'data is not older than {day}',
    {
      number: 12,
      topic: 'fresh',
      example: 'Then data is not older than 2026-11-01',
      doc: 'The newest row, by the `time` of the dataset (or its only timestamp), is of this day (UTC) or later.',
    },
    (scene, day) => {
      const relation = dataRelation(scene)
      const time = relation && timeOf(scene, relation.value)
      if (relation === undefined || time === undefined || day === undefined) return undefined
      if (Number.isNaN(Date.parse(`${day.text}T00:00:00Z`))) return badArgument(scene, day, 'day')
      const begin = derived(`timestamp(${quotedText(`${day.text}T00:00:00Z`)})`, day.span)
      return must(relation, cel(scene)`max(${columnCel(time)}) >= ${begin}`)
    },
  ),
  state(
    'data is not older than {param}',
    {
      number: 12,
      topic: 'fresh',
      example: 'Then data is not older than since',
      doc: 'The newest row, by the `time` of the dataset (or its only timestamp), is of the moment (RFC 3339) that the parameter of type text holds, or later.',
    },
    (scene, param) => {
      const relation = dataRelation(scene)
      const time = relation && timeOf(scene, relation.value)
      const begin = param && momentOf(scene, param)
      return relation && time && begin && must(relation, cel(scene)`max(${columnCel(time)}) >= timestamp(${begin})`)
    },
  ),
  state(
    'class {label} makes up {bound} of rows',
    {
      number: 13,
      topic: 'class',
      estimates: true,
      example: 'Then class true makes up between 15% and 30% of rows',
      doc: 'The share of the rows whose label is this class.',
    },
    (scene, label, written) => label && written && classShare(scene, label, written),
  ),
  state(
    'mutual information between {col} and label is {bound}',
    {
      number: 14,
      topic: 'told',
      example: 'Then mutual information between age and label is at least 0.1',
      doc: 'How much a column tells of the label, in nats: 0 is nothing, and a label tells all of itself. Numbers in ten bins of equal mass.',
    },
    (scene, column, written) => {
      const relation = dataRelation(scene)
      const bound = written && boundOf(scene, written)
      const label = relation && bound && labelOf(scene, relation.value)
      if (relation === undefined || bound === undefined || column === undefined || label === undefined) return undefined
      const own = columnCel(derived(JSON.stringify(label.name), scene.span))
      return must(relation, compared(scene, cel(scene)`mutual_information(${columnCel(column)}, ${own})`, bound))
    },
  ),
]
