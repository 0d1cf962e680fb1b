import { compile, type Statement } from '@plumbline/core'
import { runDataStage } from '@plumbline/engine'
import { planSpec } from '../plan/spec.ts'

/** A table of a database, as a source of `../plan`'s spec. */
export interface TableSource {
  readonly dialect: 'postgresql' | 'spark'
  readonly address: string
  /** Whether a digest of the rows is made, which evidence needs. */
  readonly pinned: boolean
}

/** The number that a hand-written statement computes, too: failing rows of an `every`, the first term of a `must`. */
function answerOf(statement: Statement): number | undefined {
  if ('failing' in statement) return statement.failing
  const term = 'terms' in statement ? statement.terms[0]?.value : undefined
  return typeof term === 'number' ? term : undefined
}

/** Asks the 60 clauses of the table `orders`, compiling included; the number of each, in their order. Throws for an error. */
export async function answersOf({ dialect, address, pinned }: TableSource): Promise<readonly (number | undefined)[]> {
  const engines = `engines:\n  warehouse: { dialect: ${dialect}, address: "\${WAREHOUSE}" }\n`
  const text = planSpec(`{ engine: warehouse, table: orders, pinned: ${pinned} }`, engines)
  const { value: program, diagnostics } = compile({ main: { path: 'plumb.yaml', text }, others: [] })
  if (program === undefined) throw new Error(diagnostics.map((d) => `${d.code}: ${d.message}`).join('\n'))
  const answers: (number | undefined)[] = []
  for await (const statement of runDataStage({
    program,
    root: '.',
    toolVersion: 'benchmark',
    variable: () => address,
  })) {
    if (statement.verdict === 'error') throw new Error(`${statement.clause}: ${statement.cause}`)
    const at = /^c([0-9]+)$/.exec(statement.clause)?.[1]
    if (at !== undefined) answers[Number(at)] = answerOf(statement)
  }
  return answers
}

/** Fails when the sides come to different numbers. */
export function agree(answers: readonly (readonly (number | undefined)[])[]): void {
  const [first = [], ...others] = answers.toSorted((a, b) => a.length - b.length)
  first.forEach((value, clause) => {
    for (const other of others) {
      const again = other[clause] ?? Number.NaN
      if (value === undefined || !(Math.abs(value - again) <= 1e-9 * Math.max(1, Math.abs(value))))
        throw new Error(`Clause ${clause}: ${value} and ${again}.`)
    }
  })
}
