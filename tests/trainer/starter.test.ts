import { starterExperiment } from '@shared/clinic/templates/parts/opening'
import { parseExperiment, type Experiment } from '@shared/experiment'
import { beforeAll, describe, expect, it } from 'vitest'
import { at, runToEnd, type Told } from './support'

const [N, IN, HIDDEN, OUT] = [64, 1000, 100, 10]
const LEARNING_RATE = 1e-6

/** c = a·b on plain float64 arrays; a is n×k (or k×n, transposed), b is k×m (or m×k). */
function product(
  a: Float64Array,
  b: Float64Array,
  n: number,
  k: number,
  m: number,
  ta = false,
  tb = false
): Float64Array {
  const c = new Float64Array(n * m)
  for (let i = 0; i < n; i++)
    for (let l = 0; l < k; l++) {
      const x = ta ? a[l * n + i]! : a[i * k + l]!
      if (x === 0) continue
      if (tb) for (let j = 0; j < m; j++) c[i * m + j]! += x * b[j * k + l]!
      else for (let j = 0; j < m; j++) c[i * m + j]! += x * b[l * m + j]!
    }
  return c
}

/** The starter article's training loop in plain numbers. */
class Plain {
  constructor(
    private readonly x: Float64Array,
    private readonly y: Float64Array,
    readonly w1: Float64Array,
    readonly w2: Float64Array
  ) {}
  private forward(): { h: Float64Array; error: Float64Array } {
    const h = product(this.x, this.w1, N, IN, HIDDEN).map((v) => Math.max(v, 0))
    const error = product(h, this.w2, N, HIDDEN, OUT).map((v, i) => v - this.y[i]!)
    return { h, error }
  }
  loss(): number {
    return this.forward().error.reduce((s, e) => s + e * e, 0)
  }
  step(): void {
    const { h, error } = this.forward()
    const dOut = error.map((e) => 2 * e)
    const dW2 = product(h, dOut, HIDDEN, N, OUT, true)
    const dH = product(dOut, this.w2, N, OUT, HIDDEN, false, true)
    const dZ = dH.map((d, i) => (h[i]! > 0 ? d : 0))
    const dW1 = product(this.x, dZ, IN, N, HIDDEN, true)
    dW1.forEach((g, i) => (this.w1[i]! -= LEARNING_RATE * g))
    dW2.forEach((g, i) => (this.w2[i]! -= LEARNING_RATE * g))
  }
}
const starter = (learningRate: number, steps: number): Experiment => {
  const e = starterExperiment()
  return parseExperiment({ ...e, training: { ...e.training, steps, optimizer: { id: 'sgd', learningRate } } })
}
/** Against the vector's own size: single entries may cancel to nothing. */
const relative = (a: Float32Array, b: Float64Array): number => {
  let [d, s] = [0, 0]
  b.forEach((v, i) => {
    d += (a[i]! - v) ** 2
    s += v * v
  })
  return Math.sqrt(d / s)
}

describe('the starter experiment', () => {
  const marks = [1, 10, 100, 150, 500]
  let told: Told
  beforeAll(async () => {
    told = await runToEnd(starter(LEARNING_RATE, 500), { snapshots: [0, ...marks] })
  })
  it('is the one of the article', () => {
    expect(told.schema!.layers.map((l) => l.outputShape)).toEqual([[HIDDEN], [OUT]])
    expect(told.schema!.paramCount).toBe(IN * HIDDEN + HIDDEN * OUT)
    expect(told.schema!.compiled).toBe(true)
    expect(at(told, 0, 'batch/x').length).toBe(N * IN)
    for (const name of ['batch/x', 'batch/y', 'weights/w1/kernel']) {
      const v = at(told, 0, name)
      const mean = v.reduce((s, x) => s + x, 0) / v.length
      const variance = v.reduce((s, x) => s + x * x, 0) / v.length
      expect(Math.abs(mean), `${name}: mean`).toBeLessThan(4 / Math.sqrt(v.length))
      expect(Math.abs(variance - 1), `${name}: variance`).toBeLessThan(6 / Math.sqrt(v.length))
    }
  })
  it('agrees with plain float64 arithmetic after 1, 10 … 500 steps', () => {
    const wide = (name: string): Float64Array => Float64Array.from(at(told, 0, name))
    const plain = new Plain(wide('batch/x'), wide('batch/y'), wide('weights/w1/kernel'), wide('weights/w2/kernel'))
    const first = plain.loss()
    expect(Math.abs(told.table!.scalar(0, 0)! / first - 1)).toBeLessThan(1e-4)
    for (let t = 1; t <= 500; t++) {
      plain.step()
      if (!marks.includes(t)) continue
      // The frame of step t and the snapshot at t both show the state after t updates.
      const loss = t < 500 ? told.table!.scalar(told.table!.frameOf(t), 0)! : at(told, t, 'loss')[0]!
      // In the end the updates α·g fall under half a unit in the last place of float32 weights near 1, and float32
      // training stands still at a loss around 1e-4 while float64 goes on. A loss that small is compared with the one
      // at the start; any other with itself.
      const exact = plain.loss()
      expect(Math.abs(loss - exact) / (exact > 1 ? exact : first), `loss after ${t}`).toBeLessThan(1e-4)
      if (t === 500) expect(Math.max(loss, exact)).toBeLessThan(1e-3)
      expect(relative(at(told, t, 'weights/w1/kernel'), plain.w1), `w1 after ${t}`).toBeLessThan(1e-4)
      expect(relative(at(told, t, 'weights/w2/kernel'), plain.w2), `w2 after ${t}`).toBeLessThan(1e-4)
    }
  })
  it('learns: the loss falls by orders of magnitude', () => {
    expect(at(told, 500, 'loss')[0]!).toBeLessThan(told.table!.scalar(0, 0)! * 1e-6)
    expect(told.done).toEqual({ state: 'finished' })
  })
  it('diverges to a NaN that is reported at a larger learning rate', async () => {
    const bad = await runToEnd(starter(1e-3, 500))
    expect(bad.done).toEqual({ state: 'diverged' })
    const losses = Array.from(bad.table!.steps, (_, i) => bad.table!.scalar(i, 0)!)
    const firstNaN = losses.findIndex((l) => Number.isNaN(l))
    expect(firstNaN).toBeGreaterThan(0)
    expect(losses.slice(firstNaN).every((l) => Number.isNaN(l))).toBe(true)
    const last = bad.table!.length - 1
    expect(bad.table!.value(last, bad.table!.column(0, 'weightNonFinite'))).toBe(IN * HIDDEN)
    // Nothing can come of it any more: it isn't dragged on to the last step.
    expect(bad.progress[bad.progress.length - 1]).toMatchObject({ state: 'diverged', step: firstNaN + 20, steps: 500 })
    expect(bad.findings.map((f) => f.kind)).toEqual(expect.arrayContaining(['lossNaN', 'weightsNaN']))
    expect(bad.findings.map((f) => f.kind)).not.toContain('healthy')
  })
})
