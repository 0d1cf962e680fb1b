import { LEVEL_NAMES, visible } from '@plumbline/core'
import { oneLine } from '../terminal/one-line.ts'
import type { Style } from '../terminal/style.ts'
import type { Gaps } from '../verbs/gaps.ts'

/** Gaps for people: the gravest ones, how many there are of each kind, and how much is known of the clauses. */
export function gapsText({ gaps, histogram, mutated, pairsCause, segments }: Gaps, most: number, style: Style): string {
  const shown = gaps.slice(0, most)
  const lines = shown.map(
    ({ kind, subject, says, fix, yaml }) =>
      `${style.yellow(kind.padEnd(15))} ${style.bold(oneLine(subject))}  ${oneLine(says)}\n${' '.repeat(16)}${style.dim(oneLine(fix))}\n${kind === 'segment' ? toPaste(yaml) : ''}`,
  )
  const kinds = [...Map.groupBy(gaps, ({ kind }) => kind)].map(([kind, all]) => `${all.length} ${kind}`)
  const more = gaps.length > shown.length ? `, ${gaps.length - shown.length} not shown (--top)` : ''
  const levels = histogram.map((n, level) => `L${level} ${LEVEL_NAMES[level]}: ${n}`)
  return [
    ...lines,
    gaps.length === 0 ? 'No gap was found.\n' : `\n${gaps.length} gaps: ${kinds.join(', ')}${more}\n`,
    `clauses by level: ${levels.join(', ')}\n`,
    mutated
      ? ''
      : style.dim('Run `plumb mutate` to see which faults nobody notices; without it few clauses get beyond L2.\n'),
    segments === undefined
      ? ''
      : `weak segments: searched in half of ${segments.rows} rows of ${oneLine(segments.relation)}, ${segments.tested} asked of the other half\n`,
    pairsCause === undefined ? '' : style.dim(`Pairs of values were not looked for: ${oneLine(pairsCause)}\n`),
  ].join('')
}

/** Lines of YAML as they are to be pasted. */
const toPaste = (yaml = ''): string =>
  yaml
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => `${' '.repeat(16)}${visible(line)}\n`)
    .join('')
