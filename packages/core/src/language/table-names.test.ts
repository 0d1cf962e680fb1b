import { expect, test } from 'vitest'
import { tableNames } from './table-names.ts'

test('names of a table are taken as they are, parts by dots, anything at all in quotes', () => {
  expect(tableNames('accounts')).toEqual(['accounts'])
  expect(tableNames('risk.Accounts')).toEqual(['risk', 'Accounts'])
  expect(tableNames('"a.b"."say ""hi"""')).toEqual(['a.b', 'say "hi"'])
  expect(tableNames('db.risk.accounts')).toEqual(['db', 'risk', 'accounts'])
})

test.each(['', '.', 'a.', '.a', 'a..b', '"a', '"a"b', 'a.b.c.d', '""', 'a\0b'])('no name of a table: %j', (text) => {
  expect(tableNames(text)).toBeUndefined()
})
