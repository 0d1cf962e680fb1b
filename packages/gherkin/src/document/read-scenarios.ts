import { compile, dialects } from '@cucumber/gherkin'
import type * as messages from '@cucumber/messages'
import { diagnose, featureDiagnostics, type Diagnostic, type Result, type SourceFile } from '@plumbline/core'
import { derived, type PlacedText, textAt } from '../text/placed-text.ts'
import { filled, type Gaps, openGaps } from './gaps.ts'
import { LIMITS } from './limits.ts'
import { type Lines, linesOf } from './lines.ts'
import type { Scenario, Step, Tag } from './scenario.ts'

/** A document with its pickles, and the scenarios they stand for. */
export interface ReadDocument {
  readonly pickles: readonly messages.Pickle[]
  readonly scenarios: readonly Scenario[]
  /** Its steps, as they are written. */
  readonly steps: readonly messages.Step[]
}

/** Writes a document's outlines out, and gives each step the place of its every part. */
export function readScenarios(
  file: SourceFile,
  document: messages.GherkinDocument,
  newId: () => string,
): Result<ReadDocument> {
  const nodes = nodesOf(document)
  const excess = tooMany(file, nodes)
  if (excess !== undefined) return { diagnostics: [excess] }
  const lines = linesOf(file.text)
  const pickles = compile(document, file.path, newId)
  return {
    value: {
      pickles,
      scenarios: pickles.map((pickle) => scenarioOf(pickle, nodes, file, lines)),
      steps: [...nodes.steps.values()],
    },
    diagnostics: emptyOutlines(file, document.feature?.language, nodes, lines),
  }
}

/** Outlines that no row fills: the official compiler passes over them, and without examples takes `<name>` as it stands. */
function emptyOutlines(
  file: SourceFile,
  language: string | undefined,
  { scenarios }: Nodes,
  lines: Lines,
): readonly Diagnostic[] {
  const keywords = dialects[language ?? '']?.scenarioOutline ?? []
  return [...scenarios.values()].flatMap(({ keyword, name, examples, location }) => {
    const outline = examples.length > 0 || keywords.includes(keyword)
    if (!outline || examples.some(({ tableBody }) => tableBody.length > 0)) return []
    const span = { file: file.path, start: lines.offset(location), end: lines.bounds(location.line).end }
    return [diagnose(featureDiagnostics.emptyOutline, span, { name })]
  })
}

interface Nodes {
  readonly scenarios: ReadonlyMap<string, messages.Scenario>
  readonly steps: ReadonlyMap<string, messages.Step>
  readonly rows: ReadonlyMap<string, { readonly header: messages.TableRow; readonly row: messages.TableRow }>
  /** Tags by id; whether it stands at a scenario or its examples. */
  readonly tags: ReadonlyMap<string, { readonly tag: messages.Tag; readonly own: boolean }>
  /** Steps of the backgrounds above each scenario. */
  readonly above: ReadonlyMap<string, number>
}

function nodesOf({ feature }: messages.GherkinDocument): Nodes {
  const scenarios = new Map<string, messages.Scenario>()
  const steps = new Map<string, messages.Step>()
  const rows = new Map<string, { header: messages.TableRow; row: messages.TableRow }>()
  const tags = new Map<string, { tag: messages.Tag; own: boolean }>()
  const above = new Map<string, number>()
  const tagged = (all: readonly messages.Tag[], own: boolean): void => {
    for (const tag of all) tags.set(tag.id, { tag, own })
  }
  const visit = (child: messages.FeatureChild | messages.RuleChild, before: number): number => {
    const { background, scenario } = child
    for (const step of background?.steps ?? []) steps.set(step.id, step)
    if (scenario === undefined) return before + (background?.steps.length ?? 0)
    scenarios.set(scenario.id, scenario)
    above.set(scenario.id, before)
    tagged(scenario.tags, true)
    for (const step of scenario.steps) steps.set(step.id, step)
    for (const { tableHeader: header, tableBody, tags: own } of scenario.examples) {
      tagged(own, true)
      if (header !== undefined) for (const row of tableBody) rows.set(row.id, { header, row })
    }
    return before
  }
  tagged(feature?.tags ?? [], false)
  let before = 0
  for (const child of feature?.children ?? []) {
    before = visit(child, before)
    tagged(child.rule?.tags ?? [], false)
    let within = before
    for (const inner of child.rule?.children ?? []) within = visit(inner, within)
  }
  return { scenarios, steps, rows, tags, above }
}

/** Outlines multiply: counted before they are written out. */
function tooMany(file: SourceFile, { scenarios, above }: Nodes): Diagnostic | undefined {
  let count = 0
  let steps = 0
  for (const scenario of scenarios.values()) {
    const rows = scenario.examples.reduce((sum, { tableBody }) => sum + tableBody.length, 0)
    const made = scenario.examples.length === 0 ? 1 : rows
    count += made
    steps += made * (scenario.steps.length + (above.get(scenario.id) ?? 0))
  }
  const span = { file: file.path, start: 0, end: Math.min(1, file.text.length) }
  if (count > LIMITS.scenarios) {
    const size = { what: 'scenarios and rows of examples', count, limit: LIMITS.scenarios }
    return diagnose(featureDiagnostics.tooLarge, span, size)
  }
  if (steps <= LIMITS.steps) return undefined
  return diagnose(featureDiagnostics.tooLarge, span, { what: 'steps', count: steps, limit: LIMITS.steps })
}

