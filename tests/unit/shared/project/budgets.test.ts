import { strToU8, unzipSync, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { readExperiment } from '@shared/experiment'
import { decodeProject, encodeProject, readProject } from '@shared/project'
import { surveyJson } from '@shared/project/limits'
import { InputError, type Problem } from '@shared/base/problems'
import { unzip } from '@shared/base/zip'
import { computing } from '../../../computing'
import { sampleProject } from './sample'

/** Milliseconds of processor time. */
const SOON = 6000
/** A project file with this text as its document. */
const file = (json: string): Uint8Array => zipSync({ 'project.json': strToU8(json) })
const head = '"format":"gradient-clinic/project","version":2,"name":"x","current":0'
const repeated = (what: string, n: number): string => `[${`${what},`.repeat(n - 1)}${what}]`

/** Where the table of contents tells of an entry. */
function placeOf(zip: Uint8Array, name: string): number {
  const view = new DataView(zip.buffer)
  for (let at = view.getUint32(zip.length - 22 + 16, true); ;) {
    const length = view.getUint16(at + 28, true)
    if (new TextDecoder().decode(zip.subarray(at + 46, at + 46 + length)) === name) return at
    at += 46 + length + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  }
}
/** A zip whose table of contents says that an entry unpacks to `size` bytes. */
function declaring(zip: Uint8Array, name: string, size: number): Uint8Array {
  const copy = zip.slice()
  new DataView(copy.buffer).setUint32(placeOf(copy, name) + 24, size, true)
  return copy
}

function refusal(bytes: Uint8Array): { problems: Problem[]; message: string } {
  const computed = computing()
  try {
    decodeProject(bytes)
  } catch (error) {
    expect(error).toBeInstanceOf(InputError)
    expect(computed()).toBeLessThan(SOON)
    const { problems, message } = error as InputError
    expect(problems.length).toBeLessThanOrEqual(51)
    return { problems, message }
  }
  throw new Error('was accepted')
}

describe('before any work is done, a file is refused that has', () => {
  const nested = `${'['.repeat(2e6)}${']'.repeat(2e6)}`
  it.each([
    [
      'millions of runs',
      `{${head},"experiments":[{}],"files":[],"runs":${repeated('{}', 3e6)}}`,
      /runs: has more than 5000 entries/
    ],
    [
      'many experiments',
      `{${head},"runs":[],"files":[],"experiments":${repeated('{}', 1e5)}}`,
      /has more than 1000 entries/
    ],
    [
      'many files',
      `{${head},"runs":[],"experiments":[{}],"files":${repeated('{}', 1e5)}}`,
      /has more than 5000 entries/
    ],
    ['millions of other values', `{${head},"x":${repeated('0', 17e6)}}`, /million values/],
    [
      'runs under another spelling',
      `{${head},"experiments":[{}],"files":[],"\\u0072uns":${repeated('{}', 6000)}}`,
      /more than 5000/
    ],
    ['endless nesting', `{${head},"x":${nested}}`, /x: is nested more than 64 deep/],
    ['nesting without an end', `{${head},"x":${'{"a":'.repeat(1e6)}`, /x: is nested more than 64 deep/]
  ])('%s', (_what, json, message) => {
    expect(refusal(file(json)).message).toMatch(message)
  })
  it('a document that unpacks to too much', () => {
    expect(refusal(declaring(file('{}'), 'project.json', 300 * 2 ** 20)).message).toMatch(
      /project.json: is larger than 256/
    )
  })
  it('the same in an experiment as JSON', () => {
    expect(refusal(strToU8(`{"network": ${nested}}`)).message).toMatch(/network: is nested more/)
    expect(refusal(strToU8(`{"remedies": ${repeated('"clipByValue"', 3e5)}}`)).message).toMatch(/more than 100/)
    const keys = Array.from({ length: 5e4 }, (_, i) => `"k${i}":0`).join(',')
    const { problems } = refusal(strToU8(`{${keys}}`))
    expect(problems.at(-1)!.message.en).toMatch(/^and \d+ more problems$/)
  })
  it('a run whose parts are of another size than they declare', () => {
    const huge = declaring(encodeProject(sampleProject()), 'runs/1.bin', 400 * 2 ** 20)
    expect(refusal(huge).message).toMatch(/runs\.0\.frames\.file: has 419430400 bytes instead of/)
  })
})

describe('a zip', () => {
  const limits = { file: 1e9, entries: 100, entry: 1e6, total: 2e6 }
  it('gives no more in all than its limit, however often an entry is named', () => {
    const { read } = unzip(zipSync({ a: new Uint8Array(900_000) }), limits)
    read('a')
    read('a')
    expect(() => read('a')).toThrow(/make more than/)
  })
  it('gets no room for what its bytes cannot hold', () => {
    const bytes = zipSync({ a: strToU8('abc'.repeat(100)) })
    expect(() => unzip(declaring(bytes, 'a', 999_999), limits).read('a')).toThrow(/more than it can unpack to/)
  })
})

it('quotes and backslashes in texts are no structure', () => {
  expect(surveyJson(strToU8(JSON.stringify({ 'a[{"': '\\"[[[,,,', b: [1, 2] })), 'x')).toBe(5)
})
it('what is wrong with a value is told in short', () => {
  const { problems } = readExperiment({ training: { steps: 'x'.repeat(1e6) }, seed: [[['y'.repeat(1e6)]]] })
  for (const p of problems) expect(p.message.en.length).toBeLessThan(1000)
})

describe('a project with a damaged part', () => {
  const bytes = encodeProject(sampleProject())
  const damaged = (name: string): Uint8Array => {
    const copy = bytes.slice()
    copy[placeOf(copy, name) + 16]! ^= 1
    return copy
  }
  it('opens without it, and says what is missing', () => {
    const whole = sampleProject()
    for (const name of Object.keys(unzipSync(bytes)).filter((n) => n !== 'project.json')) {
      const { project, missing } = readProject(damaged(name))
      expect(missing).toMatchObject([
        { path: name, message: { en: expect.stringMatching(/left out.*checksum/) as string } }
      ])
      expect(project.experiments).toEqual(whole.experiments)
      expect(project.runs.map((r) => r.id)).toEqual(whole.runs.map((r) => r.id))
      expect(() => decodeProject(damaged(name))).toThrow(/checksum/)
    }
  })
  it('is refused when that is its document', () => {
    expect(() => readProject(damaged('project.json'))).toThrow(/checksum/)
  })
})
