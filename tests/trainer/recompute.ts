/** A training step in plain float64 numbers, from nothing but the arrays of a snapshot and the experiment as JSON: no code of the product. */

export interface Nd {
  shape: number[]
  data: Float64Array
}
export type Arrays = (name: string) => Nd
export interface Node {
  id: string
  kind: string
  params: Record<string, unknown>
  inputs: string[]
}
interface Passed {
  h: Nd
  z?: Nd
  /** From the gradient of h to those of the inputs and the weights (and of z, and of every state [T, batch, units]). */
  back(dh: Nd): { inputs: Nd[]; weights: Record<string, Nd>; z?: Nd; states?: Nd }
}
const product = (s: number[]): number => s.reduce((a, b) => a * b, 1)
export const zeros = (shape: number[]): Nd => ({ shape, data: new Float64Array(product(shape)) })
const map = (a: Nd, f: (x: number, i: number) => number): Nd => ({ shape: a.shape, data: a.data.map(f) })
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))
const F: Record<string, [(x: number) => number, (x: number) => number]> = {
  linear: [(x) => x, () => 1],
  relu: [(x) => Math.max(0, x), (x) => (x > 0 ? 1 : 0)],
  tanh: [Math.tanh, (x) => 1 - Math.tanh(x) ** 2],
  sigmoid: [sigmoid, (x) => sigmoid(x) * (1 - sigmoid(x))]
}
function activate(z: Nd, name: string): { h: Nd; dz(dh: Nd): Nd } {
  const [f, d] = F[name]!
  return { h: map(z, f), dz: (dh) => map(z, (x, i) => dh.data[i]! * d(x)) }
}
/** x [n, a] · w [a, b] */
function matMul(x: Nd, w: Nd): Nd {
  const [n, a, b] = [product(x.shape) / w.shape[0]!, w.shape[0]!, w.shape[1]!]
  const out = zeros([...x.shape.slice(0, -1), b])
  for (let i = 0; i < n; i++) for (let k = 0; k < a; k++) for (let j = 0; j < b; j++) out.data[i * b + j]! += x.data[i * a + k]! * w.data[k * b + j]!
  return out
}
const turned = (w: Nd): Nd => ({ shape: [w.shape[1]!, w.shape[0]!], data: Float64Array.from(w.data, (_, i) => w.data[(i % w.shape[0]!) * w.shape[1]! + Math.floor(i / w.shape[0]!)]!) })
/** xᵀ · g over all rows. */
function outer(x: Nd, g: Nd): Nd {
  const [a, b] = [x.shape.at(-1)!, g.shape.at(-1)!]
  const out = zeros([a, b])
  for (let r = 0; r < x.data.length / a; r++) for (let k = 0; k < a; k++) for (let j = 0; j < b; j++) out.data[k * b + j]! += x.data[r * a + k]! * g.data[r * b + j]!
  return out
}
function columnSums(g: Nd): Nd {
  const c = g.shape.at(-1)!
  const out = zeros([c])
  g.data.forEach((v, i) => (out.data[i % c]! += v))
  return out
}
const plusBias = (z: Nd, b: Nd | undefined): Nd => (b ? map(z, (v, i) => v + b.data[i % b.data.length]!) : z)

type Kind = (p: Record<string, unknown>, xs: Nd[], w: (name: string) => Nd) => Passed
const name = (spec: unknown): string => (spec as { id: string }).id

