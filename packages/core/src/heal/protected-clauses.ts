import type { Clause } from '../clause/clause.ts'
import type { Program } from '../clause/program.ts'
import { namesRead } from './names-read.ts'

/** Why no patch may touch a clause: what it protects could be healed away with it. */
export type Protection = 'fairness' | 'leakage' | 'safety' | 'absence'

/**
 * What a clause protects: it reads a protected column or compares groups (fairness), counts what two relations share
 * (leakage), controls a hazard (safety), or asks that something is not there (absence). Undefined: none of these.
 */
export function protectionOf(program: Program, clause: Clause): Protection | undefined {
  const controlled = program.about.hazards.some(({ controls }) => controls.includes(clause.id))
  if (clause.hazards.length > 0 || controlled) return 'safety'
  const names = namesRead(clause)
  if (['overlap', 'duplicates'].some((name) => names.has(name)) || /\b(?:overlap|duplicates)\(/.test(textOf(clause)))
    return 'leakage'
  const guarded = program.datasets.flatMap(({ columns }) => columns.filter(({ protected: is }) => is))
  if (/\b(?:ratio_across|gap_across)\(/.test(textOf(clause)) || guarded.some(({ name }) => names.has(name)))
    return 'fairness'
  return /(?:==|<=)\s*0(?:\.0+)?(?![\d.])|!(?!=)|!=/.test(textOf(clause)) ? 'absence' : undefined
}

/** The condition as written. */
export function textOf(clause: Clause): string {
  if (clause.form === 'every') return clause.condition.kind === 'expr' ? clause.condition.text : ''
  return clause.text
}
