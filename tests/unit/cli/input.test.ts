/** What is given in the place of an experiment is refused by its name, and an experiment in any Unicode is read. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync, strToU8, zipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { InputError } from '@shared/base/problems'
import { readGiven } from '../../../src/cli/input'

let dir: string
beforeAll(() => void (dir = mkdtempSync(join(tmpdir(), 'clinic-input-'))))
afterAll(() => rmSync(dir, { recursive: true }))

const given = (bytes: Uint8Array): unknown => {
  const file = join(dir, 'e.json')
  writeFileSync(file, bytes)
  return readGiven(file).experiment
}
const refusal = (bytes: Uint8Array): string => {
  try {
    given(bytes)
  } catch (error) {
    if (error instanceof InputError) return error.message
    throw error
  }
  throw new Error('nothing was refused')
}
const json = (value: unknown): Uint8Array => strToU8(JSON.stringify(value))
const zip = (...names: string[]): Uint8Array => zipSync(Object.fromEntries(names.map((n) => [n, strToU8('x')])))
const deep = (levels: number): Uint8Array => strToU8('{"a":'.repeat(levels) + '1' + '}'.repeat(levels))

describe('in the place of an experiment', () => {
  it.each<[string, Uint8Array, RegExp]>([
    ['the record of a run', json({ format: 'gradient-clinic/run', version: 1 }), /record of a run.*"effective"/],
    ['a model of Keras', json({ class_name: 'Sequential', config: {} }), /model of Keras as JSON.*clinic import/],
    ['a model of Keras in a zip', zip('config.json', 'model.weights.h5'), /Keras or PyTorch.*clinic import/],
    ['a model of PyTorch', zip('archive/data.pkl', 'archive/data/0'), /Keras or PyTorch.*clinic import/],
    ['weights', strToU8('\x10\0\0\0\0\0\0\0{"w":{}}', true), /safetensors.*clinic import/],
    ['an HDF5 file', strToU8('\x89HDF\r\n\x1a\n\0\0', true), /an HDF5 file.*clinic import/],
    ['another zip', zip('a.txt'), /a zip without project\.json/],
    ['what is packed', gzipSync(json({})), /packed with gzip: unpack it/],
    ['a picture', strToU8('\x89PNG\r\n\x1a\n\0\0', true), /is a PNG picture, not an experiment/],
    ['a page', strToU8('<!DOCTYPE html>'), /is XML or HTML, not an experiment/],
    ['a list', json([]), /is not an experiment, which must be a JSON object/],
    ['a list of several', json([{}, {}]), /is a list of 2: a file holds one experiment/],
    ['JSON within a text', json(JSON.stringify({ name: 'e' })), /is JSON within a text: write it without the quotes/],
    ['what is nested', deep(80), /is nested more than 64 deep/]
  ])('%s is refused', (_name, bytes, message) => {
    expect(refusal(bytes)).toMatch(message)
    expect(refusal(bytes)).toMatch(/^e\.json: /)
  })
})

describe('an experiment is read in', () => {
  const text = '{ "name": "Bär" }'
  const units = (big: boolean, bytes: 2 | 4, mark: boolean): Uint8Array => {
    const points = [...((mark ? '\ufeff' : '') + text)].map((c) => c.codePointAt(0)!)
    const view = new DataView(new ArrayBuffer(points.length * bytes))
    points.forEach((p, i) => (bytes === 2 ? view.setUint16(2 * i, p, !big) : view.setUint32(4 * i, p, !big)))
    return new Uint8Array(view.buffer)
  }
  it.each<[string, Uint8Array]>([
    ['UTF-8', strToU8(text)],
    ['UTF-8 with its mark', strToU8('\ufeff' + text)],
    ['UTF-16', units(false, 2, true)],
    ['UTF-16, largest byte first', units(true, 2, true)],
    ['UTF-16 without its mark', units(false, 2, false)],
    ['the same, largest byte first', units(true, 2, false)],
    ['UTF-32', units(false, 4, true)],
    ['UTF-32, largest byte first', units(true, 4, true)]
  ])('%s', (_name, bytes) => expect(given(bytes)).toEqual({ name: 'Bär' }))
})
