import type { Program, ProgramRelation } from '../clause/program.ts'
import type { Expr, Literal } from '../expr/expr.ts'
import type { Term as MeasuredTerm } from '../expr/must.ts'
import { walk } from '../targets/children.ts'
import { readAnswer, readNumber } from '../targets/smt/answer.ts'
import { createScript, type Script } from '../targets/smt/script.ts'
import { double } from '../targets/smt/numbers.ts'
import { and, equal, render, smt, symbol, type Term, TRUE } from '../targets/smt/term.ts'
import { factsOf } from './aggregates/facts.ts'
import { divisionsOf } from './aggregates/divisions.ts'
import { readingOf, requiredTerms } from './aggregates/measured.ts'
import { HASTY, nearestDecision } from './decisions/nearest.ts'
import { deniedDecisions, isLeastMove } from './decisions/denied.ts'
import { type Known, type World, worldOf } from './decisions/world.ts'
import { createNumbers, DECISIONS, type Fractions, isLabel, type MeasuredDivision } from './confusion.ts'
import type { Instance } from './instance.ts'
import { comparisonOf, numberOfLiteral, type Reading, truthOf } from './metric-comparison.ts'
import { hasExample } from './metric-example.ts'
import { conclusionsOf } from './propagation/contradiction.ts'
import { dataRelationOf, type LabelCounts, type Population, populationOf } from './populations.ts'
import { distanceOf, sizeOf } from './repair/repair.ts'
import type { Asking } from './satisfiable.ts'
import type { SmtQuery } from '../targets/smt/index.ts'

/** What numbers are measured: of which relation, and what is known of the labels of its rows. */
export interface Measuring {
  readonly program: Program
  readonly relation: ProgramRelation
  readonly labels?: LabelCounts
  /** Only what is linear is asked: answered in milliseconds, and `possible` where that decides nothing. */
  readonly linear?: true
}

/** Instances that say something where the others are met, and what is true of their numbers. */
function withFacts(measuring: Measuring, asked: readonly Instance[]): readonly Instance[] {
  const { needed } = readingOf(asked)
  const saying = asked.filter(({ given }) => given === undefined || needed.has(given.needs))
  const counted = countedIn(measuring)
  const ofTwoClasses = labelAt(measuring.program, measuring.relation) !== undefined
  return [...saying, ...factsOf(saying, (population) => counted?.get(population)?.rows, ofTwoClasses)]
}

/** Without the facts that follow from the rows which a decision counts. */
function beyondCounts({ program, relation }: Measuring, instances: readonly Instance[]): readonly Instance[] {
  const label = labelAt(program, relation)
  if (label === undefined) return instances
  const follows = (term: MeasuredTerm): boolean =>
    DECISIONS.has(term.fn) || (term.fn === 'share' && isLabel(term, label))
  return instances.filter(({ fact, clause }) => fact === undefined || !clause.must.terms.every(follows))
}

/** Instances that cannot be met together, as the solver found them. */
export async function conflictOf(
  measuring: Measuring,
  asked: readonly Instance[],
  asking: Asking,
): Promise<readonly Instance[] | 'possible' | 'unknown'> {
  const { solver, limits } = asking
  const all = withFacts(measuring, asked)
  if (all.length === 0) return 'possible'
  const { program, relation, labels } = measuring
  const rows = remembered(rowsOf)
  // The cheaper of the two first: where there is a contradiction, the search for an example goes on to its end.
  const drawn = conclusionsOf(all, rows, modelOf(relation))
  if (drawn.kind === 'contradiction')
    return withNeeded(
      measuring,
      asked,
      drawn.by.filter(({ fact }) => fact === undefined),
      asking,
    )
  // An example knows nothing of labels that were counted.
  if (labels === undefined && hasExample(all, labelAt(program, relation), rows, modelOf(relation), drawn.numbers))
    return 'possible'
  if (isMetByDecision(measuring, asked)) return 'possible'
  const denied = deniedIn(measuring, asked)
  if (denied !== undefined) return withNeeded(measuring, asked, denied, asking)
  // A question is not written for who does not answer any more.
  if (asking.isMute?.() === true) return 'unknown'
  const instances = beyondCounts(measuring, all)
  if (measuring.linear) {
    const some = instances.filter((each) => !multiplies(each))
    const answer = await solver.check(coreQuestion(write(measuring, some, { fractions: IN_PARTS })), limits)
    return answer.kind === 'unsat' ? withNeeded(measuring, asked, coreIn(some, answer.core), asking) : 'possible'
  }
  const { script, asserted, perfect, isProduct } = write(measuring, instances)
  const plain = asserted.map((term) => render(smt`(assert ${term})`))
  const hints = perfect.map((hint) => render(smt`(assert ${hint})`))
  // Most thresholds are ones that a decision without mistakes meets; with its cells known nothing is left to multiply.
  const easy = await solver.check(
    { script: [...script.lines(), ...plain, ...hints].join('\n'), named: [], read: [] },
    limits,
  )
  if (easy.kind === 'sat') return 'possible'
  const parts = isProduct ? write(measuring, instances, { fractions: IN_PARTS }) : undefined
  const linear = parts === undefined ? undefined : await solver.check(coreQuestion(parts), limits)
  const answer = linear?.kind === 'unsat' ? linear : await solver.check(coreQuestion({ script, asserted }), limits)
  if (answer.kind === 'sat') return 'possible'
  if (answer.kind === 'unknown') return 'unknown'
  return withNeeded(measuring, asked, coreIn(instances, answer.core), asking)
}

