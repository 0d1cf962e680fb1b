import { type Aggregate, rows } from '../aggregate.ts'

/** Numbers about a model itself, whatever it answers. */
export const modelNumbers = {
  model_bytes: rows([], 'int', 'Size of the file of the model, in bytes.', { needs: 'model', range: [0, Infinity] }),
  order_dependent: rows(
    [],
    'int',
    'Rows that are answered otherwise when all are asked again in another order (numbers: by more than 10^-6 of their size, what float32 may differ by in another batch).',
    { needs: 'model', range: [0, Infinity] },
  ),
} as const satisfies Record<string, Aggregate>
