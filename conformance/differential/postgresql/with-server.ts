import { afterAll, beforeAll, describe } from 'vitest'
import { noServer, type PostgresqlServer, startServer } from './server.ts'

/** Tests that need a server: it runs for all of them, and they are skipped, saying why, where none is installed. */
export function describeWithServer(title: string, tests: (server: () => PostgresqlServer) => void): void {
  const reason = noServer()
  describe.skipIf(reason !== undefined)(reason === undefined ? title : `${title} – skipped: ${reason}`, () => {
    let server: PostgresqlServer | undefined
    beforeAll(async () => {
      server = await startServer()
    })
    afterAll(() => server?.stop())
    tests(() => {
      if (server === undefined) throw new Error('The server runs only while the tests do.')
      return server
    })
  })
}