export const KINDS: Record<string, Kind> = {
  dense(p, [x], w) {
    const kernel = w('kernel')
    const z = plusBias(matMul(x!, kernel), p['bias'] ? w('bias') : undefined)
    const { h, dz } = activate(z, name(p['activation']))
    return {
      h,
      z,
      back(dh) {
        const d = dz(dh)
        return { z: d, inputs: [matMul(d, turned(kernel))], weights: { kernel: outer(x!, d), ...(p['bias'] ? { bias: columnSums(d) } : {}) } }
      }
    }
  },
  activation(p, [x]) {
    const { h, dz } = activate(x!, name(p['activation']))
    return { h, z: x!, back: (dh) => ({ z: dz(dh), inputs: [dz(dh)], weights: {} }) }
  },
  batchNorm(p, [x], w) {
    const [gamma, beta] = [w('gamma'), w('beta')]
    const c = gamma.data.length
    const n = x!.data.length / c
    const [mean, variance] = [new Float64Array(c), new Float64Array(c)]
    x!.data.forEach((v, i) => (mean[i % c]! += v / n))
    x!.data.forEach((v, i) => (variance[i % c]! += (v - mean[i % c]!) ** 2 / n))
    const scale = variance.map((v) => 1 / Math.sqrt(v + (p['epsilon'] as number)))
    const hat = map(x!, (v, i) => (v - mean[i % c]!) * scale[i % c]!)
    return {
      h: map(hat, (v, i) => v * gamma.data[i % c]! + beta.data[i % c]!),
      back(dh) {
        const dBeta = columnSums(dh)
        const dGamma = columnSums(map(dh, (v, i) => v * hat.data[i]!))
        return {
          inputs: [map(dh, (v, i) => (gamma.data[i % c]! * scale[i % c]! * (n * v - dBeta.data[i % c]! - hat.data[i]! * dGamma.data[i % c]!)) / n)],
          weights: { gamma: dGamma, beta: dBeta }
        }
      }
    }
  },
  add(p, [branch, ...rest]) {
    const s = p['scale'] as number
    return {
      h: rest.reduce((sum, x) => map(sum, (v, i) => v + x.data[i]!), map(branch!, (v) => s * v)),
      back: (dh) => ({ inputs: [map(dh, (v) => s * v), ...rest.map(() => dh)], weights: {} })
    }
  },
  /** Stride 1, edges padded with zeros to the same size. */
  conv2d(p, [x], w) {
    const kernel = w('kernel')
    const [k, , a, b] = kernel.shape as [number, number, number, number]
    const [n, height, width] = x!.shape as [number, number, number]
    const edge = Math.floor((k - 1) / 2)
    /** Every product of an input, a weight and an output that there is. */
    const each = (f: (input: number, weight: number, output: number) => void): void => {
      for (let i = 0; i < n; i++)
        for (let r = 0; r < height; r++)
          for (let c = 0; c < width; c++)
            for (let u = 0; u < k; u++)
              for (let v = 0; v < k; v++) {
                const [y, z] = [r + u - edge, c + v - edge]
                if (y < 0 || z < 0 || y >= height || z >= width) continue
                const [from, to] = [((i * height + y) * width + z) * a, ((i * height + r) * width + c) * b]
                for (let s = 0; s < a; s++) for (let t = 0; t < b; t++) f(from + s, ((u * k + v) * a + s) * b + t, to + t)
              }
    }
    const linear = zeros([n, height, width, b])
    each((i, j, o) => (linear.data[o]! += x!.data[i]! * kernel.data[j]!))
    const z = plusBias(linear, p['bias'] ? w('bias') : undefined)
    const { h, dz } = activate(z, name(p['activation']))
    return {
      h,
      z,
      back(dh) {
        const d = dz(dh)
        const [dx, dw] = [zeros(x!.shape), zeros(kernel.shape)]
        each((i, j, o) => {
          dx.data[i]! += d.data[o]! * kernel.data[j]!
          dw.data[j]! += d.data[o]! * x!.data[i]!
        })
        return { z: d, inputs: [dx], weights: { kernel: dw, ...(p['bias'] ? { bias: columnSums(d) } : {}) } }
      }
    }
  },
  globalAveragePool(_p, [x]) {
    const [n, c] = [x!.shape[0]!, x!.shape.at(-1)!]
    const positions = x!.data.length / n / c
    const at = (i: number): number => Math.floor(i / (positions * c)) * c + (i % c)
    const h = zeros([n, c])
    x!.data.forEach((v, i) => (h.data[at(i)]! += v / positions))
    return { h, back: (dh) => ({ inputs: [map(x!, (_, i) => dh.data[at(i)]! / positions)], weights: {} }) }
  },
  /** The last state; gates in the order i, g, f, o. */
  lstm(p, [x], w) {
    const [kernel, recurrent, bias] = [w('kernel'), w('recurrent'), w('bias')]
    const [n, T, features] = x!.shape as [number, number, number]
    const units = recurrent.shape[0]!
    const slice = (t: number): Nd => ({ shape: [n, features], data: Float64Array.from({ length: n * features }, (_, i) => x!.data[(Math.floor(i / features) * T + t) * features + (i % features)]!) })
    const steps: { x: Nd; h: Nd; c: Nd; gates: Nd; next: Nd; out: Nd }[] = []
    let [h, c] = [zeros([n, units]), zeros([n, units])]
    const part = (g: Nd, i: number, gate: number): number => g.data[Math.floor(i / units) * 4 * units + gate * units + (i % units)]!
    for (let t = 0; t < T; t++) {
      const [a, b] = [matMul(slice(t), kernel), matMul(h, recurrent)]
      const gates = map(plusBias(map(a, (v, i) => v + b.data[i]!), bias), (v, i) => {
        const gate = Math.floor((i % (4 * units)) / units)
        return gate === 1 ? Math.tanh(v) : sigmoid(gate === 2 ? v + (p['forgetBias'] as number) : v)
      })
      const next = map(c, (v, i) => part(gates, i, 2) * v + part(gates, i, 0) * part(gates, i, 1))
      const out = map(next, (v, i) => part(gates, i, 3) * Math.tanh(v))
      steps.push({ x: slice(t), h, c, gates, next, out })
      ;[h, c] = [out, next]
    }
    return {
      h,
      back(dh) {
        const dx = zeros(x!.shape)
        const weights = { kernel: zeros(kernel.shape), recurrent: zeros(recurrent.shape), bias: zeros(bias.shape) }
        const states = zeros([T, n, units])
        const sum = (into: Nd, more: Nd): void => more.data.forEach((v, i) => (into.data[i]! += v))
        let [dState, dCell] = [dh, zeros([n, units])]
        for (let t = T - 1; t >= 0; t--) {
          const s = steps[t]!
          states.data.set(dState.data, t * n * units)
          const dNext = map(dCell, (v, i) => v + dState.data[i]! * part(s.gates, i, 3) * (1 - Math.tanh(s.next.data[i]!) ** 2))
          const dz = map(s.gates, (g, k) => {
            const i = Math.floor(k / (4 * units)) * units + (k % units)
            const gate = Math.floor((k % (4 * units)) / units)
            const d = dNext.data[i]!
            if (gate === 0) return d * part(s.gates, i, 1) * g * (1 - g)
            if (gate === 1) return d * part(s.gates, i, 0) * (1 - g * g)
            if (gate === 2) return d * s.c.data[i]! * g * (1 - g)
            return dState.data[i]! * Math.tanh(s.next.data[i]!) * g * (1 - g)
          })
          sum(weights.kernel, outer(s.x, dz))
          sum(weights.recurrent, outer(s.h, dz))
          sum(weights.bias, columnSums(dz))
          matMul(dz, turned(kernel)).data.forEach((v, i) => (dx.data[(Math.floor(i / features) * T + t) * features + (i % features)] = v))
          dCell = map(dNext, (v, i) => v * part(s.gates, i, 2))
          dState = matMul(dz, turned(recurrent))
        }
        return { inputs: [dx], weights, states }
      }
    }
  },
  reshape(p, [x]) {
    const shape = [x!.shape[0]!, ...(p['shape'] as string).split(',').map(Number)]
    return { h: { shape, data: x!.data }, back: (dh) => ({ inputs: [{ shape: x!.shape, data: dh.data }], weights: {} }) }
  },
  flatten: (_p, [x]) => ({ h: { shape: [x!.shape[0]!, product(x!.shape.slice(1))], data: x!.data }, back: (dh) => ({ inputs: [{ shape: x!.shape, data: dh.data }], weights: {} }) })
}