/** What a decision has to be beyond a bound by, where that is not allowed itself; and what rounding leaves where it is. */
const BEYOND = 1e-9
const ROUNDING = 1e-12

/** Whether a decision is found that meets all instances. */
function isMetByDecision(measuring: Measuring, asked: readonly Instance[]): boolean {
  const world = decisionsOf(measuring, asked)
  if (world === undefined || world.demands.length === 0) return false
  const { value } = nearestDecision(
    world,
    () => {
      let most = Number.NEGATIVE_INFINITY
      for (const { comparison, lack } of world.demands)
        most = Math.max(most, lack() + (comparison.op.endsWith('=') ? -ROUNDING : BEYOND))
      return most
    },
    HASTY,
    (most) => most <= 0,
  )
  return value <= 0
}

/** The decisions that instances can be tried on, where there are such. */
export function decisionsOf(measuring: Measuring, instances: readonly Instance[]): World | undefined {
  const known = knownOf(measuring)
  return known === undefined ? undefined : worldOf(instances, known)
}

/** Instances that no decision meets together, where that is proved. */
function deniedIn(measuring: Measuring, instances: readonly Instance[]): readonly Instance[] | undefined {
  const known = knownOf(measuring)
  return known === undefined ? undefined : deniedDecisions(instances, known)
}

/** Whether it is proved that bounds have to be moved by at least so much in total before some decision meets the instances. */
export function isLeastOfDecisions(measuring: Measuring, instances: readonly Instance[], total: number): boolean {
  const known = knownOf(measuring)
  return known !== undefined && isLeastMove(instances, known, total)
}

/** What is known of the rows that a model decides of two classes. */
function knownOf(measuring: Measuring): Known | undefined {
  const { program, relation } = measuring
  const label = labelAt(program, relation)
  if (label === undefined || relation.kind !== 'model') return undefined
  const columns = program.datasets.find(({ name }) => name === relation.dataset)?.columns ?? []
  const counted = countedIn(measuring)
  const known = { label, model: modelOf(relation), columns, populationOf: rowsOf }
  return counted === undefined ? known : { ...known, counted }
}

/** The instances that a core names, without facts. */
function coreIn(instances: readonly Instance[], core: readonly string[]): readonly Instance[] {
  return instances.filter(({ fact }, i) => fact === undefined && core.includes(`a${i}`))
}

/** Whether a fact multiplies numbers that are not known. */
function multiplies({ fact, clause: { must } }: Instance): boolean {
  const isKnown = (expr: Expr): boolean => walk(expr).every(({ node }) => node !== 'term')
  return (
    fact !== undefined &&
    must.comparisons.some(({ left, right }) =>
      [...walk(left), ...walk(right)].some(
        (part) => part.node === 'call' && part.fn === 'mul_double' && !part.args.some(isKnown),
      ),
    )
  )
}

/** Whether an instance asks for a product of numbers that are not known. */
export const hasProduct = (measuring: Measuring, instance: Instance): boolean => write(measuring, [instance]).isProduct

/** Parts of [0, 1] in which a fraction of unknowns may lie. */
const PARTS = 64
const IN_PARTS = { kind: 'parts', count: PARTS } as const

