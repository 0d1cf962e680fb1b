import { isDigest } from '@plumbline/core'
import { failureText } from '@plumbline/store'
import type { CommandContext } from '../context.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { failure } from '../failure.ts'
import { openState } from '../project/state.ts'
import { reportFailure } from '../report-failure.ts'
import { oneLine } from '../terminal/one-line.ts'

/** `plumb verify`: checks every byte of the ledger; with a head kept elsewhere also that nothing was cut or rewritten. */
export async function verify(
  context: CommandContext,
  _args: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<ExitCode> {
  const expected = options['expectHead']
  if (expected !== undefined && !isDigest(expected)) {
    const wrong = failure(
      'cli/bad-digest',
      `\`${String(expected)}\` is not a digest.`,
      'A head is `sha256:` and 64 hexadecimal digits.',
      'Copy it from the output of an earlier `plumb verify`.',
    )
    return reportFailure(context, wrong.failure)
  }
  const { ledger } = openState(context)
  const result = await ledger.verify(expected === undefined ? {} : { expectHead: { digest: expected } })
  if (context.json) context.out(`${JSON.stringify(result, null, 2)}\n`)
  switch (result.kind) {
    case 'ok': {
      if (context.json) return EXIT.ok
      const { green, dim } = context.style
      const since =
        result.unchangedSince === undefined
          ? ''
          : `, unchanged since the head you expect (record ${result.unchangedSince.seq})`
      context.out(
        `${green('✓')} the ledger is whole: ${result.records} records${since}\n  head ${result.head.digest}\n`,
      )
      if (expected === undefined)
        context.out(
          dim(
            '  A cut tail or a full rewrite shows only against a head kept elsewhere: keep this one, and pass it with --expect-head.\n',
          ),
        )
      return EXIT.ok
    }
    case 'broken': {
      const { place, what, why, fix } = result.broken
      if (!context.json) {
        context.out(
          `${context.style.red('✗')} the ledger is broken: ${oneLine(what)}\n  at  ${oneLine(`${ledger.directory}/${place.file}`)}, line ${place.line} (byte ${place.byteOffset})\n  why: ${oneLine(why)}\n  fix: ${oneLine(fix)}\n`,
        )
      }
      return EXIT.violated
    }
    case 'failed':
      if (context.json) return EXIT.environment
      return reportFailure(
        context,
        failure(
          'cli/ledger',
          `The ledger cannot be read: ${failureText(result.failure)}.`,
          'What cannot be read cannot be vouched for.',
          'Check that .plumb/ is a folder, and its permissions.',
          EXIT.environment,
        ).failure,
      )
  }
}
