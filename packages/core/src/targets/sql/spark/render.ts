import { renderNames, type Sql } from '../sql.ts'

/** The text to hand to Spark, where a name stands between backticks, and what stands between double quotes is a text. */
export const renderSpark = (fragment: Sql): string =>
  renderNames(fragment, (name) => `\`${name.replaceAll('`', '``')}\``)
