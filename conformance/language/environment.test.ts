import { join } from 'node:path'
import { expect, it } from 'vitest'
import { collectFindings } from '../../packages/core/src/language/findings.ts'
import { parseSpec } from '../../packages/core/src/language/index.ts'
import { loadYaml } from '../../packages/core/src/language/yaml/load.ts'
import type { YamlNode, YamlScalar } from '../../packages/core/src/language/yaml/tree.ts'
import { caseSources } from '../case-sources.ts'

/** The scalars of a tree with the keys that lead to them. */
function scalarsOf(node: YamlNode, path: readonly string[] = []): readonly (readonly [string, YamlScalar])[] {
  switch (node.kind) {
    case 'map':
      return node.entries.flatMap(({ key, value }) => scalarsOf(value, [...path, key]))
    case 'list':
      return node.items.flatMap((item) => scalarsOf(item, path))
    case 'scalar':
      return [[path.join('.'), node]]
    default:
      return []
  }
}

it.each(['whole', 'production-good'])(
  'the environment is read in addresses alone: every other value of %s refuses it',
  async (name) => {
    const sources = await caseSources(join(import.meta.dirname, name))
    const { path, text } = sources.main
    const tree = loadYaml(sources.main, collectFindings(10))
    if (tree === undefined) throw new Error('the case cannot be read')
    const accepted = scalarsOf(tree).filter(([, { span, style }]) => {
      if (style === 'literal' || style === 'folded') return false
      const changed = `${text.slice(0, span.start)}"\${SECRET}"${text.slice(span.end)}`
      const { diagnostics } = parseSpec({ ...sources, main: { path, text: changed } })
      return !diagnostics.some(({ code }) => code === 'language/environment-variable')
    })
    const places = new Set(accepted.map(([place]) => place))
    for (const place of places) expect(place).toMatch(/(webhook|alertmanager|\.http)$/)
    expect(places.size).toBeGreaterThan(0)
  },
)
