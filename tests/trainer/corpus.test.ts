import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { datasets } from '@shared/catalog/datasets'
import { layers } from '@shared/catalog/layers'
import { isBlock } from '@shared/experiment'
import { describe, expect, it } from 'vitest'
import { marksOf, wilson } from '../../bench/parts/diagnose/score'
import { faultsOf, work, type Answer } from '../../bench/parts/diagnose/work'
import { caseOf, faults, variations } from '../corpus'
import { MANIFEST, type Entry, type Manifest } from '../corpus/manifest'
import { FAILS, LEARNS } from '../corpus/run'

const manifest = JSON.parse(readFileSync(join(process.cwd(), MANIFEST), 'utf8')) as Manifest
const parts = [manifest.tuned, manifest.heldOut]
/** Least shares of the faults, and most alarms among the healthy ones, of the short look. */
const [DETECTED, NAMED, ALARMS] = [0.85, 0.85, 3]
const kindOf = (e: Entry): string => e.id.split('/')[1]!
const seedOf = (e: Entry): string => e.id.split('/')[2]!

describe('the corpus', () => {
  it('holds at least 120 failing and 120 healthy trainings that rules may be made by, and some of other seeds', () => {
    expect(manifest.tuned.failing.length).toBeGreaterThanOrEqual(120)
    expect(manifest.tuned.healthy.length).toBeGreaterThanOrEqual(120)
    const [tuned, held] = parts.map((p) => new Set([...p.failing, ...p.healthy].map(seedOf)))
    expect([...tuned!].filter((s) => held!.has(s))).toEqual([])
  })
  it('was measured: every failing one stays near its baseline while its twin learns, every healthy one learns', () => {
    for (const { failing, healthy } of parts) {
      expect(failing.filter((e) => !(e.skill <= FAILS && e.twin! >= LEARNS))).toEqual([])
      expect(healthy.filter((e) => !(e.skill >= LEARNS))).toEqual([])
    }
  })
  it('holds every fault and every variation', () => {
    expect(new Set(manifest.tuned.failing.map(kindOf))).toEqual(new Set(faults.map((f) => f.id)))
    expect(new Set(manifest.tuned.healthy.map(kindOf))).toEqual(new Set(variations.map((v) => v.id)))
  })
  it('holds at least four of each fault, in both parts', () => {
    for (const { failing } of parts)
      for (const { id } of faults) expect([id, failing.filter((e) => kindOf(e) === id).length >= 4]).toEqual([id, true])
  })
  it('holds every data set and every kind of layer', () => {
    const all = manifest.tuned.healthy.map((e) => caseOf(e.id).experiment)
    // Random data have nothing in common between training and held-out examples: there is no healthy training on them.
    const learnable = datasets.ids().filter((id) => id !== 'randomData')
    expect(new Set(all.map((e) => e.data.dataset.id))).toEqual(new Set(learnable))
    const kinds = all.flatMap((e) => e.network.nodes.filter((n) => !isBlock(n)).map((n) => n.kind))
    expect(new Set(kinds)).toEqual(new Set(layers.ids()))
  })
  it('is the same for the same id', () => {
    for (const { id } of [...manifest.tuned.failing, ...manifest.tuned.healthy].slice(0, 30))
      expect(caseOf(id)).toEqual(caseOf(id))
  })
})
describe('a share', () => {
  it('has the interval of Wilson 1927', () => {
    // Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20.
    const close = (k: number, n: number, low: number, high: number): void => {
      expect(wilson({ k, n })[0]).toBeCloseTo(low, 4)
      expect(wilson({ k, n })[1]).toBeCloseTo(high, 4)
    }
    close(81, 263, 0.2553, 0.3662)
    close(15, 148, 0.0624, 0.1605)
    close(0, 20, 0, 0.1611)
  })
})

/** The first of each kind: short enough for every change. The bench takes them all. */
const firstOf = (list: Entry[]): Entry[] => list.filter((e, i) => list.findIndex((o) => kindOf(o) === kindOf(e)) === i)
async function judged(list: Entry[]): Promise<{ entry: Entry; answer: Answer }[]> {
  const out: { entry: Entry; answer: Answer }[] = []
  for (const entry of firstOf(list)) out.push({ entry, answer: await work({ id: entry.id, what: 'judge' }) })
  return out
}
describe('one training of each kind', () => {
  it('fails as it was measured, and is told', async () => {
    const all = await judged(manifest.tuned.failing)
    expect(all.map(({ answer }) => answer.failure).filter(Boolean)).toEqual([])
    expect(all.filter(({ answer }) => !(answer.skill <= FAILS)).map(({ entry }) => entry.id)).toEqual([])
    const marks = all.map(({ answer, entry }) => marksOf(answer, entry))
    const said = JSON.stringify(marks, undefined, 1)
    expect(marks.filter((m) => m.detected).length, said).toBeGreaterThanOrEqual(DETECTED * marks.length)
    expect(marks.filter((m) => m.named).length, said).toBeGreaterThanOrEqual(NAMED * marks.length)
  })
  it('learns as it was measured, and is never called bad', async () => {
    const all = await judged(manifest.tuned.healthy)
    expect(all.map(({ answer }) => answer.failure).filter(Boolean)).toEqual([])
    expect(all.filter(({ answer }) => !(answer.skill >= LEARNS)).map(({ entry }) => entry.id)).toEqual([])
    const alarms = all.flatMap(({ answer }) => faultsOf(answer.said!))
    const said = alarms.map((f) => `${f.severity} ${f.text}`).join('\n')
    expect(alarms.filter((f) => f.severity === 'bad').length, said).toBe(0)
    expect(alarms.length, said).toBeLessThanOrEqual(ALARMS)
  })
})
