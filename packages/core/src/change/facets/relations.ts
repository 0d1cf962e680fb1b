import type { Clause, Target } from '../../clause/clause.ts'
import type { Program, ProgramDataset, ProgramModel, ProgramRelation } from '../../clause/program.ts'
import { walk } from '../../targets/children.ts'
import type { Expr } from '../../expr/expr.ts'
import { aggregates, type Aggregate } from '../../expr/functions/aggregates.ts'
import type { Facet, Order } from '../change.ts'
import { compareConditions, type ImplicationPort } from '../condition/compare-conditions.ts'
import { exprKey, type Facts } from '../condition/leaves.ts'
import { facet, orderOfSets } from './sets.ts'

/** Two programs and what helps to compare them. */
export interface Compared {
  readonly before: Program
  readonly after: Program
  readonly facts: Facts
  readonly port?: ImplicationPort
}

/** A clause that speaks of every row alone: of fewer rows it asks less. */
const ofEachRow = (clause: Clause): boolean =>
  (clause.form === 'every' && clause.mostly === '1' && clause.condition.kind === 'expr') ||
  (clause.form === 'forall' && clause.mostly === undefined)

/** What a clause is asked of: names, and what the names stand for. */
export function targetFacets(old: Clause, now: Clause, compared: Compared): readonly Facet[] {
  // That a clause on requests is asked of generated ones, too, follows from what an environment requires.
  const names = (targets: readonly Target[]): readonly string[] => {
    const all = targets.map(({ relation }) => relation)
    const asked = all.filter((relation) => relation !== 'release')
    return asked.length === 0 ? all : asked
  }
  const [before, after] = [names(old.of), names(now.of)]
  const order = narrowed(old, before, after, compared) ?? orderOfSets(before, after)
  const changed = order === 'same' ? [] : facet('of', order, before.join(', '), after.join(', '))
  const kept = new Set(
    [...before, ...relationsRead(old)].filter((name) => after.includes(name) || relationsRead(now).includes(name)),
  )
  return [
    ...changed,
    ...[...kept].flatMap((name) =>
      meaningFacets(name, old, (before.includes(name) && after.includes(name)) || old.form === 'forall', compared),
    ),
  ]
}

/** `accounts` → `accounts.train` for a clause on each row: the same of fewer rows. */
function narrowed(
  old: Clause,
  before: readonly string[],
  after: readonly string[],
  compared: Compared,
): Order | undefined {
  const [a, b] = [before[0], after[0]]
  if (!ofEachRow(old) || before.length !== 1 || after.length !== 1 || a === undefined || b === undefined || a === b)
    return undefined
  const order = orderOfRows(a, b, compared)
  return order === 'incomparable' ? undefined : order
}

/** How the rows of two relations stand to each other: those of a split are some of its dataset's. */
export function orderOfRows(first: string, second: string, { before, after, facts, port }: Compared): Order {
  if (first === second) return 'same'
  const [a, b] = [relationOf(before, first), relationOf(after, second)]
  if (a?.kind !== 'data' || b?.kind !== 'data' || a.dataset !== b.dataset) return 'incomparable'
  if (a.split === undefined || b.split === undefined) return a.split === undefined ? 'weaker' : 'stronger'
  const [old, now] = [datasetOf(before, a), datasetOf(after, b)]
  const [one, other] = [old && splitOf(old, a), now && splitOf(now, b)]
  if (one === undefined || other === undefined) return 'incomparable'
  return splitOrder(one.condition, other.condition, true, {
    before,
    after,
    facts,
    ...(port === undefined ? {} : { port }),
  })
}

/** What a relation of the same name stands for: its split's condition, how its source is read. */
function meaningFacets(name: string, clause: Clause, isTarget: boolean, compared: Compared): readonly Facet[] {
  const [a, b] = [relationOf(compared.before, name), relationOf(compared.after, name)]
  const [old, now] = [datasetOf(compared.before, a), datasetOf(compared.after, b)]
  if (old === undefined || now === undefined) return []
  // `champion.test` after the model's `input.from` was changed: the rows of another dataset under the same name.
  if (old.name !== now.name) return facet(`rows of ${name}`, 'incomparable', old.name, now.name)
  const found: Facet[] = []
  const [readOld, readNow] = [readingOf(old), readingOf(now)]
  found.push(...(readOld === readNow ? [] : facet(`how ${old.name} is read`, 'incomparable', readOld, readNow)))
  const [splitOld, splitNow] = [splitOf(old, a), splitOf(now, b)]
  if (splitOld === undefined || splitNow === undefined || exprKey(splitOld.condition) === exprKey(splitNow.condition))
    return found
  found.push(
    ...facet(
      `rows of ${name}`,
      splitOrder(splitOld.condition, splitNow.condition, isTarget && ofEachRow(clause), compared),
      splitOld.text,
      splitNow.text,
    ),
  )
  return found
}

function splitOrder(old: Expr, now: Expr, eachRow: boolean, { facts, port }: Compared): Order {
  const { admitsAll, admitsNoMore } = compareConditions(
    { expr: old, missing: 'fail' },
    { expr: now, missing: 'fail' },
    facts,
    port,
  )
  if (admitsAll === 'proved' && admitsNoMore === 'proved') return 'same'
  if (!eachRow) return 'incomparable'
  return admitsAll === 'proved' ? 'stronger' : admitsNoMore === 'proved' ? 'weaker' : 'incomparable'
}

const relationOf = (program: Program, name: string): ProgramRelation | undefined =>
  program.relations.find((relation) => relation.name === name)

