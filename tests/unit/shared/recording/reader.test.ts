import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { InputError } from '@shared/base/problems'
import { makeRng } from '@shared/base/random/rng'
import type { Text } from '@shared/base/text'
import { readExperiment } from '@shared/experiment'
import { RecordingReader } from '@shared/recording/reader'
import { RunLog } from '@shared/run/runLog'
import { runUpdate, type RunUpdate } from '@shared/run/update'
import { chunk, description, joined, numbers, recordingBytes, recordingOf } from './files'

/** All updates of a file that comes in pieces. */
function updatesOf(bytes: Uint8Array, cuts: readonly number[] = []): RunUpdate[] {
  const reader = new RecordingReader()
  const ends = [...cuts, bytes.length]
  const updates = ends.flatMap((end, i) => reader.push(bytes.subarray(ends[i - 1] ?? 0, end)))
  return [...updates, ...reader.end()]
}
function runOf(updates: readonly RunUpdate[]): RunLog {
  const log = new RunLog({
    id: 'r',
    name: 'r',
    experiment: readExperiment({}).experiment,
    createdAt: '2026-01-01T00:00:00Z'
  })
  for (const update of updates) {
    const { issues } = v.safeParse(runUpdate, update)
    expect(issues?.[0]?.message).toBeUndefined()
    log.apply(update)
  }
  return log
}
const kindsOf = (name: string): string[] =>
  runOf(updatesOf(recordingBytes(name)))
    .findings.filter((f) => f.severity !== 'ok')
    .map((f) => f.kind)

describe('a recording of a real training', () => {
  it('is a run like any other', () => {
    const log = runOf(updatesOf(recordingBytes('mlp')))
    const { schema, table } = log
    expect(log.progress).toMatchObject({ state: 'stopped', step: 120 })
    expect(schema!.layers.map((l) => `${l.name} ${l.kind} ${l.main}`)).toEqual([
      'body.0 dense true',
      'body.1 activation false',
      'body.2 dense true',
      'body.3 activation false',
      'body.4 dense true',
      'body.5 activation false',
      'head dense true'
    ])
    expect(schema!.layers[6]!.recorded!.code).toMatchObject({ file: '/project/trainings.py' })
    expect(schema!.recording!.step!.text).toBe('optimizer.step()')
    expect(table!.scalar(table!.length - 1, table!.scalarColumn('loss'))).toBeLessThan(0.3)
    const gain = table!.value(3, table!.column(0, 'gain'))!
    const rms = (layer: number): number => table!.value(3, table!.column(layer, 'activationGradientRms'))!
    expect(gain).toBeCloseTo(rms(0) / rms(2), 5)
    expect(log.verdict!.state).toBe('learning')
  })
  it('is the same however it comes in pieces', () => {
    const bytes = recordingBytes('nan')
    const rng = makeRng(3, 'pieces')
    const whole = runOf(updatesOf(bytes)).toRecord()
    for (let n = 0; n < 5; n++) {
      const cuts = Array.from({ length: 40 }, () => rng.below(bytes.length)).sort((a, b) => a - b)
      expect(runOf(updatesOf(bytes, cuts)).toRecord()).toEqual(whole)
    }
  })
  it.each([
    ['mlp', []],
    ['pre-ln', []],
    ['vanishing', ['vanishing']],
    ['nan', ['rateTooLarge', 'lossNaN', 'weightsNaN']],
    ['forgotten', ['notUpdating']],
    ['thawed', []],
    ['frozen', []],
    ['thawed-alone', ['notInOptimizer']],
    ['wgan', ['vanishing']]
  ])('%s has its findings', (name, kinds) => {
    expect(kindsOf(name)).toEqual(kinds.length ? expect.arrayContaining(kinds) : [])
  })
  it('tells of modules that are thawed or frozen on the way', () => {
    const told = (name: string): string[] =>
      runOf(updatesOf(recordingBytes(name))).events.map((e) => `${e.step}: ${e.text.en}`)
    expect(told('thawed')).toEqual(['60: body.0, body.2, body.4 are trained from here on'])
    expect(told('frozen')).toEqual(['60: body.0, body.2, body.4 are frozen, or taken out of the model, from here on'])
    const { schema, table } = runOf(updatesOf(recordingBytes('thawed')))
    const ratio = (frame: number): number | undefined => table!.value(frame, table!.column(0, 'updateRatio'))
    // Of what is frozen there is no ratio that could be too small.
    expect(ratio(0)).toBeUndefined()
    expect(ratio(table!.length - 1)).toBeGreaterThan(0)
    expect(schema!.layers[0]!.recorded).toMatchObject({ frozen: 2, still: true })
  })
  it('may be cut off anywhere', () => {
    const bytes = recordingBytes('mlp')
    const whole = runOf(updatesOf(bytes)).table!.length
    for (let end = 0; end < bytes.length; end += 977) {
      const updates = updatesOf(bytes.subarray(0, end))
      if (updates.length) expect(runOf(updates).table!.length).toBeLessThanOrEqual(whole)
    }
  })
})

