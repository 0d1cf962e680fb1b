import type { Cursor } from './cursor.ts'
import { modelIn, type Vocabulary } from './names.ts'
import { amountIn } from './numbers.ts'
import type { Term } from './terms.ts'

/** Bytes of a unit: kB, MB and GB are thousands, KiB, MiB and GiB 1024s. */
const UNITS: Readonly<Record<string, number>> = Object.fromEntries(
  (
    [
      [1, ['byte', 'bytes']],
      [1e3, ['kb', 'kilobyte', 'kilobytes']],
      [1e6, ['mb', 'megabyte', 'megabytes']],
      [1e9, ['gb', 'gigabyte', 'gigabytes']],
      [1024, ['kib', 'kibibyte', 'kibibytes']],
      [1024 ** 2, ['mib', 'mebibyte', 'mebibytes']],
      [1024 ** 3, ['gib', 'gibibyte', 'gibibytes']],
    ] as const
  ).flatMap(([bytes, words]) => words.map((word) => [word, bytes] as const)),
)

/** `10 MB` in whole bytes; a number that is not there stays missing, one without a unit is no size. */
export function sizeIn(cursor: Cursor, vocabulary: Vocabulary): string | undefined {
  cursor.expect('a size, such as 10 MB')
  return cursor.attempt(() => {
    const amount = amountIn(cursor, vocabulary)
    // Bytes are whole numbers.
    if (amount?.cel === vocabulary.hole) return vocabulary.hole.slice(2)
    const factor = UNITS[cursor.quietly(...Object.keys(UNITS)) ?? '']
    const bytes = Number(amount?.cel) * (factor ?? Number.NaN)
    return amount?.percent !== true && Number.isSafeInteger(bytes) && bytes >= 0 ? String(bytes) : undefined
  })
}

/** The size of the file of a model, which is asked of the model and of no rows. */
export const sizeOf = (model: string): Term => ({
  cel: 'model_bytes()',
  topic: ['size', model],
  of: 'artifact',
  better: 'lower',
  model,
})

/** `model size`, `the size of the scorecard`, `the model file`. */
export function sizeTerm(cursor: Cursor, { spec }: Vocabulary): Term | undefined {
  return (
    cursor.attempt(() => {
      const phrase = cursor.take(
        'model size',
        'model file size',
        'model file',
        'size of the model',
        'size of the model file',
        'file size of the model',
      )
      return phrase === undefined ? undefined : sizeOf('champion')
    }) ??
    cursor.attempt(() => {
      const first = cursor.quietly('size of', 'file size of')
      const model = modelIn(cursor, spec)
      if (model === undefined) return undefined
      if (first === undefined && cursor.quietly('size', 'file size') === undefined) return undefined
      return sizeOf(model)
    })
  )
}
