import type { CommanderError } from 'commander'
import type { Failure } from './failure.ts'
import { failure } from './failure.ts'

/** What is wrong with a command line, in the words of this tool; the parser's own code says which case it is. */
export function usageFailure({ code, message }: CommanderError): Failure {
  const [what = '', hint] = message.replace(/^error: /, '').split(/\n\(Did you mean (?:one of )?/)
  const nearest = hint?.replace(/\?\)$/, '')
  const said = `${what.charAt(0).toUpperCase()}${what.slice(1).replace(/\.$/, '')}.`
  const words = WORDS[code] ?? { why: 'The command line could not be read.' }
  const fix = nearest === undefined ? (words.fix ?? HELP) : `Did you mean ${nearest}?`
  return failure(`cli/${words.code ?? 'usage'}`, said, words.why, fix).failure
}

const HELP = 'See `plumb VERB --help` for what a verb takes.'

const WORDS: Readonly<Record<string, { readonly code?: string; readonly why: string; readonly fix?: string }>> = {
  'commander.unknownCommand': {
    code: 'unknown-verb',
    why: 'The first word says what to do.',
    fix: 'See `plumb --help` for the verbs.',
  },
  'commander.unknownOption': {
    code: 'unknown-option',
    why: 'A mistyped option would otherwise be ignored in silence.',
  },
  'commander.missingArgument': { code: 'missing-argument', why: 'The verb cannot do anything without it.' },
  'commander.optionMissingArgument': { code: 'missing-value', why: 'The option stands without its value.' },
  'commander.excessArguments': {
    code: 'too-many-arguments',
    why: 'Words that a verb does not take would otherwise be ignored in silence.',
  },
  'commander.invalidArgument': { code: 'bad-value', why: 'The option cannot take this value.' },
}
