import {
  analyseParsed,
  type Clause,
  type ClauseSource,
  type Diagnostic,
  type ExampleRows,
  exampleRows,
  type Expr,
  nearestName,
  type Program,
  type ProgramColumn,
  speakClause,
  type SourceSet,
  type Spec,
  spokenOf,
} from '@plumbline/core'
import { macroSteps } from '../macros/macro-steps.ts'
import { slug } from '../scenario/ids.ts'
import { stepLibrary } from '../steps/library/index.ts'
import { modelOf } from '../steps/scene.ts'
import { compileLibrary, type StepLibrary } from '../steps/step-library.ts'
import { shown } from '../steps/tokens.ts'
import { derived, textAt } from '../text/placed-text.ts'
import { clauseOfReading } from './clause-of.ts'
import { clauseYaml } from './clause-yaml.ts'
import { Cursor } from './grammar/cursor.ts'
import type { NewSlice } from './grammar/qualifiers.ts'
import { misfit } from './grammar/fitting.ts'
import { heldOut } from './grammar/relations.ts'
import { sentenceIn } from './grammar/sentence.ts'
import { tokensOf } from './grammar/tokens.ts'
import { stepClause } from './step-clause.ts'

/** A clause that a sentence may mean. Nothing was written anywhere. */
export interface Proposal {
  /** The sentence as it was read. */
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
 * Controlled English → a clause of a spec. A number that is not in the text becomes `TODO`. Deterministic; asks nobody. A
 * sentence is read by the grammar, or else as a step of the library; words that neither reads are named, never left out.
 */
export function propose(sentence: string, spec: Spec, sources: SourceSet): Proposed {
  const said = sentence.replaceAll(/\s+/g, ' ').trim().replace(/\.$/, '')
  const hole = missingNumber(said)
  const split = splitOf(spec)
  const tokens = tokensOf(said)
  if (tokens === undefined) return { kind: 'not-understood', why: 'it is longer than a sentence of this kind' }
  const cursor = new Cursor(tokens)
  const span = { file: PLACE, start: 0, end: said.length }
  const reading = sentenceIn(cursor, { spec, hole, split })
  const library = compileLibrary([...stepLibrary, ...macroSteps(spec, () => undefined)])
  if (reading === undefined) return asStep(said, spec, sources, split, library) ?? unread(said, cursor, library)
  const unfit = misfit(reading)
  if (unfit !== undefined) return { kind: 'not-understood', why: unfit }
  const { newSlice } = reading.qualifiers
  // A slice of the spec with the same condition is that slice.
  const same = [...spec.slices].find(([, { text }]) => newSlice !== undefined && sameText(text, newSlice.cel))?.[0]
  if (newSlice !== undefined && same !== undefined) reading.qualifiers.newSlice = { ...newSlice, name: same }
  const own = withSlice(spec, reading.qualifiers.newSlice)
  const clause = clauseOfReading(reading, said, span)
  const named = { ...clause, name: freeId(clause.name, spec) }
  const checked = check(named, own, sources)
  const [mistake] = checked.mistakes
  if (mistake !== undefined) return mistaken(mistake)
  const known = newSlice === undefined || same !== undefined ? undefined : newSlice
  return { kind: 'proposal', proposal: proposalOf(said, named, known, hole, checked.rows, reading.assumed) }
}

const sameText = (a: string, b: string): boolean => a.replaceAll(/\s+/g, '') === b.replaceAll(/\s+/g, '')

/** A spec with a slice that a sentence names by its condition; one that the spec has already keeps its name. */
function withSlice(spec: Spec, slice: NewSlice | undefined): Spec {
  if (slice === undefined || spec.slices.has(slice.name)) return spec
  const condition = derived(slice.cel, { file: PLACE, start: 0, end: slice.cel.length })
  return { ...spec, slices: new Map([...spec.slices, [slice.name, condition]]) }
}

/** A number that stands nowhere in the text, so that it is known again; in the range of any share or metric. */
function missingNumber(text: string): string {
  let digits = 987_654_321
  while (text.includes(String(digits))) digits--
  return `0.${digits}`
}

/** Models are asked on the rows they have not learned from. */
function splitOf(spec: Spec): string | undefined {
  const from = modelOf(spec, 'champion')?.input?.from.value ?? ''
  return heldOut([...(spec.data.get(from)?.splits.keys() ?? [])])
}

function freeId(id: string, { clauses }: Spec): string {
  let free = id
  for (let i = 2; clauses.has(free); i++) free = `${id}-${i}`
  return free
}

/** The sentence as a step of the library, for each dataset it may be about; undefined where it is none. */
function asStep(
  said: string,
  spec: Spec,
  sources: SourceSet,
  split: string | undefined,
  library: StepLibrary,
): Proposed | undefined {
  let first: Diagnostic | undefined
  const step = typeStep(said)
  for (const dataset of datasetsFor(said, spec)) {
    const read = stepClause(step, dataset, split, spec, library, { file: PLACE, start: 0, end: said.length })
    if ('mistakes' in read) {
      if (read.existing !== undefined)
        return { kind: 'not-understood', why: `the spec has it already, as the clause \`${read.existing}\`` }
      first ??= read.mistakes.find(({ code }) => code !== 'feature/unknown-step')
      continue
    }
    const named = { ...read.clause, name: freeId(read.clause.name, spec) }
    const checked = check(named, spec, sources)
    const [mistake] = checked.mistakes
    if (mistake === undefined)
      return { kind: 'proposal', proposal: proposalOf(said, named, undefined, '', checked.rows, []) }
    first ??= mistake
  }
  return first && mistaken(first)
}

/** `The age shall be of type integer` says again what the spec declares, which is a step. */
const typeStep = (said: string): string =>
  said.replace(/^(?:the |every )?(.+?) (?:shall|must|should) be of type (\w+)$/i, 'column $1 is of type $2')

/** Datasets with a column that the sentence names come first. */
function datasetsFor(sentence: string, spec: Spec): readonly string[] {
  const words = new Set(sentence.match(/[\w.]+/g))
  const named = [...spec.data].filter(
    ([name, { columns }]) => words.has(name) || [...columns.keys()].some((c) => words.has(c)),
  )
  const found = (named.length > 0 ? named : [...spec.data]).map(([name]) => name)
  return found.slice(0, 4)
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
  const { columns, within } = rowsAsked(value.identify(), lowered)
  return { mistakes, rows: exampleRows(lowered.condition.expr, columns, { missing: lowered.missing, within }) }
}

/** The columns of the rows that a clause is asked of (of a model's rows, and of requests, its answers, too), and which rows these are. */
function rowsAsked(
  { relations, datasets, models }: Program,
  { of: [target], slices: [slice] }: Pick<Clause, 'of' | 'slices'>,
): { readonly columns: readonly ProgramColumn[]; readonly within: readonly Expr[] } {
  const relation = relations.find(({ name }) => name === target?.relation)
  const role = relation?.kind === 'model' ? relation.model : relation?.kind === 'requests' ? 'champion' : undefined
  const model = models.find(({ name }) => name === role)
  const from = relation?.kind === 'data' || relation?.kind === 'model' ? relation.dataset : model?.from
  const dataset = datasets.find(({ name }) => name === from)
  const split = relation?.kind === 'data' || relation?.kind === 'model' ? relation.split : undefined
  const conditions = [dataset?.splits.find(({ name }) => name === split)?.condition, slice?.condition]
  return {
    columns: [...(dataset?.columns ?? []), ...(model?.outputs ?? [])],
    within: conditions.flatMap((condition) => condition ?? []),
  }
}

function proposalOf(
  said: string,
  clause: ClauseSource,
  slice: NewSlice | undefined,
  hole: string,
  rows: ExampleRows | undefined,
  assumed: readonly string[],
): Proposal {
  const unfilled = (text: string): string =>
    hole === ''
      ? text
      : text
          .replaceAll(hole, 'TODO')
          .replaceAll(`-${slug(hole)}`, '')
          .replaceAll(hole.slice(2), 'TODO')
  const yaml = [
    ...(slice === undefined ? [] : ['slices:', `  ${slice.name}: ${JSON.stringify(slice.cel)}`]),
    'clauses:',
    clauseYaml(clause),
  ].join('\n')
  // Where a whole number is missing, its digits stand alone.
  const todo = hole !== '' && yaml.includes(hole.slice(2))
  const notes = [
    ...(todo
      ? ['The sentence gives no number: put one where TODO stands. Until then `plumb check` refuses the clause.']
      : []),
    ...assumed,
    ...(slice === undefined ? [] : [`The slice \`${slice.name}\` is new.`]),
  ]
  return {
    step: said,
    yaml: unfilled(yaml),
    english: unfilled(speakClause(spokenOf(clause)) ?? ''),
    // Where a number is missing, no row can show what it means.
    ...(rows === undefined || todo ? {} : { rows }),
    notes,
  }
}

function mistaken({ message, fix }: Diagnostic): Proposed {
  return { kind: 'not-understood', why: message.replace(/\.$/, ''), ...(fix === undefined ? {} : { near: fix }) }
}

/** Names the words that nobody could read, and what is near them. */
function unread(said: string, cursor: Cursor, library: StepLibrary): Proposed {
  const token = cursor.tokens[cursor.furthest]
  const step = library.nearest(textAt(said, PLACE, 0))
  const alike = step?.kind === 'pattern' ? `Did you mean \`${shown(step.expression)}\`?` : undefined
  if (token === undefined || cursor.furthest === 0)
    return {
      kind: 'not-understood',
      why:
        said === ''
          ? 'it has no words'
          : token === undefined
            ? 'it ends too early'
            : `\`${said.slice(token.start)}\` is no beginning of a sentence it knows`,
      ...near(token?.text, cursor, alike),
    }
  const rest = said.slice(token.start)
  const short = rest.length > 60 ? `${rest.slice(0, 57)}…` : rest
  return { kind: 'not-understood', why: `\`${short}\` is not understood here`, ...near(token.text, cursor, alike) }
}

function near(word: string | undefined, cursor: Cursor, alike: string | undefined): { readonly near?: string } {
  const expected = [...cursor.expected]
  const nearest =
    word === undefined
      ? undefined
      : nearestName(
          word.toLowerCase(),
          expected.filter((each) => !/ /.test(each)),
        )
  if (nearest !== undefined) return { near: `Did you mean \`${nearest}\`?` }
  if (alike !== undefined) return { near: alike }
  // Kinds of things (`a number`) say more than words.
  const kinds = expected.filter((each) => /^an? \p{L}/u.test(each))
  const words = expected.filter((each) => /^\p{L}{3}/u.test(each) && !kinds.includes(each))
  const all = [...kinds, ...words].slice(0, 10)
  return all.length === 0 ? {} : { near: `What could stand there: ${all.join(', ')}.` }
}
