import { type Diagnostic, diagnose, type Expr, powerDiagnostics, type Program, type Spec } from '@plumbline/core'
import { countablePopulations, type LabelCount, type LabelCounts, populationOf } from '@plumbline/core/deep'
import { decidabilityOf, easedBy, falseAlarmsOf, heldUpBySlices, type Resampled } from '@plumbline/core/power'
import { type Counted, countRows, type RowCounts } from '../checking/count-rows.ts'
import { type NothingInData, nothingInData, spokenOf } from '../checking/nothing-in-data.ts'
import { dataOf, labelOf } from '../checking/relations.ts'
import { shownLine } from '../checking/shown-line.ts'
import { lossesAt } from '../checking/spreads.ts'
import type { CommandContext } from '../context.ts'

/** What the data at hand can say of the clauses. */
export interface DataCheck {
  readonly diagnostics: readonly Diagnostic[]
  /** A line for each comparison that can be decided: rows, and what is detectable. */
  readonly lines: readonly string[]
  /** How many labels are positive in each slice and group: what bounds metrics. */
  readonly labels: LabelCounts
}

/** Alarms a year above which a clause is said to cry wolf. */
const MOST_ALARMS = 1

/** `plumb check --data`: counts the rows of each slice and says what they can decide. Tests nothing, writes nothing. */
export async function checkData(context: CommandContext, program: Program, spec: Spec): Promise<DataCheck> {
  const spoken = spokenOf(program)
  const populations = countablePopulations(program)
  const wanted: readonly Counted[] = [
    ...everything(program),
    ...spoken,
    ...populations.map(({ relation, key, condition }) => ({ relation, name: populationName(key), condition })),
  ]
  const diagnostics: Diagnostic[] = []
  const counts = await countRows(context, program, wanted, (dataset, column, says) => {
    const span = spec.data.get(dataset)?.columns.get(column)?.nameSpan
    if (span !== undefined) diagnostics.push(diagnose(powerDiagnostics.deadPath, span, { says }))
  })
  const empty = nothingInData(spoken, counts)
  diagnostics.push(...empty.flatMap((nothing) => nothingFound(nothing, spec)))
  const lines: string[] = []
  for (const clause of program.clauses) {
    const span = spec.clauses.get(clause.id)?.nameSpan
    if (span === undefined) continue
    const add = (found: Diagnostic): void => void diagnostics.push({ ...found, subject: clause.id })
    if (clause.form === 'always') {
      const alarms = falseAlarmsOf(clause, program.monitor?.minRows ?? 0, (relation) => counts(relation, 'all')?.rows)
      if (alarms === undefined || program.monitor === undefined) continue
      const { minRows: rows } = program.monitor
      const text = alarms < 0.01 ? 'less than 0.01' : alarms.toPrecision(2)
      const [way, ...others] = new Set(clause.must.comparisons.map(easedBy))
      const eased = way === undefined || others.length > 0 ? {} : { eased: way }
      if (alarms > MOST_ALARMS)
        add(diagnose(powerDiagnostics.falseAlarms, span, { clause: clause.id, alarms: text, rows, ...eased }))
      else lines.push(`${clause.id}: at most ${text} false alarms a year with windows of ${rows} rows`)
    }
    if (clause.form !== 'must') continue
    for (const { relation } of clause.of) {
      const data = dataOf(program, relation)
      const counted = clause.slices.map(({ name, condition }) =>
        data === undefined ? undefined : counts(data, condition === null ? 'all' : `slice ${name}`),
      )
      const resampled: Resampled = new Map()
      const heldUp = heldUpBySlices(clause, counted, resampled)
      for (const [i, slice] of clause.slices.entries()) {
        const count = counted[i]
        // Of no rows nothing can be shown: that is said once, of the slice.
        if (count === undefined || count.rows === 0) continue
        const held = heldUp.get(i)
        const on = `${relation}${slice.name === 'all' ? '' : ` [${slice.name}]`}`
        const groupRows = (where: Expr) =>
          data === undefined ? undefined : counts(data, populationName(populationOf([slice.condition, where]).key))
        for (const found of decidabilityOf(clause, {
          count,
          resampled,
          group: groupRows,
          ...lossesAt(program, relation, count.spreads),
        })) {
          const { comparison, rows, rowsToHold: needed } = found
          const eased = found.eased === undefined ? {} : { eased: found.eased }
          const only = found.onlyBy === undefined ? {} : { onlyBy: found.onlyBy }
          const unit = found.unit === undefined ? {} : { unit: found.unit }
          const of = { ...(found.groups === undefined ? {} : { groups: found.groups }), ...eased, ...only, ...unit }
          if (!found.canHold)
            add(diagnose(powerDiagnostics.cannotHold, span, { comparison, slice: on, rows, needed, ...of }))
          else if (held?.comparison === comparison) {
            const { step, rowsToHold: together } = held
            add(
              diagnose(powerDiagnostics.cannotHold, span, {
                comparison,
                slice: on,
                rows,
                needed: together,
                step,
                ...eased,
              }),
            )
          } else if (!found.canFail)
            add(diagnose(powerDiagnostics.cannotFail, span, { comparison, slice: on, rows, ...eased, ...unit }))
          else lines.push(shownLine(clause.id, on, found))
        }
      }
    }
  }
  return { diagnostics, lines, labels: labelsOf(program, populations, counts) }
}

const populationName = (key: string): string => `population ${key}`

/** All rows of each relation that is asked of or compared with. */
function everything(program: Program): readonly Counted[] {
  const names = program.clauses.flatMap((clause) => [
    ...clause.of.flatMap(({ relation }) => dataOf(program, relation) ?? []),
    ...(clause.form === 'must' || clause.form === 'always'
      ? clause.must.terms.flatMap(({ args }) =>
          args.flatMap((arg) => (arg.kind === 'relation' ? (dataOf(program, arg.relation) ?? []) : [])),
        )
      : []),
  ])
  return [...new Set(names)].map((relation) => ({ relation, name: 'all', condition: null }))
}

/** A finding for what no row is, at the first clause that speaks of it. */
function nothingFound({ kind, name, relation, rows, clauses }: NothingInData, spec: Spec) {
  const [first, ...others] = clauses.flatMap(({ id }) => {
    const span = spec.clauses.get(id)?.nameSpan
    return span === undefined ? [] : [{ id, span }]
  })
  if (first === undefined) return []
  const related = others.map(({ id, span }) => ({ message: `asked of it, too: \`${id}\``, span }))
  const found =
    kind === 'slice'
      ? diagnose(powerDiagnostics.emptyInData, first.span, { slice: name, relation, rows }, related)
      : diagnose(powerDiagnostics.neverInData, first.span, { clause: first.id, premise: name, relation, rows }, related)
  return [{ ...found, subject: first.id }]
}

/** The labels of slices and groups, by relation and key of the population. */
function labelsOf(
  program: Program,
  populations: ReturnType<typeof countablePopulations>,
  counts: RowCounts,
): LabelCounts {
  const found = new Map<string, Map<string, LabelCount>>()
  for (const { relation, key } of populations) {
    const count = labelOf(program, relation) === undefined ? undefined : counts(relation, populationName(key))
    if (count?.positives === undefined) continue
    const own = found.get(relation) ?? new Map<string, LabelCount>()
    found.set(relation, own.set(key, { rows: count.rows, positives: count.positives }))
  }
  return found
}
