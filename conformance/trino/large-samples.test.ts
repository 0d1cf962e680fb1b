import { identifier, sql } from '../../packages/core/src/targets/sql/sql.ts'
import { largeSamples } from '../engines/large-samples.ts'
import { tableOf } from '../engines/run.ts'
import { connectTrino } from './client.ts'
import { describeWithServer } from './with-server.ts'

describeWithServer('large samples in Trino', (address) =>
  largeSamples({
    address: () => address,
    tableOf: (name) => tableOf(name, { dialect: 'trino' }),
    async make(name, rows) {
      const { query } = await connectTrino(address)
      await query(sql`DROP TABLE IF EXISTS ${identifier(name)}`)
      await query(sql`CREATE TABLE ${identifier(name)} AS ${rows}`)
    },
    series(last) {
      // A sequence has at most 10 000 elements.
      const steps = last === 64_000 ? sql`sequence(0, 63)` : sql`sequence(0, 59)`
      return sql`(SELECT step * 1000 + place AS i FROM UNNEST(${steps}) AS a(step) CROSS JOIN UNNEST(sequence(1, 1000)) AS b(place)) AS s`
    },
    fetched: () => undefined,
  }),
)
