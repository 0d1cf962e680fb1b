import { notInProduction, unknownInProduction } from '../../diagnostics/catalog/check-production.ts'
import { diagnose } from '../../diagnostics/define.ts'
import { nearestName } from '../../diagnostics/suggest.ts'
import { rateSpan } from '../../language/literals.ts'
import type { Pipeline, Spec } from '../../language/spec.ts'
import type { Environment, Monitor } from '../../language/spec-production.ts'
import type { Located } from '../../source/span.ts'
import type { Clause } from '../clause.ts'
import type { ProgramEnvironment, ProgramMonitor, ProgramRelease, ProgramRetrain } from '../production.ts'
import type { Context } from './context.ts'

/** A day: the window of a monitor that names none. */
const DAY = 86_400_000_000

/** The parts of a program that act on production, with their defaults in place. */
export interface Production {
  readonly monitor?: ProgramMonitor
  readonly retrain?: ProgramRetrain
  readonly release: ProgramRelease
}

/** Lowers `monitor`, `pipeline.retrain` and `release`; the clauses they wait for must be decided in production. */
export function lowerProduction(context: Context, clauses: readonly Pick<Clause, 'id' | 'of'>[]): Production {
  const { monitor, pipeline, release } = context.spec
  const waitedFor = waiting(context, clauses)
  const retrain = pipeline === undefined ? undefined : retrainOf(pipeline, waitedFor)
  return {
    ...(monitor === undefined ? {} : { monitor: monitorOf(monitor, waitedFor) }),
    ...(retrain === undefined ? {} : { retrain }),
    release: {
      staging: environmentOf(release?.staging, () => []),
      production: environmentOf(release?.production, waitedFor),
    },
  }
}

type WaitedFor = (names: readonly Located<string>[], words?: readonly string[]) => readonly string[]

/** Ids of clauses that something in production waits for; what can never come is reported. `words` may stand beside them. */
function waiting({ spec, report }: Context, clauses: readonly Pick<Clause, 'id' | 'of'>[]): WaitedFor {
  const lowered = new Map(clauses.map((clause) => [clause.id, clause]))
  const decided = clauses.filter(atRuntime).map(({ id }) => id)
  return (names, words = []) =>
    names.map(({ value: name, span }) => {
      const clause = lowered.get(name)
      if (clause !== undefined && !atRuntime(clause)) report(diagnose(notInProduction, span, { id: name }))
      // A clause with mistakes of its own is not lowered; those are reported there.
      if (clause === undefined && !spec.clauses.has(name)) {
        const near = nearestName(name, [...decided, ...words])
        const known = [...decided.filter((id) => spec.clauses.has(id)), ...words]
        report(diagnose(unknownInProduction, span, { what: 'clause', name, near, known }))
      }
      return name
    })
}

const atRuntime = ({ of }: Pick<Clause, 'of'>): boolean => of.some(({ stage }) => stage === 'runtime')

function monitorOf(monitor: Monitor, waitedFor: WaitedFor): ProgramMonitor {
  const { labels } = monitor
  const windows = [...new Set(monitor.windows.map(({ value }) => Number(value)))]
  return {
    windows: windows.length === 0 ? [DAY] : windows,
    lateness: Number(monitor.lateness?.value ?? 0n),
    minRows: monitor.minRows?.value ?? 1,
    ...(labels === undefined
      ? {}
      : {
          labels: {
            source: labels.source.value,
            join: labels.join.map(({ value }) => value),
            within: Number(labels.within.value),
            minShare: labels.minShare?.value ?? '1',
          },
        }),
    alerts: monitor.alerts.map(({ kind, url, severity, when }) => ({
      kind,
      ...(url === undefined ? {} : { url: url.value }),
      ...(severity === undefined ? {} : { severity: severity.value }),
      ...(when === undefined ? {} : { when: waitedFor(when) }),
    })),
  }
}

/** Undefined also where no file is the candidate, which a rule reports. */
function retrainOf(pipeline: Pipeline, waitedFor: WaitedFor): ProgramRetrain | undefined {
  const { retrain } = pipeline
  if (retrain === undefined) return undefined
  const named = retrain.when.flatMap((trigger) => (trigger.kind === 'clause' ? [trigger.name] : []))
  const when = waitedFor(named, ['new-data'])
  const candidate = retrain.candidate ?? pipeline.candidate
  if (candidate === undefined) return undefined
  const schedules = retrain.when.flatMap((trigger) =>
    trigger.kind === 'schedule' ? [Number(trigger.every.value)] : [],
  )
  const { budget, window } = retrain
  return {
    when,
    newData: retrain.when.some(({ kind }) => kind === 'new-data'),
    ...(schedules.length === 0 ? {} : { schedule: Math.min(...schedules) }),
    cooldown: Number(retrain.cooldown?.value ?? 0n),
    ...(budget === undefined ? {} : { budget: { count: budget.value.count, per: rateSpan(budget.value) } }),
    // In the order of the pipeline, in which each finds what it needs.
    stages: [...pipeline.stages.keys()].filter(
      (name) => retrain.stages === undefined || retrain.stages.some(({ value }) => value === name),
    ),
    candidate: candidate.value,
    ...(window === undefined ? {} : { window: window.value }),
  }
}

function environmentOf(environment: Environment | undefined, waitedFor: WaitedFor): ProgramEnvironment {
  return {
    requires: [...new Set(environment?.requires?.map(({ value }) => value) ?? (['data', 'model'] as const))],
    rollback: waitedFor(environment?.rollback ?? []),
  }
}

/** Whether an environment asks for the clauses of the stage `release`, so that the program must have them. */
export function requiresRelease({ release }: Pick<Spec, 'release'>): boolean {
  return [release?.staging, release?.production].some(
    (environment) => environment?.requires?.some(({ value }) => value === 'release') === true,
  )
}
