import { sensitiveNotProtected } from '../../diagnostics/catalog/lint-data.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Rule } from '../rules/rule.ts'
import { isUnderFramework } from './asked.ts'

/**
 * Names of columns that hold what nobody may be treated worse for (EU Charter, Art. 21), or special categories of data (GDPR,
 * Art. 9). Age and marriage are left out: whether they may count depends on the use.
 */
const SENSITIVE =
  /^(?:sex|gender|race|ethnicity|ethnic_(?:group|origin)|religion|belief|disability|disabled|sexual_orientation|nationality|national_origin|skin_colou?r|political_(?:opinion|party)|trade_union|pregnan(?:t|cy))$/

/** A column that by its name holds a protected attribute is declared as one. */
export const sensitiveNotProtectedRule: Rule = {
  name: 'sensitive-not-protected',
  run: (spec, found, report) => {
    if (!isUnderFramework(spec)) return
    const used = new Set([...found.models.values()].map(({ from }) => from))
    for (const dataset of [...spec.data.values()].filter(({ name }) => used.has(name)))
      for (const column of dataset.columns.values()) {
        const plain = column.name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase()
        if (column.protected || !SENSITIVE.test(plain.replaceAll(/[\s-]+/g, '_'))) continue
        report({
          ...diagnose(sensitiveNotProtected, column.nameSpan, { column: column.name, dataset: dataset.name }),
          subject: `${dataset.name}.${column.name}`,
          addition: { to: { ...column.span, start: column.nameSpan.end }, entry: 'protected: true' },
        })
      }
  },
}
