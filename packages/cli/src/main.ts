import { resolve } from 'node:path'
import { type HostClock, parseDuration, visible } from '@plumbline/core'
import { nodeHost, openFileClock } from '@plumbline/store'
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import type { CommandContext } from './context.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { failure, type Outcome, success } from './failure.ts'
import { findFolder } from './project/folder.ts'
import { reportFailure } from './report-failure.ts'
import { templateNames } from './template-packs.ts'
import { createProgress } from './terminal/progress.ts'
import { jsonForTerminal, quietWhenClosed } from './terminal/streams.ts'
import { createStyle, wantsColor } from './terminal/style.ts'
import { untilDone } from './until-done.ts'
import { usageFailure } from './usage.ts'
import { TOOL_VERSION } from './version.ts'

interface GlobalOptions {
  readonly C?: string
  readonly clock?: string
  readonly json?: true
  readonly spec?: string
  readonly param?: readonly string[]
}

type Verb = (
  context: CommandContext,
  args: readonly string[],
  options: Readonly<Record<string, unknown>>,
) => Promise<ExitCode>

/** Runs `plumb` with its arguments and sets the exit code of the process. */
export async function main(argv: readonly string[]): Promise<void> {
  quietWhenClosed(process.stdout, process.stderr)
  await untilDone((signal) => dispatch(argv, signal))
}

