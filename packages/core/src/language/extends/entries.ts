import type { Located } from '../../source/span.ts'
import { anyName, byKind, list, mapOf, record } from '../reader/collections.ts'
import { described, present, type Reader, type ReadContext, transform } from '../reader/reader.ts'
import { path, plainValue } from '../reader/scalars.ts'
import type { YamlMap, YamlNode } from '../yaml/tree.ts'

/** A file that a spec extends: its path from the project folder, normal, with its ending. */
export interface Extended extends Located<string> {
  /** Values for its parameters. */
  readonly with?: YamlMap
}

/** A map of plain values, kept as it is: it is read as what the parameters are declared. */
const values: Reader<YamlMap> = {
  ...mapOf(anyName('a parameter'), plainValue, () => true),
  expects: 'values of parameters, such as { floor: 0.7 }',
  read: (node, context) => {
    const given = mapOf(anyName('a parameter'), plainValue, () => true).read(node, context)
    if (given === undefined || node.kind !== 'map') return undefined
    // What is no plain value is reported already.
    return { ...node, entries: node.entries.filter(({ key }) => given.has(key)) }
  },
}

const entry: Reader<Extended> = byKind('a path such as templates/base, or { template: …, with: { … } }', {
  scalar: transform(path, ({ value, span }) => ({ value: specPath(value), span })),
  map: transform(
    record('an extended file', { template: path, with: values }, { required: ['template'] }),
    ({ values: read }): Extended | undefined =>
      read.template && {
        value: specPath(read.template.value),
        span: read.template.span,
        ...present({ with: read.with }),
      },
  ),
})

/** `extends`: the files whose content this one adds to. */
export const extendsKey: Reader<readonly Extended[]> = described(
  'a spec file to extend, or a list of them, such as templates/base',
  list(entry),
)

/** The path of a spec as it is looked up: `./templates/../base` is `base.plumb.yaml`. */
export function specPath(written: string): string {
  const parts: string[] = []
  for (const part of written.split(/[/\\]/))
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  const normal = parts.join('/')
  return /\.ya?ml$/i.test(normal) ? normal : `${normal}.plumb.yaml`
}

/** What a tree says it extends, in order. */
export function extendedBy(tree: YamlNode, context: ReadContext): readonly Extended[] {
  const found = tree.kind === 'map' ? tree.entries.find(({ key }) => key === 'extends') : undefined
  return found === undefined ? [] : (extendsKey.read(found.value, context) ?? [])
}
