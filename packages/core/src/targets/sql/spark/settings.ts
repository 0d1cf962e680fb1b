/**
 * What a session of Spark has to be set to before expressions mean what they say, whatever the server is set to.
 * `ansi.enabled` off: nothing raises, and what may overflow is spelled with `try_…`.
 */
export const sparkSettings: Readonly<Record<string, string>> = {
  'spark.sql.ansi.enabled': 'false',
  'spark.sql.session.timeZone': 'UTC',
  // Names are compared exactly, as everywhere in the language.
  'spark.sql.caseSensitive': 'true',
  // `${…}` in a text or a name is no setting.
  'spark.sql.variable.substitute': 'false',
  'spark.sql.parser.escapedStringLiterals': 'false',
  'spark.sql.legacy.statisticalAggregate': 'false',
  'spark.sql.legacy.followThreeValuedLogicInArrayExists': 'true',
}
