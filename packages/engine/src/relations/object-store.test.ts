import { expect, test } from 'vitest'
import { refusedCredentials } from './object-store.ts'

const refused = (message: string, environment: Readonly<Record<string, string>> = {}) =>
  refusedCredentials('s3://shop/a.parquet', { code: 'io', cause: message, message }, environment)?.cause

test('a store that refuses who asked is told from one that fails, and whether anybody in particular asked is said', () => {
  const message =
    "HTTP Error: HTTP GET error reading 's3://shop/' in region 'eu-west-1' (HTTP 403 Forbidden); InvalidAccessKeyId: The AWS Access Key Id you provided does not exist"
  expect(refused(message, { AWS_ACCESS_KEY_ID: 'reader' })).toMatch(
    /^"s3:\/\/shop\/a\.parquet": the object store refused who asked \(403 InvalidAccessKeyId\)\. Check AWS_ACCESS_KEY_ID/,
  )
  expect(refused(message, { AWS_ACCESS_KEY_ID: 'reader' })).not.toContain('reader')
  expect(refused('HTTP Error: (HTTP 401 Unauthorized)')).toMatch(/\(401\)\. AWS_ACCESS_KEY_ID is not set/)
  expect(refused("HTTP Error: Request returned HTTP 500 for HTTP GET to 'http://127.0.0.1/403/'")).toBeUndefined()
})
