import { renderNames, type Sql } from '../sql.ts'

/** The text to hand to ClickHouse, where a backslash is an escape inside of names as well. */
export const renderClickhouse = (fragment: Sql): string =>
  renderNames(fragment, (name) => `"${name.replaceAll(/["\\]/g, '\\$&')}"`)
