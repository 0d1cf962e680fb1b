import * as catalog from '../../diagnostics/catalog/language.ts'
import { diagnose } from '../../diagnostics/define.ts'
import type { Located } from '../../source/span.ts'
import { identifier, mapOf, record } from '../reader/collections.ts'
import { present, type Reader } from '../reader/reader.ts'
import { address, choice, duration } from '../reader/scalars.ts'
import type { DatabaseDialect, Engine } from '../spec.ts'

/** The dialects that rows can be asked in, by the word of the language. */
export const DIALECTS = ['postgresql'] as const satisfies readonly DatabaseDialect[]

const VARIABLE = /\$\{[A-Za-z_]\w*\}/g
/** What an address says between a user and the host: `user:password@host`, with nothing but a variable for the password. */
const PASSWORD = /^[a-z][a-z0-9+.-]*:\/\/[^/?#@]*:([^/?#]*)@/i
const PASSWORD_PARAMETER = /[?&]password=([^&#]*)/i

/**
 * The address of a database, `postgresql://user@host:5432/name`. It may be, or hold, `${NAME}`: kept as written, and
 * resolved only when the database is asked. A password is never written here.
 */
const databaseAddress: Reader<Located<string>> = {
  expects: 'the address of a database',
  schema: { type: 'string', minLength: 1 },
  read: (node, context) => {
    const found = address.read(node, context)
    if (found === undefined) return undefined
    const given = [PASSWORD.exec(found.value)?.[1], PASSWORD_PARAMETER.exec(found.value)?.[1]]
    if (given.some((password) => password !== undefined && password.replaceAll(VARIABLE, '') !== '')) {
      const fix =
        'Leave the password out: write ${NAME} for it, set PGPASSWORD, or keep it in a password file (mode 0600).'
      const expects = 'an address without a password'
      // The text itself is not repeated: it is a secret.
      context.report(diagnose(catalog.badLiteral, found.span, { text: 'address: …', expects, fix }))
      return undefined
    }
    const filled = found.value.replace(/^\$\{[A-Za-z_]\w*\}/, 'postgresql://x').replaceAll(VARIABLE, 'x')
    if (/^postgres(ql)?:\/\/[^\s$]*$/.test(filled)) return found
    const fix =
      'Write for example postgresql://reader@db.example.org/risk, or ${WAREHOUSE} to take it from the environment.'
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
  (name, { values }) => {
    if (values.dialect === undefined) return undefined
    return {
      ...name,
      dialect: values.dialect,
      ...present({ address: values.address, statementTimeout: values.statement_timeout }),
    }
  },
)