export interface Step {
  loss: number
  /** By the names that the snapshot uses. */
  named: Map<string, Nd>
}
/** Mean softmax cross-entropy and its gradient. */
function crossEntropy(o: Nd, y: Nd): { loss: number; d: Nd } {
  const [n, c] = o.shape as [number, number]
  const d = zeros(o.shape)
  let loss = 0
  for (let r = 0; r < n; r++) {
    const row = o.data.subarray(r * c, (r + 1) * c)
    const top = Math.max(...row)
    const sum = row.reduce((s, v) => s + Math.exp(v - top), 0)
    for (let j = 0; j < c; j++) {
      const t = y.data[r * c + j]!
      loss -= (t * (row[j]! - top - Math.log(sum))) / n
      d.data[r * c + j] = (Math.exp(row[j]! - top) / sum - t) / n
    }
  }
  return { loss, d }
}

/** Forward, loss and backward of a net whose nodes come in order; the last one is the output. */
export function recompute(nodes: Node[], arrays: Arrays): Step {
  const named = new Map<string, Nd>()
  const h = new Map<string, Nd>([['input', arrays('batch/x')]])
  const passed = nodes.map((n) => {
    const run = KINDS[n.kind]!(n.params, n.inputs.map((i) => h.get(i)!), (weight) => arrays(`weights/${n.id}/${weight}`))
    h.set(n.id, run.h)
    named.set(`activations/${n.id}`, run.h)
    if (run.z) named.set(`pre_activations/${n.id}`, run.z)
    return run
  })
  const last = nodes.at(-1)!
  const { loss, d } = crossEntropy(h.get(last.id)!, arrays('batch/y'))
  const grads = new Map<string, Nd>([[last.id, d]])
  for (let k = nodes.length - 1; k >= 0; k--) {
    const node = nodes[k]!
    const g = grads.get(node.id)!
    named.set(`activation_gradients/${node.id}`, g)
    const { inputs, weights, z, states } = passed[k]!.back(g)
    if (states) named.set(`state_gradients/${node.id}`, states)
    if (z) named.set(`pre_activation_gradients/${node.id}`, z)
    for (const [weight, value] of Object.entries(weights)) named.set(`weight_gradients/${node.id}/${weight}`, value)
    node.inputs.forEach((i, at) => {
      const before = grads.get(i)
      grads.set(i, before ? map(before, (v, j) => v + inputs[at]!.data[j]!) : inputs[at]!)
    })
  }
  return { loss, named }
}
