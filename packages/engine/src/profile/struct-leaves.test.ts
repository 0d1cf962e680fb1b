import { expect, it } from 'vitest'
import { structLeaves } from './struct-leaves.ts'

it.each([
  ['BIGINT', []],
  ['STRUCT(a BIGINT)[]', []],
  [
    'STRUCT(age BIGINT, city VARCHAR)',
    [
      ['age', 'BIGINT'],
      ['city', 'VARCHAR'],
    ],
  ],
  [
    'STRUCT(a STRUCT(b DECIMAL(10,2), "c ""d, (e" DOUBLE[]))',
    [
      ['a.b', 'DECIMAL(10,2)'],
      ['a.c "d, (e', 'DOUBLE[]'],
    ],
  ],
  [
    'STRUCT("timestamp" TIMESTAMP WITH TIME ZONE, m MAP(VARCHAR, BIGINT))',
    [
      ['timestamp', 'TIMESTAMP WITH TIME ZONE'],
      ['m', 'MAP(VARCHAR, BIGINT)'],
    ],
  ],
])('%s', (type, leaves) => {
  expect(structLeaves(type).map((leaf) => [leaf.steps.join('.'), leaf.type])).toEqual(leaves)
})
