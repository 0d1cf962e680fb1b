import {
  analyseParsed,
  type ClauseSource,
  type Diagnostic,
  type ExampleRows,
  exampleRows,
  hasErrors,
  speakClause,
  type SourceSet,
  type Spec,
  spokenOf,
} from '@plumbline/core'
import type { Scenario, Step } from '../document/scenario.ts'
import { macroSteps } from '../macros/macro-steps.ts'
import { slug } from '../scenario/ids.ts'
import { readScenario } from '../scenario/read-scenario.ts'
import { stepLibrary } from '../steps/library/index.ts'
import { modelOf } from '../steps/scene.ts'
import { compileLibrary, type StepLibrary } from '../steps/step-library.ts'
import { shown } from '../steps/tokens.ts'
import { type PlacedText, textAt } from '../text/placed-text.ts'
import { clauseYaml } from './clause-yaml.ts'
import { readEars, type Requirement } from './ears.ts'
import { sentencesOf } from './sentences.ts'
import { type StateSlice, stateSlice } from './state-slice.ts'

/** A clause that a sentence may mean. Nothing was written anywhere. */
export interface Proposal {
  /** The sentence of the library that it was read as. */
  readonly step: string
  /** To be pasted into a spec. */
  readonly yaml: string
  /** The clause, read back. */
  readonly english: string
  /** Rows that satisfy it and that do not, for a clause on rows; found by search. */
  readonly rows?: ExampleRows
  /** What the sentence did not say. */
  readonly notes: readonly string[]
}

/** A proposal, or why there is none. */
export type Proposed =
  | { readonly kind: 'proposal'; readonly proposal: Proposal }
  | { readonly kind: 'not-understood'; readonly why: string; readonly near?: string }

/** Where the words of a sentence stand, for its findings. */
const PLACE = 'proposal'

/**
 * Controlled English → a clause of a spec. A number that is not in the text becomes `TODO`. Deterministic; asks nobody.
 */
export function propose(sentence: string, spec: Spec, sources: SourceSet): Proposed {
  const hole = missingNumber(sentence)
  const library = compileLibrary([...stepLibrary, ...macroSteps(spec, () => undefined)])
  const ears = readEars(sentence)
  const slice = ears?.state === undefined ? undefined : stateSlice(ears.state, spec)
  if (ears?.state !== undefined && slice === undefined)
    return {
      kind: 'not-understood',
      why: `\`${ears.state}\` is neither a slice of the spec nor a condition on a column`,
    }
  const own =
    slice?.condition === undefined
      ? spec
      : { ...spec, slices: new Map([...spec.slices, [slice.name, slice.condition]]) }
  const split = splitOf(spec)
  const candidates = ears === undefined ? [plain(sentence)] : sentencesOf(ears, spec, hole, split ?? 'test')
  const mistakes: Diagnostic[] = []
  for (const candidate of candidates) {
    for (const dataset of datasetsFor(candidate, spec)) {
      const made = clauseOf(candidate, sentence, dataset, split, slice, own, library)
      if ('mistakes' in made) {
        if (made.existing !== undefined)
          return { kind: 'not-understood', why: `the spec has it already, as the clause \`${made.existing}\`` }
        mistakes.push(...made.mistakes)
        continue
      }
      const checked = check(made.clause, own, sources)
      mistakes.push(...checked.mistakes)
      if (checked.mistakes.length > 0) continue
      return { kind: 'proposal', proposal: proposalOf(candidate, made.clause, ears, slice, hole, checked.rows) }
    }
  }
  return notUnderstood(candidates, mistakes, library)
}

const plain = (sentence: string): string => sentence.replaceAll(/\s+/g, ' ').trim().replace(/\.$/, '')

/** A number that stands nowhere in the text, so that it is known again; in the range of any share or metric. */
function missingNumber(text: string): string {
  let digits = 987_654_321
  while (text.includes(String(digits))) digits--
  return `0.${digits}`
}

/** Models are asked on the rows they have not learned from. */
function splitOf(spec: Spec): string | undefined {
  const from = modelOf(spec, 'champion')?.input?.from.value ?? ''
  const splits = [...(spec.data.get(from)?.splits.keys() ?? [])]
  return splits.find((name) => name === 'test') ?? splits.find((name) => name !== 'train')
}

/** Datasets with a column that the sentence names come first. */
function datasetsFor(sentence: string, spec: Spec): readonly string[] {
  const words = new Set(sentence.match(/[\w.]+/g))
  const named = [...spec.data].filter(
    ([name, { columns }]) => words.has(name) || [...columns.keys()].some((c) => words.has(c)),
  )
  const found = (named.length > 0 ? named : [...spec.data]).map(([name]) => name)
  return found.slice(0, 4)
}

type Made = { readonly clause: ClauseSource } | { readonly mistakes: readonly Diagnostic[]; readonly existing?: string }

function freeId(id: string, { clauses }: Spec): string {
  let free = id
  for (let i = 2; clauses.has(free); i++) free = `${id}-${i}`
  return free
}

