import { dirname, isAbsolute, join } from 'node:path'
import {
  type Evidence,
  type HostResult,
  type Instance,
  type JsonValue,
  nearestName,
  type Program,
  type Stage,
  visible,
} from '@plumbline/core'
import type { SessionOptions } from '@plumbline/engine'
import type { CommandContext } from '../context.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { failure, type Outcome, success } from '../failure.ts'
import { loadSpec } from '../project/load-program.ts'
import { withSources } from '../project/given-sources.ts'
import { openState } from '../project/state.ts'
import { keptStates, runTests } from '../project/run-tests.ts'
import { findModels, type ModelFiles } from '../project/versions.ts'
import { reportFailure } from '../report-failure.ts'
import {
  acceptedBy,
  type Baseline,
  baselineOf,
  exitCodeOf,
  exitMeaningOf,
  isAnyReporterName,
  LOADED_REPORTERS,
  loadReporter,
  readBaseline,
  type AnyReporterName,
  REPORTERS,
  type TestResult,
} from '../reporters/reporters.ts'
import { createStyle } from '../terminal/style.ts'
import { diagnosticJson, showDiagnostics } from '../reporters/diagnostics.ts'

interface TestOptions {
  readonly stage?: readonly string[]
  readonly clause?: readonly string[]
  readonly candidate?: string
  readonly reporter?: readonly string[]
  readonly baseline?: string
  readonly warn?: true
  readonly seed?: string
  readonly plan?: true
  readonly memoryLimit?: string
  readonly temporaryDirectory?: string
  readonly trust?: true
  readonly source?: readonly string[]
  readonly anew?: true
}

/** `plumb test`: decides clauses, writes evidence, reports. */
export async function test(
  context: CommandContext,
  _args: readonly string[],
  given: Readonly<Record<string, unknown>>,
): Promise<ExitCode> {
  const options = given as TestOptions
  const loaded = await loadSpec(context)
  if (!loaded.ok) return reportFailure(context, loaded.failure)
  const { program: declared, diagnostics, sources, path, features } = loaded.value
  if (declared === undefined) {
    if (context.json)
      context.out(
        `${JSON.stringify({ diagnostics: diagnostics.map((d) => diagnosticJson(d, sources)), clauses: [], overrides: [] }, null, 2)}\n`,
      )
    else
      showDiagnostics(
        context,
        diagnostics.filter((d) => d.severity === 'error'),
        sources,
      )
    return EXIT.usage
  }
  const sourced = withSources(declared, context.root, options.source ?? [])
  if (!sourced.ok) return reportFailure(context, sourced.failure)
  const program = sourced.value
  const asked = readQuestions(program, options)
  if (!asked.ok) return reportFailure(context, asked.failure)
  if (options.plan === true) {
    const { showTestPlan } = await import('../planning/show.ts')
    return showTestPlan(context, {
      program,
      root: context.root,
      ...asked.value,
      states: plannedStates(context, options),
    })
  }
  const outputs = readReporters(context, options.reporter ?? [])
  if (!outputs.ok) return reportFailure(context, outputs.failure)
  const state = openState(context)
  const models = await findModels(context, program, state, options.candidate)
  if (!models.ok) return reportFailure(context, models.failure)
  const kept = await keepModels(context, state.artifacts, models.value, asked.value.stages)
  if (!kept.ok) return reportFailure(context, kept.failure)
  const known = await readKnown(context, options.baseline)
  if (!known.ok) return reportFailure(context, known.failure)
  const seed = options.seed === undefined ? {} : { seed: options.seed }
  const release = asked.value.stages.includes('release')
    ? {
        stageCandidate: (await import('../staging/stage-candidate.ts')).candidateStager(
          context,
          program,
          state,
          models.value.candidate,
        ),
      }
    : {}
  const tested = await runTests(context, state, {
    program,
    models: models.value,
    ...asked.value,
    ...seed,
    ...release,
    session: sessionOf(options),
    trusted: options.trust === true,
    anew: options.anew === true,
  })
  if (!tested.ok) return reportFailure(context, tested.failure)
  const baseline = await useBaseline(context, options.baseline, known.value, tested.value)
  if (!baseline.ok) return reportFailure(context, baseline.failure)
  const accepted = baseline.value
  const exit = exitCodeOf(program, tested.value, accepted)
  const result: TestResult = {
    program,
    evidence: tested.value,
    specPath: path,
    sources,
    ...(features === undefined ? {} : { features }),
    baseline: { accepted },
    exitMeaning: exitMeaningOf(exit, accepted.length),
  }
  const written = await writeReports(context, outputs.value, result)
  if (!written.ok) return reportFailure(context, written.failure)
  if (context.signal.aborted) return EXIT.interrupted
  return options.warn === true ? EXIT.ok : exit
}

