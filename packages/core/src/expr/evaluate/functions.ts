import type { RowFunctionName } from '../functions/row-functions.ts'
import { doubleArithmetic, intArithmetic } from './arithmetic.ts'
import { comparisons } from './compare.ts'
import { collections } from './collections.ts'
import { conversions } from './conversions.ts'
import { corruptions } from './corruptions.ts'
import { encoders } from './encoders.ts'
import { format } from './format.ts'
import { images } from './images.ts'
import type { Implementation, Outcome } from './implementation.ts'
import { math } from './math.ts'
import { optionals } from './optionals.ts'
import { sets } from './sets.ts'
import { strings } from './strings.ts'
import { texts } from './texts.ts'
import { times } from './times.ts'
import { unsigned } from './unsigned.ts'
import { zones } from './zones.ts'

type Prefixed<P extends string, T> = { readonly [K in keyof T & string as `${P}_${K}`]: T[K] }

const prefixed = <P extends string, T extends object>(prefix: P, table: T): Prefixed<P, T> =>
  Object.fromEntries(Object.entries(table).map(([name, fn]) => [`${prefix}_${name}`, fn])) as Prefixed<P, T>

/** The meaning of every row of the function table; total, so a new row does not compile without one. */
export const implementations = {
  not: (a: boolean): Outcome => !a,
  ...prefixed('lt', comparisons.lt),
  ...prefixed('le', comparisons.le),
  ...prefixed('gt', comparisons.gt),
  ...prefixed('ge', comparisons.ge),
  ...prefixed('eq', comparisons.eq),
  ...prefixed('ne', comparisons.ne),
  ...intArithmetic,
  ...doubleArithmetic,
  ...strings,
  ...conversions,
  ...times,
  ...unsigned,
  ...math,
  ...texts,
  format,
  ...zones,
  ...collections,
  ...sets,
  ...encoders,
  ...corruptions,
  ...images,
  ...optionals,
} satisfies Record<RowFunctionName, Implementation>
