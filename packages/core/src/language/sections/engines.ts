import * as catalog from '../../diagnostics/catalog/language.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Located } from '../../source/span.ts'
import { identifier, mapOf, record } from '../reader/collections.ts'
import { present, type ReadContext, type Reader } from '../reader/reader.ts'
import { address, choice, duration } from '../reader/scalars.ts'
import type { DatabaseDialect, Engine } from '../spec.ts'

/** The dialects that rows can be asked in, by the word of the language. */
export const DIALECTS = [
  'postgresql',
  'spark',
  'trino',
  'clickhouse',
  'snowflake',
  'bigquery',
] as const satisfies readonly DatabaseDialect[]

const VARIABLE = /\$\{[A-Za-z_]\w*\}/g
/** What an address says between a user and the host: `user:password@host`, with nothing but a variable for the password. */
const PASSWORD = /^[a-z][a-z0-9+.-]*:\/\/[^/?#@]*:([^/?#]*)@/i
const PASSWORD_PARAMETER = /[?&]password=([^&#]*)/i
/** The token of an address of Spark: `sc://host/;token=…`. */
const TOKEN = /;token=([^;]*)/i

/** How an address of each dialect begins. */
const SCHEMES: Readonly<Record<DatabaseDialect, RegExp>> = {
  postgresql: /^postgres(ql)?:/,
  spark: /^sc:/,
  trino: /^trino:/,
  clickhouse: /^clickhouse:/,
  snowflake: /^snowflake:/,
  bigquery: /^bigquery:/,
}

/**
 * The address of a database, `postgresql://user@host:5432/name` or `sc://host:15002`. It may be, or hold, `${NAME}`: kept as written, and
 * resolved only when the database is asked. A password is never written here.
 */
const databaseAddress: Reader<Located<string>> = {
  expects: 'the address of a database',
  schema: { type: 'string', minLength: 1 },
  read: (node, context) => {
    const found = address.read(node, context)
    if (found === undefined) return undefined
    const given = [
      PASSWORD.exec(found.value)?.[1],
      PASSWORD_PARAMETER.exec(found.value)?.[1],
      TOKEN.exec(found.value)?.[1],
    ]
    if (given.some((password) => password !== undefined && password.replaceAll(VARIABLE, '') !== '')) {
      const fix =
        'Leave it out: write ${NAME} for it, or keep it in the environment or in a file of mode 0600, as docs/engines.md says.'
      const expects = 'an address without a password or token'
      // The text itself is not repeated: it is a secret.
      context.report(diagnose(catalog.badLiteral, found.span, { text: 'address: …', expects, fix }))
      return undefined
    }
    const filled = found.value.replace(/^\$\{[A-Za-z_]\w*\}/, 'postgresql://x').replaceAll(VARIABLE, 'x')
    if (/^(postgres(ql)?|sc|trino|clickhouse|snowflake|bigquery):\/\/[^\s$]*$/.test(filled)) return found
    const fix =
      'Write for example postgresql://reader@db.example.org/risk or sc://spark.example.org:15002, or ${WAREHOUSE} to take it from the environment.'
    context.report(
      diagnose(catalog.badLiteral, found.span, { text: found.value, expects: databaseAddress.expects, fix }),
    )
    return undefined
  },
}

/** `engines`: databases that hold rows, by the names that sources say. */
export const enginesSection: Reader<ReadonlyMap<string, Engine>> = mapOf(
  identifier('an engine'),
  record(
    'an engine',
    { dialect: choice('a dialect', DIALECTS), address: databaseAddress, statement_timeout: duration },
    { required: ['dialect'] },
  ),
  (name, { values }, context) => {
    if (values.dialect === undefined) return undefined
    fitsDialect(values.address, values.dialect.value, context)
    return {
      ...name,
      dialect: values.dialect,
      ...present({ address: values.address, statementTimeout: values.statement_timeout }),
    }
  },
)

/** An address says which protocol is spoken; one that is all in the environment says it there. */
function fitsDialect(address: Located<string> | undefined, dialect: DatabaseDialect, context: ReadContext): void {
  if (address === undefined || address.value.startsWith('$') || SCHEMES[dialect].test(address.value)) return
  const expects = `an address of ${dialect}`
  const fix = 'Correct the address, or the dialect beside it.'
  context.report(diagnose(catalog.badLiteral, address.span, { text: address.value, expects, fix }))
}