/** What a run would find measured before. */
function plannedStates(context: CommandContext, { anew }: TestOptions) {
  return { ...keptStates(context, anew === true), toolVersion: context.toolVersion }
}

/** How the data engine is opened. */
function sessionOf({ memoryLimit, temporaryDirectory }: TestOptions): Omit<SessionOptions, 'signal'> {
  return {
    ...(memoryLimit === undefined ? {} : { memoryLimit }),
    ...(temporaryDirectory === undefined ? {} : { temporaryDirectory }),
  }
}

const TESTED: readonly Stage[] = ['data', 'model', 'release']

interface Questions {
  readonly stages: readonly Stage[]
  readonly select: (instance: Instance) => boolean
}

function readQuestions(program: Program, options: TestOptions): Outcome<Questions> {
  const wanted = options.stage ?? ['data', 'model']
  const unknown = wanted.find((s) => !TESTED.includes(s as Stage))
  if (unknown !== undefined) {
    const runtime = unknown === 'runtime'
    return failure(
      'cli/unknown-stage',
      runtime ? 'The stage runtime is not tested, but watched.' : `There is no stage \`${unknown}\`.`,
      'A stage follows from the relation a clause is asked of.',
      runtime ? 'Run `plumb watch`.' : 'Name data, model or release.',
    )
  }
  if (wanted.includes('release') && !program.clauses.some(({ of }) => of.some(({ stage }) => stage === 'release')))
    return failure(
      'cli/no-release',
      'The spec asks nothing of a staged candidate.',
      'The clauses of the stage release are there where an environment requires them.',
      'Write `release: { production: { requires: [data, model, release] } }`.',
    )
  const ids = new Set(program.clauses.map((c) => c.id))
  const missing = options.clause?.find((id) => !ids.has(id))
  if (missing !== undefined)
    return failure(
      'cli/unknown-clause',
      `There is no clause \`${missing}\`.`,
      '`--clause` takes ids of clauses.',
      nearest(missing, ids) ?? 'See `plumb check --json` for the ids.',
    )
  const { clause } = options
  return success({
    stages: wanted as readonly Stage[],
    select: (instance) => clause === undefined || clause.includes(instance.clause.id),
  })
}

function nearest(name: string, known: Iterable<string>): string | undefined {
  const found = nearestName(name, known)
  return found === undefined ? undefined : `Did you mean \`${found}\`?`
}

const NAMES: readonly string[] = [...REPORTERS, ...LOADED_REPORTERS]

interface Output {
  readonly name: AnyReporterName
  readonly file?: string
}

function readReporters(context: CommandContext, given: readonly string[]): Outcome<readonly Output[]> {
  const outputs: Output[] = []
  for (const text of given) {
    const [name = ''] = text.split('=', 1)
    const file = text.includes('=') ? text.slice(name.length + 1) : undefined
    if (file === '')
      return failure(
        'cli/bad-value',
        `\`--reporter ${text}\` names no file.`,
        'After `=` stands the file to write.',
        `Write \`--reporter ${name}=report.txt\`, or \`--reporter ${name}\` for the screen.`,
      )
    if (!isAnyReporterName(name))
      return failure(
        'cli/unknown-reporter',
        `There is no reporter \`${name}\`.`,
        `Known: ${NAMES.join(', ')}.`,
        nearest(name, NAMES) ?? 'Write `--reporter junit` or `--reporter junit=report.xml`.',
      )
    outputs.push({ name, ...(file === undefined ? {} : { file }) })
  }
  const toScreen = outputs.some((o) => o.file === undefined)
  const screen: Output = { name: context.json ? 'json' : 'terminal' }
  return success(toScreen ? outputs : [...outputs, screen])
}

