import type { Clause } from '../../clause/clause.ts'
import type { Program, ProgramColumn, ProgramModel } from '../../clause/program.ts'
import type { Expr } from '../../expr/expr.ts'
import { children } from '../../targets/children.ts'
import type { TestCase } from '../case.ts'
import type { CaseOmission, CaseSet } from '../case-set.ts'
import { type CodeSyntax, printCode } from './code.ts'

/** A clause as an emitted suite has it. Code is of the suite's language. */
export interface SuiteClause {
  readonly id: string
  readonly says: string
  readonly kind: 'row' | 'relation'
  /** The condition. */
  readonly check: string
  /** Rows it is asked of: those of any of these conditions; empty = all. */
  readonly within: readonly string[]
  /** Whether a row whose condition ends in the error `missing` is forgiven. */
  readonly forgives: boolean
  /** Of a `forall` with a domain that can be drawn from: how, for property-based tests. */
  readonly property?: {
    readonly binders: readonly {
      readonly name: string
      readonly columns: readonly ProgramColumn[]
      readonly scalar: boolean
    }[]
    readonly assume?: string
    readonly let: readonly { readonly name: string; readonly code: string; readonly dataset?: string }[]
  }
}

/** An output of a model; `of` is the class whose probability it is, as a map of the file would name it. */
export type SuiteOutput = ProgramColumn & { readonly of?: string | number }

/** A model as an emitted suite asks it. */
export interface SuiteModel {
  readonly name: string
  /** Path of the file from the project folder; absent where the spec names none. */
  readonly artifact?: string
  readonly inputs: readonly ProgramColumn[]
  readonly outputs: readonly SuiteOutput[]
  /** Code of the decision over the row with its answers. */
  readonly decision?: string
}

/** All that is printed into a suite; cases of clauses that cannot be printed are left out, and named. */
export interface Suite {
  readonly set: CaseSet
  readonly clauses: readonly SuiteClause[]
  readonly models: readonly SuiteModel[]
  readonly unwritten: readonly CaseOmission[]
  /** Kinds of the cases that are left. */
  readonly kinds: ReadonlySet<TestCase['kind']>
}

/** Prints the conditions of all clauses that have cases. */
export function suiteOf(program: Program, set: CaseSet, syntax: CodeSyntax): Suite {
  const clauses: SuiteClause[] = []
  const unwritten: CaseOmission[] = []
  const models = program.models.flatMap((model) => modelOf(program, model.name, syntax) ?? [])
  for (const clause of program.clauses) {
    if (!(clause.id in set.clauses)) continue
    const printed = clauseOf(program, clause, syntax)
    const lacking = modelsIn(clause, set.cases).find((name) => !models.some((model) => model.name === name))
    if ('why' in printed) unwritten.push({ clause: clause.id, why: printed.why })
    else if (lacking !== undefined)
      unwritten.push({
        clause: clause.id,
        why: `the decision of ${lacking} has no equal in the languages that are written`,
      })
    else clauses.push(printed)
  }
  const written = new Set(clauses.map(({ id }) => id))
  const kinds = new Set(set.cases.flatMap(({ clause, kind }) => (written.has(clause) ? [kind] : [])))
  return { set, clauses, models, unwritten, kinds }
}

function clauseOf(program: Program, clause: Clause, syntax: CodeSyntax): SuiteClause | { readonly why: string } {
  const { id, says } = clause
  if (clause.form === 'every' && clause.condition.kind === 'expr') {
    const slices = clause.slices.flatMap(({ condition }) => condition ?? [])
    const printed = allOf([clause.condition.expr, ...(slices.length < clause.slices.length ? [] : slices)], syntax)
    if ('why' in printed) return printed
    const [check = '', ...within] = printed.codes
    return { id, says, kind: 'row', check, within, forgives: clause.missing !== 'fail' }
  }
  if (clause.form !== 'forall') return { why: 'its form has no cases' }
  const printed = allOf([clause.holds, ...clause.let.map(({ value }) => value)], syntax)
  if ('why' in printed) return printed
  const [check = '', ...lets] = printed.codes
  const assume = clause.assume === undefined ? undefined : printCode(clause.assume, syntax)
  if (assume !== undefined && 'why' in assume) return assume
  const binders = clause.binders.map(({ name, domain }) => {
    const dataset = 'dataset' in domain ? domain.dataset : (domain.relation.split('.')[0] ?? '')
    const columns = program.datasets.find((each) => each.name === dataset)?.columns ?? []
    return {
      name,
      scalar: domain.kind === 'column',
      columns: domain.kind === 'column' ? columns.filter((column) => column.name === domain.column) : columns,
    }
  })
  return {
    id,
    says,
    kind: 'relation',
    check,
    within: [],
    forgives: false,
    property: {
      binders,
      ...(assume === undefined ? {} : { assume: assume.code }),
      let: clause.let.map(({ name, value }, i) => ({
        name,
        code: lets[i] ?? '',
        ...(value.type.kind === 'record' ? { dataset: value.type.of.split('.')[0] ?? '' } : {}),
      })),
    },
  }
}

function allOf(
  exprs: readonly Expr[],
  syntax: CodeSyntax,
): { readonly codes: readonly string[] } | { readonly why: string } {
  const codes: string[] = []
  for (const expr of exprs) {
    const printed = printCode(expr, syntax)
    if ('why' in printed) return printed
    codes.push(printed.code)
  }
  return { codes }
}

function modelOf(program: Program, name: string, syntax: CodeSyntax): SuiteModel | undefined {
  const model = program.models.find((each) => each.name === name)
  if (model === undefined) return undefined
  const decision = model.decision === undefined ? undefined : printCode(model.decision.expr, syntax)
  if (decision !== undefined && 'why' in decision) return undefined
  const columns = program.datasets.find((each) => each.name === model.from)?.columns ?? []
  // A requirement on the champion is one on whichever version would hold that role: the candidate, where there is one.
  const artifact = name === 'champion' ? (program.pipeline.candidate ?? model.artifact) : model.artifact
  return {
    name,
    ...(artifact === undefined ? {} : { artifact }),
    inputs: model.input.flatMap((input) => columns.filter((column) => column.name === input)),
    outputs: model.outputs.map((output) => ({ ...output, ...classOf(model, output.name) })),
    ...(decision === undefined ? {} : { decision: decision.code }),
  }
}

function classOf({ classes }: ProgramModel, output: string): { readonly of?: string | number } {
  const code = classes?.all.find(({ probability }) => probability === output)?.code
  return code === undefined ? {} : { of: typeof code === 'boolean' ? Number(code) : code }
}

/** How an output is found among what the file answers, as an object that JavaScript and Python read. */
export const outputEntry = ({ name, tensor, index, type, of }: SuiteOutput): string =>
  JSON.stringify({
    name,
    tensor: tensor ?? name,
    index: index ?? 0,
    kind: type.kind,
    ...(of === undefined ? {} : { of }),
  })

/** Models that its cases ask. */
function modelsIn(clause: Clause, cases: readonly TestCase[]): readonly string[] {
  const found = new Set<string>()
  const visit = (expr: Expr): void => {
    if (expr.node === 'predict') found.add(expr.model)
    children(expr).forEach(visit)
  }
  if (clause.form === 'forall') visit(clause.holds)
  for (const each of cases) if (each.kind === 'answer' && each.clause === clause.id) found.add(each.model)
  return [...found]
}
