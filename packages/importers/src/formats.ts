import type { ColumnType } from '@plumbline/core'
import { importProject } from './dbt/import-project.ts'
import { isDbt, readProject } from './dbt/read-project.ts'
import type { Draft } from './draft/draft.ts'
import { importPackage, isFrictionless } from './frictionless/import-package.ts'
import { importSuite } from './great-expectations/import-suite.ts'
import { isSuite, readSuite } from './great-expectations/read-suite.ts'
import { importSchema, isJsonSchema } from './json-schema/import-schema.ts'
import { importContract, isContract } from './odcs/import-contract.ts'
import { importDataframe, isPandera } from './pandera/import-dataframe.ts'
import { importConstraints, isConstraints } from './sagemaker/import-constraints.ts'
import { importStatistics, isStatistics } from './sagemaker/import-statistics.ts'
import { importSodaContract, isSodaContract } from './soda-contract/import-contract.ts'
import { importChecks, isSodaCl } from './sodacl/import-checks.ts'
import { importTfdv, isTfdv } from './tfdv/import-schema.ts'
import type { Fields } from './text/json.ts'

/** What is known beside the file. */
export interface ImportOptions {
  /** Where the data is; guessed from the file otherwise. */
  readonly source?: string
  /** Types of the data's columns, where somebody looked. */
  readonly columns?: ReadonlyMap<string, ColumnType>
}

/** A foreign format. */
export interface Format {
  /** As `--from` names it. */
  readonly name: string
  readonly title: string
  /** Whether a document is of this format; each format must be told from all others. */
  recognizes(document: Fields): boolean
  read(document: Fields, options: ImportOptions): Draft
}

/** All formats, in the order in which they are tried. */
export const formats: readonly Format[] = [
  {
    name: 'great-expectations',
    title: 'Great Expectations (suites of 0.x and 1.x, JSON)',
    recognizes: isSuite,
    read: (document, options) => importSuite(readSuite(document), options),
  },
  {
    name: 'dbt',
    title: 'dbt (data tests in properties, YAML)',
    recognizes: isDbt,
    read: (document, options) => importProject(readProject(document), options),
  },
  {
    name: 'odcs',
    title: 'Open Data Contract Standard 3 (YAML)',
    recognizes: isContract,
    read: importContract,
  },
  {
    name: 'pandera',
    title: 'Pandera (YAML)',
    recognizes: isPandera,
    read: importDataframe,
  },
  {
    name: 'sodacl',
    title: 'SodaCL (YAML)',
    recognizes: isSodaCl,
    read: importChecks,
  },
  {
    name: 'frictionless',
    title: 'Frictionless Table Schema and Data Package (JSON, YAML)',
    recognizes: isFrictionless,
    read: importPackage,
  },
  {
    name: 'tfdv',
    title: 'TensorFlow Data Validation (schema as text)',
    recognizes: isTfdv,
    read: importTfdv,
  },
  {
    name: 'soda-contract',
    title: 'Soda data contracts (version 4, YAML)',
    recognizes: isSodaContract,
    read: importSodaContract,
  },
  {
    name: 'sagemaker-statistics',
    title: 'SageMaker statistics of a baseline (JSON)',
    recognizes: isStatistics,
    read: importStatistics,
  },
  {
    name: 'sagemaker',
    title: 'SageMaker constraints (JSON)',
    recognizes: isConstraints,
    read: importConstraints,
  },
  {
    name: 'json-schema',
    title: 'JSON Schema of rows (JSON)',
    recognizes: isJsonSchema,
    read: importSchema,
  },
]