function coreQuestion({ script, asserted }: { readonly script: Script; readonly asserted: readonly Term[] }): SmtQuery {
  const named = asserted.map((term, i) => render(smt`(assert (! ${term} :named ${symbol(`a${i}`)}))`))
  return { script: [...script.lines(), ...named].join('\n'), named: named.map((_, i) => `a${i}`), read: [] }
}

/**
 * A core with those that make its facts true: that some number has a value, or stands between two others, may follow from another
 * instance, which bounds nothing in the core.
 */
async function withNeeded(
  measuring: Measuring,
  asked: readonly Instance[],
  core: readonly Instance[],
  asking: Asking,
): Promise<readonly Instance[] | 'unknown'> {
  if (core.length === asked.length) return core
  const alone = await conflictOf(measuring, core, asking)
  if (alone !== 'possible') return alone
  const { needed } = readingOf(core)
  const lost = [...readingOf(asked).needed].filter((key) => !needed.has(key))
  const needing = lost.map((key) => asked.find((each) => readingOf([each]).needed.has(key)))
  const all = asked.filter((each) => core.includes(each) || needing.includes(each))
  return all.length < asked.length && (await conflictOf(measuring, all, asking)) !== 'possible' ? all : asked
}

/** Where bounds could be, and how far that is from where they are, in total. */
export interface PossibleBounds {
  /** In the order of the bounds. */
  readonly values: readonly number[]
  readonly distance: number
}

/** Places of the bounds, at most `most` from where they are in total, with which the instances can be met; undefined where none were found. */
export async function possibleBounds(
  measuring: Measuring,
  instances: readonly Instance[],
  bounds: readonly Literal[],
  most: number | undefined,
  { solver, limits }: Asking,
): Promise<PossibleBounds | undefined> {
  const free = new Map<Literal, Term>()
  const constant = (bound: Literal, into: Script): Term | undefined => {
    if (!bounds.includes(bound)) return numberOfLiteral(bound)
    const known = free.get(bound)
    if (known !== undefined) return known
    const whole = bound.type.kind === 'int'
    const made = into.declare('b', whole ? 'Int' : 'Real')
    const number = whole ? smt`(to_real ${made})` : made
    free.set(bound, number)
    return number
  }
  const { script, asserted } = write(measuring, beyondCounts(measuring, withFacts(measuring, instances)), {
    constant,
    moving: bounds,
  })
  const placed = bounds.flatMap((bound) => {
    const number = free.get(bound)
    const old = numberOfLiteral(bound)
    return number === undefined || old === undefined ? [] : [{ bound, number, old }]
  })
  if (placed.length < bounds.length) return undefined
  const total = placed
    .map(({ bound, number, old }) => {
      const way = smt`(- ${number} ${old})`
      return smt`(/ (ite (>= ${way} 0.0) ${way} (- ${way})) ${double(sizeOf(Number(bound.value)))})`
    })
    .reduce((a, b) => smt`(+ ${a} ${b})`)
  const within = most === undefined ? [] : [smt`(<= ${total} ${double(most)})`]
  const lines = [...asserted, ...within].map((term) => render(smt`(assert ${term})`))
  const read = placed.map(({ number }) => render(number))
  const answer = await solver.check({ script: [...script.lines(), ...lines].join('\n'), named: [], read }, limits)
  if (answer.kind !== 'sat') return undefined
  const values = answer.values.map(numberIn)
  if (values.some((value) => value === undefined)) return undefined
  const moved = values as readonly number[]
  const distance = bounds.reduce((sum, { value }, i) => sum + distanceOf(Number(value), moved[i] ?? 0), 0)
  return { values: moved, distance }
}

/** A number of an answer; undefined for the root of a polynomial. */
function numberIn(text: string): number | undefined {
  const answer = readAnswer(text)
  const fraction = answer === undefined ? undefined : readNumber(answer)
  return fraction === undefined ? undefined : Number(fraction.numerator) / Number(fraction.denominator)
}

interface Writing {
  /** How a constant of a condition is written; undefined for what is no number. */
  readonly constant?: (literal: Literal, script: Script) => Term | undefined
  /** Constants whose places are looked for. */
  readonly moving?: readonly Literal[]
  readonly fractions?: Fractions
}

