import { type ForeignResults, unmatched, type UnmatchedResult } from './foreign-result.ts'

type Json = { readonly [name: string]: unknown }

/** Reads results in JSON: those of a Great Expectations validation or checkpoint, or of a Deepchecks suite or check. */
export function readJsonResults(text: string): ForeignResults {
  let document: unknown
  try {
    document = JSON.parse(withoutNaN(text))
  } catch {
    return { ok: false, problem: 'it is not JSON' }
  }
  const expectations = validations(document, 0).flatMap((each) =>
    [...listOf(each['results']), ...listOf(each['expectations'])].map((found) => expectation(found, suiteOf(each))),
  )
  if (expectations.length > 0) return { ok: true, results: expectations }
  const checks = deepchecks(document, 0)
  if (checks.length > 0) return { ok: true, results: checks }
  return { ok: false, problem: 'it holds no results of Great Expectations or Deepchecks' }
}

/** Python writes numbers that JSON has not, `NaN` and `Infinity`; no verdict stands in one. */
const withoutNaN = (text: string): string =>
  text.replace(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/gs, (part) => (part.startsWith('"') ? part : 'null'))

/**
 * Validation results, on their own or inside those of a checkpoint: `run_results` of 0.x and 1.x, `validation_results` of
 * what 1.x describes (`describe()`), where expectations have no tags.
 */
function validations(node: unknown, depth: number): readonly Json[] {
  if (!isRecord(node) || depth > 4) return []
  if (listOf(node['results']).some((each) => 'expectation_config' in each)) return [node]
  if (listOf(node['expectations']).some((each) => 'expectation_type' in each)) return [node]
  const described = listOf(node['validation_results'])
  if (described.length > 0) return described.flatMap((each) => validations(each, depth + 1))
  const inner = [node['run_results'], node['validation_result']].filter(isRecord)
  return inner.flatMap((each) =>
    each === node['validation_result']
      ? validations(each, depth + 1)
      : Object.values(each).flatMap((run) => validations(run, depth + 1)),
  )
}

/** The name of the suite: in 1.x it stands beside the results, in 0.x among what is said about them. */
const suiteOf = (validation: Json): string =>
  textOf(validation['suite_name']) ||
  (isRecord(validation['meta']) ? textOf(validation['meta']['expectation_suite_name']) : '')

function expectation(found: Json, suite: string): UnmatchedResult {
  const config = isRecord(found['expectation_config']) ? found['expectation_config'] : found
  const kwargs = isRecord(config['kwargs']) ? config['kwargs'] : {}
  const meta = isRecord(config['meta']) ? config['meta'] : {}
  const type = textOf(config['type']) || textOf(config['expectation_type'])
  const column = textOf(kwargs['column'])
  const exception = exceptionOf(found['exception_info'])
  const result = isRecord(found['result']) ? found['result'] : {}
  const detail = exception
    ? textOf(exception['exception_message'])
    : result['observed_value'] === undefined
      ? result['unexpected_percent'] === undefined
        ? ''
        : `unexpected: ${textOf(result['unexpected_percent'])} %`
      : `observed: ${textOf(result['observed_value'])}`
  const verdict = exception ? 'error' : found['success'] === true ? 'satisfied' : 'violated'
  const name = column === '' ? type : `${type}(${column})`
  return unmatched('great-expectations', name, verdict, tagsOf(meta), detail, [suite])
}

/** What was raised instead of an answer: in 0.x as it is, in 1.x by the metric that raised it. */
function exceptionOf(info: unknown): Json | undefined {
  if (!isRecord(info)) return undefined
  return [info, ...Object.values(info).filter(isRecord)].find((each) => each['raised_exception'] === true)
}

/** Results of checks with their conditions; suites hold them under `results`. A check without conditions says nothing. */
function deepchecks(node: unknown, depth: number, suites: readonly string[] = []): readonly UnmatchedResult[] {
  if (!isRecord(node) || depth > 4) return []
  const inner = listOf(node['results'])
  if (inner.length > 0) {
    const around = [...suites, textOf(node['name'])]
    return inner.flatMap((each) => deepchecks(each, depth + 1, around))
  }
  const conditions = listOf(node['conditions_results'])
  const check = isRecord(node['check']) ? node['check'] : {}
  const name = textOf(node['header']) || textOf(check['name']) || textOf(node['check_name'])
  const also = [name, textOf(check['name']), ...suites]
  if (typeof node['exception'] === 'string')
    return [unmatched('deepchecks', name, 'error', tagsOf(node), node['exception'], also)]
  return conditions.map((condition) => {
    const says = textOf(condition['Condition']) || textOf(condition['name'])
    const status = (textOf(condition['Status']) || textOf(condition['status'])).toUpperCase()
    const verdict = status === 'PASS' ? 'satisfied' : status === 'ERROR' ? 'error' : 'violated'
    const detail = textOf(condition['More Info']) || textOf(condition['details'])
    const full = says === '' ? name : `${name}: ${says}`
    return unmatched('deepchecks', full, verdict, tagsOf(node), detail, [says, ...also])
  })
}

/** Clauses that a result names itself: `plumbline`, `plumbline.clause` or `clause`, a text, a list, or a record with `clause`. */
function tagsOf(meta: Json): readonly string[] {
  const own = isRecord(meta['plumbline'])
    ? meta['plumbline']['clause']
    : (meta['plumbline'] ?? meta['plumbline.clause'] ?? meta['clause'])
  const tags = Array.isArray(own) ? own : [own]
  return tags.filter((tag): tag is string => typeof tag === 'string' && tag !== '')
}

function listOf(node: unknown): readonly Json[] {
  return Array.isArray(node) ? node.filter(isRecord) : []
}

const isRecord = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
