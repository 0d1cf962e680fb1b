import { canonicalJson, type JsonObject, type JsonValue } from '@plumbline/core'
import { type PipelineResult, refuse, type Stage } from './stage.ts'

/** A program and its arguments. */
export type Command = readonly [string, ...string[]]

/** What a shell would act on, and what would reach the program as plain text without one. */
const SHELL = /^(?:\|\|?|&&?|;|[0-9]?>>?|<)$|;$|["'`]|\$\(/

/**
 * The argument list of a stage, its `${params.name}` replaced. A text is split at white space; one that was plainly
 * meant for a shell (quotes, pipes, `&&`) is refused rather than passed on to the program as text.
 */
export function commandOf(stage: Stage): PipelineResult<Command> {
  const words = typeof stage.run === 'string' ? stage.run.split(/\s+/).filter((word) => word !== '') : stage.run
  if (typeof stage.run === 'string') {
    const odd = words.find((word) => SHELL.test(word))
    if (odd !== undefined) {
      const why = `there is no shell, so ${JSON.stringify(odd)} has no meaning; write a list of arguments`
      return refuse({ kind: 'bad-command', stage: stage.name, why })
    }
  }
  const params = stage.params ?? {}
  const unknown = words.flatMap(paramsIn).find((name) => !Object.hasOwn(params, name))
  if (unknown !== undefined) return refuse({ kind: 'unknown-param', stage: stage.name, param: unknown })
  const [program, ...args] = words.map((word) => fill(word, params))
  if (program === undefined || program === '')
    return refuse({ kind: 'bad-command', stage: stage.name, why: 'it is empty' })
  if ([program, ...args].some((word) => word.includes('\0') || !word.isWellFormed())) {
    return refuse({ kind: 'bad-command', stage: stage.name, why: 'it holds what no argument can hold' })
  }
  return { ok: true, value: [program, ...args] }
}

const PARAM = /\$\{params\.([^}]*)\}/g

function paramsIn(word: string): string[] {
  return [...word.matchAll(PARAM)].map(([, name = '']) => name)
}

function fill(word: string, params: JsonObject): string {
  return word.replaceAll(PARAM, (_, name: string) => textOf(params[name] ?? null))
}

/** Texts as they are, everything else as JSON; always part of one argument, whatever it holds. */
function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : canonicalJson(value)
}
