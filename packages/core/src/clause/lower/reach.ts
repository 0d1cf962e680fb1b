import type { RelationInfo } from '../../expr/environment.ts'
import type { MustCondition } from '../../expr/must.ts'

/** Terms that compare each cell with the one before it. */
const ORDERED: ReadonlySet<string> = new Set(['ascents', 'descents', 'repeats'])
/** Terms that look for the cells of one relation among those of another, in one statement. */
const JOINED: ReadonlySet<string> = new Set(['overlap', 'orphans', 'not_after'])

/**
 * Why the place that holds a relation's rows cannot be asked a condition of terms; undefined where it can. What a term needs
 * of two relations as counts is counted in each; only what needs their rows together has to be in one place.
 */
export function beyondReach(
  must: MustCondition,
  relation: RelationInfo,
  relations: ReadonlyMap<string, RelationInfo>,
): string | undefined {
  for (const { fn, args, expression } of must.terms) {
    if (ORDERED.has(fn) && relation.engine !== undefined)
      return `${expression} reads rows in their order, and a table of ${relation.database} has none of its own.`
    if (!JOINED.has(fn)) continue
    const named = args.flatMap((arg) => (arg.kind === 'relation' ? [arg.relation] : []))
    const away = named.find((name) => relations.get(name)?.database !== relation.database)
    if (away !== undefined)
      return `${expression} looks for cells of one table among those of another, and the rows of ${relation.name} (${placeOf(relation)}) and of ${away} (${placeOf(relations.get(away))}) are not in one place.`
  }
  return undefined
}

const placeOf = (relation: RelationInfo | undefined): string =>
  relation?.database === undefined ? 'files' : `the engine ${relation.database}`
