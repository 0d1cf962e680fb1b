import { shellCommand } from '../../diagnostics/catalog/language.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Located } from '../../source/span.ts'
import { anyName, byKind, id, list, mapOf, record } from '../reader/collections.ts'
import { present, type Reader, transform } from '../reader/reader.ts'
import { path, plainValue, rawText, text } from '../reader/scalars.ts'
import type { Pipeline, PipelineStage } from '../spec.ts'
import { retrain } from './retrain.ts'

/** What a shell would act on, and what would reach the program as plain text without one. */
const SHELL = /^(?:\|\|?|&&?|;|[0-9]?>>?|<)$|;$|["'`]|\$\(/

/** An argument list; a text is split on spaces, and never given to a shell. */
const run: Reader<Located<readonly string[]>> = byKind('a command and its arguments', {
  scalar: transform(text, ({ value, span }, _node, context) => {
    const words = value.trim().split(/\s+/)
    const odd = words.find((part) => SHELL.test(part))
    if (odd !== undefined) context.report(diagnose(shellCommand, span, { word: odd }))
    return { value: words, span }
  }),
  list: transform(list(rawText), (parts, node) =>
    parts.length === 0 ? undefined : { value: parts.map((part) => part.value), span: node.span },
  ),
})

const stage = record(
  'a stage of the pipeline',
  {
    run,
    needs: list(path),
    makes: list(path),
    params: mapOf(anyName('a parameter'), plainValue, (_name, { value }) => value),
  },
  { required: ['run'] },
)

const stages: Reader<ReadonlyMap<string, PipelineStage>> = mapOf(
  id('a stage'),
  stage,
  (name, { values }) =>
    values.run && {
      ...name,
      run: values.run,
      needs: values.needs ?? [],
      makes: values.makes ?? [],
      params: values.params ?? new Map(),
    },
)

/** `pipeline`: how data and candidate come about, and when a challenger is trained. */
export const pipelineSection: Reader<Pipeline> = transform(
  record("the 'pipeline' section", { candidate: path, stages, retrain }),
  ({ values, span }) => ({
    span,
    stages: values.stages ?? new Map(),
    ...present({ candidate: values.candidate, retrain: values.retrain }),
  }),
)
