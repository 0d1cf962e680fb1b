import type { Literal } from '../../expr/expr.ts'
import type { Sql } from './sql.ts'

/** How a dialect writes values. */
export interface Literals {
  readonly text: (value: string) => Sql
  /** A float64, the infinities included; never NaN, which is a missing cell. */
  readonly double: (value: number) => Sql
  /** A literal beside a value of the same type, where the shortest spelling is enough. */
  readonly bare: (literal: Literal) => Sql
  /** A literal with the width of its kind even where it stands alone. */
  readonly literal: (literal: Literal) => Sql
}
