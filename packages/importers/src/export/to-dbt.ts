import type { Program } from '@plumbline/core'
import type { Bound, ClauseFacts, Fact } from './fact.ts'
import type { Spoken } from './export-program.ts'
import { nearly, refused, type Said, same, together } from './said.ts'
import { identifier } from './sql.ts'

/** A test of a table, or of one of its columns. */
interface DbtTest {
  readonly column?: string
  readonly name: string
  readonly arguments?: Readonly<Record<string, unknown>>
}

/** The file of properties: a model for each dataset. */
export function toModels(
  program: Program,
  clauses: readonly ClauseFacts[],
  report: (spoken: Spoken<unknown>) => void,
): object {
  const spoken = clauses.map((clause): Spoken<DbtTest> => ({ clause, said: toTests(clause) }))
  spoken.forEach(report)
  return {
    version: 2,
    models: program.datasets.map(({ name, columns }) => {
      const tests = distinctTests(spoken.filter(({ clause }) => clause.dataset === name))
      const own = tests.filter(({ test }) => test.column === undefined)
      return {
        name,
        ...(own.length === 0 ? {} : { data_tests: own.map(testEntry) }),
        columns: columns.map((column) => {
          const about = tests.filter(({ test }) => test.column === column.name)
          return {
            name: column.name,
            ...(column.says === undefined ? {} : { description: column.says }),
            ...(/^[a-z_][a-z0-9_]*$/.test(column.name) ? {} : { quote: true }),
            ...(about.length === 0 ? {} : { data_tests: about.map(testEntry) }),
          }
        }),
      }
    }),
  }
}

/** A test with the clauses that ask it: dbt takes no test twice. */
interface AskedTest {
  readonly test: DbtTest
  readonly clauses: readonly ClauseFacts[]
}

function distinctTests(spoken: readonly Spoken<DbtTest>[]): readonly AskedTest[] {
  const found = new Map<string, AskedTest>()
  for (const { clause, said } of spoken) {
    for (const test of 'refused' in said ? [] : said.items) {
      const key = JSON.stringify([test.column, test.name, test.arguments])
      found.set(key, { test, clauses: [...(found.get(key)?.clauses ?? []), clause] })
    }
  }
  return [...found.values()]
}

function testEntry({ test, clauses }: AskedTest): unknown {
  const warns = clauses.every(({ severity }) => severity !== 'block')
  return {
    [test.name]: {
      ...(test.arguments === undefined ? {} : { arguments: test.arguments }),
      config: { ...(warns ? { severity: 'warn' } : {}), meta: { clauses: [...new Set(clauses.map(({ id }) => id))] } },
    },
  }
}

function toTests(clause: ClauseFacts): Said<DbtTest> {
  const share = clause.facts.length === 1 && clause.facts[0]?.kind === 'present'
  if (clause.mostly < 1 && !share)
    return refused('A test of dbt fails by the first row, or by a number of rows, not by a share.')
  const notNull = clause.required
    .filter((column) => !clause.facts.some((fact) => fact.kind === 'present' && fact.column === column))
    .map((column) => same<DbtTest>({ column, name: 'not_null' }))
  const facts = clause.facts.map((fact) => testsOf(fact, clause))
  if (facts.length > 0 && !facts.some((said) => 'refused' in said)) return together([...facts, ...notNull])
  // What has no test of its own may be a condition in SQL: unknown where a cell is missing, and then passed.
  if (clause.condition === undefined)
    return facts.length === 0 ? refused('Its condition has no counterpart.') : together(facts)
  const expression = same<DbtTest>({
    name: 'dbt_utils.expression_is_true',
    arguments: { expression: clause.condition },
  })
  return together([expression, ...notNull])
}

const NO_TEST = 'No test of dbt or dbt_utils asks it.'

function testsOf(fact: Fact, { mostly }: ClauseFacts): Said<DbtTest> {
  switch (fact.kind) {
    case 'type':
      return refused('A type of dbt is what the database calls it; whether cells can be read as a type is not asked.')
    case 'present':
      return mostly === 1
        ? same({ column: fact.column, name: 'not_null' })
        : same({ column: fact.column, name: 'dbt_utils.not_null_proportion', arguments: { at_least: mostly } })
    case 'values':
      return same({
        column: fact.column,
        name: fact.none ? 'dbt_utils.not_accepted_values' : 'accepted_values',
        arguments: {
          values: fact.values,
          ...(fact.values.every((value) => typeof value !== 'string') ? { quote: false } : {}),
        },
      })
    case 'range':
      return rangeOf(fact)
    case 'unique':
      return uniqueOf(fact)
    case 'refers':
      return same({
        column: fact.column,
        name: 'relationships',
        arguments: { to: `ref('${fact.dataset}')`, field: fact.foreign },
      })
    case 'number':
      return fact.measure.of === 'missing-share' &&
        fact.low === undefined &&
        fact.high?.open === false &&
        fact.measure.column !== undefined
        ? same({
            column: fact.measure.column,
            name: 'dbt_utils.not_null_proportion',
            arguments: { at_least: Number((1 - Number(fact.high.value)).toPrecision(12)) },
          })
        : refused(NO_TEST)
    case 'pair':
    case 'pattern':
    case 'length':
      return refused(NO_TEST)
  }
}

function rangeOf({ column, low, high, time }: Extract<Fact, { kind: 'range' }>): Said<DbtTest> {
  if (time) return refused('How a database compares instants with texts is its own matter.')
  if ((low?.open ?? high?.open) !== (high?.open ?? low?.open))
    return refused('One bound is open and the other is not; `accepted_range` has both alike.')
  const value = (bound: Bound | undefined, name: string) => (bound === undefined ? {} : { [name]: bound.value })
  const open = low?.open ?? high?.open ?? false
  return same({
    column,
    name: 'dbt_utils.accepted_range',
    arguments: { ...value(low, 'min_value'), ...value(high, 'max_value'), ...(open ? { inclusive: false } : {}) },
  })
}

function uniqueOf({ columns, gaps }: Extract<Fact, { kind: 'unique' }>): Said<DbtTest> {
  const given = gaps === 'none' ? columns.map((column): DbtTest => ({ column, name: 'not_null' })) : []
  const [column] = columns
  if (columns.length === 1 && column !== undefined) {
    const made: readonly DbtTest[] = [{ column, name: 'unique' }, ...given]
    return gaps === 'equal'
      ? nearly('Missing cells are left aside there; here two of them are alike.', ...made)
      : same(...made)
  }
  return same(
    { name: 'dbt_utils.unique_combination_of_columns', arguments: { combination_of_columns: columns.map(identifier) } },
    ...given,
  )
}
