import type { GuardCellKind, Program, ProgramColumn } from '@plumbline/core'
import { columnDomain } from '../forall/domains.ts'
import type { SpecColumn } from '../release/columns.ts'

const KINDS: Readonly<Record<string, GuardCellKind>> = {
  int: 'int',
  double: 'double',
  bool: 'bool',
  string: 'string',
  timestamp: 'timestamp',
}

/** Why a clause or model that reads such a column has no cases. */
export const NO_CELL = 'it reads a list, a vector or an image, which cases have no cells for yet'

/** A declared column as generators read it; undefined for a type that JSON has no cell for. */
export function specColumn(declared: ProgramColumn): SpecColumn | undefined {
  const kind = KINDS[declared.type.kind]
  return kind === undefined
    ? undefined
    : { name: declared.name, kind, declared, domain: columnDomain(declared, undefined) }
}

/** The columns of a dataset, in their order. */
export function columnsOfDataset(program: Program, dataset: string): readonly SpecColumn[] {
  const found = program.datasets.find(({ name }) => name === dataset)
  return (found?.columns ?? []).flatMap((column) => specColumn(column) ?? [])
}
