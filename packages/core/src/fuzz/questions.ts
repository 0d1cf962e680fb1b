import type { Clause } from '../clause/clause.ts'
import type { Program, ProgramColumn } from '../clause/program.ts'
import type { Expr } from '../expr/expr.ts'
import { walk } from '../targets/children.ts'
import { columnLookup, columnsRead } from './relation-columns.ts'

/** An expression of a spec that more than one implementation has to understand alike. */
export interface Question {
  readonly expr: Expr
  /** Where the spec asks it, each as people say it: `bills-within-limit`, `slice young`, `accounts.test`. */
  readonly asked: readonly string[]
  /** The relation whose rows it is first asked on. */
  readonly relation: string
  readonly columns: readonly ProgramColumn[]
}

/** What a spec asks of rows, and the clauses that hold no such expression, with the reason. */
export interface Questions {
  readonly questions: readonly Question[]
  readonly skipped: readonly { readonly clause: string; readonly reason: string }[]
}

interface Part {
  readonly name: string
  readonly relation: string
  readonly expr: Expr
}

/** Every expression over rows that a program holds, each once. */
export function questionsOf(program: Program): Questions {
  const parts: Part[] = [...declaredParts(program)]
  const skipped: { clause: string; reason: string }[] = []
  for (const clause of program.clauses) {
    const own = partsOf(clause)
    parts.push(...own, ...sliceParts(clause))
    if (own.length === 0) skipped.push({ clause: clause.id, reason: reasonOf(clause) })
  }
  const questions = new Map<string, { part: Part; asked: Set<string> }>()
  for (const part of parts) {
    if (walk(part.expr).some(({ node }) => node === 'verdict-of')) {
      skipped.push({ clause: part.name, reason: 'it reads verdicts, which are no cells' })
      continue
    }
    const key = `${datasetOf(program, part.relation)} ${textOf(part.expr)}`
    const known = questions.get(key)
    if (known === undefined) questions.set(key, { part, asked: new Set([part.name]) })
    else known.asked.add(part.name)
  }
  return {
    questions: [...questions.values()].map(({ part, asked }) => ({
      expr: part.expr,
      asked: [...asked],
      relation: part.relation,
      columns: columnsRead([part.expr], columnLookup(program, part.relation)),
    })),
    skipped,
  }
}

/** Places in the text of a spec are no part of what is asked. */
const textOf = (expr: Expr): string => JSON.stringify(expr, (key, value: unknown) => (key === 'at' ? undefined : value))

function datasetOf(program: Program, relation: string): string {
  const found = program.relations.find(({ name }) => name === relation)
  return found === undefined || !('dataset' in found) ? relation : found.dataset
}

function declaredParts({ datasets, models }: Program): readonly Part[] {
  const splits = datasets.flatMap(({ name, splits: of }) =>
    of.map((split) => ({ name: `${name}.${split.name}`, relation: name, expr: split.condition })),
  )
  const decisions = models.flatMap(({ name, decision }) =>
    decision === undefined ? [] : [{ name: `${name}.decision`, relation: name, expr: decision.expr }],
  )
  return [...splits, ...decisions]
}

function sliceParts({ of, slices }: Clause): readonly Part[] {
  const relation = of[0]?.relation ?? ''
  return slices.flatMap(({ name, condition }) =>
    condition === null ? [] : [{ name: `slice ${name}`, relation, expr: condition }],
  )
}

/** The expressions of the clause itself, without its slices. */
function partsOf(clause: Clause): readonly Part[] {
  const name = clause.id
  const relation = clause.of[0]?.relation ?? ''
  const part = (expr: Expr): Part => ({ name, relation, expr })
  switch (clause.form) {
    case 'every':
      return clause.condition.kind === 'expr' ? [part(clause.condition.expr)] : []
    case 'must':
    case 'always':
      return clause.must.terms.flatMap(({ args, where }) => [
        ...args.flatMap((arg) => (arg.kind === 'expr' ? [part(arg.expr)] : [])),
        ...(where === undefined ? [] : [part(where)]),
      ])
    case 'whenever':
      return [part(clause.trigger), part(clause.response)]
    case 'eventually':
      return [part(clause.condition)]
    case 'forall':
      return []
  }
}

function reasonOf(clause: Clause): string {
  switch (clause.form) {
    case 'forall':
      return 'it speaks of what a model answers, which only the reference evaluates'
    case 'must':
    case 'always':
      return 'it measures columns and metrics as they are, not by an expression over a row'
    default:
      return 'it is a rule of its own (type, key, splits, release), not an expression over a row'
  }
}
