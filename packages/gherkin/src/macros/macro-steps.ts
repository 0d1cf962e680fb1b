import {
  diagnose,
  type Diagnostic,
  featureDiagnostics as catalog,
  type Macro,
  nearestName,
  type Spec,
} from '@plumbline/core'
import { isParameterName, type ParameterName, PARAMETERS } from '../steps/parameters.ts'
import type { Scene } from '../steps/scene.ts'
import { columnCel, every, must } from '../steps/library/clauses.ts'
import { dataRelation, subjectRows } from '../steps/library/subjects.ts'
import { literalOf, numberText } from '../steps/library/values.ts'
import type { StepPattern } from '../steps/step-pattern.ts'
import { joined, partOf, type PlacedText } from '../text/placed-text.ts'

/** Kinds of gaps a macro may have: what fills them has a meaning in a condition. */
const KINDS: Readonly<Partial<Record<ParameterName, (scene: Scene, text: PlacedText) => PlacedText | undefined>>> = {
  col: (_scene, text) => columnCel(text),
  number: numberText,
  count: numberText,
  percent: numberText,
  label: (scene, text) => literalOf(scene, text, undefined),
}

interface Gap {
  readonly name: string
  readonly kind: ParameterName
}

/** The macros of a spec as steps; one that cannot be a step is reported and left out. */
export function macroSteps(spec: Spec, report: (d: Diagnostic) => void): readonly StepPattern[] {
  return [...spec.macros.values()].flatMap((macro) => {
    const gaps = gapsOf(macro, report)
    return gaps === undefined ? [] : [patternOf(macro, gaps)]
  })
}

function gapsOf(macro: Macro, report: (d: Diagnostic) => void): readonly Gap[] | undefined {
  const { value, span } = macro.step
  const refuse = (problem: string, fix: string): undefined => {
    report(diagnose(catalog.badMacro, span, { problem, fix }))
  }
  const gaps: Gap[] = []
  for (const [written, name = '', kind = ''] of value.matchAll(/\{\s*([^:{}]*?)\s*(?::\s*([^{}]*?)\s*)?\}/g)) {
    if (!isParameterName(kind) || KINDS[kind] === undefined) {
      const near = nearestName(kind, Object.keys(KINDS))
      const known = `Kinds: ${Object.keys(KINDS).join(', ')}; written {name: kind}.`
      return refuse(`\`${written}\` is no gap with a kind`, near === undefined ? known : `Did you mean \`${near}\`?`)
    }
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || gaps.some((each) => each.name === name))
      return refuse(`\`${written}\` has no name of its own`, 'Write {name: kind}, each name once.')
    gaps.push({ name, kind })
  }
  const words = value.replaceAll(/\{[^{}]*\}/g, ' ')
  if (/[{}]/.test(words)) return refuse('it has a brace that is no gap', 'Write gaps as {name: kind}.')
  if (!/\p{L}{2}/u.test(words)) return refuse('it has no words', 'Write a sentence.')
  const unused = gaps.find(({ name }) => !new RegExp(`\\b${name}\\b`).test(macro.condition.text))
  if (unused === undefined) return gaps
  return refuse(`its condition does not read \`${unused.name}\``, `Use ${unused.name} in it, or remove the gap.`)
}

function patternOf(macro: Macro, gaps: readonly Gap[]): StepPattern {
  const expression = macro.step.value
    .replaceAll(/[\\/()]/g, '\\$&')
    .replaceAll(/\{\s*[^:{}]*?\s*:\s*([^{}]*?)\s*\}/g, '{$1}')
  return {
    area: 'data',
    expressions: [expression],
    example: `Then ${macro.step.value}`,
    doc: `Macro of the spec: ${macro.form}: ${macro.condition.text}`,
    topic: macro.name,
    meaning: {
      kind: 'statement',
      ...(macro.form === 'must' ? { estimates: true } : {}),
      state: (scene, args) => {
        const filled = gaps.map(({ name, kind }, i) => {
          const arg = args[i]
          return [name, arg && KINDS[kind]?.(scene, arg)] as const
        })
        const values = new Map(filled.flatMap(([name, text]) => (text === undefined ? [] : [[name, text] as const])))
        if (values.size < gaps.length) return undefined
        const relation =
          macro.form === 'must' && scene.subject.rows !== undefined ? subjectRows(scene) : dataRelation(scene)
        if (relation === undefined) return undefined
        const condition = substituted(macro.condition, values)
        return macro.form === 'every' ? every(scene, relation, condition) : must(relation, condition)
      },
    },
  }
}

/** The condition with names replaced by what fills the gaps; not in texts, and not after a dot. */
function substituted(condition: PlacedText, values: ReadonlyMap<string, PlacedText>): PlacedText {
  const parts: PlacedText[] = []
  let from = 0
  const words = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|\.\s*[A-Za-z_]\w*|[A-Za-z_]\w*/g
  for (const { 0: word, index } of condition.text.matchAll(words)) {
    const value = values.get(word)
    if (value === undefined) continue
    if (index > from) parts.push(partOf(condition, from, index))
    parts.push(value)
    from = index + word.length
  }
  if (from < condition.text.length) parts.push(partOf(condition, from, condition.text.length))
  return joined(parts, condition.span)
}

/** The kinds a macro's gaps may have, with what fills them. */
export const macroKinds: readonly { readonly kind: string; readonly expects: string }[] = Object.keys(KINDS).flatMap(
  (kind) => (isParameterName(kind) ? [{ kind, expects: PARAMETERS[kind].expects }] : []),
)
