import type { Result } from '../../diagnostics/diagnostic.ts'
import type { RelationInfo } from '../../expr/environment.ts'
import { checkMust, parseExpression, readRow } from '../../expr/index.ts'
import type { MustCondition } from '../../expr/must.ts'
import type { ExprPlace } from '../../expr/syntax.ts'
import type { Span } from '../../source/span.ts'
import type { EveryClause, MustClause, ReleaseCheck, Target } from '../clause.ts'
import { type Context, placeOf } from './context.ts'
import type { Undigested } from './digest.ts'
import { requiresRelease } from './production.ts'

const RELEASE: Target = { relation: 'release', stage: 'release' }

const CHECKS: Readonly<Record<ReleaseCheck, string>> = {
  contract:
    'The staged candidate answers valid requests with what is declared, and refuses the others as the protocol says.',
  parity: 'The staged candidate answers as its file does offline.',
  guard: 'Each clause that the guard enforces bites on a request made to violate it, and on no valid one.',
}

/** The built-in clauses of the stage `release`; none where no environment asks for it. */
export function lowerRelease(context: Context): readonly Undigested<EveryClause | MustClause>[] {
  const relation = context.names.relationInfos.get(RELEASE.relation)
  if (relation === undefined || !requiresRelease(context.spec)) return []
  const { release, guard } = context.spec
  const span = release?.span ?? context.spec.system.span
  const checks = (Object.keys(CHECKS) as ReleaseCheck[]).map(
    (check): Undigested<EveryClause> => ({
      ...builtIn(context, `release.${check}`, CHECKS[check], RELEASE, span),
      models: check === 'parity' || guard?.fallback?.model === undefined ? [] : [guard.fallback.model.value],
      form: 'every',
      condition: { kind: 'release', check },
      missing: 'fail',
      mostly: '1',
    }),
  )
  if (guard?.budget === undefined) return checks
  const { addedLatency, severity } = guard.budget
  const text = `latency_ms(0.99) <= ${milliseconds(addedLatency.value)}`
  const latency: Undigested<MustClause> = {
    ...builtIn(
      context,
      'release.latency',
      'The staged candidate answers within the budget.',
      RELEASE,
      addedLatency.span,
    ),
    severity: severity?.value ?? 'block',
    form: 'must',
    must: latencyCondition(context, relation, text),
    text,
    confidence: 0.95,
  }
  return [...checks, latency]
}

/** The built-in clause of what was loaded: what was read back from production is what was to be there. */
export function lowerServing(context: Context): readonly Undigested<EveryClause>[] {
  const { guard, monitor, release, pipeline } = context.spec
  const span = (guard ?? monitor ?? release ?? pipeline?.retrain)?.span
  const relation = context.names.relationInfos.get('system')
  if (span === undefined || relation === undefined || !context.names.models.has('champion')) return []
  const system: Target = { relation: 'system', stage: 'runtime' }
  const text = 'kind != "version.mismatch"'
  return [
    {
      ...builtIn(context, 'system.serving', 'What was loaded is what was read back.', system, span),
      form: 'every',
      condition: { kind: 'expr', expr: understood(readRow(text, { scope: 'row', relation }, HERE), text), text },
      missing: 'fail',
      mostly: '1',
    },
  ]
}

/** A clause that is asked of real requests is asked of generated ones, too, where the stage `release` is required. */
export function askedOfRelease<C extends Undigested>(context: Context, clause: C): C {
  const real = clause.form === 'every' && clause.of.some(({ relation }) => relation === 'requests')
  const generated = clause.of.some(({ relation }) => relation === RELEASE.relation)
  return real && !generated && requiresRelease(context.spec) ? { ...clause, of: [...clause.of, RELEASE] } : clause
}

function builtIn(
  context: Context,
  id: string,
  says: string,
  target: Target,
  span: Span,
): Omit<Undigested<EveryClause>, 'form' | 'condition' | 'missing' | 'mostly'> {
  return {
    id,
    says,
    severity: 'block',
    origin: 'built-in',
    of: [target],
    slices: [{ name: 'all', condition: null }],
    meets: [],
    hazards: [],
    allowEmpty: false,
    place: placeOf(context, span),
    models: [],
  }
}

/** Exact milliseconds of a budget in microseconds, as a CEL literal of type double. */
function milliseconds(micros: bigint): string {
  const fraction = String(micros % 1000n)
    .padStart(3, '0')
    .replace(/0+$/, '')
  return `${micros / 1000n}.${fraction === '' ? '0' : fraction}`
}

function latencyCondition({ names }: Context, relation: RelationInfo, text: string): MustCondition {
  const environment = {
    scope: 'relation',
    relation,
    relations: names.relationInfos,
    models: names.modelInfos,
    confidence: 0.95,
    sample: false,
  } as const
  return understood(checkMust(understood(parseExpression(text, HERE), text), environment, HERE), text)
}

/** A built-in text stands in no file; it has no mistakes to point at. */
const HERE: ExprPlace = { span: (start, end) => ({ file: '', start, end }) }

function understood<T>({ value }: Result<T>, text: string): T {
  if (value === undefined) throw new Error(`The built-in condition ${text} was not understood.`)
  return value
}
