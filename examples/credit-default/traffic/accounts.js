import { DuckDBInstance } from '@duckdb/node-api'

/** An input of the model: its name and its datatype in the protocol. @typedef {{ readonly name: string, readonly datatype: 'INT64' | 'FP64' }} Input */
/** An account: what is asked about it, and what became of it. @typedef {{ readonly id: number, readonly inputs: Readonly<Record<string, number>>, readonly label: boolean }} Account */

const NOT_INPUTS = new Set(['id', 'split', 'default'])

/**
 * The accounts of a split, in the order of their ids, and the inputs of the model in the order of the columns.
 * @param {string} path a Parquet file
 * @param {string} split
 * @returns {Promise<{ accounts: readonly Account[], inputs: readonly Input[] }>}
 * @throws {Error} when the file cannot be read or the split is empty
 */
export async function readAccounts(path, split) {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    const described = await connection.runAndReadAll('DESCRIBE SELECT * FROM read_parquet($1)', [path])
    const inputs = described
      .getRowObjectsJson()
      .filter((column) => !NOT_INPUTS.has(`${column.column_name}`))
      .map((column) => ({
        name: `${column.column_name}`,
        datatype: `${column.column_type}`.endsWith('INT') || column.column_type === 'INTEGER' ? 'INT64' : 'FP64',
      }))
    const read = await connection.runAndReadAll('SELECT * FROM read_parquet($1) WHERE split = $2 ORDER BY id', [
      path,
      split,
    ])
    const accounts = read.getRowObjectsJS().map((row) => ({
      id: Number(row.id),
      inputs: Object.fromEntries(inputs.map(({ name }) => [name, Number(row[name])])),
      label: row.default === true,
    }))
    if (accounts.length === 0) throw new Error(`${path} has no rows of the split ${split}`)
    return { accounts, inputs }
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
