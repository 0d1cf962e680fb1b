export { compileRow, endsInMissing, type PostgresqlOptions, postgresql, postgresqlSupport } from './compile.ts'
export { doubleOfText, intOfText } from './conversions.ts'
export { type PostgresqlFunctions, postgresqlFunctions } from './functions.ts'
export {
  bareLiteral,
  double as doubleLiteral,
  literal,
  postgresqlIdentifier,
  postgresqlLiterals,
  refusedValue,
  text,
} from './literals.ts'
export { type PostgresqlNodes, postgresqlNodes } from './nodes.ts'
export { float, type Operand, repeating, type Spelling, simple } from '../spelling.ts'
export { type PostgresqlRestriction, postgresqlRestrictions } from './restrictions.ts'
export { micros as microsOf } from './times.ts'
export { postgresqlCell, postgresqlColumnType, postgresqlFits, postgresqlTypes } from './types.ts'
