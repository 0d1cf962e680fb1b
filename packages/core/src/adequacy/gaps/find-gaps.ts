import type { Clause } from '../../clause/clause.ts'
import { instancesOf } from '../../clause/instances.ts'
import type { Program } from '../../clause/program.ts'
import type { FaultResult } from '../../mutation/result.ts'
import { columnsReadBy } from '../../mutation/touches.ts'
import { columnsOf, walk } from '../../targets/children.ts'
import { type ClauseAdequacy, LEVEL_NAMES } from '../level.ts'
import type { TracedRequirement, TraceMatrix } from '../matrix.ts'
import { counterparts } from './counterparts.ts'
import { type Gap, gap, ranked } from './gap.ts'
import { type ConfirmedSegments, segmentGaps } from './weak-segments.ts'

/** Two values that come together where the model is used and nowhere where it is tested. */
export interface UntestedPair {
  /** What holds of its rows: `sex = 1`, `load in [24, 31)`. */
  readonly conditions: readonly [string, string]
  /** Share of the rows where it is used. */
  readonly share: number
  /** What was looked at: `requests`, or a relation. */
  readonly seenIn: string
  readonly testedIn: string
}

/** What gaps are looked for in. */
export interface GapsInput {
  readonly program: Program
  readonly matrix: TraceMatrix
  readonly levels: readonly ClauseAdequacy[]
  /** Of the last mutation run of this spec. */
  readonly faults?: readonly FaultResult[]
  readonly pairs: readonly UntestedPair[]
  /** Names of the slices that the spec declares. */
  readonly slices?: readonly string[]
  /** Where the model is weak, where somebody searched for it. */
  readonly segments?: ConfirmedSegments
}

/** Everything that is uncovered, the gravest first. */
export function findGaps(input: GapsInput): readonly Gap[] {
  const { program } = input
  return ranked([
    ...hazards(program),
    ...requirements(input),
    ...faults(input),
    ...outputs(program),
    ...columns(program),
    ...slices(program),
    ...unaskedSlices(input),
    ...pairs(input),
    ...(input.segments === undefined ? [] : segmentGaps(input.segments)),
    ...counterparts(program),
    ...levels(input),
  ])
}

function hazards({ about, clauses }: Program): readonly Gap[] {
  return about.hazards.flatMap(({ id, says, controls }): readonly Gap[] => {
    const named = clauses.filter((clause) => clause.hazards.includes(id) || controls.includes(clause.id))
    if (named.length === 0)
      return [gap('hazard', id, `Nothing controls it: ${says}`, 'Write a clause and name it under `controls`.')]
    if (named.some(({ severity }) => severity === 'block')) return []
    return [
      gap('hazard', id, `No control of it blocks: ${says}`, 'Let one of its controls have `severity: block`.', 0.7),
    ]
  })
}

const HOW_GRAVE = { failing: 1, uncovered: 0.9, suspect: 0.7, covered: 0.5 } as const

function requirements({ matrix }: GapsInput): readonly Gap[] {
  const fixes = {
    failing: 'See `plumb trace` for the clause that fails.',
    uncovered: 'Write a clause that meets it.',
    suspect: 'Compare its text with its clauses, then run `plumb trace --link`.',
  } as const
  return matrix.requirements.flatMap((requirement) => {
    const { id, says, state } = requirement
    if (state === 'verified') return []
    const fix = state === 'covered' ? whatIsOpen(requirement) : fixes[state]
    return [gap('requirement', id, `It is ${state}: ${says}`, fix, HOW_GRAVE[state])]
  })
}

/** What would decide a requirement that has clauses and is not verified. */
function whatIsOpen({ clauses }: TracedRequirement): string {
  const open = clauses.flatMap(({ clause, severity, questions }) =>
    severity === 'info'
      ? []
      : questions.filter(({ verdict }) => verdict !== 'satisfied').map((each) => ({ ...each, clause })),
  )
  const before = open.filter(({ stage }) => stage !== 'runtime')
  if (before.some(({ verdict }) => verdict === undefined)) return 'Run `plumb test`.'
  const [undecided] = before
  if (undecided !== undefined)
    return `\`${undecided.clause}\` is ${undecided.verdict}: \`plumb test\` says what would decide it.`
  if (open.length > 0) return 'Only production can show it: run `plumb watch`.'
  return 'None of its clauses blocks: give one `severity: block`, or ask something before a release.'
}

function faults({ faults: results = [] }: GapsInput): readonly Gap[] {
  return results.flatMap(({ fault, outcome, proposal }) => {
    if (outcome !== 'survived' && outcome !== 'undecided') return []
    const fix =
      proposal === undefined ? 'Write a clause that would notice it.' : `Accept the clause \`${proposal.id}\`.`
    return [
      gap(
        'surviving-fault',
        fault.id,
        `Nobody notices that ${fault.says}.`,
        fix,
        outcome === 'survived' ? 1 : 0.6,
        proposal?.yaml,
      ),
    ]
  })
}

