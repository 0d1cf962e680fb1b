import * as catalog from '../../diagnostics/catalog/language.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Located } from '../../source/span.ts'
import { type Fields, id, identifier, list, mapOf, type Name, record } from '../reader/collections.ts'
import { expression } from '../reader/expression.ts'
import { described, present, type Reader, type ReadContext, scalarOf, transform } from '../reader/reader.ts'
import { boolean, duration, durationAtLeast, number, share, text, word } from '../reader/scalars.ts'
import type { ClauseBody, ClauseSource, DrawnSample, Expression } from '../spec.ts'
import type { YamlEntry } from '../yaml/tree.ts'
import { foreignTool, missing, severity } from './common.ts'

/** The keys that make a clause what it is; a clause has exactly one of them. */
const FORMS = ['every', 'must', 'forall', 'always', 'eventually', 'whenever'] as const
type Form = (typeof FORMS)[number]

/** Keys that belong to some forms only. */
const PARTS: readonly { readonly key: string; readonly forms: readonly Form[] }[] = [
  { key: 'assume', forms: ['forall'] },
  { key: 'let', forms: ['forall'] },
  { key: 'holds', forms: ['forall'] },
  { key: 'over', forms: ['forall'] },
  { key: 'then', forms: ['whenever'] },
  { key: 'window', forms: ['always'] },
  { key: 'for', forms: ['always'] },
  { key: 'within', forms: ['eventually', 'whenever'] },
]

type SliceUse = ClauseSource['slices'][number]

const slice: Reader<SliceUse> = {
  expects: "the name of a slice, or 'by <column>'",
  schema: { type: 'string', minLength: 1, description: "the name of a slice, or 'by <column>'" },
  read: (node, context) => {
    const scalar = scalarOf(node, { expects: slice.expects, types: ['text', 'integer', 'number', 'boolean'] }, context)
    if (scalar === undefined) return undefined
    const by = /^by\s+(\S.*)$/.exec(scalar.text)
    const value =
      by?.[1] === undefined ? ({ kind: 'named', name: scalar.text } as const) : ({ kind: 'by', column: by[1] } as const)
    return { value, span: scalar.span }
  },
}

const level = number('a confidence from 50 % to below 100 %, such as 95%', { atLeast: 0.5, below: 1 })

const confidence: Reader<Located<number | 'none'>> = {
  expects: "a confidence such as 95%, or 'none'",
  schema: { anyOf: [level.schema, { const: 'none' }] },
  read: (node, context) =>
    node.kind === 'scalar' && node.text === 'none' ? { value: 'none', span: node.span } : level.read(node, context),
}

const drawnRows = number('a number of rows from 1', { integer: true, atLeast: 1 })

const sample: Reader<Located<boolean | DrawnSample>> = {
  expects: 'a number of rows to draw, a share of them such as 5%, or true where the rows are a sample already',
  schema: { anyOf: [boolean.schema, drawnRows.schema, share.schema] },
  read: (node, context) => {
    if (node.kind === 'scalar' && /^(true|false)$/i.test(node.text)) return boolean.read(node, context)
    if (node.kind === 'scalar' && node.text.endsWith('%')) {
      const drawn = share.read(node, context)
      return drawn && { value: { share: drawn.value }, span: drawn.span }
    }
    const drawn = drawnRows.read(node, context)
    return drawn && { value: { rows: drawn.value }, span: drawn.span }
  },
}

const binders: Reader<ReadonlyMap<string, Expression>> = described(
  'bound variables and their domains, such as { x: accounts }',
  mapOf(identifier('a bound variable'), expression, (_name, value): Expression => value),
)

const CLAUSE_FIELDS = {
  says: text,
  of: list(word, 'a relation or a list of relations'),
  every: expression,
  must: expression,
  forall: binders,
  assume: expression,
  let: binders,
  holds: expression,
  over: word,
  always: expression,
  eventually: expression,
  window: duration,
  for: number('a number of windows from 1', { integer: true, atLeast: 1 }),
  whenever: expression,
  // oxlint-disable-next-line unicorn/no-thenable -- `then` is a key of the language; its value is never a function.
  then: expression,
  within: durationAtLeast(0n),
  mostly: share,
  missing,
  confidence,
  sample,
  cluster: word,
  weights: word,
  anytime: boolean,
  slices: list(slice),
  severity,
  allow_empty: boolean,
  meets: list(word),
  hazards: list(word),
  accepts: list(foreignTool),
  rationale: text,
  origin: word,
  owner: text,
}

type ClauseFields = Fields<typeof CLAUSE_FIELDS>

const clause = record('a clause', CLAUSE_FIELDS, {
  explainUnknown: (entry, context) => {
    if (entry.key !== 'on') return false
    context.report(diagnose(catalog.onForOf, entry.keyNode.span, {}))
    return true
  },
  schema: {
    required: ['of'],
    oneOf: FORMS.map((form) => ({ required: [form] })),
    dependentRequired: { forall: ['holds'], whenever: ['then', 'within'], eventually: ['within'] },
  },
})

