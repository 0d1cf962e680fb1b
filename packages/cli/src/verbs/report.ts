import { createServer } from 'node:http'
import { isAbsolute, join } from 'node:path'
import type { Program } from '@plumbline/core'
import { type DatasetPicture, datasetPicture } from '@plumbline/engine'
import { renderModelCard, renderReport, type ReportInput } from '@plumbline/report'
import type { CommandContext } from '../context.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { failure, type Outcome, success } from '../failure.ts'
import { findDataFile } from '../project/data-file.ts'
import { subjectOf } from '../project/decide.ts'
import { readHistory } from '../project/history.ts'
import { readyProgram, type ReadyProgram } from '../project/ready.ts'
import type { ProjectState } from '../project/state.ts'
import { reportFailure } from '../report-failure.ts'
import { findSegments } from '../mutating/find-segments.ts'
import { readAdequacy } from '../mutating/read-adequacy.ts'
import { oneLine } from '../terminal/one-line.ts'

/** `plumb report`: spec and evidence as one self-contained page, and a model card in Markdown. */
export async function report(
  context: CommandContext,
  _args: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<ExitCode> {
  const ready = await readyProgram(context)
  if ('exit' in ready) return ready.exit
  const before = options['before'] as string | undefined
  const older = before === undefined ? success(undefined) : await findDataFile(context.host, context.root, before)
  if (!older.ok) return reportFailure(context, older.failure)
  // The engine draws in threads of its own, while what was decided is read here.
  const drawing = picturesOf(context, ready.program, older.value?.path)
  const gathered = await gather(context, ready, options)
  const pictures = await drawing
  if ('exit' in gathered) return gathered.exit
  const input: ReportInput = { ...gathered.value, pictures }
  const html = renderReport(input)
  const out = options['out'] as string
  const written = await write(context, out, html)
  if (!written.ok) return reportFailure(context, written.failure)
  const card = options['card'] as string | undefined
  if (card !== undefined) {
    const cardWritten = await write(context, card, renderModelCard(input))
    if (!cardWritten.ok) return reportFailure(context, cardWritten.failure)
  }
  if (context.json) context.out(`${JSON.stringify({ report: written.value, card: card ?? null }, null, 2)}\n`)
  else {
    context.out(`${context.style.green('✓')} ${oneLine(written.value)}\n`)
    if (card !== undefined) context.out(`${context.style.green('✓')} ${oneLine(card)}\n`)
  }
  return options['open'] === true ? serve(context, written.value) : EXIT.ok
}

/** All of the page but the pictures; or the exit code, after what stopped it was said. */
async function gather(
  context: CommandContext,
  ready: ReadyProgram,
  options: Readonly<Record<string, unknown>>,
): Promise<{ readonly value: Omit<ReportInput, 'pictures'> } | { readonly exit: ExitCode }> {
  const named = options['candidate'] as string | undefined
  const subject = await subjectOf(context, ready, (state) => named ?? inProduction(state))
  if ('exit' in subject) return subject
  const { program, state } = subject
  const stopped = (found: Parameters<typeof reportFailure>[1]) => ({ exit: reportFailure(context, found) })
  const head = await state.ledger.head()
  const promotions = await state.registry.history('champion')
  const history = await readHistory(state.ledger)
  if (!history.ok) return stopped(history.failure)
  const adequacy = await readAdequacy(context, subject)
  if (!adequacy.ok) return stopped(adequacy.failure)
  const searched =
    options['segments'] === true
      ? await findSegments(context, program, subject.files, options['trust'] === true)
      : undefined
  if (searched?.ok === false) return stopped(searched.failure)
  const { production } = subject.files
  const value = {
    program,
    evidence: subject.evidence,
    gate: subject.decision,
    ...(head.ok ? { ledgerHead: head.value } : {}),
    promotions: promotions.ok ? promotions.value : [],
    ...history.value,
    ...adequacy.value,
    ...(searched?.value === undefined ? {} : { segments: searched.value }),
    ...(production === undefined ? {} : { champion: production.digest }),
    ...(subject.files.candidate === undefined ? {} : { candidate: subject.files.candidate.digest }),
    generatedAt: new Date(context.host.clock.now()).toISOString(),
    toolVersion: context.toolVersion,
  }
  return { value }
}

/** The datasets as they lie; rows from before are compared with the first. One that cannot be read has no picture: its clauses say why. */
async function picturesOf(
  { root, signal }: CommandContext,
  program: Program,
  before: string | undefined,
): Promise<readonly DatasetPicture[]> {
  const pictures: DatasetPicture[] = []
  for (const [i, dataset] of program.datasets.entries()) {
    const drawn = await datasetPicture({
      root,
      dataset,
      signal,
      ...(i === 0 && before !== undefined ? { before } : {}),
    })
    if (drawn.ok) pictures.push(drawn.value)
  }
  return pictures
}

/** The page is about the version in production where there is one, else about the candidate. */
async function inProduction({ registry }: ProjectState): Promise<string | undefined> {
  const champion = await registry.champion('champion')
  return champion.ok ? champion.value?.path : undefined
}

async function write(context: CommandContext, file: string, text: string): Promise<Outcome<string>> {
  const path = isAbsolute(file) ? file : join(context.root, file)
  const made = await context.host.files.mkdir(join(path, '..'))
  const written = made.ok ? await context.host.files.writeAtomic(path, text) : made
  if (written.ok) return success(path)
  return failure(
    'cli/not-written',
    `${file} could not be written: ${written.error.message}.`,
    'The evidence is in the ledger; only the page is missing.',
    'Check the path and permissions.',
    EXIT.environment,
  )
}

const HEADERS = {
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
  'cache-control': 'no-store',
}

/** Serves the page on loopback until interrupted; what another `plumb report` writes meanwhile is there after a reload. */
function serve(context: CommandContext, path: string): Promise<ExitCode> {
  return new Promise((resolve) => {
    const server = createServer(async (_request, response) => {
      const html = await context.host.files.readFile(path)
      if (html.ok) response.writeHead(200, { ...HEADERS, 'content-type': 'text/html; charset=utf-8' }).end(html.value)
      else response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end(`${path} is gone.\n`)
    })
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      context.out(`The report is at http://127.0.0.1:${port}/ (Ctrl-C ends it)\n`)
    })
    context.signal.addEventListener('abort', () => {
      server.close()
      resolve(EXIT.ok)
    })
  })
}
