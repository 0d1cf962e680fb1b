import { duplicateId, noBlockingClause } from '../../diagnostics/catalog/check.ts'
import { diagnose } from '../../diagnostics/define.ts'
import { type Diagnostic, hasErrors, type Result } from '../../diagnostics/diagnostic.ts'
import type { NamedDataset, Names } from '../../check/names/names.ts'
import type { Guard, Spec } from '../../language/spec.ts'
import type { SourceSet } from '../../source/source-file.ts'
import type { Program, ProgramDataset, ProgramGuard, ProgramModel, ProgramSource } from '../program.ts'
import { lowerAuthored } from './authored.ts'
import { type Context, nothingRead, positionsIn, rowCondition } from './context.ts'
import { lowerContracts, splitConditions } from './contracts.ts'
import type { Undigested } from './digest.ts'
import { withParamPlaces } from './param-places.ts'
import { lowerProduction } from './production.ts'
import { askedOfRelease, lowerRelease, lowerServing } from './release.ts'

/** A program whose clauses, and whose spec, have no digests yet. */
export type Lowered = Omit<Program, 'spec' | 'clauses'> & {
  readonly spec: Omit<Program['spec'], 'digest'>
  readonly clauses: readonly Undigested[]
}

/** Spec and names → clauses: every contract and clause typed and expanded. */
export function lower(sources: SourceSet, spec: Spec, names: Names): Result<Lowered> {
  const diagnostics: Diagnostic[] = []
  const seen = new Set<string>()
  const placed = withParamPlaces(spec, sources)
  const report = (d: Diagnostic): void => {
    // A split or slice is typed wherever it is used; its mistake is said once.
    const identity = `${d.code} ${d.span.file} ${d.span.start} ${d.span.end} ${d.message}`
    if (!seen.has(identity)) diagnostics.push(placed(d))
    seen.add(identity)
  }
  const context: Context = { spec, names, report, position: positionsIn(sources), read: nothingRead() }
  for (const [name, expression] of spec.slices) {
    if (
      ![...spec.clauses.values()].some((c) => c.slices.some((s) => s.value.kind === 'named' && s.value.name === name))
    )
      checkUnusedSlice(context, expression)
  }
  const contracts = lowerContracts(context)
  const authored = lowerAuthored(context, contracts)
  const taken = new Map(contracts.map((c) => [c.id, c]))
  for (const clause of authored) {
    const source = spec.clauses.get(clause.id)
    if (taken.has(clause.id) && !clause.id.includes('.') && source !== undefined)
      report(diagnose(duplicateId, source.nameSpan, { id: clause.id }))
  }
  const asked = [...contracts, ...authored].map((clause) => askedOfRelease(context, withJudged(context, clause)))
  const clauses = [...asked, ...lowerRelease(context), ...lowerServing(context)]
  if (!hasErrors(diagnostics) && !asked.some((c) => c.severity === 'block'))
    report(diagnose(noBlockingClause, spec.system.span, {}))
  const lowered: Lowered = {
    schema: 'plumbline/program/1',
    spec: {
      name: spec.system.name.value,
      version: spec.system.version?.value ?? '0.0.0',
    },
    about: aboutOf(spec),
    datasets: [...names.datasets].map(([name, d]) => datasetOf(context, name, d)),
    models: [...names.models.values()].map((m) => modelOf(context, m)),
    relations: [...names.relations.values()].map((r) => r.relation),
    clauses,
    pipeline: {
      ...(spec.pipeline?.candidate === undefined ? {} : { candidate: spec.pipeline.candidate.value }),
      stages: [...(spec.pipeline?.stages.values() ?? [])].map((s) => ({
        name: s.name,
        run: s.run.value,
        needs: s.needs.map((n) => n.value),
        makes: s.makes.map((m) => m.value),
        params: Object.fromEntries(s.params),
      })),
    },
    ...(spec.guard === undefined ? {} : { guard: guardOf(spec.guard) }),
    ...(spec.waivers.size === 0 ? {} : { waivers: waiversOf(spec) }),
    ...lowerProduction(context, clauses),
    unenforced: [...new Set(spec.unenforced.filter((u) => u.closesProduction).map((u) => u.key))],
  }
  return hasErrors(diagnostics) ? { diagnostics } : { value: lowered, diagnostics }
}

