import {
  type ClauseBody,
  type ClauseSource,
  diagnose,
  type Diagnostic,
  featureDiagnostics as catalog,
  nearestName,
  type Spec,
} from '@plumbline/core'
import type { Scenario, Step } from '../document/scenario.ts'
import { LIMITS } from '../document/limits.ts'
import { badArgument } from '../steps/library/values.ts'
import { PARAMETERS } from '../steps/parameters.ts'
import { refuse, type Scene, type Subject } from '../steps/scene.ts'
import type { StepLibrary } from '../steps/step-library.ts'
import type { ClauseParts, StepPattern } from '../steps/step-pattern.ts'
import { shown } from '../steps/tokens.ts'
import { derived, joined, type PlacedText } from '../text/placed-text.ts'
import { isMarked, joinedId, slug } from './ids.ts'
import { unqualified } from './qualifiers.ts'
import { confidenceOf, readTags, type TagMeaning } from './tags.ts'

/** What a step stands for in the end. */
export interface StepClause {
  readonly step: string
  /** The id of its clause; absent for a step that says what the scenario is about. */
  readonly clause?: string
  /** The pattern it fits, and where what fills its gaps stands in it. */
  readonly expression: string
  readonly groups: readonly (readonly [start: number, end: number])[]
}

/** A scenario read: its clauses, and which of its steps is which. */
export interface ReadScenario {
  readonly clauses: readonly ClauseSource[]
  readonly steps: readonly StepClause[]
}

interface Statement {
  readonly step: Step
  readonly topic: string
  readonly stated:
    | { readonly kind: 'existing'; readonly id: string }
    | { readonly kind: 'clause'; readonly parts: Whole }
}

type Whole = ClauseParts & Pick<ClauseSource, 'confidence'>

/** Reads a scenario; steps with mistakes are reported and left out. Where steps were `lost` nobody asks for a subject. */
export function readScenario(
  scenario: Scenario,
  spec: Spec,
  library: StepLibrary,
  report: (d: Diagnostic) => void,
  lost = false,
): ReadScenario {
  const tags = readTags(scenario.tags, spec, report)
  const [of] = tags.of
  let subject: Subject = { ...(of === undefined ? {} : { relation: of, rows: of }), ...(lost ? { failed: true } : {}) }
  const statements: Statement[] = []
  for (const step of scenario.steps) {
    const scene: Scene = {
      spec,
      get subject() {
        return subject
      },
      span: step.text.span,
      about: (more) => {
        subject = { ...subject, ...more }
      },
      report,
      below: belowOf(step),
    }
    const statement = readStep(step, scene, library)
    if (statement !== undefined) statements.push(statement)
  }
  if (scenario.steps.every(({ type }) => type === 'Context' || type === 'Action'))
    report(diagnose(catalog.emptyScenario, scenario.nameSpan, { name: scenario.name }))
  return named(scenario, tags, statements, library, report)
}

const belowOf = ({ table, docString }: Step): readonly PlacedText[] =>
  docString === undefined ? (table ?? []).flat() : [docString]

function readStep(step: Step, scene: Scene, library: StepLibrary): Statement | undefined {
  const { text } = step
  if (text.text.length > LIMITS.step) {
    const size = { what: 'characters in a step', count: text.text.length, limit: LIMITS.step }
    return refuse(scene, catalog.tooLarge, text.span, size)
  }
  const qualified = unqualified(text)
  const whole = library.match(text)
  const match = whole ?? library.match(qualified.step)
  const open = openGap(step, match === undefined)
  if (open !== undefined) return refuse(scene, catalog.unknownGap, open.at, open)
  if (match === undefined) return unknown(qualified.step, scene, library)
  const { pattern, args } = match
  const { meaning } = pattern
  if (meaning.kind === 'not-built')
    return refuse(scene, catalog.stepNotBuilt, text.span, {
      step: shown(pattern.expressions[0]),
      reason: meaning.reason,
    })
  const isStatement = meaning.kind === 'statement'
  if (step.type !== 'Unknown' && isStatement !== (step.type === 'Outcome'))
    return refuse(scene, catalog.misplacedStep, text.span, { statement: isStatement })
  if (!argumentFits(step, pattern, scene)) return undefined
  if (meaning.kind === 'subject') {
    meaning.set(scene, args)
    return undefined
  }
  const more = whole === undefined ? qualified : { step: text }
  const tail = more.confidence ?? more.rows
  if (tail !== undefined && meaning.estimates !== true) {
    const problem = 'This step estimates nothing, so neither a confidence nor a number of rows can follow it.'
    return refuse(scene, catalog.stepArgument, tail.span, { problem, fix: 'Remove it.' })
  }
  const stated = meaning.state(scene, args)
  if (stated?.kind !== 'clause')
    return stated === undefined ? undefined : { step, topic: topicOf(pattern, args), stated }
  if (more.rows !== undefined && !/^\d[\d_]*$/.test(more.rows.text)) return badArgument(scene, more.rows, 'count')
  const confidence =
    more.confidence === undefined ? undefined : confidenceOf(more.confidence.text, more.confidence.span)
  if (more.confidence !== undefined && confidence === undefined)
    return refuse(scene, catalog.badArgument, more.confidence.span, {
      text: more.confidence.text,
      expects: 'a confidence below 100%, such as 99%',
    })
  const body = more.rows === undefined ? stated.parts.body : onRows(stated.parts.body, more.rows, text)
  const parts = { ...stated.parts, body, ...(confidence === undefined ? {} : { confidence }) }
  return { step, topic: topicOf(pattern, args), stated: { kind: 'clause', parts } }
}

