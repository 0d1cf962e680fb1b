import { sql } from '../../packages/core/src/targets/sql/sql.ts'
import { tableCorpus } from '../engines/table-corpus.ts'
import { connectTrino } from './client.ts'
import { describeWithServer } from './with-server.ts'

describeWithServer('a table of Trino', (address) =>
  tableCorpus({
    address,
    dialect: 'trino',
    connect: () => connectTrino(address),
    views: [
      sql`DROP VIEW IF EXISTS things`,
      sql`DROP VIEW IF EXISTS slow`,
      sql`CREATE VIEW things AS SELECT id, CAST(id AS DOUBLE) / 2 AS x, 'it''s' AS note FROM (VALUES BIGINT '1', 2, 3, 4, 5) AS t(id)`,
      sql`CREATE VIEW slow AS SELECT sum(a.id * b.id % 7) AS id, 0.5e0 AS x FROM UNNEST(sequence(1, 10000)) AS a(id) CROSS JOIN UNNEST(sequence(1, 10000)) AS b(id) CROSS JOIN UNNEST(sequence(1, 10000)) AS c(id)`,
    ],
  }),
)
