import type { Program } from '../clause/program.ts'
import { compile } from '../compile.ts'
import { parseSpec } from '../language/index.ts'
import type { SourceSet } from '../source/source-file.ts'
import { unifiedDiff, withSpecEdits } from './edits.ts'
import type { OutputChange } from './output-changes.ts'
import { keyEdit } from './propose-patch.ts'
import { type Protection, protectionOf } from './protected-clauses.ts'

/** The patch that follows a renamed output of a model, or why there is none. */
export type OutputProposal =
  | { readonly kind: 'patch'; readonly change: OutputChange; readonly diff: string }
  | {
      readonly kind: 'withheld'
      readonly change: OutputChange
      readonly why: string
      /** The clauses that no patch may touch, and what they protect. */
      readonly protected: readonly { readonly clause: string; readonly protects: Protection }[]
    }

/**
 * The declared outputs read from the tensor under its new name; they keep their own names, so no condition changes. No patch where a clause on the
 * model is about fairness, leakage, safety or absence: read from another tensor, it might hold of something else.
 */
export function proposeOutputPatch(
  sources: SourceSet,
  program: Program,
  change: OutputChange,
  params: Readonly<Record<string, string>> = {},
): OutputProposal {
  const { model, to, fitting } = change
  const withheld = (
    why: string,
    kept: Extract<OutputProposal, { kind: 'withheld' }>['protected'] = [],
  ): OutputProposal => ({
    kind: 'withheld',
    change,
    why,
    protected: kept,
  })
  if (to === undefined)
    return withheld(
      fitting.length === 0
        ? 'no other tensor of the file fits its type and width'
        : `several could be it: ${fitting.join(', ')}. Write \`tensor:\` yourself`,
    )
  const kept = program.clauses.flatMap((clause) => {
    const protects =
      clause.models.includes(model) && clause.origin !== 'contract' ? protectionOf(program, clause) : undefined
    return protects === undefined ? [] : [{ clause: clause.id, protects }]
  })
  if (kept.length > 0)
    return withheld(
      'clauses about fairness, leakage, safety or absence are asked of the model: a patch could heal away what they are for',
      kept,
    )
  const declared = parseSpec(sources, params).value?.models.get(model)?.outputs
  const edits = change.outputs.flatMap((name) => {
    const output = declared?.get(name)
    if (output === undefined) return []
    return [keyEdit(sources, { key: 'tensor', known: output.tensor, type: output.type }, JSON.stringify(to))]
  })
  if (edits.length < change.outputs.length) return withheld(`its outputs are not declared under \`models.${model}\``)
  const patched = withSpecEdits(sources, edits)
  const after = compile(patched, params).value?.models.find(({ name }) => name === model)
  const follows = after?.outputs.every((output) => !change.outputs.includes(output.name) || output.tensor === to)
  if (follows !== true) return withheld('the patched spec has mistakes')
  const texts = [patched.main, ...patched.others]
  const diff = [sources.main, ...sources.others]
    .map((file, i) => unifiedDiff(file.path, file.text, texts[i]?.text ?? file.text))
    .join('')
  return { kind: 'patch', change, diff }
}
