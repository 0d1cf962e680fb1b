import type { Program } from '../clause/program.ts'
import {
  contradiction,
  emptySlice,
  impossibleMetrics,
  redundantClause,
  undecidedQuestions,
  vacuousClause,
} from '../diagnostics/catalog/deep.ts'
import { diagnose } from '../diagnostics/define.ts'
import type { Diagnostic, Related } from '../diagnostics/diagnostic.ts'
import type { Clause } from '../clause/clause.ts'
import { lineStarts, type SourceSet } from '../source/source-file.ts'
import type { Span } from '../source/span.ts'
import { isAuthored } from './asked.ts'
import { conditionsOf } from './conditions.ts'
import type { Finding } from './findings.ts'
import { impliedMetrics } from './implied-metrics.ts'
import { analyseMetrics } from './metrics.ts'
import type { LabelCounts } from './populations.ts'
import type { Repair } from './repair/repair.ts'
import type { Asking } from './satisfiable.ts'

/**
 * What a solver proves of a spec without mistakes: clauses that cannot be met together (each set minimal, with the smallest
 * change of bounds), clauses and slices that ask nothing. What it does not decide in its time is counted. `labels`: what is known of
 * the data at hand.
 */
export async function analyseDeeply(
  program: Program,
  sources: SourceSet,
  asking: Asking,
  labels?: LabelCounts,
): Promise<readonly Diagnostic[]> {
  // What contradicts comes first: the time for all may not be enough for what only follows from something.
  const { contradictions, superfluous } = conditionsOf(program, asking)
  const conditions = await contradictions()
  const metrics = await analyseMetrics(program, asking, labels)
  const idle = await superfluous()
  const before = [...conditions.findings, ...metrics.findings, ...idle.findings]
  const implied = await impliedMetrics(program, asking, before.flatMap(clausesFound))
  const spanOf = spansIn(sources)
  const found = [...before, ...implied.findings].map((finding) => diagnosticOf(finding, spanOf))
  const open = {
    together: conditions.undecided + metrics.undecided,
    idle: idle.undecided + implied.undecided,
  }
  const start: Span = { file: sources.main.path, start: 0, end: 0 }
  return [
    ...found.toSorted((a, b) => a.span.file.localeCompare(b.span.file) || a.span.start - b.span.start),
    ...(open.together + open.idle === 0 ? [] : [diagnose(undecidedQuestions, start, open)]),
  ]
}

/** Clauses that cannot be met, or ask nothing: nothing more is made of them. */
function clausesFound(finding: Finding): readonly Clause[] {
  if ('clauses' in finding) return finding.clauses
  return 'clause' in finding ? [finding.clause] : []
}

type SpanOf = (clause: Clause) => Span

const idsOf = (clauses: readonly Clause[]): readonly string[] => clauses.map(({ id }) => id)

function diagnosticOf(finding: Finding, spanOf: SpanOf): Diagnostic {
  const related = (clauses: readonly Clause[], message: string): readonly Related[] =>
    clauses.map((clause) => ({ message: `${message} \`${clause.id}\``, span: spanOf(clause) }))
  switch (finding.kind) {
    case 'contradiction': {
      const { clauses, relation, given, repair } = finding
      const [first, ...rest] = authoredFirst(clauses)
      return diagnose(
        contradiction,
        spanOf(first as Clause),
        {
          clauses: idsOf(authoredFirst(clauses)),
          relation,
          given,
          authored: idsOf(clauses.filter(isAuthored)),
          shares: clauses.some(({ mostly }) => Number(mostly) < 1),
          ...movedBy(repair),
        },
        related(rest, 'against'),
      )
    }
    case 'impossible-metrics': {
      const [first, ...rest] = authoredFirst(finding.clauses)
      const { relation, clauses, measured, repair, given } = finding
      return diagnose(
        impossibleMetrics,
        spanOf(first as Clause),
        {
          relation,
          clauses: idsOf(authoredFirst(clauses)),
          measured,
          authored: idsOf(clauses.filter(isAuthored)),
          ...movedBy(repair),
          ...(repair?.searched === true ? { searched: true } : {}),
          given,
        },
        related(rest, 'against'),
      )
    }
    case 'redundant':
    case 'vacuous': {
      const { clause, by } = finding
      const named = { clause: clause.id, by: idsOf(by) }
      const others = related(by, 'because of')
      if (finding.kind === 'vacuous')
        return { ...diagnose(vacuousClause, spanOf(clause), named, others), subject: clause.id }
      const measures = { measures: clause.form !== 'every', unlessEmpty: finding.unlessEmpty === true }
      return { ...diagnose(redundantClause, spanOf(clause), { ...named, ...measures }, others), subject: clause.id }
    }
    case 'empty-slice': {
      const { slice, relation, by, askedBy } = finding
      const place = askedBy[0] ?? by[0]
      const found = diagnose(
        emptySlice,
        spanOf(place as Clause),
        { slice, relation, by: idsOf(by) },
        related(by, 'because of'),
      )
      return { ...found, subject: slice }
    }
  }
}

/** A repair in the words of a finding. */
function movedBy(repair: Repair | undefined) {
  if (repair === undefined) return {}
  return {
    repair: repair.moves.map(({ name, from, to }) => {
      const up = Number(to.value) > Number(from.value)
      return { clause: name, from: String(from.value), to: String(to.value), up }
    }),
  }
}

const authoredFirst = <T extends Clause>(clauses: readonly T[]): readonly T[] =>
  clauses.toSorted((a, b) => Number(isAuthored(b)) - Number(isAuthored(a)))

/** The word at which a clause, or the column whose contract it is, begins. */
function spansIn(sources: SourceSet): SpanOf {
  const files = new Map(
    [sources.main, ...sources.others].map(({ path, text }) => [path, { text, starts: lineStarts(text) }]),
  )
  return ({ place: { file, line, column } }) => {
    const { text = '', starts = [] } = files.get(file) ?? {}
    const from = starts[line - 1] ?? 0
    const start =
      from +
      Array.from(text.slice(from, starts[line] ?? text.length))
        .slice(0, column - 1)
        .join('').length
    const word = /^[^\s:,{}[\]]*/.exec(text.slice(start))?.[0].length ?? 0
    return { file, start, end: start + word }
  }
}
