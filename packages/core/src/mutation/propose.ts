import type { Program, ProgramColumn } from '../clause/program.ts'
import type { DataFault, Fault, ModelFault, ServingFault } from './fault.ts'

/** A clause to be accepted, as it is written in a spec: the id, and its entry under `clauses`. */
export interface Proposal {
  readonly id: string
  /** YAML, indented by two spaces, to be put under `clauses:`. */
  readonly yaml: string
}

/** A clause without its bound: what would be measured, and on what. */
export interface Draft {
  readonly id: string
  readonly says: string
  readonly of: string
  /** `must` or `always`. */
  readonly form: 'must' | 'always'
  /** What is measured; an expression of the language. */
  readonly term: string
  /** The one bound there is, where it follows from what is asked: no row may be there twice. */
  readonly exactly?: number
}

/** What would notice a fault: one number that it moves. Undefined where no clause of one number can. */
export function draftFor(program: Program, fault: Fault): Draft | undefined {
  switch (fault.group) {
    case 'data':
      return draftForData(program, fault)
    case 'model':
      return draftForModel(program, fault)
    case 'serving':
      return draftForServing(program, fault)
  }
}

function draftForData(program: Program, fault: DataFault): Draft | undefined {
  const dataset = program.datasets.find(({ name }) => name === fault.dataset)
  const [name = ''] = fault.columns
  const column = dataset?.columns.find((each) => each.name === name)
  if (dataset === undefined) return undefined
  const must = (id: string, says: string, term: string, of = dataset.name): Draft => ({
    id: slug(id),
    says,
    of,
    form: 'must',
    term,
  })
  const cell = column === undefined ? '' : columnText(column)
  switch (fault.operator) {
    case 'null-burst':
    case 'encoding':
      return must(`${dataset.name}-${name}-complete`, `${name} is there, and can be read.`, `null_share(${cell})`)
    case 'unit-change':
    case 'column-shift':
      return column === undefined ? undefined : moved(dataset.name, column, must)
    case 'sampling-bias':
      return must(`${dataset.name}-${name}-level`, `Rows of all levels of ${name} are there.`, `mean(${cell})`)
    case 'category-swap':
    case 'slice-drop': {
      const [code] = fault.codes ?? []
      if (code === undefined || column === undefined) return undefined
      return must(
        `${dataset.name}-${name}-${String(code)}-share`,
        `${name} = ${String(code)} is as frequent as it was.`,
        `share(${cell} == ${codeText(code)})`,
      )
    }
    case 'duplicates': {
      const columns = dataset.key.length > 0 ? dataset.key : dataset.columns.map((each) => each.name)
      if (!columns.every(isWord)) return undefined
      return {
        ...must(`${dataset.name}-no-row-twice`, 'No row is there twice.', `duplicates(${columns.join(', ')})`),
        exactly: 0,
      }
    }
    case 'label-flip': {
      if (column === undefined) return undefined
      return must(`${dataset.name}-${name}-share`, `${name} is as frequent as it was.`, `share(${cell})`)
    }
    case 'label-leak': {
      const label = dataset.columns.find((each) => each.name === fault.columns[1])
      if (label === undefined || column === undefined) return undefined
      return must(
        `${dataset.name}-${name}-no-leak`,
        `${name} does not know ${label.name}.`,
        `correlation(${cell}, ${columnText(label)} ? 1.0 : 0.0)`,
      )
    }
    case 'key-overlap':
    case 'stale-partition': {
      const [from, to] = fault.splits ?? []
      const [key] = dataset.key
      if (from === undefined || to === undefined || key === undefined || !isWord(key)) return undefined
      return {
        ...must(
          `${dataset.name}-${from}-${to}-apart`,
          `No row of ${from} is in ${to}.`,
          `overlap(${dataset.name}.${from}, ${dataset.name}.${to}, ${key})`,
        ),
        exactly: 0,
      }
    }
  }
}

/** For a moved column: the share of its first code, or its mean. */
function moved(
  dataset: string,
  column: ProgramColumn,
  must: (id: string, says: string, term: string) => Draft,
): Draft | undefined {
  const { name, type, values } = column
  const [first] = values ?? []
  if (first !== undefined)
    return must(
      `${dataset}-${name}-${String(first.code)}-share`,
      `${name} = ${String(first.code)} is as frequent as it was.`,
      `share(${columnText(column)} == ${codeText(first.code)})`,
    )
  if (type.kind !== 'int' && type.kind !== 'double') return undefined
  return must(`${dataset}-${name}-level`, `${name} is of the order it was.`, `mean(${columnText(column)})`)
}