async function dispatch(argv: readonly string[], signal: AbortSignal): Promise<ExitCode> {
  let exit: ExitCode = EXIT.ok
  let endsBySignal = false
  const program = new Command('plumb')
  const verb = (name: string, summary: string, load: () => Promise<Verb>): Command =>
    program
      .command(name)
      .summary(summary)
      .description(summary)
      .action(async (...received: unknown[]) => {
        const command = received.at(-1) as Command
        const options = command.optsWithGlobals<GlobalOptions & Record<string, unknown>>()
        const clock = clockOf(options)
        if (!clock.ok) {
          exit = reportFailure(speaker(options.json === true), clock.failure)
          return
        }
        const context = contextOf(options, clock.value, signal)
        endsBySignal = SERVING.has(name) || options['watch'] === true
        const folder = await findFolder(context)
        exit = folder.ok ? await (await load())(context, command.args, options) : reportFailure(context, folder.failure)
      })
  program
    .description('One specification of a machine-learning system, compiled into checks, tests, proofs and gates.')
    .version(TOOL_VERSION, '-V, --version')
    .option('-C <dir>', 'project folder', '.')
    .option('--spec <file>', 'spec file (default: plumb.yaml, or the only *.plumb.yaml)')
    .option('--param <name=value>', 'sets a parameter of the spec; may be repeated', oneMoreParam)
    .option('--clock <file>', 'simulates: the time stands in this file as an RFC 3339 instant; recorded')
    .option('--json', 'machine-readable output')
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureOutput({
      writeOut: (t) => void process.stdout.write(t),
      writeErr: (t) => void process.stderr.write(t),
      // Said by `usageFailure`, with why and what to do.
      outputError: () => undefined,
    })
  defineVerbs(verb)
  for (const command of program.commands) command.exitOverride()
  try {
    await program.parseAsync([...argv], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return EXIT.ok
    return error.code === 'commander.help'
      ? EXIT.usage
      : reportFailure(speaker(argv.includes('--json')), usageFailure(error))
  }
  return signal.aborted && !endsBySignal ? EXIT.interrupted : exit
}

/** What `import` reads; named here, so that no start loads the importers. */
const FORMATS: readonly string[] = [
  'great-expectations',
  'dbt',
  'odcs',
  'json-schema',
  'pandera',
  'sodacl',
  'frictionless',
  'tfdv',
  'soda-contract',
  'sagemaker-statistics',
  'sagemaker',
]

/** Verbs that run until they are told to stop: that is how they end, and no interruption. */
const SERVING: ReadonlySet<string> = new Set(['guard', 'stage'])

type DefineVerb = (name: string, summary: string, load: () => Promise<Verb>) => Command

/** The verbs, in the order of a project's life. Each file is loaded only when its verb runs. */
function defineVerbs(verb: DefineVerb): void {
  const candidate = (): Option => new Option('--candidate <file>', 'the model to test (default: pipeline.candidate)')
  verb(
    'init',
    'profiles a file of data and writes a first spec, or begins with a template',
    async () => (await import('./verbs/init.ts')).init,
  )
    .argument('[data]', 'CSV, JSON, Parquet or Arrow file; not with --template')
    .addOption(new Option('--template <name>', 'begins with a complete pack: spec, rows, model').choices(templateNames))
    .option('--force', 'overwrite an existing spec')
  verb(
    'draft',
    'profiles data files and writes a spec of what their rows support, clause by clause',
    async () => (await import('./verbs/draft.ts')).draft,
  )
    .argument('<data...>', 'CSV, JSON or Parquet files; each becomes a dataset')
    .option('--force', 'overwrite an existing spec')
  verb(
    'import',
    'makes a spec of the checks of another tool, and says what became of each',
    async () => (await import('./verbs/import.ts')).importChecks,
  )
    .argument('<file>', 'such as a suite of Great Expectations')
    .addOption(new Option('--from <format>', 'the format of the file (default: recognized)').choices(FORMATS))
    .option('--data <file>', 'CSV or Parquet file that the checks are about: its columns give the types')
    .option('--exit-code', 'ends in 1 where a check could not be imported')
    .option('--force', 'overwrite an existing spec')
  verb(
    'emit',
    'writes the clauses of tables as checks of another tool, and says what could not be said there',
    async () => (await import('./verbs/emit.ts')).emit,
  )
    .addOption(
      new Option('--to <format>', 'the other tool')
        .choices(['great-expectations', 'odcs', 'dbt'])
        .makeOptionMandatory(),
    )
    .option('--data <name>', 'the dataset of a suite of Great Expectations (default: the first)')
    .option('--out <file>', 'where to write it (default: the terminal; the report then goes to standard error)')
    .option('--exit-code', 'ends in 1 where a clause could not be said')
  verb(
    'check',
    'parses, resolves and type-checks the spec; runs nothing',
    async () => (await import('./verbs/check.ts')).check,
  )
    .option('--data', 'also counts rows, and says what they can decide and what cannot be decided')
    .option('--fix', 'writes the names that were meant, where one is near')
    .option('--solver', 'also looks for contradictions and clauses that ask nothing, with z3 (the package z3-solver)')
    .option('--time <duration>', 'with --solver: for a question, and for all of them together (default: 400ms)')
  verb(
    'propose',
    'turns a sentence of controlled English into a clause to paste; writes nothing',
    async () => (await import('./verbs/propose.ts')).propose,
  ).argument('<sentence...>', 'such as "While age < 25, the recall of the model shall be at least 0.6"')
  verb(
    'steps',
    'lists the steps that features in Gherkin may use',
    async () => (await import('./verbs/steps.ts')).steps,
  ).argument('[words...]', 'only steps with these words')
  verb(
    'diff',
    'says what became of each clause between two versions of the spec, and how its version must move',
    async () => (await import('./verbs/diff.ts')).diff,
  )
    .argument('[before]', 'file, folder, git revision or REV:path (default: HEAD)')
    .argument('[after]', 'the same (default: the spec as it stands here)')
    .addOption(new Option('--reporter <name>', 'how it is printed').choices(['terminal', 'markdown']))
    .option(
      '--exit-code',
      'ends in 1 where something is weaker, removed or incomparable, or the version moved too little',
    )
  verb(
    'fmt',
    'lays out the spec and the files it extends; comments stay',
    async () => (await import('./verbs/fmt.ts')).fmt,
  )
    .argument('[files...]', 'only these files')
    .option('--check', 'writes nothing; exit code 1 if a file would change')
  verb(
    'generate',
    'makes test cases from the clauses, as a committed file and as suites that run without plumb',
    async () => (await import('./verbs/generate.ts')).generate,
  )
    .option('--out <dir>', 'folder of the generated files', 'plumb-tests')
    .addOption(
      new Option('--emit <format...>', 'also writes them out (default: as the committed file says)').choices([
        'pytest',
        'vitest',
        'gherkin',
        'jsonl',
      ]),
    )
    .addOption(
      new Option('--strength <number>', 'so many columns are combined (default: as before, else 2)').argParser(
        strengthOf,
      ),
    )
    .option('--seed <text>', 'the same seed gives the same cases (default: as before)')
    .option('--check', 'writes nothing; exit code 1 if a file would change')
  verb(
    'heal',
    'where the data no longer has the declared columns: what changed, and the patch to review; writes nothing',
    async () => (await import('./verbs/heal.ts')).heal,
  )
    .option('--data <name>', 'only this dataset')
    .option('--before <file>', 'rows from before the change: compared by key and by distribution')
  verb('test', 'tests the clauses and writes evidence', async () => (await import('./verbs/test.ts')).test)
    .option('--stage <stage...>', 'data, model, release (default: data and model)')
    .option('--clause <id...>', 'only these clauses')
    .addOption(candidate())
    .option(
      '--reporter <name...>',
      'terminal, json, junit, sarif, markdown, cucumber; `junit=report.xml` writes a file',
    )
    .option(
      '--baseline <file>',
      "accepts the violations recorded there and fails on new ones; written if it isn't there",
    )
    .option('--warn', 'never fails: lowers the exit code to 0, changes no verdict and no gate')
    .option('--seed <text>', 'another seed; marks the evidence exploratory, which opens nothing')
    .option('--plan', 'says what would be read, pass by pass, and for which clauses; runs nothing, writes nothing')
    .option(
      '--memory-limit <size>',
      'memory of the data engine at most, as 4GB (default: 80 % of the machine)',
      readMemory,
    )
    .option(
      '--temporary-directory <dir>',
      'where the data engine puts what does not fit (default: a folder of the system)',
    )
    .option('--trust', 'start the commands and ask the servers that the spec names for its models; recorded')
    .option('--anew', 'measures every file of a glob again, whatever was kept of it')
    .option(
      '--source <dataset=file>',
      'other rows for a dataset, of a file inside the project; may be repeated',
      (text: string, earlier: readonly string[] = []) => [...earlier, text],
    )
  verb(
    'fuzz',
    'asks every expression of the spec of every target, on generated rows, and compares',
    async () => (await import('./verbs/fuzz.ts')).fuzz,
  )
    .addOption(new Option('--rows <number>', 'rows for each expression').argParser(rowsOf).default(1000, '1000'))
    .option('--seed <text>', 'the same seed gives the same rows', 'plumbline')
    .option('--clause <id...>', 'only these clauses')
    .option('--postgres <url>', 'also asks this PostgreSQL server, in temporary tables; needs the package pg')
    .option('--solver', 'also asks z3, of some of the rows; needs the package z3-solver')
    .option('--cases <dir>', 'writes each disagreement as a file that repeats it')
  verb('gate', 'opens or blocks by evidence', async () => (await import('./verbs/gate.ts')).gate)
    .addOption(candidate())
    .addOption(
      new Option('--environment <name>', 'where to: what it requires must hold')
        .choices(['staging', 'production'])
        .default('production'),
    )
    .option('--base <revision>', 'compare the spec with that of a git revision instead of that in production')
    .option('--waiver-text <id>', 'decides nothing: prints what the person of a waiver signs')
    .option('--warn', 'lowers the exit code to 0; the decision stays')
  verb('run', 'runs the stages of the pipeline, cached by content', async () => (await import('./verbs/run.ts')).run)
    .argument('[stages...]', 'stages to run (default: all)')
    .option('--trust', 'run what the spec names; recorded')
    .option('--watch', 'keeps running: retrains and rolls back when production asks for it')
    .option('--once', 'with --watch: ends when it could only wait')
    .option('--retrain', 'asks for a retraining; `plumb run --watch` takes it up')
  verb(
    'watch',
    'decides windows of production traffic as they end, and sends alerts',
    async () => (await import('./verbs/watch.ts')).watch,
  )
    .option('--once', 'one look at everything that is due, then ends')
    .option('--until <time>', 'ends when all that was due at this instant (RFC 3339) is decided')
    .option('--interval <time>', 'pause between two looks', '5s')
  verb(
    'promote',
    'makes the candidate the champion, if the gate is open, and has the guard in production load it',
    async () => (await import('./verbs/promote.ts')).promote,
  )
    .addOption(candidate())
    .addOption(new Option('--rollback', 'brings back the version before the one in production').conflicts('candidate'))
    .option('--reason <evidence>', 'with --rollback: the violated evidence against the version in production')
  serving(
    verb(
      'guard',
      'serves the champion behind the guard, until told to stop; with --out writes the guard as a JavaScript module',
      async () => (await import('./verbs/guard.ts')).guard,
    ),
    8080,
  )
    .option(
      '--upstream <url>',
      'guard the model of another server of the Open Inference Protocol instead of the champion',
    )
    .option('--no-log', 'do not write requests down: clauses on them are then not watched')
    .addOption(
      new Option('--max-log-bytes <size>', 'what the log may take on disk, such as 500M (default: 10G)').argParser(
        bytesOf,
      ),
    )
    .option(
      '--out <file>',
      'serves nothing: writes an ES module that needs nothing else (Node, browsers, edge runtimes)',
    )
  serving(
    verb(
      'stage',
      'serves the candidate behind the guard, beside what is in production',
      async () => (await import('./verbs/stage.ts')).stage,
    ),
    0,
  ).addOption(candidate())
  verb(
    'export',
    'writes labelled requests to a Parquet file, for retraining',
    async () => (await import('./verbs/export.ts')).exportRequests,
  )
    .requiredOption('--from <instant>', 'beginning of the span, such as 2026-01-07T00:00:00Z')
    .option('--to <instant>', 'its end, not included (default: now)')
    .option('--labels-by <instant>', 'labels that arrived later are not seen (default: the end of the span)')
    .option('--out <file>', 'Parquet file to write; without it the requests are only counted')
  verb(
    'trace',
    'requirements, the clauses that meet them, and the evidence: what is verified, failing, suspect, uncovered',
    async () => (await import('./verbs/trace.ts')).trace,
  )
    .addOption(candidate())
    .addOption(
      new Option('--format <name>', 'how to print it').choices(['terminal', 'markdown', 'csv']).default('terminal'),
    )
    .option('--link [id...]', 'records that the clauses meet these requirements as they read now (default: all)')
    .option(
      '--results <file...>',
      'records results of your own tests: JUnit XML, Great Expectations or Deepchecks JSON',
    )
    .option('--warn', 'lowers the exit code to 0')
  verb(
    'gaps',
    'ranks what no clause speaks of, and says how much is known of each clause',
    async () => (await import('./verbs/gaps.ts')).gaps,
  )
    .addOption(candidate())
    .addOption(new Option('--top <number>', 'how many to print').argParser(countOf).default(20))
    .option('--segments', 'also search for weak segments of the model: half of its rows finds them, the other confirms')
    .option(
      '--trust',
      'start the commands and ask the servers that the spec names for its models, to search its segments',
    )
  verb(
    'mutate',
    'plants faults in data, model, serving and spec, and says which of them the spec notices',
    async () => (await import('./verbs/mutate.ts')).mutate,
  )
    .addOption(candidate())
    .addOption(new Option('--faults <number>', 'how many to plant').argParser(countOf).default(40))
    .addOption(new Option('--controls <number>', 'runs in which nothing is wrong').argParser(countOf).default(10))
    .option('--seed <text>', 'names the choice of faults and every random number', '1')
    .option('--only <kind...>', 'only these kinds of faults, such as null-burst or threshold-shift')
    .option('--no-spec-faults', 'leave out weakened clauses')
    .option('--no-propose', 'do not look for clauses that would notice what survived')
    .option('--trust', 'start the commands and ask the servers that the spec names for its models')
  verb('verify', 'checks the ledger of evidence', async () => (await import('./verbs/verify.ts')).verify).option(
    '--expect-head <digest>',
    'a head kept elsewhere: catches a cut tail and a full rewrite',
  )
  verb('replay', 'reruns a verdict and compares', async () => (await import('./verbs/replay.ts')).replay)
    .argument('<id>', 'evidence id, or a unique beginning of it')
    .option('--trust', 'start the commands and ask the servers that the spec names for its models')
  verb('report', 'renders spec and evidence as a page', async () => (await import('./verbs/report.ts')).report)
    .option('--out <file>', 'where to write it', '.plumb/report.html')
    .option('--card <file>', 'also write a model card in Markdown')
    .option('--before <file>', 'rows from before, drawn beside those of the first dataset (default: its split train)')
    .option('--open', 'serve it at a local address until interrupted')
    .option('--segments', 'also search for weak segments of the model, and show what is confirmed')
    .option(
      '--trust',
      'start the commands and ask the servers that the spec names for its models, to search its segments',
    )
    .addOption(candidate())
  verb(
    'explain',
    'says what a clause, a diagnostic or a verdict means',
    async () => (await import('./verbs/explain.ts')).explain,
  ).argument('<subject>', 'clause id, diagnostic code or evidence id')
}

/** What a verb that serves takes. */
function serving(command: Command, port: number): Command {
  return command
    .addOption(
      new Option('--port <number>', 'where to listen; 0 takes a free one').argParser(portOf).default(port, `${port}`),
    )
    .option('--host <address>', 'address to listen at', '127.0.0.1')
    .addOption(
      new Option('--timeout <duration>', 'from a request to its answer, such as 500ms (default: 10s)').argParser(
        millisOf,
      ),
    )
}

/** A size with its unit, as the data engine reads it. */
function readMemory(text: string): string {
  if (/^\d{1,6}(\.\d{1,3})?\s*([KMGT]i?B)$/i.test(text)) return text
  throw new InvalidArgumentError('It is written as 500MB or 4GB.')
}

function countOf(text: string): number {
  if (/^\d{1,4}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It is a number from 0 to 9999.')
}

function portOf(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) < 65_536) return Number(text)
  throw new InvalidArgumentError('It is a number from 0 to 65535.')
}

