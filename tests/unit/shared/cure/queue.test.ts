// cspell:ignore sslkey
import { describe, expect, it } from 'vitest'
import { readQueueUrl } from '@shared/cure/queue'

describe('the URL of a queue', () => {
  it.each([
    ['redis://host', { kind: 'redis', place: 'redis://host', host: 'host', user: '', password: '', isSecure: false }],
    [
      ' redis://:a%40b@10.0.0.1:6380/2 ',
      { place: 'redis://10.0.0.1:6380/2', port: 6380, password: 'a@b', database: '2' }
    ],
    ['REDISS://me:x@host', { place: 'rediss://host', user: 'me', password: 'x', isSecure: true }],
    [
      'postgres://me:a:b@host/jobs?sslmode=require',
      { kind: 'postgres', place: 'postgres://host/jobs', password: 'a:b' }
    ],
    ['postgresql://[::1]:5433/x', { place: 'postgresql://[::1]:5433/x', host: '::1', port: 5433 }]
  ])('%s is read, and its place holds no credentials', (url, read) => expect(readQueueUrl(url)).toMatchObject(read))

  it.each([
    '',
    'host:6379',
    'mysql://u:p@host/x',
    'redis://',
    'redis://host:6379/jobs',
    'redis://host?x=y',
    // Readers of URLs would differ about the host of these.
    'redis://:a@b@elsewhere',
    'redis://host/@elsewhere',
    'redis://host#@elsewhere',
    'redis://host\\@elsewhere',
    'postgres://host/x?host=elsewhere',
    'postgres://host/x?sslmode=require&HOST=elsewhere',
    'postgres://host/x?sslkey=/etc/passwd',
    'redis://:%zz@host',
    'redis://ho st'
  ])('“%s” is none', (url) => expect(readQueueUrl(url)).toBeUndefined())
})
