import type { CellKind, GuardPlan } from '@plumbline/guard'

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
