import * as catalog from '../../diagnostics/catalog/language.ts'
import { paramType } from '../../diagnostics/catalog/params.ts'
import { diagnose } from '../../diagnostics/define.ts'
import { nearestName } from '../../diagnostics/suggest.ts'
import { nearestWord } from '../../diagnostics/synonyms.ts'
import type { Located } from '../../source/span.ts'
import {
  type Decimal,
  decimalText,
  type Micros,
  parseDecimal,
  parseDuration,
  parseRate,
  type Rate,
} from '../literals.ts'
import { coreType, type CoreType, type YamlScalar } from '../yaml/tree.ts'
import { described, type Reader, type ReadContext, scalarOf } from './reader.ts'

const ANY: readonly CoreType[] = ['text', 'integer', 'number', 'boolean']

function located<T>(value: T, node: YamlScalar): Located<T> {
  return { value, span: node.span }
}

/** Text; a number or boolean must be put in quotes. */
export const text: Reader<Located<string>> = {
  expects: 'a text',
  schema: { type: 'string', minLength: 1 },
  read: (node, context) => {
    const scalar = scalarOf(node, { expects: 'a text', types: ['text'] }, context)
    return scalar && located(scalar.text, scalar)
  },
}

/** A name, a version, a code shown as text: any scalar, as it is written. */
export const word: Reader<Located<string>> = {
  expects: 'a name',
  schema: { type: ['string', 'number', 'boolean'], minLength: 1 },
  read: (node, context) => {
    const scalar = scalarOf(node, { expects: 'a name', types: ANY }, context)
    return scalar && located(scalar.text, scalar)
  },
}

/** Any scalar as it is written; the empty text in quotes is admitted. */
export const rawText: Reader<Located<string>> = {
  expects: 'a text',
  schema: { type: ['string', 'number', 'boolean'] },
  read: (node, context) => {
    const scalar = scalarOf(node, { expects: 'a text', types: ANY, emptyText: true }, context)
    return scalar && located(scalar.text, scalar)
  },
}

/** One ASCII character that is no line end, as it is written; the empty text in quotes stands for none. */
export const character: Reader<Located<string>> = {
  expects: 'one ASCII character',
  schema: { type: ['string', 'number'] },
  read: (node, context) => {
    const found = rawText.read(node, context)
    if (found === undefined || /^[\x20-\x7e\t]?$/.test(found.value)) return found
    const fix = 'Write one ASCII character in quotes, or "" for none.'
    context.report(diagnose(catalog.badLiteral, found.span, { text: found.value, expects: 'one ASCII character', fix }))
    return undefined
  },
}

/** An address, credential or webhook: the only texts that may hold `${NAME}`. */
export const address: Reader<Located<string>> = {
  expects: 'an address',
  schema: { type: 'string', minLength: 1 },
  read: (node, context) => {
    const scalar = scalarOf(node, { expects: 'an address', types: ['text'], environment: true }, context)
    return scalar && located(scalar.text, scalar)
  },
}

/**
 * The address of a receiver over HTTP. It may be, or hold, `${NAME}`: kept as written, and resolved only when something
 * is sent.
 */
