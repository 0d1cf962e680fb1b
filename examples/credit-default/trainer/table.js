import { DuckDBInstance } from '@duckdb/node-api'

/**
 * Columns of equal length. Features are float32 because that is what the exported model computes with: the trainer
 * must see the numbers the model will see.
 * @typedef {{ readonly rows: number,
 *   readonly features: Readonly<Record<string, Float32Array>>,
 *   readonly labels: Uint8Array }} Table
 */

/** What a model reads: a column and whether it holds integers. @typedef {{ name: string, integer: boolean }} Input */

const LABEL = 'default'
const NOT_FEATURES = new Set(['id', 'split', 'part', LABEL])
const quote = (/** @type {string} */ name) => `"${name.replaceAll('"', '""')}"`

/**
 * Reads the rows of some splits, in the order of their ids.
 * @param {string} path a Parquet file
 * @param {readonly string[]} splits e.g. ['train']
 * @param {string} [window] another Parquet file of the same columns; its rows of the part `learn` are read, too
 * @returns {Promise<{ table: Table, inputs: readonly Input[] }>} all feature columns, and their order and kinds
 * @throws {Error} when the file, a split or the label is missing, or a cell is empty: this trainer has no rule for that
 */
export async function readTable(path, splits, window = '') {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    const described = await connection.runAndReadAll('DESCRIBE SELECT * FROM read_parquet($1)', [path])
    const types = described
      .getRowObjectsJson()
      .map((row) => ({ name: `${row.column_name}`, type: `${row.column_type}` }))
    const inputs = types
      .filter(({ name }) => !NOT_FEATURES.has(name))
      .map(({ name, type }) => ({ name, integer: type.endsWith('INT') || type === 'INTEGER' }))
    const wanted = [LABEL, ...inputs.map(({ name }) => name)].map((name) => `${quote(name)}::DOUBLE AS ${quote(name)}`)
    const marks = splits.map((_, i) => `$${i + 2}`).join(', ')
    const rows = `SELECT id, ${wanted.join(', ')} FROM read_parquet($1) WHERE split IN (${marks})`
    const recent = `SELECT id, ${wanted.join(', ')} FROM read_parquet($${splits.length + 2}) WHERE part = 'learn'`
    const result = await connection.runAndReadAll(
      window === '' ? `${rows} ORDER BY id` : `${rows} UNION ALL ${recent} ORDER BY id`,
      [path, ...splits, ...(window === '' ? [] : [window])],
    )
    const columns = result.getColumnsObjectJS()
    const features = Object.fromEntries(
      inputs.map(({ name }) => [name, Float32Array.from(complete(name, columns[name]))]),
    )
    const labels = Uint8Array.from(complete(LABEL, columns[LABEL]))
    if (labels.length === 0) throw new Error(`${path} has no rows in the splits ${splits.join(', ')}`)
    return { table: { rows: labels.length, features, labels }, inputs }
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/**
 * The rows at the given positions.
 * @param {Table} table
 * @param {ArrayLike<number>} positions
 * @returns {Table}
 */
export function pick(table, positions) {
  const rows = Array.from(positions)
  const features = Object.fromEntries(
    Object.entries(table.features).map(([name, values]) => [name, Float32Array.from(rows, (row) => values[row])]),
  )
  return { rows: rows.length, features, labels: Uint8Array.from(rows, (row) => table.labels[row]) }
}

function complete(name, values) {
  if (values.some((value) => !Number.isFinite(value))) throw new Error(`column ${name} has missing or infinite cells`)
  return values
}
