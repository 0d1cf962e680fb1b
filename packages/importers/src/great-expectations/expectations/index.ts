import { type Ask, refused } from '../asked.ts'
import { columnAggregates } from './aggregates.ts'
import { columnMap } from './column-map.ts'
import { columnOrder } from './column-order.ts'
import { columnTypeExpectations } from './column-types.ts'
import { severalColumns } from './several-columns.ts'
import { tables } from './tables.ts'

const why =
  (because: string): Ask =>
  () =>
    refused(because)

const STUB = 'Great Expectations has no implementation of it either.'

/** Every expectation by its name: those of Great Expectations 1.2.0's core, and those seen in later versions. */
export const expectations: Readonly<Record<string, Ask>> = {
  ...columnMap,
  ...columnOrder,
  ...columnTypeExpectations,
  ...columnAggregates,
  ...severalColumns,
  ...tables,
  expect_column_values_to_match_json_schema: why(
    'Declare what the schema names as columns with a `path` into the cell (`plumb import` of the schema itself writes them): their types and ranges are contracts.',
  ),
  expect_query_results_to_match_comparison: why('It compares two queries: declare their results as datasets.'),
  expect_column_bootstrapped_ks_test_p_value_to_be_greater_than: why(STUB),
  expect_column_chisquare_test_p_value_to_be_greater_than: why(STUB),
  expect_column_parameterized_distribution_ks_test_p_value_to_be_greater_than: why(STUB),
  expect_column_pair_cramers_phi_value_to_be_less_than: why(STUB),
  expect_multicolumn_values_to_be_unique: why(STUB),
}
