import { describe } from 'vitest'

/** Tests that ask a server of Trino: they are skipped, saying so, where `PLUMB_TRINO` names none. */
export function describeWithServer(title: string, tests: (address: string) => void): void {
  const address = process.env['PLUMB_TRINO']
  if (address === undefined)
    describe.skip(`${title} – skipped: no server runs (node tools/trino/run.ts npx vitest run conformance/trino)`, () =>
      tests(''))
  else describe(title, () => tests(address))
}
