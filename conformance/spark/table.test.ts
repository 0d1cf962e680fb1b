import { sql } from '../../packages/core/src/targets/sql/sql.ts'
import { tableCorpus } from '../engines/table-corpus.ts'
import { connectSpark } from './client.ts'
import { describeWithCluster } from './with-cluster.ts'

describeWithCluster('a table of Spark', ({ address }) =>
  tableCorpus({
    address,
    dialect: 'spark',
    connect: () => connectSpark(address),
    views: [
      sql`CREATE OR REPLACE VIEW things AS SELECT id, CAST(id AS DOUBLE) / 2 AS x, 'it''s' AS note FROM VALUES (1L), (2L), (3L), (4L), (5L) AS t(id)`,
      sql`CREATE OR REPLACE VIEW slow AS SELECT sum(a.id * b.id) AS id, 0.5D AS x FROM range(1000000) AS a CROSS JOIN range(1000000) AS b`,
    ],
  }),
)