async function writeReports(
  context: CommandContext,
  outputs: readonly Output[],
  result: TestResult,
): Promise<Outcome<void>> {
  for (const { name, file } of outputs) {
    const look = {
      style: file === undefined ? context.style : createStyle(false),
      width: process.stdout.columns ?? 100,
    }
    const text = (await loadReporter(name, look)).render(result)
    if (file === undefined) context.out(text)
    else {
      const written = await writeWithFolder(context, file, text)
      if (!written.ok)
        return failure(
          'cli/not-written',
          `The report ${file} could not be written: ${written.error.message}.`,
          'The evidence is in the ledger; only the report is missing.',
          'Check the path and permissions.',
          EXIT.environment,
        )
    }
  }
  return success(undefined)
}

/** The baseline that is there already. A file that is none is found before anything is tested. */
async function readKnown(context: CommandContext, file: string | undefined): Promise<Outcome<Baseline | undefined>> {
  if (file === undefined) return success(undefined)
  const found = await context.host.files.readFile(placeOf(context, file))
  if (!found.ok) {
    if (found.error.kind === 'not-found') return success(undefined)
    return failure(
      'cli/unreadable-baseline',
      `The baseline ${file} cannot be read: ${found.error.message}.`,
      'Without it, what was accepted before is not known.',
      'Check the path and permissions.',
      found.error.kind === 'is-a-directory' ? EXIT.usage : EXIT.environment,
    )
  }
  const baseline = readBaseline(parseJson(new TextDecoder().decode(found.value)))
  if (baseline !== undefined) return success(baseline)
  return failure(
    'cli/bad-baseline',
    `${file} is not a baseline.`,
    'A baseline is the JSON that `plumb test --baseline` writes.',
    'Check the path. If it was a baseline, restore it from version control; a new one would accept all violations of today.',
  )
}

async function useBaseline(
  context: CommandContext,
  file: string | undefined,
  known: Baseline | undefined,
  evidence: readonly Evidence[],
): Promise<Outcome<readonly string[]>> {
  if (file === undefined) return success([])
  if (known !== undefined) return success(acceptedBy(known, evidence).accepted)
  // What an interrupted run did not come to would be missing from it, and fail the next run as new.
  if (context.signal.aborted) return success([])
  const baseline = baselineOf(evidence)
  const written = await writeWithFolder(context, file, `${JSON.stringify(baseline, null, 2)}\n`)
  if (!written.ok)
    return failure(
      'cli/not-written',
      `The baseline ${file} could not be written: ${written.error.message}.`,
      'Violations can be accepted only once they are recorded.',
      'Check the path and permissions.',
      EXIT.environment,
    )
  context.err(`${visible(file)}: ${baseline.violations.length} violations of today recorded and accepted\n`)
  return success(acceptedBy(baseline, evidence).accepted)
}

/** A path as typed: absolute, or relative to the project folder. */
function placeOf(context: CommandContext, file: string): string {
  return isAbsolute(file) ? file : join(context.root, file)
}

async function writeWithFolder(context: CommandContext, file: string, text: string): Promise<HostResult<void>> {
  const path = placeOf(context, file)
  const made = await context.host.files.mkdir(dirname(path))
  return made.ok ? context.host.files.writeAtomic(path, text) : made
}

/** Keeps the bytes of the models that are tested, so that their verdicts can be replayed. */
async function keepModels(
  context: CommandContext,
  artifacts: ReturnType<typeof openState>['artifacts'],
  models: ModelFiles,
  stages: readonly Stage[],
): Promise<Outcome<void>> {
  if (!stages.includes('model') && !stages.includes('release')) return success(undefined)
  for (const file of [models.candidate, ...Object.values(models.others)]) {
    if (file === undefined || (await artifacts.check(file.digest)).ok) continue
    const kept =
      file.identity === undefined
        ? await artifacts.put(file.path)
        : await artifacts.putBytes(new TextEncoder().encode(file.identity))
    if (!kept.ok)
      return failure(
        'cli/not-written',
        `The model ${file.path} could not be kept under .plumb/.`,
        'A verdict can be replayed only while the model it was reached on is there.',
        'Make room or give write permission to .plumb/.',
        EXIT.environment,
      )
  }
  return success(undefined)
}

/** JSON, or null for what is none. */
function parseJson(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue
  } catch {
    return null
  }
}
