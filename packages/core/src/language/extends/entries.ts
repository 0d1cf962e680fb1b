import type { Located } from '../../source/span.ts'
import { list } from '../reader/collections.ts'
import { described, type Reader, type ReadContext, transform } from '../reader/reader.ts'
import { path } from '../reader/scalars.ts'
import type { YamlNode } from '../yaml/tree.ts'

/** A file that a spec extends: its path from the project folder, normal, with its ending. */
export type Extended = Located<string>

const entry: Reader<Extended> = transform(path, ({ value, span }) => ({ value: specPath(value), span }))

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
