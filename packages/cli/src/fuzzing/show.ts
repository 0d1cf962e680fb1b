import type { CommandContext } from '../context.ts'
import { oneLine } from '../terminal/one-line.ts'
import type { FuzzDisagreement, FuzzedExpression, FuzzResult } from './result.ts'

/** Names shown of what asks an expression; the rest are counted. */
const NAMES = 3

/** Prints what was compared, what was not and why, and every disagreement with its row. */
export function showFuzz({ out, style }: Pick<CommandContext, 'out' | 'style'>, result: FuzzResult): void {
  const { bold, dim, green, red, yellow } = style
  const { disagreements, expressions, implementations, skipped } = result
  const [, ...targets] = implementations
  for (const each of disagreements) showDisagreement(out, style, each)
  for (const target of targets) {
    const refused = expressions.flatMap(({ by, ...asked }) => {
      const reason = by[target]?.refused
      return reason === undefined ? [] : [{ ...asked, reason }]
    })
    const pairs = expressions.reduce((sum, { by }) => sum + (by[target]?.pairs ?? 0), 0)
    const open = expressions.reduce((sum, { by }) => sum + (by[target]?.undecided ?? 0), 0)
    const left = open === 0 ? '' : `, ${count(open)} more not decided`
    out(`  ${target.padEnd(11)} ${count(pairs)} pairs of ${expressions.length - refused.length} expressions${left}\n`)
    // A value has no margin: that is no restriction, and would be said of every slice of numbers.
    if (target === 'margin') continue
    for (const [reason, of] of Map.groupBy(refused, (each) => each.reason))
      out(dim(`    not asked of ${oneLine(of.map(nameOf).join(', '))}: ${oneLine(reason)}\n`))
  }
  for (const [reason, of] of Map.groupBy(skipped, (each) => each.reason))
    out(
      dim(
        `  not compared: ${oneLine(
          shortened(
            of.map(({ clause }) => clause),
            6,
          ),
        )}: ${oneLine(reason)}\n`,
      ),
    )
  const share = result.rows === 0 ? 0 : Math.round((100 * result.hostile) / result.rows)
  const summary = `${count(result.pairs)} pairs (${count(expressions.length)} expressions, ${share} % of rows hostile, seed ${oneLine(result.seed)})`
  if (result.interrupted) out(`${yellow('!')} interrupted after ${summary}\n`)
  if (result.pairs === 0) out(`${yellow('!')} nothing was compared\n`)
  else if (disagreements.length > 0)
    out(`${red('✗')} ${bold(`${disagreements.length} of ${expressions.length} expressions differ`)} in ${summary}\n`)
  else out(`${green('✓')} no disagreement in ${summary}\n`)
}

function showDisagreement(
  out: CommandContext['out'],
  { bold, dim, red }: CommandContext['style'],
  found: FuzzDisagreement,
): void {
  const line = (name: string, text: string): void => out(`  ${dim(name.padEnd(11))} ${oneLine(text)}\n`)
  out(`${red('✗')} ${bold(oneLine(nameOf(found)))}: ${found.differing.join(' and ')} differs from the reference\n`)
  line('smallest', found.case.expression)
  for (const { name, kind } of found.case.columns)
    line('row', `${JSON.stringify(name)} = ${cellText(found.case.row[name] ?? null, kind)}`)
  line('reference', found.reference)
  for (const [name, answer] of Object.entries(found.answers)) line(name, answer)
  for (const [name, code] of Object.entries(found.code)) line(`${name} code`, code)
  out('\n')
}

const cellText = (cell: FuzzDisagreement['case']['row'][string], kind: string): string => {
  if (cell === null) return 'missing'
  return kind === 'string'
    ? JSON.stringify(cell)
    : kind === 'bool' || kind === 'int'
      ? String(cell)
      : `${kind} ${String(cell)}`
}

const nameOf = ({ asked }: Pick<FuzzedExpression, 'asked'>): string => shortened(asked, NAMES)

function shortened(names: readonly string[], most: number): string {
  const more = names.length > most ? ` and ${names.length - most} more` : ''
  return names.slice(0, most).join(', ') + more
}

const count = (n: number): string => String(n).replaceAll(/\B(?=(\d{3})+$)/g, ' ')
