import { expect, it } from 'vitest'
import { identifier, integerLiteral, sql, textLiteral } from '../sql.ts'
import { renderTrino } from './render.ts'

it('how many rows stands behind from which on; texts and names stay what they are', () => {
  const hostile = '\' LIMIT 1 OFFSET 2 " LIMIT 3 OFFSET 4'
  expect(
    renderTrino(
      sql`SELECT ${identifier(hostile)}, ${textLiteral(hostile)} FROM t LIMIT 1 OFFSET ${integerLiteral(7n)}`,
    ),
  ).toBe(
    `SELECT "' LIMIT 1 OFFSET 2 "" LIMIT 3 OFFSET 4", ''' LIMIT 1 OFFSET 2 " LIMIT 3 OFFSET 4' FROM t OFFSET 7 LIMIT 1`,
  )
})
