import type { RowFunctionName } from '../../../expr/functions/row-functions.ts'
import { uncompiled } from '../../uncompiled.ts'
import { calendarParts } from '../calendar.ts'
import { exact, type SmtFunction } from '../spelling.ts'
import { not, type Term } from '../term.ts'
import { applied } from './applied.ts'
import { comparisons } from './comparisons.ts'
import { floats } from './floats.ts'
import { integers } from './integers.ts'
import { texts } from './texts.ts'

const BITS = 'bits of an integer stay open'

/** SMT-LIB's half of the function table: total over the names. */
export const smtFunctions: Readonly<Record<RowFunctionName, SmtFunction>> = {
  ...uncompiled,
  not: exact((_, [a]) => ({ value: not((a as { value: Term }).value) })),
  ...comparisons,
  ...integers,
  ...floats,
  ...texts,
  ...calendarParts,
  bit_and_int: applied(BITS),
  bit_or_int: applied(BITS),
  bit_xor_int: applied(BITS),
}
