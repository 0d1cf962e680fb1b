import type { FileDataset, ProgramFiles, SourceGuess } from '@plumbline/core'
import { csvHead } from '../relations/csv-header.ts'
import type { SourceFile } from '../relations/source-files.ts'
import { csvDialect } from './csv-dialect.ts'
import type { Sniffed } from './sniff-file.ts'

/** A way to read the file that is tried: its source, and the names of its columns where it has no header. */
export interface Attempt {
  readonly source: ProgramFiles
  readonly names?: readonly string[]
  readonly guesses: readonly SourceGuess[]
}

/** The ways to read a file, likeliest first; none where a CSV file has no first record. */
export async function attemptsOf(file: SourceFile, sniffed: Sniffed): Promise<readonly Attempt[]> {
  const path = file.name
  if (sniffed.format !== 'csv') return [{ source: { path, format: sniffed.format }, guesses: [] }]
  const dialect = csvDialect(sniffed.text, sniffed.whole)
  if (dialect === undefined) return []
  const { header, first } = dialect
  const read = async (encoding: string, delimiter: string): Promise<Attempt> => {
    const foreseen = await csvHead(file, encoding)
    // What the language does by itself need not be written.
    const written = !foreseen.ok || foreseen.value.delimiter !== delimiter || path.toLowerCase().endsWith('.tsv')
    return {
      source: {
        path,
        format: 'csv',
        ...(written ? { delimiter } : {}),
        ...(header ? {} : { header: false }),
        ...(encoding === 'utf-8' ? {} : { encoding }),
      },
      ...(header ? {} : { names: first.map((_, i) => `column_${i + 1}`) }),
      guesses: [
        ...(header ? [] : (['no-header'] as const)),
        ...(encoding === 'latin-1' ? (['encoding'] as const) : []),
      ],
    }
  }
  const attempts = [await read(sniffed.encoding, dialect.delimiter)]
  // Seen past the first megabyte only: a comma without its space, a letter that is not UTF-8.
  if (dialect.delimiter === ', ') attempts.push(await read(sniffed.encoding, ','))
  if (sniffed.encoding === 'utf-8' && !sniffed.whole) attempts.push(await read('latin-1', dialect.delimiter))
  return attempts
}

/** The dataset a spec would declare, as far as reading it needs: without a header the columns are named by it. */
export function datasetOf({ source, names }: Attempt): FileDataset {
  const columns = (names ?? []).map((name) => ({
    name,
    columnType: 'text' as const,
    type: { kind: 'string' as const },
    optional: true,
    protected: false,
  }))
  return { name: 'profiled', source, key: [], columns, splits: [] }
}
