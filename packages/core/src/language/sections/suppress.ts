import { list, record } from '../reader/collections.ts'
import { present, transform, type Reader } from '../reader/reader.ts'
import { text, word } from '../reader/scalars.ts'
import type { Suppression } from '../spec.ts'

const suppression = transform(
  record('a suppression', { code: word, at: word, reason: text }, { required: ['code', 'reason'] }),
  ({ values: { code, at, reason }, span }): Suppression | undefined =>
    code && reason && { code, reason: reason.value, span, ...present({ at }) },
)

/** `suppress`: findings that are not to be shown, each with its reason. */
export const suppressSection: Reader<readonly Suppression[]> = list(suppression)