function scenarioOf(pickle: messages.Pickle, nodes: Nodes, file: SourceFile, lines: Lines): Scenario {
  const [scenarioId = '', rowId] = pickle.astNodeIds
  const scenario = nodes.scenarios.get(scenarioId)
  const example = rowId === undefined ? undefined : nodes.rows.get(rowId)
  const gaps: Gaps = new Map(
    (example?.header.cells ?? []).flatMap(({ value }, i) => {
      const cell = example?.row.cells[i]
      return cell === undefined ? [] : [[value, cellAt(cell, file, lines)] as const]
    }),
  )
  const start = lines.offset(scenario?.location ?? { line: 1 })
  const nameSpan = { file: file.path, start, end: lines.bounds(scenario?.location.line ?? 1).end }
  return {
    id: pickle.id,
    name: pickle.name,
    nameSpan,
    span: nameSpan,
    description: descriptionOf(scenario, file, lines),
    tags: pickle.tags.map(({ name, astNodeId }): Tag => {
      const found = nodes.tags.get(astNodeId)
      const at = lines.offset(found?.tag.location ?? { line: 1 })
      return { name, own: found?.own ?? true, span: { file: file.path, start: at, end: at + name.length } }
    }),
    steps: pickle.steps.map((step) => stepOf(step, nodes, gaps, file, lines)),
    ...(example === undefined ? {} : { example: exampleOf(example, scenario?.name ?? '') }),
  }
}

type Row = Nodes['rows'] extends ReadonlyMap<string, infer R> ? R : never

function exampleOf({ header, row }: Row, name: string): NonNullable<Scenario['example']> {
  return row.cells.map(({ value }, i) => ({ value, inName: name.includes(`<${header.cells[i]?.value ?? ''}>`) }))
}

/** Comments may stand between its lines, so each is looked for from where the one before was found. */
function descriptionOf(scenario: messages.Scenario | undefined, file: SourceFile, lines: Lines): readonly PlacedText[] {
  const written = scenario?.description.split('\n').map((line) => line.trim()) ?? []
  let from = lines.bounds(scenario?.location.line ?? 1).end
  return written.flatMap((text) => {
    const at = file.text.indexOf(text, from)
    if (text === '' || at < 0) return []
    from = at + text.length
    return [textAt(text, file.path, at)]
  })
}

function stepOf(pickled: messages.PickleStep, nodes: Nodes, gaps: Gaps, file: SourceFile, lines: Lines): Step {
  const node = nodes.steps.get(pickled.astNodeIds[0] ?? '')
  const type = pickled.type ?? ('Unknown' as messages.PickleStepType)
  if (node === undefined)
    return { id: pickled.id, type, text: derived(pickled.text, { file: file.path, start: 0, end: 0 }) }
  const start = lines.offset(node.location) + node.keyword.length
  const written = textIn(node.text, file, start, lines.bounds(node.location.line).end)
  const table = node.dataTable?.rows.map(({ cells }) => cells.map((cell) => filled(cellAt(cell, file, lines), gaps)))
  const open = openGaps(written, gaps)
  return {
    id: pickled.id,
    type,
    ...(open.length === 0 ? {} : { open: open.map((name) => ({ name, columns: [...gaps.keys()] })) }),
    text: filled(written, gaps),
    ...(table === undefined ? {} : { table }),
    ...(node.docString === undefined ? {} : { docString: filled(docStringAt(node.docString, file, lines), gaps) }),
  }
}

/** A text on one line; where it does not stand there as it is (escapes), all of it is at that line's end. */
function textIn(text: string, file: SourceFile, from: number, end: number): PlacedText {
  const at = file.text.indexOf(text, from)
  return at >= from && at + text.length <= end
    ? textAt(text, file.path, at)
    : derived(text, { file: file.path, start: Math.min(from, end), end })
}

function cellAt(cell: messages.TableCell, file: SourceFile, lines: Lines): PlacedText {
  const start = lines.offset(cell.location)
  return textIn(cell.value, file, start, Math.min(lines.bounds(cell.location.line).end, start + 2 * cell.value.length))
}

/** The lines between the quotes; a range over several stands from the first quotes to the last line. */
function docStringAt(docString: messages.DocString, file: SourceFile, lines: Lines): PlacedText {
  const { line } = docString.location
  const content = docString.content.split('\n')
  const whole = {
    file: file.path,
    start: lines.offset(docString.location),
    end: lines.bounds(line + content.length).end,
  }
  let from = 0
  const placed = content.map((text, i) => {
    const { start, end } = lines.bounds(line + 1 + i)
    const part = { from, text: textIn(text, file, start, end) }
    from += text.length + 1
    return part
  })
  return {
    text: docString.content,
    span: whole,
    place: (start, end) => {
      const part = placed.findLast((each) => each.from <= start)
      if (part === undefined || end > part.from + part.text.text.length) return whole
      return part.text.place(start - part.from, end - part.from)
    },
  }
}
