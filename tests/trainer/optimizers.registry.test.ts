import { lookup } from '@shared/experiment/lookup'
import { optimizers } from '@shared/catalog/optimizers'
import { defaultsOf, type Params } from '@shared/base/params'
import { makeRng } from '@shared/base/random/rng'
import type { Optimizer } from '@shared/catalog/optimizers'
import type { Tensor } from '@shared/base/tf'
import { describe, expect, it } from 'vitest'
import { loadTf } from './tf'

const tf = loadTf()
const N = 40
/** Defaults, every switch the other way, every decay rate at 0 and elsewhere. */
function variants(o: Optimizer): Params[] {
  const base = defaultsOf(o.fields, lookup)
  const out = [base]
  for (const [k, f] of Object.entries(o.fields)) {
    if (f.type === 'bool') out.push({ ...base, [k]: !f.default })
    if (f.type === 'number' && f.below === 1) out.push({ ...base, [k]: 0 }, { ...base, [k]: 0.6 })
    else if (f.type === 'number') out.push({ ...base, [k]: f.default * 3 })
  }
  return out
}

describe.each(optimizers.all.map((o) => [o.id, o] as const))('optimizer %s', (_id, o) => {
  describe.each(variants(o).map((p) => [JSON.stringify(p), p] as const))('%s', (_p, p) => {
    it('takes the steps of its reference', () => {
      const rng = makeRng(1, o.id)
      let w = Array.from({ length: N }, () => Math.fround(rng.normal()))
      let slots = w.map(() => Object.fromEntries(o.slots.map((s) => [s, o.slotInit ?? 0])))
      let tw: Tensor = tf.tensor1d(w)
      let ts: Record<string, Tensor> = Object.fromEntries(o.slots.map((s) => [s, tf.fill([N], o.slotInit ?? 0)]))
      for (let t = 1; t <= 12; t++) {
        // A learning rate that changes on the way, gradients over many magnitudes.
        const learningRate = Math.fround((p.learningRate as number) * (t > 6 ? 0.1 : 1))
        const g = w.map((_, i) => Math.fround(rng.normal() * 10 ** ((i % 7) - 4)))
        const next = w.map((x, i) => o.reference({ w: x, g: g[i]!, slots: slots[i]!, learningRate, t }, p))
        const before = w
        w = next.map((n) => n.w)
        slots = next.map((n) => n.slots)
        const r = tf.tidy(() =>
          o.update(
            tf,
            { w: tw, g: tf.tensor1d(g), slots: ts, learningRate: tf.scalar(learningRate), t: tf.scalar(t) },
            p
          )
        )
        const got = r.w.dataSync()
        w.forEach((x, i) => {
          const step = Math.abs(x - before[i]!)
          expect(Math.abs(got[i]! - x), `weight ${i}, step ${t}: got ${got[i]}, want ${x}`).toBeLessThan(
            1e-4 * step + 3e-7 * t * (1 + Math.abs(x))
          )
        })
        expect(Object.keys(r.slots).sort()).toEqual([...o.slots].sort())
        tw = r.w
        ts = r.slots
      }
      for (const s of o.slots) {
        const got = ts[s]!.dataSync()
        slots.forEach((v, i) => expect(Math.abs(got[i]! - v[s]!)).toBeLessThan(1e-5 * Math.abs(v[s]!) + 1e-30))
      }
    })
  })
})
