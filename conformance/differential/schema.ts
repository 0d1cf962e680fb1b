import type { ScalarKind, Type } from '../../packages/core/src/expr/type.ts'

/** A column of the generated relation. */
export interface ColumnSpec {
  readonly name: string
  readonly type: Type
  /** Codes of a category, with labels for some. */
  readonly codes?: readonly (string | bigint)[]
}

const column = (name: string, kind: ScalarKind): ColumnSpec => ({ name, type: { kind } })

const list = (name: string, kind: ScalarKind): ColumnSpec => ({ name, type: { kind: 'list', element: { kind } } })

/** Several columns of every kind; names that break out of quotes, inherit from Object, or need escapes. */
export const schema: readonly ColumnSpec[] = [
  column('a', 'int'),
  column('constructor', 'int'),
  column('"; DROP TABLE x; --', 'int'),
  column('x', 'double'),
  column('__proto__', 'double'),
  column('a b', 'double'),
  column('flag', 'bool'),
  column('ä', 'bool'),
  column('s', 'string'),
  column("it's </script>", 'string'),
  column('${t0}', 'string'),
  column('at', 'timestamp'),
  column('to\nString', 'timestamp'),
  column('v1', 'duration'),
  { name: 'sex', type: { kind: 'int', category: true }, codes: [1n, 2n, 3n] },
  list('tags', 'string'),
  list('list', 'int'),
  list('v2"', 'double'),
  list('element', 'double'),
  list('valueOf', 'timestamp'),
  list('bits', 'bool'),
  { name: 'toString', type: { kind: 'string', category: true }, codes: ['red', 'grün', '', 'a\0b'] },
]
