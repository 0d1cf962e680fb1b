import type { Clause, Domain } from '../clause/clause.ts'
import { type AgainstBound, againstBound } from './against-bound.ts'
import type { ComparisonResult, ErrorReason, Interval, Measured, Statement } from '../evidence/evidence.ts'
import type { GateReason } from './decision.ts'
import { eventWords, streakText } from './explain-time.ts'

type Words = Pick<GateReason, 'message' | 'bound' | 'measured' | 'interval' | 'change'>

/** Says why a verdict does not open a gate: the bound, what was measured, and what would change the answer. */
export function explainVerdict(clause: Clause, statement: Statement): Words {
  const slice = statement.slice === 'all' ? '' : ` [${statement.slice}]`
  const name = `${statement.clause}${slice}`
  switch (statement.verdict) {
    case 'error':
      return {
        message: `${name} could not be decided: ${statement.cause}`,
        change: REMEDIES[statement.reason] ?? 'Remove the cause, then run `plumb test` again.',
      }
    case 'skipped':
      return skippedWords(statement, name)
    default:
      return measuredWords(clause, statement, name)
  }
}

/** What to do about a clause that could not be measured, where more can be said than that its cause has to go. */
const REMEDIES: Partial<Readonly<Record<ErrorReason, string>>> = {
  'source-missing': 'Put the file there, or correct `source`, then run `plumb test` again.',
  'column-missing':
    'Correct its name, or keep it and say which column it is (`path: \'["Name in the data"]\'`); take out of the spec what the data does not have.',
  'model-missing': 'Put the file there, or correct `artifact`, then run `plumb test` again.',
  'model-mismatch':
    'Name under `input` and `outputs` what the model takes and gives, or export the model as they are declared.',
}

function skippedWords(statement: Extract<Statement, { verdict: 'skipped' }>, name: string): Words {
  switch (statement.reason) {
    case 'no-champion':
      return { message: `${name} has no version in production to compare with.`, change: 'Promote a first model.' }
    case 'no-candidate':
      return {
        message: `${name} was not decided: there is no candidate, because no file is where the spec or --candidate names it (${statement.reason}).`,
        change: 'Train one (`plumb run --trust`), or name it with --candidate FILE, then run `plumb test` again.',
      }
    case 'interrupted':
      return {
        message: `${name} was not decided: the run was interrupted.`,
        change: 'Run `plumb test` again and let it end.',
      }
    case 'unenforced':
      return {
        message: `${name} was skipped: this version does not decide such clauses yet (${statement.reason}).`,
        change: 'Lower its severity to `warn`, or remove it, openly.',
      }
    case 'not-selected':
      return {
        message: `${name} was skipped: ${statement.reason}.`,
        change: 'Run `plumb test` without leaving it out.',
      }
  }
}

function measuredWords(
  clause: Clause,
  statement: Exclude<Statement, { verdict: 'error' | 'skipped' }>,
  name: string,
): Words {
  if (clause.form === 'every') return everyWords(clause, statement, name)
  if (clause.form === 'forall') return forallWords(clause, statement, name)
  if (clause.form === 'whenever' || clause.form === 'eventually') return eventWords(clause, statement, name)
  // A window may violate its condition while the clause still waits for more of them.
  const pending = statement.verdict === 'inconclusive' && statement.reason === 'pending'
  const asked = pending ? 'violated' : statement.verdict
  const decisive = statement.comparisons?.find((c) => c.verdict === asked) ?? statement.comparisons?.[0]
  const bound = clause.text
  if (decisive === undefined) {
    return {
      message: `${name} is ${statement.verdict}${statement.verdict === 'inconclusive' ? `: ${statement.reason}` : ''}.`,
      bound,
      change: 'Add rows to the data, or wait for more.',
    }
  }
  const drawn = againstBound(clause, decisive)
  const shown = decisive.left === null || drawn === undefined ? formatMeasured(decisive.left) : drawnText(drawn)
  const undecided = asked === 'violated' ? '' : ', which does not decide it'
  const message = `${name} asks ${decisive.expression}; measured ${shown}${undecided}.`
  return {
    message: clause.form === 'always' ? `${message}${streakText(clause, statement)}` : message,
    bound: decisive.expression,
    measured: decisive.left,
    ...intervalOf(drawn),
    change: (statement.verdict === 'inconclusive' && CHANGES[statement.reason]) || changeOf(decisive, asked),
  }
}

/** What helps where the reason says it all. */
const CHANGES: Readonly<Partial<Record<Extract<Statement, { verdict: 'inconclusive' }>['reason'], string>>> = {
  'no-variation': 'Ask it of rows that differ, or write `confidence: none` where these rows are all there is.',
  'empty-relation':
    'No row is there to ask: see whether the condition of the slice still fits the data, and whether its columns can be read.',
}

/** Not one cell can be read: the column is written otherwise, no row is to be blamed. */
const OTHER_CODING =
  'Declare the type that the column has, or recode it: truth values are true and false, or 1 and 0, or as `format` of the column says (`format: Yes/No`, what is true first); times as in 2026-01-31T12:00:00Z, or as `format` says.'

