/** A semantic version in parts; build metadata says nothing of order and is left out. */
export interface Version {
  readonly parts: readonly [major: number, minor: number, patch: number]
  readonly pre: string
}

const PART = '0|[1-9]\\d{0,9}'
const PRE = `(?:${PART}|\\d*[A-Za-z-][0-9A-Za-z-]*)`
const VERSION = new RegExp(
  `^(${PART})\\.(${PART})\\.(${PART})(?:-(${PRE}(?:\\.${PRE})*))?(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?$`,
)

/** The parts of a semantic version (semver.org 2.0.0, each part at most ten digits); undefined where a text is none. */
export function parseVersion(text: string): Version | undefined {
  const found = text.length > 200 ? null : VERSION.exec(text)
  return found === null
    ? undefined
    : { parts: [Number(found[1]), Number(found[2]), Number(found[3])], pre: found[4] ?? '' }
}

/** The semantic version that was probably meant: `1.2.0` for `v1.2`, `2026.6.0` for `2026-06`; undefined where none is near. */
export function nearestVersion(text: string): string | undefined {
  const found = /^(?:v|version)?[ .]?(\d{1,9})(?:[.-](\d{1,9}))?(?:[.-](\d{1,9}))?$/i.exec(text)
  return found === null ? undefined : [found[1], found[2], found[3]].map((part = '0') => Number(part)).join('.')
}
