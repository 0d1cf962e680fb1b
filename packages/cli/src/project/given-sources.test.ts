import { compile } from '@plumbline/core'
import { expect, it } from 'vitest'
import { withSources } from './given-sources.ts'

const programOf = (datasets: readonly string[]) => {
  const data = datasets.map((name) => `  ${name}: { source: ${name}.csv, columns: { x: { type: integer } } }`)
  const text = `plumbline: 1\nsystem: { name: s, version: 1.0.0 }\ndata:\n${data.join('\n')}\n`
  const { value } = compile({ main: { path: 'plumb.yaml', text }, others: [] })
  if (value === undefined) throw new Error('no program')
  return value
}
const given = (datasets: readonly string[], ...sources: readonly string[]) => {
  const done = withSources(programOf(datasets), '/p', sources)
  return done.ok ? done.value.datasets.map(({ source }) => source) : done.failure.message
}

it('puts other files in the place of sources, read by their ending', () => {
  expect(given(['a', 'b'], 'b=x/y.parquet')).toMatchObject([
    { path: 'a.csv' },
    { path: 'x/y.parquet', format: 'parquet' },
  ])
  // A frame stands for the declared file: names of images are relative to that one's folder.
  expect(given(['a'], '.plumb/frames/1.csv')).toEqual([
    { path: '.plumb/frames/1.csv', format: 'csv', standsFor: 'a.csv' },
  ])
  expect(given(['a'], 'x/1.csv')).toEqual([{ path: 'x/1.csv', format: 'csv' }])
  expect(given(['a'])).toMatchObject([{ path: 'a.csv', format: 'csv' }])
})

it('changes no digest of a clause', () => {
  const program = programOf(['a'])
  const done = withSources(program, '/p', ['x.parquet'])
  expect(done.ok && done.value.clauses).toEqual(program.clauses)
})

it('refuses what it cannot read, and names nobody declared', () => {
  expect(given(['people', 'b'], 'peple=x.csv')).toBe('There is no dataset `peple`.')
  expect(given(['a', 'b'], 'x.csv')).toBe('`--source x.csv` names no dataset.')
  expect(given(['a'], 'x.xlsx')).toBe('`x.xlsx` cannot be the source of `a`.')
  expect(given(['a'], '../x.csv')).toBe('`../x.csv` cannot be the source of `a`.')
  expect(given(['a'], '/etc/x.csv')).toBe('`/etc/x.csv` cannot be the source of `a`.')
})