const TRAINED = { trainable: 2, frozen: 0, forgotten: 0, held: 0, still: false }
describe('a file that is none, or a damaged one', () => {
  const frame = chunk('FRAM', numbers(0, 1, 2, 3, 4, 5))
  const start = recordingOf(chunk('SCHM', description()))
  const head = (more: object): Uint8Array => recordingOf(chunk('SCHM', description(more)))
  const flipped = (): Uint8Array => {
    const bytes = joined(start, frame)
    bytes[bytes.length - 6]! ^= 1
    return bytes
  }
  const long = (): Uint8Array => {
    const bytes = joined(start, frame)
    new DataView(bytes.buffer).setUint32(start.length, 4e9, true)
    return bytes
  }
  it.each<[string, Uint8Array, RegExp]>([
    ['text', new TextEncoder().encode('step,loss\n'), /not a recording/],
    ['a changed byte', flipped(), /damaged at byte \d+: a checksum/],
    ['a piece of 4 GB', long(), /damaged at byte \d+: a piece says/],
    ['a newer format', head({ format: 2 }), /format 2, of a newer recorder/],
    ['no modules', head({ modules: [] }), /modules/],
    ['a shape of numbers that are none', head({ batch: 1e300 }), /batch/],
    ['a column of no module', head({ columns: [[7, 'gain']] }), /module 7 of 2/],
    ['JSON that is none', recordingOf(chunk('SCHM', Uint8Array.of(123))), /not JSON/],
    [
      'a description that is none',
      recordingOf(chunk('SCHM', new TextEncoder().encode('[1]'))),
      /JSON, but not an object/
    ],
    [
      'a description nested 200,000 deep',
      recordingOf(chunk('SCHM', new TextEncoder().encode(`{"a":${'['.repeat(2e5)}${']'.repeat(2e5)}}`))),
      /description that is nested more than 500 levels/
    ],
    ['frames first', recordingOf(frame), /does not begin/],
    ['two descriptions', joined(start, chunk('SCHM', description())), /second description/],
    ['a short frame', joined(start, chunk('FRAM', numbers(0, 1))), /a frame of 8 bytes/],
    ['steps that fall', joined(start, frame, frame), /step 0 behind step 0/],
    ['a leap of many steps', joined(start, chunk('FRAM', numbers(2e9, 1, 2, 3, 4, 5))), /leaves out more than/],
    ['losses with a gap', joined(start, chunk('LOSS', numbers(0, 1)), chunk('LOSS', numbers(5, 1))), /out of order/],
    ['an event of nothing', joined(start, chunk('EVNT', { step: -1 })), /event/],
    ['a state of nothing', joined(start, chunk('STAT', { step: 1, modules: [[0, {}]] })), /which parameters/],
    ['a state of no module', joined(start, chunk('STAT', { step: 1, modules: [[9, TRAINED]] })), /which parameters/],
    ['an end of nothing', joined(start, chunk('DONE', { step: 1.5 })), /end/]
  ])('%s is refused in words', (_name, bytes, words) => {
    expect(() => updatesOf(bytes)).toThrow(InputError)
    expect(() => updatesOf(bytes)).toThrow(words)
  })
  it('keeps "not measured" apart from NaN', () => {
    const body = numbers(0, 1, 2, 3, NaN, 5)
    body.set([255, 255, 255, 255], body.length - 4)
    const { table } = runOf(updatesOf(joined(start, chunk('FRAM', body))))
    expect(table!.value(0, 0)).toBeNaN()
    expect(table!.value(0, 1)).toBeUndefined()
    expect(table!.value(0, table!.column(0, 'gain'))).toBeUndefined()
  })
  const eventsOf = (...told: object[]): Text[] =>
    runOf(updatesOf(joined(start, frame, ...told.map((t) => chunk('EVNT', { step: 1, ...t }))))).events.map(
      (e) => e.text
    )
  it('tells in either language of an optimizer that came in the place of another one', () => {
    const text = 'SGD trains what Adam trained before'
    const how = 'replaces'
    expect(
      eventsOf(
        { kind: 'optimizer', text, how, name: 'SGD', names: ['Adam', 'RMSprop'] },
        { kind: 'optimizer', text, how: 'joins', name: 'SGD' },
        { kind: 'optimizer', text, how: 'stage', name: 'SGD', count: 32 },
        { kind: 'optimizer', text, how: 'leads', name: 'SGD', place: 2 },
        { kind: 'elsewhere', text, name: 'SGD' }
      )
    ).toEqual([
      {
        en: 'from here on, SGD trains what Adam and RMSprop trained before',
        zh: '从此处起，由 SGD 训练此前由 Adam、RMSprop 训练的参数'
      },
      { en: expect.stringContaining('SGD steps beside it'), zh: '从此处起，SGD 一同更新，并计入每一步' },
      { en: expect.stringContaining('its first 32 steps'), zh: expect.stringContaining('其最初 32 步') },
      { en: expect.stringContaining('those of SGD, number 2'), zh: expect.stringContaining('第 2 个优化器 SGD') },
      {
        en: expect.stringContaining('while SGD trains another one'),
        zh: expect.stringContaining('而 SGD 在训练另一个')
      }
    ])
  })
  it('keeps the words of a recorder that says no more, or what it does not know', () => {
    const text = 'SGD trains what Adam trained before'
    const kind = 'optimizer'
    const own = { en: `from here on, ${text}`, zh: `从此处起优化器有变化：${text}` }
    expect(
      eventsOf(
        { kind, text },
        { kind, text, how: 'replaces', name: 'SGD' },
        { kind, text, how: 'replaces', name: 'SGD', names: [7, ''] },
        { kind, text, how: 'stage', name: 'SGD', count: '1' },
        { kind, text, how: 'leads', name: 'SGD' },
        { kind, text, how: 'constructor', name: 'SGD' },
        { kind, text, how: 'joins', name: 1 },
        { kind: 'toString', text }
      )
    ).toEqual([own, own, own, own, own, own, own, { en: text, zh: text }])
  })
  it('skips pieces of a kind that it does not know', () => {
    expect(runOf(updatesOf(joined(start, chunk('NEWS', { a: 1 }), frame))).table!.length).toBe(1)
  })
  it('throws nothing else, whatever the bytes', () => {
    const rng = makeRng(8, 'recordings')
    const pieces = [
      chunk('SCHM', description()),
      frame,
      chunk('LOSS', numbers(0, 1, 2)),
      chunk('EVNT', { step: 1, kind: 'off', text: 'x' }),
      chunk('STAT', { step: 1, modules: [[1, TRAINED]] }),
      chunk('DONE', { step: 3, state: 'finished' })
    ]
    for (let n = 0; n < 4000; n++) {
      const chosen = Array.from({ length: 1 + rng.below(6) }, () => {
        const piece = pieces[rng.below(pieces.length)]!
        const body = piece.slice(8, -4)
        for (let k = rng.below(3); k > 0; k--) body[rng.below(body.length)] = rng.below(256)
        // With a checksum that fits, what is inside is looked at.
        return chunk(String.fromCharCode(...piece.subarray(4, 8)), body)
      })
      const bytes = recordingOf(...(rng.below(4) ? [pieces[0]!] : []), ...chosen)
      if (!rng.below(3)) bytes[rng.below(bytes.length)] = rng.below(256)
      try {
        updatesOf(bytes, [rng.below(bytes.length)])
      } catch (error) {
        expect(error).toBeInstanceOf(InputError)
      }
    }
  })
})