/** The instances as assertions about shares of rows. */
function write(
  measuring: Measuring,
  instances: readonly Instance[],
  { constant = numberOfLiteral, moving = [], fractions }: Writing = {},
) {
  const { program, relation } = measuring
  const script = createScript()
  const [model, label] = [modelOf(relation), labelAt(program, relation)]
  const counted = countedIn(measuring)
  const numbers = createNumbers(script, label, counted, fractions)
  const asserted = instances.map((instance) => {
    const { condition, comparisons, terms } = instance.clause.must
    const values = terms.map((term) => numbers.measure(term, rowsOf(instance, term), model))
    // A fact is true of what has no value, too.
    const required = instance.fact === undefined ? requiredTerms(instance) : []
    const defined = terms.flatMap((term, i) => (required.includes(term) ? [values[i]?.defined ?? TRUE] : []))
    const open = (): Term => script.declare('open', 'Bool')
    const read: Reading = {
      values,
      define: (term) => script.define('Real', term),
      constant: (literal) => constant(literal, script),
      moves: (side) => moving.some((literal) => literal === side),
    }
    const compared = comparisons.map((each) => comparisonOf(each, terms, read, instance.fact !== undefined) ?? open())
    return and(truthOf(condition, compared, open), ...defined)
  })
  const measure = (term: MeasuredTerm): Term => numbers.measure(term, populationOf([]), model).value()
  const { divisions, shares } = divisionsMeasured(instances, measure, (key) => counted?.get(key)?.rows)
  numbers.divide(divisions, shares)
  return { script, asserted, perfect: numbers.perfect, isProduct: numbers.isProduct() }
}

/** How the rows are divided by parts that instances measure, and how many of all rows they are, in numbers of all rows. */
function divisionsMeasured(
  instances: readonly Instance[],
  measure: (term: MeasuredTerm) => Term,
  rows: (population: string) => number | undefined,
) {
  const { populations } = readingOf(instances)
  const divisions = divisionsOf(populations).map(({ parts, strays }): MeasuredDivision => {
    const keys = parts.map(({ key }) => key)
    // Where they were counted, their sizes say so.
    if (keys.reduce((sum, key) => sum + (rows(key) ?? Number.NaN), 0) === rows('')) return { parts: keys }
    const none = strays?.map(({ term }) => equal(measure(term), smt`0.0`))
    return { parts: keys, ...(none === undefined ? {} : { isAll: and(...none) }) }
  })
  const shares = new Map<string, Term>()
  for (const { term } of populations.get('')?.terms.values() ?? []) {
    const [first] = term.args
    if (term.fn !== 'share' || term.model !== undefined || first?.kind !== 'expr') continue
    const { key } = populationOf([first.expr])
    if (populations.has(key)) shares.set(key, measure(term))
  }
  return { divisions, shares }
}

/** What is known of the rows and labels of the relation, by key of the population. */
function countedIn({ program, relation, labels }: Measuring) {
  return labelAt(program, relation) === datasetLabel(program, relation)
    ? labels?.get(dataRelationOf(relation) ?? '')
    : undefined
}

const modelOf = (relation: ProgramRelation): string | undefined =>
  relation.kind === 'model' ? relation.model : undefined

const labelAt = (program: Program, relation: ProgramRelation): string | undefined =>
  relation.kind === 'model' ? labelOf(program, relation.model, relation.dataset) : undefined

/** The same, each answer worked out once: conditions are compared as texts. */
function remembered(of: typeof rowsOf): typeof rowsOf {
  const known = new Map<Instance, Map<MeasuredTerm, Population>>()
  return (instance, term) => {
    const own = known.get(instance) ?? new Map<MeasuredTerm, Population>()
    known.set(instance, own)
    const population = own.get(term) ?? of(instance, term)
    own.set(term, population)
    return population
  }
}

const rowsOf = ({ slice }: Instance, { where }: MeasuredTerm) => populationOf([slice.condition, where ?? null])

/** What the labels of the data were counted of. */
function datasetLabel({ datasets }: Program, relation: ProgramRelation): string | undefined {
  return relation.kind === 'model' ? datasets.find(({ name }) => name === relation.dataset)?.label : undefined
}

/** The label of a model on a dataset, if every row has one: only then do all metrics count the same rows. */
function labelOf(program: Program, model: string, dataset: string): string | undefined {
  const { label, classes } = program.models.find(({ name }) => name === model) ?? {}
  // Metrics of several classes count more than four kinds of rows.
  if (classes !== undefined) return undefined
  const column = program.datasets.find(({ name }) => name === dataset)?.columns.find(({ name }) => name === label)
  return column === undefined || column.optional ? undefined : label
}
