import type { Program, ProgramColumn, ProgramModel } from '../clause/program.ts'
import { eventKinds } from '../evidence/events.ts'
import type { Expr } from '../expr/expr.ts'
import { walk } from '../targets/children.ts'

/** Finds the declaration of a column that an expression on a relation reads. */
export type ColumnLookup = (name: string) => ProgramColumn | undefined

/** The declared columns of a relation; what is not declared (`decision`, `_at`) is found by its type alone. */
export function columnLookup(program: Program, relation: string): ColumnLookup {
  const found = program.relations.find(({ name }) => name === relation)
  const model = found?.kind === 'model' ? modelNamed(program, found.model) : championOf(program, found?.kind)
  const dataset = found?.kind === 'data' || found?.kind === 'model' ? found.dataset : model?.from
  const columns = [
    ...(program.datasets.find(({ name }) => name === dataset)?.columns ?? []),
    ...(model?.outputs ?? []),
    ...(found?.kind === 'system' ? [KIND] : []),
  ]
  return (name) => columns.find((column) => column.name === name)
}

const modelNamed = (program: Program, role: string): ProgramModel | undefined =>
  program.models.find(({ name }) => name === role) ?? program.models.find(({ name }) => name === 'champion')

const championOf = (program: Program, kind: string | undefined): ProgramModel | undefined =>
  kind === 'requests' || kind === 'release' ? modelNamed(program, 'champion') : undefined

const KIND: ProgramColumn = {
  name: 'kind',
  columnType: 'category',
  type: { kind: 'string', category: true },
  optional: false,
  protected: false,
  values: Object.keys(eventKinds).map((code) => ({ code })),
}

/** The columns that expressions read, each once, as declared or by the type that the checker gave them. */
export function columnsRead(exprs: readonly Expr[], lookup: ColumnLookup): readonly ProgramColumn[] {
  const found = new Map<string, ProgramColumn>()
  for (const node of exprs.flatMap(walk)) {
    if (node.node !== 'column' || found.has(node.name)) continue
    const { name, type } = node
    found.set(name, lookup(name) ?? { name, type, columnType: 'text', optional: true, protected: false })
  }
  return [...found.values()]
}
