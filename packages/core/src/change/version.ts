import { parseVersion, type Version } from '../language/system-version.ts'
import type { Change, VersionChange, VersionMove } from './change.ts'

/**
 * How far a version has to move for these changes. A spec is a promise to those who rely on the system: to promise less, or
 * something else, is `major`; to promise more is `minor`; other words are `patch`. What never blocked is `minor` to lose.
 */
export function requiredMove(changes: readonly Change[]): VersionMove {
  const moves = changes.map(moveOf)
  return (['major', 'minor', 'patch'] as const).find((move) => moves.includes(move)) ?? 'none'
}

function moveOf({ kind, subject, severity, coveredBy }: Change): VersionMove {
  switch (kind) {
    case 'unchanged':
      return 'none'
    case 'reworded':
      return 'patch'
    case 'added':
    case 'strengthened':
      return 'minor'
    default:
      return coveredBy !== undefined || (subject === 'clause' && severity.before !== 'block') ? 'minor' : 'major'
  }
}

/** Whether a version moved as far as it has to. Below 1.0.0 a minor version stands for a major one, and a patch for the rest. */
export function versionChange(before: string, after: string, changes: readonly Change[]): VersionChange {
  const required = requiredMove(changes)
  const [old, now] = [parseVersion(before), parseVersion(after)]
  const least = old === undefined ? undefined : moved(old.parts, required)
  const enough = required === 'none' || (least !== undefined && now !== undefined && isAtLeast(now, least))
  return { before, after, required, ...(least === undefined ? {} : { least: least.join('.') }), enough }
}

function moved([major, minor, patch]: Version['parts'], move: VersionMove): Version['parts'] {
  if (move === 'none') return [major, minor, patch]
  if (major === 0) return move === 'major' ? [0, minor + 1, 0] : [0, minor, patch + 1]
  if (move === 'major') return [major + 1, 0, 0]
  return move === 'minor' ? [major, minor + 1, 0] : [major, minor, patch + 1]
}

function isAtLeast({ parts, pre }: Version, least: Version['parts']): boolean {
  const first = parts.findIndex((part, i) => part !== least[i])
  if (first < 0) return pre === ''
  return (parts[first] ?? 0) > (least[first] ?? 0)
}
