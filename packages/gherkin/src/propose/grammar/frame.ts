import type { Cursor } from './cursor.ts'
import type { Vocabulary } from './names.ts'
import type { Qualifiers } from './qualifiers.ts'

const MODALS: Readonly<Record<string, 'block' | 'warn'>> = {
  shall: 'block',
  must: 'block',
  'has to': 'block',
  'have to': 'block',
  'needs to': 'block',
  'need to': 'block',
  'is required to': 'block',
  should: 'warn',
  'ought to': 'warn',
}

/** What a sentence is read against, and what it has said beside its subject so far. */
export interface Frame {
  readonly vocabulary: Vocabulary
  readonly qualifiers: Qualifiers
}

/** `shall`, `must`, `should`: how much it is asked. */
export function modalIn(cursor: Cursor): { readonly severity?: 'warn' } | undefined {
  const modal = MODALS[cursor.take(...Object.keys(MODALS)) ?? '']
  cursor.expect('a verb such as shall, must or should')
  if (modal === undefined) return undefined
  return modal === 'warn' ? { severity: 'warn' } : {}
}