function aboutOf(spec: Spec): Program['about'] {
  const { system } = spec
  return {
    ...(system.purpose === undefined ? {} : { purpose: system.purpose.value }),
    intendedUse: system.intendedUse.map((u) => u.value),
    excludedUse: system.excludedUse.map((u) => u.value),
    owners: system.owners,
    ...(system.risk === undefined ? {} : { risk: system.risk.value }),
    frameworks: system.frameworks.map((f) => f.value),
    requirements: [...spec.requirements].map(([id, r]) => ({
      id,
      says: r.says,
      ...(r.text === undefined ? {} : { text: r.text }),
      ...(r.source === undefined ? {} : { source: r.source }),
      ...(r.owner === undefined ? {} : { owner: r.owner }),
    })),
    hazards: [...spec.hazards].map(([id, h]) => ({
      id,
      says: h.says,
      ...(h.severity === undefined ? {} : { severity: h.severity }),
      controls: h.controls.map((c) => c.value),
    })),
  }
}

function waiversOf({ waivers }: Spec): NonNullable<Program['waivers']> {
  return [...waivers].map(([id, { clause, person, reason, expires, signature }]) => ({
    id,
    clause: clause.value,
    person: person.value.toLowerCase(),
    reason,
    expires,
    ...(signature === undefined ? {} : { signature }),
  }))
}

/** Without a word on the output, a declared fallback answers: it was declared for that. */
function guardOf(guard: Guard): ProgramGuard {
  const { fallback, budget } = guard
  const declared =
    fallback?.model !== undefined
      ? { kind: 'model' as const, model: fallback.model.value }
      : fallback?.value === undefined
        ? undefined
        : {
            kind: 'value' as const,
            outputs: [...fallback.value].map(([name, { value }]) => ({ name, value })),
          }
  return {
    input: guard.input?.value ?? 'reject',
    output: guard.output?.value ?? (declared === undefined ? 'reject' : 'fallback'),
    onFailure: guard.onFailure?.value ?? 'closed',
    ...(declared === undefined ? {} : { fallback: declared }),
    ...(budget === undefined
      ? {}
      : { budget: { micros: Number(budget.addedLatency.value), severity: budget.severity?.value ?? 'block' } }),
  }
}

function datasetOf(
  context: Context,
  name: string,
  dataset: Names['datasets'] extends ReadonlyMap<string, infer D> ? D : never,
): ProgramDataset {
  return {
    name,
    source: sourceOf(dataset),
    key: dataset.key,
    ...(dataset.source.time === undefined ? {} : { time: dataset.source.time.value }),
    columns: [...dataset.columns.values()],
    splits: splitConditions(context, name, dataset),
    ...(dataset.label === undefined ? {} : { label: dataset.label }),
  }
}

function sourceOf({ source, engine }: NamedDataset): ProgramSource {
  const { value } = source.source
  if (!('engine' in value)) return value
  // A name that says no engine was reported, and no program is made.
  return {
    engine: engine ?? { name: value.engine.value, dialect: 'postgresql' },
    table: value.table,
    pinned: value.pinned,
  }
}

/** What a judge says is said of the model that it judges: evidence is of that version, too. */
function withJudged<C extends { readonly models: readonly string[] }>({ names }: Context, clause: C): C {
  const judged = clause.models.flatMap((name) => names.models.get(name)?.judges?.model ?? [])
  return judged.length === 0 ? clause : { ...clause, models: [...new Set([...clause.models, ...judged])] }
}

function modelOf(
  context: Context,
  model: Names['models'] extends ReadonlyMap<string, infer M> ? M : never,
): ProgramModel {
  const relation = context.names.relationInfos.get(model.name)
  const expr =
    model.decision === undefined || relation === undefined ? undefined : rowCondition(context, model.decision, relation)
  return {
    name: model.name,
    ...(model.artifact === undefined ? {} : { artifact: model.artifact }),
    ...(model.runner === undefined ? {} : { runner: model.runner }),
    task: model.task,
    from: model.from,
    input: model.input,
    ...(model.pixels === undefined ? {} : { pixels: model.pixels }),
    ...(model.judges === undefined ? {} : { judges: model.judges }),
    outputs: [...model.outputs.values()],
    ...(model.score === undefined ? {} : { score: model.score }),
    ...(model.amount === undefined ? {} : { amount: model.amount }),
    ...(model.classes === undefined ? {} : { classes: model.classes }),
    ...(model.label === undefined ? {} : { label: model.label }),
    ...(expr === undefined || model.decision === undefined ? {} : { decision: { expr, text: model.decision.text } }),
  }
}

/** A slice no clause uses is still typed, against the first relation that has its columns, so that its mistakes are found. */
function checkUnusedSlice(context: Context, expression: Parameters<typeof rowCondition>[1]): void {
  const attempts = [...context.names.relationInfos.values()].filter((r) => r.kind !== 'system')
  const quiet = attempts.find(
    (relation) => rowCondition({ ...context, report: () => undefined }, expression, relation) !== undefined,
  )
  if (quiet === undefined && attempts[0] !== undefined) rowCondition(context, expression, attempts[0])
}