/** Ranges and values of outputs are clauses, too; what is only declared is not, and neither is that there is an answer. */
function outputs({ models, clauses: all }: Program): readonly Gap[] {
  const clauses = all.filter(({ id }) => !/\.(type|required)$/.test(id))
  return models
    .filter(({ name }) => name === 'champion')
    .flatMap(({ name, outputs: declared, score, decision }) =>
      declared
        .filter((output) => {
          const asked = clauses.some((clause) => readsOutput(clause, output.name))
          const judged = output.name === score || (decision !== undefined && columnsOf(decision.expr).has(output.name))
          const measured = judged && clauses.some(isMetric)
          return !asked && !measured
        })
        .map((output) =>
          gap(
            'output',
            `${name}.${output.name}`,
            `No clause speaks of the output ${output.name}.`,
            'Give it a range, or ask a metric or a condition of it.',
          ),
        ),
    )
}

function isMetric(clause: Clause): boolean {
  return clause.form === 'must' && clause.models.length > 0
}

function readsOutput(clause: Clause, output: string): boolean {
  if (clause.form === 'every')
    return (
      clause.condition.kind === 'expr' &&
      walk(clause.condition.expr).some((node) => node.node === 'column' && node.name === output)
    )
  if (clause.form === 'forall') return walk(clause.holds).some((node) => node.node === 'field' && node.name === output)
  return false
}

/** Columns of which nothing is asked but that they can be read and are there. */
function columns(program: Program): readonly Gap[] {
  const read = new Set<string>()
  for (const instance of instancesOf(program, ['data', 'runtime'])) {
    if (/\.(type|required)$/.test(instance.clause.id)) continue
    for (const column of columnsReadBy({ ...program, models: [] }, instance)) read.add(column)
  }
  const inputs = new Set(program.models.flatMap(({ input }) => input))
  return program.datasets.flatMap((dataset) =>
    dataset.columns
      .filter(({ name, role }) => role === undefined && !read.has(name))
      .map(({ name }) =>
        gap(
          'column',
          `${dataset.name}.${name}`,
          `No clause speaks of the values of ${name}${inputs.has(name) ? ', which the model reads' : ''}.`,
          'Give it a range, values, or a clause.',
          inputs.has(name) ? 1 : 0.5,
        ),
      ),
  )
}

/** Protected columns of the model's data by which nothing is compared. */
function slices({ datasets, models, clauses }: Program): readonly Gap[] {
  const from = new Set(models.map((model) => model.from))
  const asked = clauses.flatMap(({ slices: own }) => own.map(({ name }) => name))
  const compared = JSON.stringify(
    clauses.flatMap((clause) => (clause.form === 'must' ? clause.must.terms.map(({ where }) => where ?? null) : [])),
  )
  return datasets
    .filter(({ name }) => from.has(name))
    .flatMap(({ name: dataset, columns: all }) =>
      all
        .filter(({ protected: is, values }) => is && values !== undefined)
        .filter(
          ({ name }) =>
            !asked.some((slice) => slice.includes(`${name}=`)) && !compared.includes(`"name":${JSON.stringify(name)}`),
        )
        .map(({ name }) =>
          gap(
            'slice',
            `${dataset}.${name}`,
            `${name} is protected, and no clause compares by it.`,
            `Write \`slices: [by ${name}]\`, or \`ratio_across(${name}, …)\`.`,
          ),
        ),
    )
}

/** A subset that somebody found worth a name, and that no clause is asked of. */
function unaskedSlices({ program, slices: declared = [] }: GapsInput): readonly Gap[] {
  const asked = new Set(program.clauses.flatMap((clause) => clause.slices.map(({ name }) => name)))
  return declared
    .filter((name) => !asked.has(name))
    .map((name) =>
      gap(
        'slice',
        name,
        `No clause is asked of the slice ${name}.`,
        `Name it under \`slices\` of a clause: \`[all, ${name}]\`.`,
      ),
    )
}

function pairs({ pairs: found }: GapsInput): readonly Gap[] {
  return found.map(({ conditions: [a, b], share, seenIn, testedIn }) =>
    gap(
      'pair',
      `${a.replace(' = ', '=')} & ${b.replace(' = ', '=')}`,
      `${percent(share)} of ${seenIn} have ${a} and ${b}; no row of ${testedIn} has.`,
      'Add such rows to what the model is tested on.',
      frequent(share),
    ),
  )
}

/** Rises with the share, most of it up to 5 %: that much of the traffic is a group of its own, and more of it comes first. */
const frequent = (share: number): number => (share < 0.05 ? 0.1 + 16 * share : 0.9 + 0.1 * share)

const percent = (share: number): string => `${Number((share * 100).toPrecision(2))} %`

/** Levels worth a line: what was never shown to fail. Contracts are many and alike; they are in the histogram. */
function levels({ levels: all, program }: GapsInput): readonly Gap[] {
  const authored = new Set(
    program.clauses.filter(({ origin, id }) => origin !== 'built-in' && !id.includes('.')).map(({ id }) => id),
  )
  return all
    .filter(({ clause, level }) => level < 3 && authored.has(clause))
    .map(({ clause, level, next = '' }) =>
      gap('level', clause, `It is only ${LEVEL_NAMES[level]} (L${level}).`, `It needs ${next}.`, (4 - level) / 4),
    )
}