const datasetOf = (program: Program, relation: ProgramRelation | undefined): ProgramDataset | undefined =>
  relation?.kind === 'data' || relation?.kind === 'model'
    ? program.datasets.find(({ name }) => name === relation.dataset)
    : undefined

const splitOf = (dataset: ProgramDataset, relation: ProgramRelation | undefined) =>
  relation?.kind === 'data' || relation?.kind === 'model'
    ? dataset.splits.find(({ name }) => name === relation.split)
    : undefined

/** Without the path: the same bytes under another name are the same rows. */
function readingOf({ source }: ProgramDataset): string {
  if ('engine' in source) return JSON.stringify({ dialect: source.engine.dialect })
  const { path: _where, ...reading } = source
  return JSON.stringify(reading, Object.keys(reading).toSorted())
}

/** Relations that the terms of a condition compare with. */
function relationsRead(clause: Clause): readonly string[] {
  if (clause.form === 'forall')
    return [
      ...clause.binders.flatMap(({ domain }) => ('relation' in domain ? [domain.relation] : [])),
      // The rows that a share is measured on.
      ...(clause.over === undefined || clause.over === 'uniform' ? [] : [clause.over]),
    ]
  if (clause.form !== 'must' && clause.form !== 'always') return []
  return clause.must.terms.flatMap(({ args }) => args.flatMap((arg) => (arg.kind === 'relation' ? [arg.relation] : [])))
}

/** What the models that a clause reads answer and decide. */
export function modelFacets(old: Clause, now: Clause, { before, after }: Compared): readonly Facet[] {
  const needs = needsOf(now)
  return now.models
    .filter((name) => old.models.includes(name))
    .map((name) => (name === 'challenger' ? 'champion' : name))
    .filter((name, i, all) => all.indexOf(name) === i)
    .flatMap((name) => {
      const [a, b] = [modelOf(before, name), modelOf(after, name)]
      if (a === undefined || b === undefined) return []
      return [
        ...different(`task of ${name}`, a.task, b.task),
        ...(needs.label ? different(`label of ${name}`, a.label, b.label) : []),
        ...(needs.score ? different(`score of ${name}`, a.score ?? a.amount, b.score ?? b.amount) : []),
        ...(needs.label ? different(`classes of ${name}`, classText(a), classText(b)) : []),
        ...(needs.decision ? decided(name, a, b) : []),
      ]
    })
}

const modelOf = (program: Program, name: string): ProgramModel | undefined =>
  program.models.find((model) => model.name === name)

const classText = ({ classes }: ProgramModel): string | undefined => {
  if (classes === undefined) return undefined
  const all = classes.all.map(({ code, probability }) =>
    probability === undefined ? code : `${code} by ${probability}`,
  )
  return `${all.join(', ')}${classes.answer === undefined ? '' : ` in ${classes.answer}`}`
}

const different = (name: string, a: string | undefined, b: string | undefined): readonly Facet[] =>
  a === b ? [] : facet(name, 'incomparable', a ?? 'none', b ?? 'none')

function decided(name: string, a: ProgramModel, b: ProgramModel): readonly Facet[] {
  if (exprKey(a.decision?.expr ?? null) === exprKey(b.decision?.expr ?? null)) return []
  return facet(`decision of ${name}`, 'incomparable', a.decision?.text ?? 'none', b.decision?.text ?? 'none')
}

/** What of a model a clause depends on. */
function needsOf(clause: Clause): { readonly label: boolean; readonly score: boolean; readonly decision: boolean } {
  if (clause.form === 'forall' || clause.form === 'every') {
    const trees =
      clause.form === 'forall'
        ? [clause.holds, ...(clause.assume === undefined ? [] : [clause.assume])]
        : clause.condition.kind === 'expr'
          ? [clause.condition.expr]
          : []
    const named = trees
      .flatMap(walk)
      .flatMap((node) => (node.node === 'column' || node.node === 'field' ? [node.name] : []))
    return { label: false, score: false, decision: named.includes('decision') }
  }
  if (clause.form !== 'must' && clause.form !== 'always') return { label: false, score: false, decision: false }
  const rows: readonly Aggregate[] = clause.must.terms.map(({ fn }) => aggregates[fn])
  const read = clause.must.terms.flatMap(({ args }) =>
    args.flatMap((arg) => (arg.kind === 'expr' ? walk(arg.expr) : [])),
  )
  const decision = read.some((node) => node.node === 'column' && node.name === 'decision')
  return {
    label: rows.some(({ needs }) => needs !== undefined && needs !== 'timing'),
    score: rows.some(({ needs }) => needs === 'score' || needs === 'amount' || needs === 'order'),
    decision: decision || rows.some(({ needs }) => needs === 'decision'),
  }
}

/** Columns whose declared values are the bins of a distance: other values are another distance. */
export function binFacets(old: Clause, now: Clause, { before, after }: Compared): readonly Facet[] {
  const clause = now
  if ((clause.form !== 'must' && clause.form !== 'always') || old.form !== clause.form) return []
  return clause.must.terms.flatMap(({ args }) => {
    const [column, relation, ...more] = args
    if (column?.kind !== 'column' || relation?.kind !== 'relation' || more.length > 0) return []
    const values = (program: Program): string => {
      const of = relationOf(program, relation.relation)
      const model = of?.kind === 'model' ? program.models.find(({ name }) => name === of.model) : undefined
      const columns = [...(datasetOf(program, of)?.columns ?? []), ...(model?.outputs ?? [])]
      return JSON.stringify(columns.find(({ name }) => name === column.name)?.values?.map(({ code }) => code) ?? null)
    }
    const [a, b] = [values(before), values(after)]
    return a === b ? [] : facet(`bins of ${column.name}`, 'incomparable', a, b)
  })
}
