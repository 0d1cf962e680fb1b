import { type ForeignResults, unmatched, type UnmatchedResult } from './foreign-result.ts'

type Json = { readonly [name: string]: unknown }

/** Reads results in JSON: those of a Great Expectations validation or checkpoint, or of a Deepchecks suite or check. */
export function readJsonResults(text: string): ForeignResults {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch {
    return { ok: false, problem: 'it is not JSON' }
  }
  const expectations = validations(document, 0).flatMap((each) => listOf(each['results']).map(expectation))
  if (expectations.length > 0) return { ok: true, results: expectations }
  const checks = deepchecks(document, 0)
  if (checks.length > 0) return { ok: true, results: checks }
  return { ok: false, problem: 'it holds no results of Great Expectations or Deepchecks' }
}

/** Validation results, on their own or inside those of a checkpoint (`run_results` of 0.x and 1.x). */
function validations(node: unknown, depth: number): readonly Json[] {
  if (!isRecord(node) || depth > 4) return []
  if (listOf(node['results']).some((each) => 'expectation_config' in each)) return [node]
  const inner = [node['run_results'], node['validation_result']].filter(isRecord)
  return inner.flatMap((each) =>
    each === node['validation_result']
      ? validations(each, depth + 1)
      : Object.values(each).flatMap((run) => validations(run, depth + 1)),
  )
}

function expectation(found: Json): UnmatchedResult {
  const config = isRecord(found['expectation_config']) ? found['expectation_config'] : {}
  const kwargs = isRecord(config['kwargs']) ? config['kwargs'] : {}
  const meta = isRecord(config['meta']) ? config['meta'] : {}
  const type = textOf(config['type']) || textOf(config['expectation_type'])
  const column = textOf(kwargs['column'])
  const exception = isRecord(found['exception_info']) && found['exception_info']['raised_exception'] === true
  const result = isRecord(found['result']) ? found['result'] : {}
  const detail = exception
    ? textOf((found['exception_info'] as Json)['exception_message'])
    : result['observed_value'] === undefined
      ? result['unexpected_percent'] === undefined
        ? ''
        : `unexpected: ${textOf(result['unexpected_percent'])} %`
      : `observed: ${textOf(result['observed_value'])}`
  const verdict = exception ? 'error' : found['success'] === true ? 'satisfied' : 'violated'
  return unmatched('great-expectations', column === '' ? type : `${type}(${column})`, verdict, tagsOf(meta), detail)
}

/** Results of checks with their conditions; suites hold them under `results`. A check without conditions says nothing. */
function deepchecks(node: unknown, depth: number): readonly UnmatchedResult[] {
  if (!isRecord(node) || depth > 4) return []
  const inner = listOf(node['results'])
  if (inner.length > 0) return inner.flatMap((each) => deepchecks(each, depth + 1))
  const conditions = listOf(node['conditions_results'])
  const check = isRecord(node['check']) ? node['check'] : {}
  const name = textOf(node['header']) || textOf(check['name']) || textOf(node['check_name'])
  if (typeof node['exception'] === 'string')
    return [unmatched('deepchecks', name, 'error', tagsOf(node), node['exception'])]
  return conditions.map((condition) => {
    const says = textOf(condition['Condition']) || textOf(condition['name'])
    const status = (textOf(condition['Status']) || textOf(condition['status'])).toUpperCase()
    const verdict = status === 'PASS' ? 'satisfied' : status === 'ERROR' ? 'error' : 'violated'
    const detail = textOf(condition['More Info']) || textOf(condition['details'])
    return unmatched('deepchecks', says === '' ? name : `${name}: ${says}`, verdict, tagsOf(node), detail)
  })
}

/** Clauses that a result names itself: `plumbline` or `clause`, a text, a list, or a record with `clause`. */
function tagsOf(meta: Json): readonly string[] {
  const own = isRecord(meta['plumbline']) ? meta['plumbline']['clause'] : (meta['plumbline'] ?? meta['clause'])
  const tags = Array.isArray(own) ? own : [own]
  return tags.filter((tag): tag is string => typeof tag === 'string' && tag !== '')
}

function listOf(node: unknown): readonly Json[] {
  return Array.isArray(node) ? node.filter(isRecord) : []
}

const isRecord = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