function draftForModel(program: Program, fault: ModelFault): Draft | undefined {
  const relation = testedRelation(program)
  if (relation === undefined) return undefined
  const must = (id: string, says: string, term: string): Draft => ({
    id: slug(id),
    says,
    of: relation,
    form: 'must',
    term,
  })
  const ranks = program.models.find(({ name }) => name === fault.model)?.score !== undefined
  switch (fault.operator) {
    case 'threshold-shift':
      return must('champion-flags-as-often', 'As many are flagged as before.', 'positive_rate()')
    case 'over-confident':
    case 'constant-on-slice':
      return must('champion-calibrated', 'A score can be read as a probability.', 'calibration_error()')
    default:
      return ranks ? must('champion-ranks', 'It ranks as well as it did.', 'roc_auc()') : undefined
  }
}

function draftForServing(program: Program, fault: ServingFault): Draft | undefined {
  const [name = ''] = fault.columns
  const reference = program.datasets.find((each) => each.name === fault.dataset)
  if (reference === undefined || !isWord(name)) return undefined
  const [split] = reference.splits
  const of = split === undefined ? reference.name : `${reference.name}.${split.name}`
  return {
    id: slug(`requests-${name}-stable`),
    says: `${name} of the requests is distributed as in ${of}.`,
    of: 'requests',
    form: 'always',
    term: `psi(${name}, ${of})`,
  }
}

/** The relation of the model that most clauses ask about. */
function testedRelation(program: Program): string | undefined {
  const names = program.clauses.flatMap(({ of }) =>
    of.filter(({ stage }) => stage === 'model').map(({ relation }) => relation),
  )
  const relations = program.relations.filter((each) => each.kind === 'model' && each.model === 'champion')
  const count = (name: string): number => names.filter((each) => each === name).length
  return relations.map(({ name }) => name).toSorted((a, b) => count(b) - count(a))[0]
}

const isWord = (name: string): boolean => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)

function columnText({ name }: ProgramColumn): string {
  return isWord(name) ? name : `row[${JSON.stringify(name)}]`
}

const codeText = (code: string | number | boolean): string =>
  typeof code === 'string' ? JSON.stringify(code) : String(code)

/** An id of a clause from names of columns, whatever they are. Dots are for the clauses that contracts stand for. */
function slug(text: string): string {
  return text.replace(/[^\p{L}\p{N}_-]+/gu, '-').replace(/^-+|-+$/g, '')
}

/** What a draft measured: the number, or the interval it is decided on. */
export interface Measure {
  readonly low: number
  readonly high: number
}

/**
 * The bound that tells the fault from what is usual: half way between the two, rounded to as few digits as keep it there.
 * Undefined where the ranges meet.
 */
export function boundBetween(
  usual: readonly Measure[],
  faulty: Measure,
): { readonly op: '<=' | '>='; readonly bound: number } | undefined {
  const low = Math.min(...usual.map((each) => each.low))
  const high = Math.max(...usual.map((each) => each.high))
  if (!Number.isFinite(low) || !Number.isFinite(high)) return undefined
  if (faulty.low > high) return { op: '<=', bound: roundBetween(high, faulty.low, high) }
  if (faulty.high < low) return { op: '>=', bound: roundBetween(faulty.high, low, low) }
  return undefined
}

/** `usual` is the end that has to stay allowed, where no number lies between the two. */
function roundBetween(low: number, high: number, usual: number): number {
  const middle = low + (high - low) / 2
  for (let digits = 1; digits < 17; digits++) {
    const rounded = Number(middle.toPrecision(digits))
    if (rounded > low && rounded < high) return rounded
  }
  return usual
}

/** A draft with its bound as it is written in a spec. `reason` says how the bound was found. */
export function proposalOf(draft: Draft, op: '<=' | '>=' | '==', bound: number, reason: string): Proposal {
  const whole = /^(duplicates|overlap|count|distinct)\(/.test(draft.term)
  const number = whole || !Number.isInteger(bound) ? String(bound) : `${bound}.0`
  const lines = [
    `${draft.id}:`,
    `  says: ${quoted(draft.says)}`,
    `  of: ${draft.of}`,
    `  ${draft.form}: ${quoted(`${draft.term} ${op} ${number}`)}`,
    ...(draft.form === 'always' ? ['  window: 1d'] : []),
    `  rationale: ${quoted(reason)}`,
  ]
  return { id: draft.id, yaml: lines.map((line) => `  ${line}\n`).join('') }
}

/** JSON is YAML: a text in it means nothing else, whatever it holds. */
const quoted = (text: string): string => JSON.stringify(text)
