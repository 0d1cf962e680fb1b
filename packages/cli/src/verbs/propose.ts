import type { RecordValue } from '@plumbline/core'
import { type Proposal, propose as proposeClause } from '@plumbline/gherkin'
import type { CommandContext } from '../context.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { failure } from '../failure.ts'
import { checkSpec } from '../project/load-program.ts'
import { reportFailure } from '../report-failure.ts'
import { oneLine } from '../terminal/one-line.ts'

/** `plumb propose "…"`: a sentence of controlled English as a clause to paste; writes nothing. */
export async function propose(context: CommandContext, args: readonly string[]): Promise<ExitCode> {
  const sentence = args.join(' ')
  const loaded = await checkSpec(context)
  if (!loaded.ok) return reportFailure(context, loaded.failure)
  const { spec, sources } = loaded.value
  if (spec === undefined)
    return reportFailure(
      context,
      failure(
        'cli/spec-mistakes',
        'The spec has mistakes.',
        'A proposal names columns, models and slices of the spec; with mistakes in it they are not known.',
        'Correct it (`plumb check`).',
      ).failure,
    )
  const proposed = sentence.length > LONGEST ? undefined : proposeClause(sentence, spec, sources)
  if (proposed?.kind !== 'proposal') {
    const why = proposed === undefined ? `it is longer than ${LONGEST} characters` : proposed.why
    return reportFailure(
      context,
      failure(
        'cli/not-understood',
        `The sentence is not understood: ${why}.`,
        'Only what can be read with certainty is proposed; nothing is guessed.',
        proposed?.near ??
          'Write such as: The recall of the model on test shall be at least 0.8. (`plumb steps` has more.)',
      ).failure,
    )
  }
  if (context.json)
    context.out(`${JSON.stringify({ schema: 'plumbline/propose/1', ...proposalJson(proposed.proposal) }, null, 2)}\n`)
  else show(context, proposed.proposal)
  return EXIT.ok
}

const LONGEST = 1_000

/** What `propose --json` prints of a proposal. */
export function proposalJson({ step, yaml, english, rows, notes }: Proposal): object {
  const row = (cells: RecordValue | undefined) => (cells === undefined ? null : rowOf(cells))
  return {
    step,
    yaml,
    english,
    rows: rows === undefined ? null : { passes: row(rows.passes), fails: row(rows.fails) },
    notes,
  }
}

function show({ out, style }: CommandContext, { yaml, english, rows, notes }: Proposal): void {
  out(`${yaml.split('\n').map(oneLineKept).join('\n')}\n\n`)
  out(`  ${style.dim('in words')}  ${oneLine(english)}\n`)
  const row = (label: string, cells: RecordValue | undefined): void => {
    const shown =
      cells === undefined
        ? 'none was found'
        : Object.entries(rowOf(cells))
            .map(([name, value]) => `${name} = ${value ?? 'missing'}`)
            .join(', ')
    out(`  ${style.dim(label.padEnd(8))}  ${oneLine(shown)}\n`)
  }
  if (rows !== undefined) {
    row('passes', rows.passes)
    row('fails', rows.fails)
  }
  for (const note of notes) out(`  ${style.yellow('note'.padEnd(8))}  ${oneLine(note)}\n`)
}

/** Indents stay; whatever else is odd becomes visible. */
const oneLineKept = (line: string): string => `${/^ */.exec(line)?.[0] ?? ''}${oneLine(line.trimStart())}`

function rowOf(cells: RecordValue): Readonly<Record<string, string | null>> {
  return Object.fromEntries([...cells].map(([name, value]) => [name, value === null ? null : textOf(value)]))
}

function textOf(value: NonNullable<RecordValue extends ReadonlyMap<string, infer V> ? V : never>): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'object' && 'timestamp' in value)
    return new Date(Number(value.timestamp / 1_000n)).toISOString().replace('.000Z', 'Z')
  return typeof value === 'object'
    ? JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? String(each) : each))
    : String(value)
}
