import type { Binder, Domain, ForallClause } from '../../clause/clause.ts'
import type { Program, ProgramColumn } from '../../clause/program.ts'
import { type Facet, type Order, together } from '../change.ts'
import { exprKey } from '../condition/leaves.ts'
import { domainText, orderOfDomains, orderOfWidths } from './domain.ts'
import { type Compared, orderOfRows } from './relations.ts'
import { facet, orderOfNumbers } from './sets.ts'

/** What the variables of a `forall` range over: a wider domain asks more. */
export function domainFacets(old: ForallClause, now: ForallClause, compared: Compared): readonly Facet[] {
  if (old.binders.length !== now.binders.length)
    return facet('domain', 'incomparable', binderTexts(old), binderTexts(now))
  return [
    ...old.binders.flatMap((before, i) => {
      const after = now.binders[i]
      return after === undefined ? [] : domainFacet(before, after, old, now, compared)
    }),
    ...inputFacets(old, now, compared),
  ]
}

const binderTexts = ({ binders }: ForallClause): string =>
  binders.map((b) => `${b.name}: ${textOfDomain(b)}`).join(', ')

function textOfDomain({ domain }: Binder): string {
  switch (domain.kind) {
    case 'declared':
      return domain.dataset
    case 'rows':
      return `${domain.relation}.rows`
    case 'near':
      return `near(${domain.relation}.rows, ${domain.radius})`
    case 'column':
      return `${domain.dataset}.columns.${domain.column}`
  }
}

function domainFacet(
  before: Binder,
  after: Binder,
  old: ForallClause,
  now: ForallClause,
  compared: Compared,
): readonly Facet[] {
  const [a, b] = [before.domain, after.domain]
  const order = orderOfKinds(a, b, old, now, compared)
  const changed =
    order === 'same' && textOfDomain(before) === textOfDomain(after)
      ? []
      : facet('domain', order, textOfDomain(before), textOfDomain(after))
  return changed.length > 0 ? changed : contentFacets(a, b, now, compared)
}

/** Rows lie in the declared domain, as far as contracts hold them there, and what is near a row lies around it. */
function orderOfKinds(a: Domain, b: Domain, old: ForallClause, now: ForallClause, compared: Compared): Order {
  if (a.kind === 'column' || b.kind === 'column') return exprKey(a) === exprKey(b) ? 'same' : 'incomparable'
  if (a.kind === 'declared' && b.kind === 'declared') return a.dataset === b.dataset ? 'same' : 'incomparable'
  if (a.kind === 'declared')
    return b.kind !== 'declared' && liesIn(b, a.dataset, [old, now], compared) ? 'weaker' : 'incomparable'
  if (b.kind === 'declared') return liesIn(a, b.dataset, [old, now], compared) ? 'stronger' : 'incomparable'
  const radius = orderOfNumbers(radiusOf(a), radiusOf(b))
  return together([orderOfRows(a.relation, b.relation, compared), radius])
}

type RowDomain = Extract<Domain, { kind: 'rows' | 'near' }>

const radiusOf = (domain: RowDomain): number => (domain.kind === 'near' ? domain.radius : 0)

/** Whether each row of a relation is one of the declared domain: contracts that block in both specs say so of every input. */
function liesIn(
  { relation }: RowDomain,
  dataset: string,
  clauses: readonly ForallClause[],
  { before, after }: Compared,
): boolean {
  const programs = [before, after]
  const isOfDataset = programs.some(({ relations }) =>
    relations.some((each) => each.kind === 'data' && each.name === relation && each.dataset === dataset),
  )
  return (
    isOfDataset &&
    programs.every((program, i) => {
      const contracts = program.clauses.filter(({ origin }) => origin === 'contract')
      const inputs = inputsOf(program, clauses[i] as ForallClause)
      return inputs.every((column) =>
        contracts
          .filter(({ id }) => id.startsWith(`${dataset}.${column}.`))
          .every(
            (contract) => contract.form === 'every' && contract.severity === 'block' && Number(contract.mostly) === 1,
          ),
      )
    })
  )
}

/** What a domain of the same words holds: the declared values and ranges; of what is near a row the ranges it is measured by. */
function contentFacets(a: Domain, b: Domain, clause: ForallClause, { before, after }: Compared): readonly Facet[] {
  if (a.kind === 'rows' || b.kind === 'rows') return []
  const near = a.kind === 'near' || b.kind === 'near'
  const datasetOf = (domain: typeof a): string =>
    domain.kind === 'near' ? (domain.relation.split('.')[0] ?? '') : domain.dataset
  const read = a.kind === 'column' ? [a.column] : inputsOf(after, clause)
  return read.flatMap((name) => {
    const [first, second] = [columnOf(before, datasetOf(a), name), columnOf(after, datasetOf(b), name)]
    if (first === undefined && second === undefined) return []
    if (first === undefined || second === undefined)
      return facet(
        `domain of ${name}`,
        'incomparable',
        first === undefined ? 'none' : domainText(first),
        second === undefined ? 'none' : domainText(second),
      )
    const order = near ? orderOfWidths(first, second) : orderOfDomains(first, second)
    return order === 'same' ? [] : facet(`domain of ${name}`, order, domainText(first), domainText(second))
  })
}

const columnOf = (program: Program, dataset: string, column: string): ProgramColumn | undefined =>
  program.datasets.find(({ name }) => name === dataset)?.columns.find(({ name }) => name === column)

const inputsOf = (program: Program, { models }: ForallClause): readonly string[] => [
  ...new Set(models.flatMap((name) => program.models.find((model) => model.name === name)?.input ?? [])),
]

/** What a model no longer reads, no input of it can move: the words stay and ask of something else. */
function inputFacets(old: ForallClause, now: ForallClause, { before, after }: Compared): readonly Facet[] {
  if (old.models.join() !== now.models.join()) return []
  const [first, second] = [inputsOf(before, old), inputsOf(after, now)]
  if (new Set([...first, ...second]).size === first.length && first.length === second.length) return []
  return facet('inputs', 'incomparable', first.join(', '), second.join(', '))
}
