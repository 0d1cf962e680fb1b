import { render, type Sql } from '../sql.ts'

/** A text literal or a name, which stay as they are; or how many rows, and from which on. */
const PIECES = /'(?:[^']|'')*'|"(?:[^"]|"")*"| LIMIT (\d+) OFFSET (\d+)/g

/** The text to hand to Trino, which is told how many rows after it is told from which on. */
export const renderTrino = (fragment: Sql): string =>
  render(fragment).replaceAll(PIECES, (piece, limit: string | undefined, offset: string | undefined) =>
    limit === undefined ? piece : ` OFFSET ${offset} LIMIT ${limit}`,
  )