/** Reads a clause and remembers what is explained already: `on` where `of` should stand, and a mistyped form. */
const clauseReader = transform(clause, (fields, node) => {
  const unknown = node.kind === 'map' ? node.entries.filter(({ key }) => !fields.entries.has(key)) : []
  return {
    fields,
    saysOf: fields.meant.has('of') || unknown.some(({ key }) => key === 'on'),
    mistypedForm: FORMS.some((form) => fields.meant.has(form)),
  }
})

/** `clauses`: the quantified statements. */
export const clausesSection: Reader<ReadonlyMap<string, ClauseSource>> = mapOf(
  id('a clause'),
  clauseReader,
  (name, { fields, saysOf, mistypedForm }, context): ClauseSource | undefined => {
    const { values } = fields
    if (!fields.entries.has('of') && !saysOf) requireKey('of', CLAUSE_FIELDS.of.expects, name, context)
    const body = readBody(name, fields, mistypedForm, context)
    if (body === undefined || values.of === undefined || values.of.length === 0) return undefined
    return {
      ...name,
      of: values.of,
      body,
      slices: values.slices ?? [],
      allowEmpty: values.allow_empty?.value ?? false,
      meets: values.meets ?? [],
      hazards: values.hazards ?? [],
      ...present({
        says: values.says,
        severity: values.severity,
        missing: values.missing,
        mostly: values.mostly,
        confidence: values.confidence,
        sample: values.sample,
        cluster: values.cluster,
        weights: values.weights,
        anytime: values.anytime,
        rationale: values.rationale,
        origin: values.origin,
        owner: values.owner,
        accepts: values.accepts,
      }),
    }
  },
)

function requireKey(key: string, expects: string, name: Name, context: ReadContext): void {
  const parameters = { key, of: `the clause '${name.name}'`, expects }
  context.report(diagnose(catalog.missingKey, name.nameSpan, parameters))
}

function readBody(
  name: Name,
  fields: ClauseFields,
  mistypedForm: boolean,
  context: ReadContext,
): ClauseBody | undefined {
  const { values, entries } = fields
  const forms = FORMS.filter((form) => entries.has(form))
  const [form] = forms
  if (form === undefined) {
    const orphan = PARTS.find(({ key, forms: owners }) => owners.length === 1 && entries.has(key))
    const owner = orphan?.forms[0]
    if (mistypedForm) return undefined
    if (owner !== undefined) requireKey(owner, CLAUSE_FIELDS[owner].expects, name, context)
    else context.report(diagnose(catalog.noForm, name.nameSpan, { clause: name.name, known: FORMS }))
    return undefined
  }
  if (forms.length > 1) {
    reportSeveralForms(name, forms, entries, context)
    return undefined
  }
  for (const { key, forms: owners } of PARTS) {
    const entry = entries.get(key)
    if (entry === undefined || owners.includes(form)) continue
    const belongs = `clauses with ${owners.map((owner) => `'${owner}'`).join(' or ')}`
    context.report(diagnose(catalog.misplacedKey, entry.keyNode.span, { key, form, belongs }))
  }
  switch (form) {
    case 'every':
    case 'must': {
      const condition = values[form]
      return condition && { form, condition }
    }
    case 'forall': {
      if (!entries.has('holds')) requireKey('holds', CLAUSE_FIELDS.holds.expects, name, context)
      const { forall, holds, assume, over } = values
      if (forall === undefined || holds === undefined) return undefined
      return { form, binders: forall, let: values.let ?? new Map(), holds, ...present({ assume, over }) }
    }
    case 'always': {
      const { always: condition, window, for: windows } = values
      return condition && { form, condition, ...present({ window, for: windows }) }
    }
    case 'eventually': {
      if (!entries.has('within')) requireKey('within', CLAUSE_FIELDS.within.expects, name, context)
      const { eventually: condition, within } = values
      return condition && within && { form, condition, within }
    }
    case 'whenever': {
      for (const key of ['then', 'within'] as const)
        if (!entries.has(key)) requireKey(key, CLAUSE_FIELDS[key].expects, name, context)
      const { whenever, then, within } = values
      // oxlint-disable-next-line unicorn/no-thenable -- as above.
      return whenever && then && within && { form, whenever, then, within }
    }
  }
}

function reportSeveralForms(
  name: Name,
  forms: readonly Form[],
  entries: ReadonlyMap<string, YamlEntry>,
  context: ReadContext,
): void {
  const [first, ...others] = forms.flatMap((form) => entries.get(form)?.keyNode.span ?? [])
  const related = others.map((span) => ({ message: 'another form', span }))
  context.report(diagnose(catalog.severalForms, first ?? name.nameSpan, { clause: name.name, forms }, related))
}