export const webAddress: Reader<Located<string>> = {
  expects: 'an http or https address',
  schema: { type: 'string', minLength: 1 },
  read: (node, context) => {
    const found = address.read(node, context)
    if (found === undefined) return undefined
    const filled = found.value.replace(/^\$\{[A-Za-z_]\w*\}/, 'http://x').replaceAll(/\$\{[A-Za-z_]\w*\}/g, 'x')
    if (/^https?:\/\/[^\s/?#$]+[^\s$]*$/.test(filled)) return found
    const { expects } = webAddress
    const fix = 'Write for example https://alerts.example.org/hook, or ${ALERT_URL} to take it from the environment.'
    context.report(diagnose(catalog.badLiteral, found.span, { text: found.value, expects, fix }))
    return undefined
  },
}

/** true or false. */
export const boolean: Reader<Located<boolean>> = {
  expects: 'true or false',
  schema: { type: 'boolean' },
  read: (node, context) => {
    const scalar = scalarOf(node, { expects: 'true or false', types: ['boolean'] }, context)
    return scalar && located(scalar.text.toLowerCase() === 'true', scalar)
  },
}

const DECIMAL_SCHEMA = {
  anyOf: [
    { type: 'number' },
    { type: 'string', pattern: '^[-+]?(\\d[\\d_]*)?(\\.\\d[\\d_]*)?([eE][-+]?\\d+)?%?$' },
    { type: 'string', pattern: '^[A-Za-z_]\\w*$', description: 'the name of a parameter' },
  ],
} as const

/** A decimal number with its place; the exact text goes along. */
export interface LocatedDecimal extends Located<Decimal> {
  readonly source: YamlScalar
}

function decimal(expects: string): Reader<LocatedDecimal> {
  return {
    expects,
    schema: DECIMAL_SCHEMA,
    read: (node, context) => {
      const scalar = scalarOf(node, { expects, types: ['integer', 'number', 'text'] }, context)
      if (scalar === undefined) return undefined
      const param = numberParam(scalar, expects, context)
      if (param === 'none') return undefined
      const value = parseDecimal(param ?? scalar.text)
      if (value === undefined) {
        const near = nearestName(scalar.text, context.params.keys())
        const fix = near === undefined ? {} : { fix: `Did you mean the parameter '${near}'?` }
        context.report(diagnose(catalog.badLiteral, scalar.span, { text: scalar.text, expects, ...fix }))
        return undefined
      }
      return { value, span: scalar.span, source: scalar }
    },
  }
}

/**
 * The number that a parameter named by a field stands for, as decimal text; undefined where the text names none, 'none'
 * after a finding. `takesUnits` says that the field may be in a unit; else a parameter in one is a finding.
 */
export function numberParam(
  scalar: YamlScalar,
  expects: string,
  context: ReadContext,
  takesUnits = false,
): string | undefined | 'none' {
  const param = context.params.get(scalar.text)
  if (param === undefined || scalar.style !== 'plain') return undefined
  if (param === 'lost') return 'none'
  const { value, unit, span } = param
  if (typeof value === 'number' && (unit === undefined || takesUnits)) return decimalText(value)
  const found = typeof value === 'string' ? 'a text' : typeof value === 'number' ? `in ${unit}` : 'true or false'
  const related = [{ message: 'its value stands here', span }]
  context.report(diagnose(paramType, scalar.span, { name: scalar.text, found, expects }, related))
  return 'none'
}

/** Bounds of a number field; `above` and `below` are exclusive. */
export interface NumberRules {
  readonly integer?: boolean
  readonly above?: number
  readonly atLeast?: number
  readonly below?: number
  readonly atMost?: number
}

/** A number such as `10_000`, `0.5` or `99%`, as a float64 (integers must be safe). */
export function number(expects: string, rules: NumberRules = {}): Reader<Located<number>> {
  const reader = decimal(expects)
  return {
    ...reader,
    read: (node, context) => {
      const found = reader.read(node, context)
      if (found === undefined) return undefined
      const value = Number(found.value.text)
      const fits =
        Number.isFinite(value) &&
        (!rules.integer || (found.value.integer && Number.isSafeInteger(value))) &&
        (rules.above === undefined || value > rules.above) &&
        (rules.atLeast === undefined || value >= rules.atLeast) &&
        (rules.below === undefined || value < rules.below) &&
        (rules.atMost === undefined || value <= rules.atMost)
      if (fits) return { value, span: found.span }
      context.report(
        diagnose(catalog.outOfRange, found.span, {
          text: found.source.text,
          allowed: `${expects} is expected`,
          ...(rules.below === 1 || rules.atMost === 1 ? { meant: percentOf(found.source.text) } : {}),
        }),
      )
      return undefined
    },
  }
}

/** `95` where a share is asked for: the sign was forgotten; `0.95%`: it is too much. */
function percentOf(text: string): string | undefined {
  const fraction = /^(0?\.\d{1,12})%$/.exec(text)?.[1]
  if (fraction !== undefined) return `${parseDecimal(`${fraction}e2`)?.text}%`
  return /^\d{1,2}(\.\d+)?$/.test(text) && Number(text) > 1 ? `${text}%` : undefined
}

/** A share in (0, 1], as exact decimal text: `99%` and `0.990` both are `0.99`. */
export const share: Reader<Located<string>> = (() => {
  const reader = decimal('a share such as 99%')
  return {
    ...reader,
    read: (node, context) => {
      const found = reader.read(node, context)
      if (found === undefined) return undefined
      const { text: exact } = found.value
      if (exact === '1' || (exact.startsWith('0.') && exact !== '0')) {
        const { text: written } = found.source
        const meant = /^0?\.[5-9]\d*%$/.test(written) ? percentOf(written) : undefined
        if (meant !== undefined)
          context.report(diagnose(catalog.percentOfPercent, found.span, { text: written, meant, exact }))
        return { value: exact, span: found.span }
      }
      const allowed = 'a share is more than 0 % and at most 100 %'
      context.report(
        diagnose(catalog.outOfRange, found.span, {
          text: found.source.text,
          allowed,
          meant: percentOf(found.source.text),
        }),
      )
      return undefined
    },
  }
})()

/** A duration such as `2ms`, `1h`, `1d` or `4w`, in microseconds. */
export function durationAtLeast(least: Micros): Reader<Located<Micros>> {
  const expects = 'a duration such as 2ms, 1h, 1d or 4w'
  return {
    expects,
    schema: { type: 'string', pattern: '^\\d[\\d_]*(\\.\\d+)?(us|ms|s|m|h|d|w)$' },
    read: (node, context) => {
      const scalar = scalarOf(node, { expects, types: ANY }, context)
      if (scalar === undefined) return undefined
      const value = parseDuration(scalar.text)
      if (value !== undefined && value >= least) return located(value, scalar)
      const unitless = /^[\d_.]+$/.test(scalar.text)
      if (value !== undefined)
        context.report(
          diagnose(catalog.outOfRange, scalar.span, { text: scalar.text, allowed: 'it must be longer than zero' }),
        )
      else
        context.report(
          diagnose(catalog.badLiteral, scalar.span, {
            text: scalar.text,
            expects,
            fix: unitless
              ? `Add the unit, for example ${scalar.text}s, ${scalar.text}h or ${scalar.text}d.`
              : 'The units are us, ms, s, m, h, d and w.',
          }),
        )
      return undefined
    },
  }
}

/** A duration longer than zero. */
export const duration = durationAtLeast(1n)

/** A rate such as `4/month`. */
export const rate: Reader<Located<Rate>> = {
  expects: 'a rate such as 4/month',
  schema: { type: 'string', pattern: '^\\d+\\s*/\\s*(second|minute|hour|day|week|month|year)$' },
  read: (node, context) => {
    const expects = 'a rate such as 4/month'
    const scalar = scalarOf(node, { expects, types: ANY }, context)
    if (scalar === undefined) return undefined
    const value = parseRate(scalar.text)
    if (value !== undefined) return located(value, scalar)
    const fix = 'The units are second, minute, hour, day, week, month and year.'
    context.report(diagnose(catalog.badLiteral, scalar.span, { text: scalar.text, expects, fix }))
    return undefined
  },
}

/** One word of a closed list; `what` fits "'x' is not …": `a severity`. */
export function choice<const T extends string>(what: string, known: readonly T[]): Reader<Located<T>> {
  const expects = `one of ${known.join(', ')}`
  return {
    expects,
    schema: { enum: known },
    read: (node, context) => {
      const scalar = scalarOf(node, { expects, types: ANY }, context)
      if (scalar === undefined) return undefined
      const value = known.find((candidate) => candidate === scalar.text)
      if (value !== undefined) return located(value, scalar)
      const nearest = nearestWord(scalar.text, known)
      context.report(diagnose(catalog.notOneOf, scalar.span, { text: scalar.text, what, known, nearest }))
      return undefined
    },
  }
}

/** A path inside the project, with `/`; globs are left as they are. */
export const path: Reader<Located<string>> = described('a path inside the project', {
  ...text,
  read: (node, context) => {
    const scalar = scalarOf(node, { expects: 'a path inside the project', types: ['text'] }, context)
    if (scalar === undefined) return undefined
    const how = leavesProject(scalar.text)
    if (how === undefined) return located(scalar.text, scalar)
    context.report(diagnose(catalog.pathOutside, scalar.span, { path: scalar.text, how }))
    return undefined
  },
})

/** How a path leaves the project, in words; undefined where it stays inside. */
export function leavesProject(written: string): string | undefined {
  if (/^[A-Za-z][A-Za-z0-9+.-]+:\/\//.test(written)) return 'is an address, not a file of the project'
  if (/^(?:[/\\]|[A-Za-z]:|~)/.test(written)) return 'is absolute'
  let depth = 0
  for (const part of written.split(/[/\\]/)) {
    if (part === '..') depth--
    else if (part !== '' && part !== '.') depth++
    if (depth < 0) return 'leads out of the project'
  }
  return undefined
}

/** A number, boolean or text, as its YAML type says (parameters). Integers beyond ±(2^53−1) are refused, not rounded. */
export const plainValue: Reader<Located<number | string | boolean>> = {
  expects: 'a number, a text, or true/false',
  schema: { type: ['string', 'number', 'boolean'] },
  read: (node, context) => readPlainValue(node, context),
}

function readPlainValue(
  node: Parameters<Reader<unknown>['read']>[0],
  context: ReadContext,
): Located<number | string | boolean> | undefined {
  const scalar = scalarOf(node, { expects: plainValue.expects, types: ANY, emptyText: true }, context)
  if (scalar === undefined) return undefined
  const type = coreType(scalar)
  if (type === 'boolean') return located(scalar.text.toLowerCase() === 'true', scalar)
  const exact = scalar.style === 'plain' ? parseDecimal(scalar.text) : undefined
  if (exact === undefined) return located(scalar.text, scalar)
  const value = Number(exact.text)
  if (!exact.integer || Number.isSafeInteger(value)) return located(value, scalar)
  const allowed = 'integers up to ±(2^53 − 1) are read exactly'
  context.report(diagnose(catalog.outOfRange, scalar.span, { text: scalar.text, allowed }))
  return undefined
}
