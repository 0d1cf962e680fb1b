import { render } from '@plumbline/core'
import type { Session } from '../duckdb/session.ts'

/** The session, with each statement that asks for rows told as it is asked. */
export function heardSession(session: Session, hear: (statement: string) => void): Session {
  return {
    ...session,
    query(statement) {
      hear(render(statement))
      return session.query(statement)
    },
    async abreast(statements) {
      for (const statement of statements) hear(render(statement))
      return (await session.abreast?.(statements)) ?? []
    },
  }
}