function everyWords(
  clause: Extract<Clause, { form: 'every' }>,
  statement: Exclude<Statement, { verdict: 'error' | 'skipped' }>,
  name: string,
): Words {
  const text = clause.condition.kind === 'expr' ? clause.condition.text : clause.says
  if (clause.condition.kind === 'release') return releaseWords(clause.says, statement, name)
  if (statement.verdict === 'inconclusive') {
    const empty = statement.reason === 'empty-relation'
    return {
      message: `${name} has ${empty ? 'no' : 'too few'} rows to decide it (${statement.reason}).`,
      bound: text,
      change: empty ? 'Add rows, or say `allow_empty: true`.' : 'Wait for more rows.',
    }
  }
  const { failing = 0, n = 0, measured = null } = statement
  const needed = clause.mostly === '1' ? 'every row' : `at least ${Number(clause.mostly) * 100} % of rows`
  return {
    message: `${name} asks ${text} of ${needed}; ${failing} of ${n} ${n === 1 ? 'row' : 'rows'} ${failing === 1 ? 'fails' : 'fail'}.`,
    bound: text,
    measured,
    change:
      n > 1 && failing === n && clause.condition.kind === 'castable'
        ? OTHER_CODING
        : `Correct ${whatFails(statement)}, widen the contract, or allow ${failing === 1 ? 'it' : 'them'} openly with \`mostly\` and a rationale.`,
  }
}

/** Rows of data are mended in the data, answers in the model. */
function whatFails({ stage, failing = 0 }: Pick<Statement, 'stage'> & { readonly failing?: number }): string {
  const rows = failing === 1 ? 'the row' : `the ${failing} rows`
  return stage === 'model' ? `what the model answers on ${rows}` : rows
}

/** What the staged candidate got wrong; its witnesses are the requests. */
function releaseWords(
  says: string,
  statement: Exclude<Statement, { verdict: 'error' | 'skipped' }>,
  name: string,
): Words {
  if (statement.verdict === 'inconclusive')
    return {
      message: `${name} was not decided (${statement.reason}).`,
      bound: says,
      change: 'Run `plumb test --stage release` again.',
    }
  const { failing = 0, n = 0, measured = null } = statement
  return {
    message: `${name} fails on ${failing} of ${n} ${n === 1 ? 'request' : 'requests'}. It asks: ${says}`,
    bound: says,
    measured,
    change:
      'The witnesses are the requests and what was wrong with each answer; correct the model, the guard or the server.',
  }
}

function forallWords(
  clause: Extract<Clause, { form: 'forall' }>,
  statement: Exclude<Statement, { verdict: 'error' | 'skipped' }>,
  name: string,
): Words {
  if (clause.mostly !== undefined) {
    const share =
      typeof statement.measured === 'number'
        ? `held on ${formatNumber(statement.measured * 100)} %`
        : 'could not be drawn'
    return {
      message: `${name} asks ${clause.text} of at least ${Number(clause.mostly) * 100} % of inputs (${clause.over}); it ${share} of ${statement.tried ?? 0} drawn.`,
      bound: clause.text,
      measured: statement.measured ?? null,
      change:
        statement.verdict === 'violated'
          ? 'Train a model that does better, or ask for less openly.'
          : 'The share is too close to the bound for this many draws.',
    }
  }
  if (statement.verdict === 'violated') {
    return {
      message: `${name} asks ${clause.text} for all inputs; a counterexample was found and replayed.`,
      bound: clause.text,
      change: 'Train a model without it (a monotone constraint, or without the column).',
    }
  }
  const tried = statement.tried ?? 0
  const cause =
    statement.verdict === 'inconclusive' && statement.cause !== undefined
      ? ` No proof: ${statement.cause.replace(/\.$/, '')}.`
      : ''
  return {
    message: `${name} was neither proved nor refuted in ${tried} tries.${cause}`,
    bound: clause.text,
    change: `Use a model class that can be proved, or ask it of the rows${rowsDomain(clause.binders.map(({ domain }) => domain))}.`,
  }
}

function changeOf(comparison: ComparisonResult, verdict: string): string {
  if (verdict === 'inconclusive') {
    if (comparison.left === null || comparison.right === null)
      return 'The number does not exist on these rows: a metric needs rows of both classes, a rate something to divide by.'
    return comparison.rowsNeeded === undefined
      ? 'More rows would narrow the interval.'
      : `About ${comparison.rowsNeeded} rows would decide it, if the measured value stays.`
  }
  const short = comparison.margin.value
  return short === null
    ? 'Change the model or the data.'
    : `It is short of the bound by ${formatNumber(Math.abs(short))}.`
}

/** The measured value with the interval that decided; where both sides are measured, only their distance has one. */
function drawnText({ unit, value, interval }: AgainstBound): string {
  const of = unit === 'margin' ? 'a margin of ' : ''
  if (interval === undefined) return `${of}${formatNumber(value)}`
  const level = interval.level === undefined ? '' : ` at ${Number((interval.level * 100).toFixed(2))} %`
  return `${of}${formatNumber(value)} (${formatNumber(interval.low)} to ${formatNumber(interval.high)}${level})`
}

/** The interval beside the measured value; that of a margin belongs to another number. */
function intervalOf(drawn: AgainstBound | undefined): { readonly interval?: Interval } {
  if (drawn?.interval === undefined || drawn.unit === 'margin') return {}
  const { low, high, level, method } = drawn.interval
  return level === undefined || method === undefined ? {} : { interval: { low, high, level, method } }
}

/** Actual rows that the clause could be asked of instead, as they are written in a spec. */
function rowsDomain(domains: readonly Domain[]): string {
  for (const domain of domains) {
    if (domain.kind === 'declared') return ` (\`${domain.dataset}.rows\`)`
    if (domain.kind === 'near') return ` (\`${domain.relation}.rows\`)`
  }
  return ''
}

/** A measured value as people read it: at most four significant decimals. */
export function formatMeasured(value: Measured): string {
  if (typeof value === 'number') return formatNumber(value)
  return value === null ? 'nothing' : String(value)
}

function formatNumber(value: number): string {
  if (Number.isInteger(value)) return String(value)
  return Math.abs(value) >= 0.001 && Math.abs(value) < 1e6
    ? String(Number(value.toPrecision(4)))
    : value.toExponential(2)
}
