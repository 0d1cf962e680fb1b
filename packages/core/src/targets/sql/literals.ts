import type { Literal } from '../../expr/expr.ts'
import type { ScalarKind } from '../../expr/type.ts'
import { type Sql, sql } from './sql.ts'

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

/** What the literals of a dialect are made of. */
export interface LiteralParts extends Pick<Literals, 'text' | 'double'> {
  /** An integer of 64 bits. */
  readonly whole: (value: bigint) => Sql
  /** An instant, from microseconds since 1970. */
  readonly instant: (micros: bigint) => Sql
  /** The types that a missing value of each kind is cast to; without them it is a NULL of no type. */
  readonly types?: Readonly<Record<ScalarKind, Sql>>
}

/** A literal of any kind from the parts of a dialect; a duration is its microseconds. */
export function literalFrom({ text, double, whole, instant, types }: LiteralParts): Literals['bare'] {
  return ({ type, value }) => {
    if (value === null)
      return types !== undefined && Object.hasOwn(types, type.kind)
        ? sql`CAST(NULL AS ${types[type.kind as ScalarKind]})`
        : sql`NULL`
    switch (type.kind) {
      case 'int':
      case 'duration':
        return whole(BigInt(value))
      case 'timestamp':
        return instant(BigInt(value))
      case 'double':
        return double(Number(value))
      case 'bool':
        return value === true ? sql`true` : sql`false`
      default:
        return text(String(value))
    }
  }
}
