import { renderNames, type Sql } from '../sql.ts'

/** The text to hand to BigQuery, where a name stands between backticks, with escapes, and what stands between double quotes is a text. */
export const renderBigquery = (fragment: Sql): string =>
  renderNames(
    fragment,
    (name) => `\`${name.replaceAll(/[`\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r')}\``,
  )