/** A gap that the examples have under another name, or, of a step that nothing reads, any that nothing fills. */
function openGap({ open = [] }: Step, any: boolean) {
  const gaps = open.map(({ name, columns }) => ({
    at: name.span,
    name: name.text,
    near: nearestName(name.text, columns),
    known: columns,
  }))
  return gaps.find(({ near }) => near !== undefined) ?? (any ? gaps[0] : undefined)
}

/** `count() >= 500 && …`. */
function onRows(body: ClauseBody, rows: PlacedText, step: PlacedText): ClauseBody {
  if (body.form !== 'must') return body
  const least = derived(rows.text, rows.span)
  const parts = [derived('count() >= ', rows.span), least, derived(' && ', step.span), body.condition]
  return { ...body, condition: joined(parts, step.span) }
}

function unknown(step: PlacedText, scene: Scene, library: StepLibrary): undefined {
  const near = library.nearest(step)
  if (near?.kind === 'argument') {
    const { expects } = PARAMETERS[near.parameter]
    scene.report(diagnose(catalog.badArgument, near.text.span, { text: near.text.text, expects }))
  } else scene.report(diagnose(catalog.unknownStep, step.span, { text: step.text, near: near?.expression }))
  return undefined
}

function argumentFits(step: Step, { below }: StepPattern, scene: Scene): boolean {
  const found = step.table !== undefined ? 'table' : step.docString !== undefined ? 'text' : undefined
  if (found === below) {
    const wide = step.table?.find((row) => row.length > 1)?.[1]
    if (wide === undefined) return true
    const problem = 'The table has several columns.'
    scene.report(diagnose(catalog.stepArgument, wide.span, { problem, fix: 'Write one value in a row.' }))
    return false
  }
  const problem =
    below === undefined ? `This step takes no ${found ?? 'table'} below it.` : `Below this step stands a ${below}.`
  const fix =
    below === undefined
      ? 'Remove it.'
      : below === 'table'
        ? 'Write `| value |` lines below it.'
        : 'Write the text between lines of `"""`.'
  scene.report(
    diagnose(catalog.stepArgument, (step.docString ?? step.table?.[0]?.[0] ?? step.text).span, { problem, fix }),
  )
  return false
}

/** The names in a step tell its clause from the others of a scenario; bounds do not, since moving one keeps the clause. */
function topicOf(pattern: StepPattern, args: readonly PlacedText[]): string {
  const names = args.filter(
    ({ text }) =>
      !/^(?:between|at |above|below|[<>=≤≥\d]|(?:no |less |more |greater |exactly|equal|under|over))/.test(text),
  )
  return slug([pattern.topic, ...names.map(({ text }) => slug(text.slice(0, 30)))].join(' '))
}

function named(
  scenario: Scenario,
  tags: TagMeaning,
  statements: readonly Statement[],
  library: StepLibrary,
  report: (d: Diagnostic) => void,
): ReadScenario {
  const { id } = tags
  const { example = [] } = scenario
  // A name with gaps says what tells the rows apart; it is filled already, an id is not.
  const telling = example.some(({ inName }) => inName)
    ? example.filter(({ inName }) => inName && id !== undefined)
    : example
  const base = joinedId(id?.value ?? slug(scenario.name), slug(telling.map(({ value }) => slug(value)).join(' ')))
  const readable = id !== undefined || !isMarked(scenario.name)
  const own = statements.filter(({ stated }) => stated.kind === 'clause')
  if (own.length === 0 && statements.length > 0) reportIdleTags(scenario, report)
  const ids = new Map<string, string>()
  const clauses: ClauseSource[] = []
  for (const { step, topic, stated } of statements) {
    if (stated.kind === 'existing') {
      ids.set(step.id, stated.id)
      continue
    }
    const id = own.length === 1 && readable ? base : joinedId(base, topic)
    const clause = clauseOf(id === '' ? joinedId(topic) : id, scenario, tags, step, stated.parts, own.length === 1)
    ids.set(step.id, clause.name)
    clauses.push(clause)
  }
  const steps = scenario.steps.map(({ id, text }): StepClause => {
    const match = library.match(text) ?? library.match(unqualified(text).step)
    const clause = ids.get(id)
    return {
      step: id,
      ...(clause === undefined ? {} : { clause }),
      expression: match?.expression ?? '',
      groups: match?.groups ?? [],
    }
  })
  return { clauses, steps }
}

/** Where all that is stated is a clause of the spec already, tags would be ignored in silence. */
function reportIdleTags({ tags }: Scenario, report: (d: Diagnostic) => void): void {
  for (const { name, span, own } of tags) {
    if (!own || name.startsWith('@x-')) continue
    const problem = 'stands at a scenario that makes no clause of its own'
    const fix = 'What it states is a contract or a built-in clause already; remove the tag.'
    report(diagnose(catalog.badTag, span, { tag: name, problem, fix }))
  }
}

function clauseOf(
  name: string,
  scenario: Scenario,
  tags: TagMeaning,
  step: Step,
  parts: Whole,
  only: boolean,
): ClauseSource {
  const { span } = step.text
  const title = scenario.name === '' ? step.text.text : scenario.name
  const { id: _, of, slices, ...rest } = tags
  const rationale = scenario.description.map(({ text }) => text).join('\n')
  return {
    ...rest,
    ...parts,
    name,
    nameSpan: span,
    span,
    says: { value: only ? title : `${title}: ${step.text.text}`, span },
    of: of.length > 0 ? of : parts.of,
    slices: [...(parts.slices ?? []), ...slices],
    ...(rationale === '' ? {} : { rationale: { value: rationale, span } }),
  }
}