function clauseOf(
  candidate: string,
  sentence: string,
  dataset: string,
  split: string | undefined,
  slice: StateSlice | undefined,
  spec: Spec,
  library: StepLibrary,
): Made {
  const step = (id: string, type: string, text: string): Step => ({
    id,
    type: type as Step['type'],
    text: textAt(text, PLACE, 0),
  })
  const model =
    spec.models.has('champion') && split !== undefined ? [step('m', 'Context', `model champion on ${split}`)] : []
  const name = plain(sentence)
  const nameSpan = { file: PLACE, start: 0, end: name.length }
  const scenario: Scenario = {
    id: 'proposal',
    // Without a name the clause is called by what it speaks of.
    name: '',
    nameSpan,
    span: nameSpan,
    description: [],
    tags: [],
    steps: [...model, step('d', 'Context', `dataset ${JSON.stringify(dataset)}`), step('s', 'Outcome', candidate)],
  }
  const mistakes: Diagnostic[] = []
  const { clauses, steps } = readScenario(scenario, spec, library, (d) => void mistakes.push(d))
  const [clause] = clauses
  if (clause !== undefined && !hasErrors(mistakes)) {
    const slices = slice === undefined ? [] : [{ value: { kind: 'named' as const, name: slice.name }, span: nameSpan }]
    const says = { value: name, span: nameSpan }
    return { clause: { ...clause, name: freeId(clause.name, spec), says, slices: [...clause.slices, ...slices] } }
  }
  const existing = steps.at(-1)?.clause
  return { mistakes, ...(existing === undefined ? {} : { existing }) }
}

/** What the compiler says of the clause beside the rest of the spec. */
function check(
  clause: ClauseSource,
  spec: Spec,
  sources: SourceSet,
): { readonly mistakes: readonly Diagnostic[]; readonly rows?: ExampleRows } {
  const whole: Spec = {
    ...spec,
    clauses: new Map([...spec.clauses, [clause.name, clause]]),
    features: { ...spec.features, read: true },
  }
  const { value, diagnostics } = analyseParsed(sources, { value: whole, diagnostics: [] })
  const mistakes = diagnostics.filter(({ severity, span }) => severity === 'error' && span.file === PLACE)
  const lowered = value?.clauses.find(({ id }) => id === clause.name)
  if (value === undefined || lowered?.form !== 'every' || lowered.condition.kind !== 'expr') return { mistakes }
  const program = value.identify()
  const columns = [
    ...program.datasets.flatMap((each) => each.columns),
    ...program.models.flatMap((each) => each.outputs),
  ]
  const byName = new Map(columns.map((column) => [column.name, column]))
  return { mistakes, rows: exampleRows(lowered.condition.expr, [...byName.values()]) }
}

function proposalOf(
  candidate: string,
  clause: ClauseSource,
  ears: Requirement | undefined,
  slice: StateSlice | undefined,
  hole: string,
  rows: ExampleRows | undefined,
): Proposal {
  const unfilled = (text: string): string => text.replaceAll(hole, 'TODO').replaceAll(`-${slug(hole)}`, '')
  const yaml = [
    ...(slice?.condition === undefined ? [] : ['slices:', `  ${slice.name}: ${JSON.stringify(slice.condition.text)}`]),
    'clauses:',
    clauseYaml(clause),
  ].join('\n')
  const todo = yaml.includes(hole)
  const [of] = clause.of
  const named =
    of !== undefined &&
    ears !== undefined &&
    `${ears.subject} ${ears.response}`.includes(of.value.split('.').at(-1) ?? '')
  const notes = [
    ...(todo
      ? ['The sentence gives no number: put one where TODO stands. Until then `plumb check` refuses the clause.']
      : []),
    ...(of === undefined || named ? [] : [`It is asked of ${of.value}, which the sentence does not name.`]),
    ...(slice?.condition === undefined ? [] : [`The slice \`${slice.name}\` is new.`]),
  ]
  return {
    step: unfilled(candidate),
    yaml: unfilled(yaml),
    english: unfilled(speakClause(spokenOf(clause)) ?? ''),
    // Where a number is missing, no row can show what it means.
    ...(rows === undefined || todo ? {} : { rows }),
    notes,
  }
}

function notUnderstood(candidates: readonly string[], mistakes: readonly Diagnostic[], library: StepLibrary): Proposed {
  const own = mistakes.find(({ code }) => code !== 'feature/unknown-step')
  if (own !== undefined) {
    const near = own.fix === undefined ? {} : { near: own.fix }
    return { kind: 'not-understood', why: own.message.replace(/\.$/, ''), ...near }
  }
  const texts: readonly PlacedText[] = candidates.map((text) => textAt(text, PLACE, 0))
  const near = texts.flatMap((text) => library.nearest(text) ?? []).find((each) => each.kind === 'pattern')
  return {
    kind: 'not-understood',
    why: 'no step of the library says this',
    ...(near?.kind === 'pattern' ? { near: `Did you mean \`${shown(near.expression)}\`?` } : {}),
  }
}
