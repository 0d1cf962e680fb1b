import type { CellKind, GuardPlan, Row } from '@plumbline/guard'

/** Outputs as they are answered: those of the model, and its decision. */
export function outputColumns(plan: GuardPlan): readonly { readonly name: string; readonly kind: CellKind }[] {
  return plan.decision === undefined ? plan.outputs : [...plan.outputs, { name: 'decision', kind: 'bool' }]
}

/** The datatype a column has in metadata and answers. */
export const DATATYPES: Readonly<Record<CellKind, string>> = {
  int: 'INT64',
  double: 'FP64',
  bool: 'BOOL',
  string: 'BYTES',
  timestamp: 'INT64',
}

/** Answered rows as tensors of shape [N]; a missing value is null. */
export function writeOutputs(rows: readonly Row[], plan: GuardPlan, asked?: readonly string[]): readonly object[] {
  return outputColumns(plan)
    .filter(({ name }) => asked === undefined || asked.includes(name))
    .map(({ name, kind }) => ({
      name,
      shape: [rows.length],
      datatype: DATATYPES[kind],
      data: rows.map((row) => {
        const cell = row[name] ?? null
        return typeof cell === 'bigint' ? Number(cell) : cell
      }),
    }))
}
