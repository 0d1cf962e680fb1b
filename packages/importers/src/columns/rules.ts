import type { ColumnType } from '@plumbline/core'
import type { ClauseDraft, ItemDraft } from '../draft/draft.ts'
import { bound, number, oneOf, ref, text } from '../text/cel.ts'
import { clauseId } from '../text/names.ts'
import { formatPattern } from './formats.ts'

/** A rule about a column, as it stands in the file. */
export interface ColumnRule {
  /** `minimum`, `pattern`; the names of JSON Schema. */
  readonly name: string
  readonly value: unknown
  readonly where: string
}

/** The column a rule is about. */
export interface RuledColumn {
  readonly dataset: string
  readonly column: string
  readonly type: ColumnType
  /** How patterns match: anywhere in the text, or all of it. */
  readonly patterns: 'anywhere' | 'whole'
  readonly severity?: 'block' | 'warn' | 'info'
}

type Question = Pick<ClauseDraft, 'every' | 'must' | 'missing'>
type Made =
  | Question
  | { readonly refused: string }
  | { readonly trivial: string }
  | (Question & { readonly difference: string })

/** A rule as a clause, or why it is none. */
export function ruleItem(column: RuledColumn, rule: ColumnRule): ItemDraft {
  const about = `${column.dataset}.${column.column}`
  const base = { what: rule.name, where: rule.where, about, clauses: [], differences: [] }
  const made = madeOf(column, rule)
  if ('refused' in made) return { ...base, refused: made.refused }
  if ('trivial' in made) return { ...base, trivial: made.trivial }
  const { difference, ...question } = 'difference' in made ? made : { ...made, difference: undefined }
  const clause: ClauseDraft = {
    id: clauseId(`${column.dataset}-${column.column}-${IDS[rule.name] ?? rule.name.toLowerCase()}`),
    dataset: column.dataset,
    says: `${about}: ${rule.name}.`,
    ...question,
    allowEmpty: true,
    ...(column.severity === undefined ? {} : { severity: column.severity }),
  }
  return { ...base, clauses: [clause], differences: difference === undefined ? [] : [difference] }
}

const IDS: Readonly<Record<string, string>> = {
  required: 'given',
  exclusiveMinimum: 'minimum',
  exclusiveMaximum: 'maximum',
  minLength: 'min-length',
  maxLength: 'max-length',
  multipleOf: 'multiple',
  const: 'value',
  enum: 'values',
}

const SIGNS: Readonly<Record<string, string>> = {
  minimum: '>=',
  maximum: '<=',
  exclusiveMinimum: '>',
  exclusiveMaximum: '<',
}

function madeOf({ column, type, patterns }: RuledColumn, { name, value }: ColumnRule): Made {
  const cell = ref(column)
  const every = (condition: string): Question => ({ every: condition, missing: 'exclude' })
  switch (name) {
    case 'required':
      return value === true ? { every: `${cell} != null` } : { trivial: 'Cells may be missing.' }
    case 'unique':
      return value === true ? { must: `distinct(${cell}) == present(${cell})` } : { trivial: 'Values may repeat.' }
    case 'enum':
    case 'const': {
      const given = name === 'const' ? [value] : Array.isArray(value) ? value : []
      const plain = given.filter((each) => ['string', 'number', 'boolean'].includes(typeof each))
      const within = oneOf(column, plain, type)
      return within === undefined ? { refused: `No cell of a ${type} can equal one of the values.` } : every(within)
    }
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum': {
      const plain = typeof value === 'number' || typeof value === 'string' ? value : undefined
      const limit = plain === undefined ? undefined : bound(plain, type)
      if (limit === undefined) return { refused: `${JSON.stringify(value)} is no bound of a ${type}.` }
      return every(`${cell} ${SIGNS[name]} ${limit}`)
    }
    case 'minLength':
    case 'maxLength':
      if (type !== 'text') return { refused: `A ${type} has no length.` }
      if (typeof value !== 'number') return { refused: 'The length is no number.' }
      return every(`size(${cell}) ${name === 'minLength' ? '>=' : '<='} ${number(value)}`)
    case 'multipleOf':
      return type === 'integer' && typeof value === 'number' && Number.isInteger(value) && value > 0
        ? every(`${cell} % ${number(value)} == 0`)
        : { refused: 'Only whole numbers have remainders that are exact.' }
    case 'pattern': {
      if (type !== 'text') return { refused: `The pattern is asked of a ${type}.` }
      if (typeof value !== 'string') return { refused: 'The pattern is no text.' }
      return every(`${cell}.matches(${text(patterns === 'whole' ? `^(?:${value})$` : value)})`)
    }
    case 'format':
      return formatRule(cell, type, value)
    default:
      return { refused: `\`${name}\` is not known here.` }
  }
}

function formatRule(cell: string, type: ColumnType, value: unknown): Made {
  if (type === 'timestamp') return { trivial: 'The type of the column says it.' }
  const pattern = typeof value === 'string' ? formatPattern(value) : undefined
  if (type !== 'text' || pattern === undefined)
    return { refused: `The format ${JSON.stringify(value)} is not known here.` }
  return {
    every: `${cell}.matches(${text(pattern)})`,
    missing: 'exclude',
    difference: 'Asked as a pattern, which takes the usual spellings.',
  }
}
