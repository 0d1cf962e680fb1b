import type { Clause, EveryClause, Program } from '@plumbline/core'
import {
  type CaseArray,
  type CaseOmission,
  type CaseRow,
  type CaseSet,
  nameCase,
  type UnnamedCase,
} from '@plumbline/core/cases'
import { answerCases, clausesOnAnswers } from './answer-cases.ts'
import type { ArrayOptions } from './arrays.ts'
import { columnsOfDataset } from './columns.ts'
import { relationCases } from './relation-cases.ts'
import { readsOnly, rowCases } from './row-cases.ts'
import { rowClauses } from './satisfies.ts'

/** How arrays are made, and what the file says it is written out as. */
export interface GenerateOptions extends ArrayOptions {
  readonly emit: CaseSet['emit']
}

/**
 * All test cases of a spec, from nothing but the spec: rows at the edges of columns and conditions, combinations over a model's
 * inputs, related inputs. Equal programs and options give equal cases; a clause without cases is named with the reason.
 */
export function generateCases(program: Program, options: GenerateOptions): CaseSet {
  const made: UnnamedCase[] = []
  const arrays: CaseArray[] = []
  const omitted: CaseOmission[] = []
  const bases: Record<string, CaseRow> = {}
  for (const [dataset, clauses] of clausesByDataset(program)) {
    const found = rowCases(dataset, columnsOfDataset(program, dataset), clauses, options.seed)
    made.push(...found.cases)
    omitted.push(...found.omitted)
    if (found.base !== undefined) bases[dataset] = found.base
  }
  for (const model of program.models) {
    const found = answerCases(program, model, options)
    made.push(...found.cases)
    omitted.push(...found.omitted)
    if (found.array !== undefined) arrays.push(found.array)
  }
  for (const clause of program.clauses) {
    if (clause.form !== 'forall' || clause.unenforced !== undefined) continue
    const found = relationCases(program, clause, options)
    if (typeof found === 'string') omitted.push({ clause: clause.id, why: found })
    else {
      made.push(...found.cases)
      arrays.push(found.array)
    }
  }
  const cases = inOrder(program, made.map(nameCase))
  const spoken = new Set([...cases.map(({ clause }) => clause), ...omitted.map(({ clause }) => clause)])
  for (const clause of program.clauses)
    if (!spoken.has(clause.id)) omitted.push({ clause: clause.id, why: whyNone(clause) })
  return {
    schema: 'plumbline/cases/1',
    spec: { name: program.spec.name, version: program.spec.version },
    strength: options.strength,
    seed: options.seed,
    emit: options.emit,
    clauses: Object.fromEntries(
      program.clauses
        .filter(({ id }) => cases.some(({ clause }) => clause === id))
        .map((clause) => [clause.id, { digest: clause.digest, asks: asksOf(clause) }]),
    ),
    bases,
    arrays,
    omitted: inOrder(program, omitted),
    cases,
  }
}

/** Clauses on the rows of each dataset: those that name it, or requests and read nothing but the model's inputs. */
function clausesByDataset(program: Program): ReadonlyMap<string, readonly EveryClause[]> {
  const champion = program.models.find(({ name }) => name === 'champion')
  const onAnswers = new Set(program.models.flatMap((model) => clausesOnAnswers(program, model)))
  const found = new Map<string, EveryClause[]>()
  for (const clause of rowClauses(program)) {
    if (onAnswers.has(clause)) continue
    const datasets = new Set(
      clause.of.flatMap(({ relation }) => {
        const named = program.relations.find(({ name }) => name === relation)
        if (named?.kind === 'data') return [named.dataset]
        return named?.kind === 'requests' && champion !== undefined ? [champion.from] : []
      }),
    )
    for (const name of datasets) {
      const columns = new Set(program.datasets.find((each) => each.name === name)?.columns.map((column) => column.name))
      if (readsOnly(clause, columns)) found.set(name, [...(found.get(name) ?? []), clause])
    }
  }
  return found
}

/** By clause in the order of the spec; of one clause as they were made, each once. */
function inOrder<T extends { readonly clause: string; readonly id?: string }>(
  program: Program,
  items: readonly T[],
): readonly T[] {
  const grouped = Map.groupBy(items, ({ clause }) => clause)
  return program.clauses.flatMap(({ id }) => {
    const seen = new Set<string>()
    return (grouped.get(id) ?? []).filter((each) => {
      const again = each.id !== undefined && seen.has(each.id)
      if (each.id !== undefined) seen.add(each.id)
      return !again
    })
  })
}

function asksOf(clause: Clause): string {
  if (clause.form === 'every') return clause.condition.kind === 'expr' ? clause.condition.text : clause.condition.kind
  return clause.form === 'whenever' || clause.form === 'eventually' ? '' : clause.text
}

function whyNone(clause: Clause): string {
  if (clause.unenforced !== undefined) return 'it is not enforced yet'
  switch (clause.form) {
    case 'must':
      return 'it speaks of many rows together, which `plumb test` measures'
    case 'every':
      return clause.condition.kind === 'castable'
        ? 'it speaks of source cells, which a typed row no longer has'
        : clause.condition.kind === 'expr'
          ? clause.mostly !== '1' && clause.of.some(({ stage }) => stage === 'model')
            ? 'it speaks of a share of answers: one answer decides nothing'
            : 'it reads what neither a row of one dataset nor one answer has'
          : 'it speaks of several rows, or of a running system'
    case 'forall':
      return 'no inputs of its domain were found'
    default:
      return 'it speaks of time'
  }
}
