import { expect, it } from 'vitest'
import '@shared/clinic/remedies'
import { changesFor, textOfChanges } from '@shared/recording/changes'
import { RecordingReader } from '@shared/recording/reader'
import type { Finding, RunSchema } from '@shared/run/types'
import { chunk, description, numbers, recordingBytes, recordingOf } from './files'

const OWN = ['lossSpike', 'scaleCollapse', 'deadHeads', 'notInOptimizer', 'firstNonFinite']
/** What the rules for recordings find in one, and its schema. */
function found(bytes: Uint8Array): { findings: Finding[]; schema: RunSchema } {
  const reader = new RecordingReader()
  const updates = [...reader.push(bytes), ...reader.end()]
  const last = updates.flatMap((u) => (u.kind === 'findings' ? [u.findings] : [])).at(-1) ?? []
  return { findings: last.filter((f) => OWN.includes(f.rule)), schema: reader.schema! }
}
/** A recording of 30 frames with one scalar and one statistic beside the usual ones. */
const made = (scalar: string, statistic: string, of: (i: number) => [scalar: number, value: number]): Uint8Array =>
  recordingOf(
    chunk('SCHM', description({ columns: [[0, statistic]], scalars: ['loss', scalar] })),
    ...Array.from({ length: 30 }, (_, i) => {
      const [s, v] = of(i)
      return chunk('FRAM', numbers(i, 1, s, v))
    })
  )

it.each(['mlp', 'pre-ln', 'wgan', 'vanishing'])('finds nothing of its own in the recorded training %s', (name) => {
  expect(found(recordingBytes(name)).findings).toEqual([])
})
it('finds a spike, by the step of each module against its own median', () => {
  const { findings, schema } = found(recordingBytes('spike'))
  expect(findings).toMatchObject([{ rule: 'lossSpike', from: 100, measured: { rise: expect.any(Number) as number } }])
  const text = textOfChanges(changesFor(findings[0]!, schema, 3e-3))
  expect(text).toMatch(/before optimizer\.step\(\) \(\/project\/trainings\.py:\d+\)\ntorch\.nn\.utils\.clip_grad_norm_/)
  expect(text).toContain('group["lr"] = 0.0009')
})
it('finds parameters that the optimizer does not have, and says how it gets them', () => {
  const { findings, schema } = found(recordingBytes('forgotten'))
  expect(findings).toMatchObject([
    { rule: 'notInOptimizer', layers: ['body.0', 'body.2', 'body.4'], measured: { tensors: 6, of: 8 } }
  ])
  expect(textOfChanges(changesFor(findings[0]!, schema))).toContain('optimizer.add_param_group(')
})
it('says that an optimizer makes no step, as long as it makes none', () => {
  const idle = [{ step: 0, modules: [[0, { trainable: 2, frozen: 0, forgotten: 0, held: 0, idle: 2, still: false }]] }]
  const steps = [{ step: 0, modules: [[0, { trainable: 2, frozen: 0, forgotten: 0, held: 0, idle: 0, still: false }]] }]
  const columns = [0, 1].flatMap((layer) => ['updateRatio', 'weightGradientNorm', 'weightNorm'].map((s) => [layer, s]))
  const of = (standings: object[]): { findings: Finding[]; schema: RunSchema } => {
    const lines = { step: { file: '/project/train.py', line: 7, code: 'head.step()' } }
    const bytes = recordingOf(
      chunk('SCHM', description({ columns, lines })),
      ...standings.map((s) => chunk('STAT', s)),
      ...Array.from({ length: 30 }, (_, i) => chunk('FRAM', numbers(i, 1, 1, 0.1, ...[0, 1, 1], ...[0.01, 1, 1])))
    )
    const reader = new RecordingReader()
    const last = [...reader.push(bytes), ...reader.end()].flatMap((u) => (u.kind === 'findings' ? [u.findings] : []))
    return { findings: last.at(-1)!.filter((f) => f.rule === 'notUpdating'), schema: reader.schema! }
  }
  const { findings, schema } = of(idle)
  expect(findings).toMatchObject([{ layers: ['a'], advice: [], measured: { layers: 1, of: 2 } }])
  expect(findings[0]!.text.en).toContain('is in no optimizer that steps')
  expect(textOfChanges(changesFor(findings[0]!, schema))).toMatch(
    /after optimizer\.step\(\) \(\/project\/train\.py:7\)\nother_optimizer\.step\(\)/
  )
  for (const other of [[], steps]) expect(of(other).findings[0]?.text.en).not.toContain('in no optimizer')
})
it('finds the first tensor that is no number, with its module and line', () => {
  const { findings } = found(recordingBytes('nan'))
  const first = findings.find((f) => f.rule === 'firstNonFinite')!
  expect(first.layers).toHaveLength(1)
  expect(first.text.en).toMatch(/The first tensor with NaN or Inf is the .* of .* \(.*trainings\.py:\d+\)/)
})
it('finds a gradient scaler that has gone down for good, not one that looks for its scale', () => {
  const scaled = (of: (i: number) => number): string[] =>
    found(made('ampScale', 'activationGradientRms', (i) => [of(i), 1])).findings.map((f) => f.rule)
  expect(scaled((i) => 65536 / 2 ** Math.min(i, 4))).toEqual([])
  expect(scaled((i) => 65536 / 2 ** i)).toEqual(['scaleCollapse'])
})
it('finds gradients that float16 loses, only where it is used', () => {
  const lost = (scalar: string): string[] =>
    found(made(scalar, 'belowHalfShare', () => [1024, 0.8])).findings.map((f) => f.rule)
  expect([lost('ampScale'), lost('gradientNorm')]).toEqual([['scaleCollapse'], []])
})
it('finds a head that always looks at one place', () => {
  const heads = (entropy: number): string[] =>
    found(made('gradientNorm', 'attentionEntropyLow', () => [1, entropy])).findings.map((f) => f.rule)
  expect([heads(1e-3), heads(0.3)]).toEqual([['deadHeads'], []])
})
it('blames a bounded output where the loss is a difference of scores, not where it is a likelihood', () => {
  const own = description() as { modules: object[] }
  const modules = [own.modules[0]!, { ...own.modules[1]!, kind: 'Sigmoid', kernel: false, activation: 'sigmoid' }]
  const rules = (loss: number): string[] => {
    const reader = new RecordingReader()
    const frames = Array.from({ length: 30 }, (_, i) => chunk('FRAM', numbers(i, loss, 0.1, 1e-3, 1, 1)))
    const bytes = recordingOf(chunk('SCHM', description({ model: 'Discriminator', modules })), ...frames)
    const told = [...reader.push(bytes), ...reader.end()].flatMap((u) => (u.kind === 'findings' ? [u.findings] : []))
    return (told.at(-1) ?? []).map((f) => f.rule)
  }
  expect([rules(-0.4), rules(1.3)]).toEqual([['outputLayer'], []])
})
it('says that no loss was seen, and nothing of one', () => {
  const reader = new RecordingReader()
  const frames = Array.from({ length: 40 }, (_, i) => chunk('FRAM', numbers(i, 1, 0.1, 1, 1)))
  const bytes = recordingOf(chunk('SCHM', description({ scalars: ['gradientNorm', 'learningRate'] })), ...frames)
  const told = [...reader.push(bytes), ...reader.end()].flatMap((u) => (u.kind === 'verdict' ? [u.verdict] : [])).at(-1)
  expect(told).toMatchObject({ state: 'unclear', measured: {} })
  expect(told?.text.en).toMatch(/^No loss was seen/)
})