function rowsOf(text: string): number {
  if (/^\d{1,7}$/.test(text) && Number(text) > 0) return Number(text)
  throw new InvalidArgumentError('It is a whole number from 1 to 9999999.')
}

function strengthOf(text: string): number {
  if (/^[1-6]$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It is a number from 1 to 6.')
}

function bytesOf(text: string): number {
  const [, digits, unit = ''] = /^(\d{1,15})([kMGT]?)$/.exec(text) ?? []
  const bytes = Number(digits) * 1000 ** ' kMGT'.indexOf(unit === '' ? ' ' : unit)
  if (bytes >= 1 && Number.isSafeInteger(bytes)) return bytes
  throw new InvalidArgumentError('It is a number of bytes, written like 500M or 10G.')
}

function millisOf(text: string): number {
  const read = parseDuration(text)
  const millis = 'value' in read ? Number(read.value / 1000n) : 0
  if (millis >= 1 && millis <= 3_600_000) return millis
  throw new InvalidArgumentError('It is written like 500ms, 10s or 1m, an hour at most.')
}

/** The simulated clock, if one is asked for; a file that shows no time is refused before anything is recorded under it. */
function clockOf({ C, clock: file }: GlobalOptions): Outcome<{ file: string; clock: HostClock } | undefined> {
  if (file === undefined) return success(undefined)
  const path = resolve(C ?? '.', file)
  const opened = openFileClock(path)
  if (opened.ok) return success({ file: path, clock: opened.clock })
  return failure(
    'cli/no-clock',
    `There is no time to be read: ${visible(path)} ${visible(opened.problem)}.`,
    'With --clock the time is that of the file, and of nothing else.',
    'Write an instant such as 2026-01-07T00:00:00Z into it, or leave --clock out.',
  )
}

function contextOf(
  options: GlobalOptions,
  clock: { readonly file: string; readonly clock: HostClock } | undefined,
  signal: AbortSignal,
): CommandContext {
  const json = options.json === true
  const interactive = process.stdout.isTTY === true && !json
  return {
    host: nodeHost(clock === undefined ? {} : { clock: clock.clock }),
    ...(clock === undefined ? {} : { clockFile: clock.file }),
    root: resolve(options.C ?? '.'),
    ...(options.spec === undefined ? {} : { specFile: options.spec }),
    params: Object.fromEntries(
      (options.param ?? []).map((p) => [p.split('=', 1)[0] ?? p, p.slice(p.indexOf('=') + 1)]),
    ),
    ...speaker(json),
    progress: createProgress(process.stderr),
    interactive,
    signal,
    toolVersion: TOOL_VERSION,
  }
}

/** How a command speaks: what goes to the output as JSON cannot steer a terminal either. */
function speaker(json: boolean): Pick<CommandContext, 'json' | 'style' | 'out' | 'err'> {
  return {
    json,
    style: createStyle(wantsColor(process.stdout, process.env)),
    out: (text) => void process.stdout.write(json ? jsonForTerminal(text) : text),
    err: (text) => void process.stderr.write(text),
  }
}

function oneMoreParam(text: string, earlier: readonly string[] = []): readonly string[] {
  if (!/^[^=]+=/.test(text)) throw new InvalidArgumentError('It is written NAME=VALUE.')
  return [...earlier, text]
}

/** An exception is our bug; it still ends in words, and the trace only for who asks for it. */
