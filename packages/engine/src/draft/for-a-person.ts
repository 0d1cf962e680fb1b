import { type Drift, DRIFTED } from './drift.ts'
import type { Leak } from './leaks.ts'
import type { DraftRows } from './rows.ts'
import type { Splits } from './splits.ts'

/** What the rows show and only a person can decide, a sentence each. */
export function questionsOf(
  rows: DraftRows,
  { by, psi }: Drift,
  leaks: readonly Leak[],
  splits: Splits | undefined,
): readonly string[] {
  const keys = new Set(rows.profile.keys)
  const drifted = rows.columns.filter(
    ({ index, profile }) => (psi.get(index) ?? 0) >= DRIFTED && !keys.has(profile.name) && by?.index !== index,
  )
  const shown = (names: readonly string[]): string =>
    names.slice(0, 8).join(', ') + (names.length > 8 ? ` and ${names.length - 8} more` : '')
  return [
    ...leaks.map(
      ({ column, label, strength }) =>
        `leak? "${column.profile.name}" alone nearly tells "${label.profile.name}" (${strength.toFixed(3)} of 1): is it known before?`,
    ),
    ...(drifted.length === 0
      ? []
      : [
          `drift: from the first half of the rows to the second, by ${by === undefined ? 'their order in the file' : `"${by.profile.name}"`}, ${shown(
            drifted.map(({ profile, index }) => `${profile.name} (PSI ${(psi.get(index) ?? 0).toFixed(2)})`),
          )} changed: bounds on their means and shares would not last, and are left out`,
        ]),
    ...(by === undefined ? [] : [`time: is "${by.profile.name}" when a row became known?`]),
    ...(splits === undefined ? [] : [`splits: were they drawn as "${splits.column.profile.name}" says?`]),
  ]
}
