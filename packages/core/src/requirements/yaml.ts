import { isMap, isPair, isScalar, LineCounter, parseDocument, type YAMLMap } from 'yaml'
import type { RequirementCollector } from './requirement-file.ts'

/** Aliases that may be followed; more is an attack. */
const MOST_ALIASES = 100

/** Reads a map of ids, each with a text or with `says`, `text`, `source`, `owner`; on its own or under `requirements`. */
export function readYaml(text: string, into: RequirementCollector): void {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const [error] = document.errors
  if (error !== undefined) {
    into.problem(`it is not YAML: ${error.message}`, lines.linePos(error.pos[0]).line)
    return
  }
  const root: unknown = document.contents
  const under = isMap(root) ? root.get('requirements', true) : undefined
  const map = isMap(under) ? under : root
  if (!isMap(map)) {
    into.problem('it is not a map of ids')
    return
  }
  const values = plainOf(map, document)
  if (values === undefined) {
    into.problem('it repeats its parts by too many aliases')
    return
  }
  for (const pair of map.items) {
    if (!isPair(pair) || !isScalar(pair.key)) continue
    const id = String(pair.key.value)
    const line = pair.key.range == null ? undefined : lines.linePos(pair.key.range[0]).line
    addEntry(into, id, values[id], line)
  }
}

function plainOf(
  map: YAMLMap,
  document: ReturnType<typeof parseDocument>,
): Readonly<Record<string, unknown>> | undefined {
  try {
    return map.toJS(document, { maxAliasCount: MOST_ALIASES }) as Record<string, unknown>
  } catch {
    return undefined
  }
}

function addEntry(into: RequirementCollector, id: string, value: unknown, line: number | undefined): void {
  const place = line === undefined ? {} : { line }
  if (typeof value === 'string') {
    into.add({ id, says: value, ...place })
    return
  }
  if (typeof value !== 'object' || value === null) {
    into.problem(`the requirement \`${id}\` has no text`, line)
    return
  }
  const word = (key: string): string | undefined => {
    const found = (value as Readonly<Record<string, unknown>>)[key]
    return typeof found === 'string' || typeof found === 'number' ? String(found) : undefined
  }
  const [text, source, owner] = [word('text'), word('source'), word('owner')]
  into.add({
    id,
    says: word('says') ?? text ?? '',
    ...(text === undefined ? {} : { text }),
    ...(source === undefined ? {} : { source }),
    ...(owner === undefined ? {} : { owner }),
    ...place,
  })
}
