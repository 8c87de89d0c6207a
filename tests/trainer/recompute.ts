/**
 * A training step in plain float64 numbers, from nothing but the arrays of a snapshot and the experiment as JSON: no
 * code of the product.
 */

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
const zeros = (shape: number[]): Nd => ({ shape, data: new Float64Array(product(shape)) })
const map = (a: Nd, f: (x: number, i: number) => number): Nd => ({ shape: a.shape, data: a.data.map(f) })
const shaped = (a: Nd, shape: number[]): Nd => ({ shape, data: a.data })
const sum = (a: Nd, b: Nd): Nd => map(a, (v, i) => v + b.data[i]!)
const times = (a: Nd, b: Nd): Nd => map(a, (v, i) => v * b.data[i]!)
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))
const F: Record<string, [(x: number) => number, (x: number) => number]> = {
  linear: [(x) => x, () => 1],
  relu: [(x) => Math.max(0, x), (x) => (x > 0 ? 1 : 0)],
  tanh: [Math.tanh, (x) => 1 - Math.tanh(x) ** 2],
  sigmoid: [sigmoid, (x) => sigmoid(x) * (1 - sigmoid(x))]
}
type Weights = (name: string) => Nd
/** By name; PReLU by its slopes, one per channel or one in all. */
function activate(z: Nd, spec: unknown, w: Weights): { h: Nd; dz(dh: Nd): Nd; weights(dh: Nd): Record<string, Nd> } {
  const { id } = spec as { id: string }
  if (id !== 'prelu') {
    const [f, d] = F[id]!
    return { h: map(z, f), dz: (dh) => map(z, (x, i) => dh.data[i]! * d(x)), weights: () => ({}) }
  }
  const slope = w('slope')
  const at = (i: number): number => i % slope.data.length
  const d = map(z, (x, i) => (x > 0 ? 1 : slope.data[at(i)]!))
  return {
    h: times(z, d),
    dz: (dh) => times(dh, d),
    weights(dh) {
      const out = zeros(slope.shape)
      z.data.forEach((x, i) => (out.data[at(i)]! += x > 0 ? 0 : x * dh.data[i]!))
      return { slope: out }
    }
  }
}
/** x [n, a] · w [a, b] */
function matMul(x: Nd, w: Nd): Nd {
  const [n, a, b] = [product(x.shape) / w.shape[0]!, w.shape[0]!, w.shape[1]!]
  const out = zeros([...x.shape.slice(0, -1), b])
  for (let i = 0; i < n; i++)
    for (let k = 0; k < a; k++)
      for (let j = 0; j < b; j++) out.data[i * b + j]! += x.data[i * a + k]! * w.data[k * b + j]!
  return out
}
const turned = (w: Nd): Nd => ({
  shape: [w.shape[1]!, w.shape[0]!],
  data: Float64Array.from(w.data, (_, i) => w.data[(i % w.shape[0]!) * w.shape[1]! + Math.floor(i / w.shape[0]!)]!)
})
/** xᵀ · g over all rows. */
function outer(x: Nd, g: Nd): Nd {
  const [a, b] = [x.shape.at(-1)!, g.shape.at(-1)!]
  const out = zeros([a, b])
  for (let r = 0; r < x.data.length / a; r++)
    for (let k = 0; k < a; k++)
      for (let j = 0; j < b; j++) out.data[k * b + j]! += x.data[r * a + k]! * g.data[r * b + j]!
  return out
}
function columnSums(g: Nd): Nd {
  const c = g.shape.at(-1)!
  const out = zeros([c])
  g.data.forEach((v, i) => (out.data[i % c]! += v))
  return out
}
const plusBias = (z: Nd, b: Nd | undefined): Nd => (b ? map(z, (v, i) => v + b.data[i % b.data.length]!) : z)
/** Columns [from, to) of the last axis. */
function columns(a: Nd, from: number, to: number): Nd {
  const c = a.shape.at(-1)!
  return { shape: [...a.shape.slice(0, -1), to - from], data: a.data.filter((_, i) => i % c >= from && i % c < to) }
}
/** Side by side along the last axis. */
function beside(...parts: Nd[]): Nd {
  const widths = parts.map((p) => p.shape.at(-1)!)
  const all = widths.reduce((a, b) => a + b, 0)
  const out = zeros([...parts[0]!.shape.slice(0, -1), all])
  parts.forEach((p, k) => {
    const from = widths.slice(0, k).reduce((a, b) => a + b, 0)
    p.data.forEach((v, i) => (out.data[Math.floor(i / widths[k]!) * all + from + (i % widths[k]!)] = v))
  })
  return out
}

type Params = Record<string, unknown>
type Kind = (p: Params, xs: Nd[], w: Weights, noise: Weights) => Passed

/**
 * Which inputs an output of a window along an axis sees, and with which tap: zeros around it ("same": the odd one
 * behind; a number: as many on either side), or none.
 */
function windows(length: number, size: number, stride: number, padding: unknown): { input: number; tap: number }[][] {
  const pad = typeof padding === 'number' ? padding : 0
  const count = padding === 'same' ? Math.ceil(length / stride) : Math.floor((length + 2 * pad - size) / stride) + 1
  const before = padding === 'same' ? Math.floor(Math.max(0, (count - 1) * stride + size - length) / 2) : pad
  return Array.from({ length: count }, (_, o) =>
    Array.from({ length: size }, (_t, tap) => ({ input: o * stride - before + tap, tap })).filter(
      ({ input }) => input >= 0 && input < length
    )
  )
}
/**
 * Rows and columns that each output position sees of a picture [n, height, width, c]; a sequence is a picture one row
 * high.
 */
function seen(
  x: Nd,
  size: [number, number],
  stride: [number, number],
  padding: [unknown, unknown]
): { rows: number; cols: number; taps: { at: number; tap: number }[][] } {
  const [, height, width] = x.shape as [number, number, number]
  const [down, across] = [
    windows(height, size[0], stride[0], padding[0]),
    windows(width, size[1], stride[1], padding[1])
  ]
  const taps = down.flatMap((v) =>
    across.map((u) => v.flatMap((a) => u.map((b) => ({ at: a.input * width + b.input, tap: a.tap * size[1] + b.tap }))))
  )
  return { rows: down.length, cols: across.length, taps }
}
/** Down and across: a word, or a number of elements on either side. */
function paddingOf(p: Params, x: Nd): [unknown, unknown] {
  if (p['padding'] !== 'symmetric') return [p['padding'], p['padding']]
  return [x.shape.length === 3 ? 0 : p['pad'], p['pad']]
}
const asPicture = (x: Nd): Nd => (x.shape.length === 3 ? shaped(x, [x.shape[0]!, 1, ...x.shape.slice(1)]) : x)
/** Of the picture's axes those that x has. */
const asBefore = (y: Nd, x: Nd): Nd => (x.shape.length === 3 ? shaped(y, [y.shape[0]!, ...y.shape.slice(2)]) : y)
const along = (x: Nd, n: number): [number, number] => [x.shape.length === 3 ? 1 : n, n]

const conv: Kind = (p, [x], w) => {
  const kernel = w('kernel')
  const [a, b] = kernel.shape.slice(-2) as [number, number]
  const picture = asPicture(x!)
  const { rows, cols, taps } = seen(
    picture,
    along(x!, p['kernelSize'] as number),
    along(x!, p['stride'] as number),
    paddingOf(p, x!)
  )
  const [n, inside, positions] = [x!.shape[0]!, picture.shape[1]! * picture.shape[2]!, rows * cols]
  /** Every product of an input, a weight and an output that there is. */
  const each = (f: (input: number, weight: number, output: number) => void): void => {
    for (let i = 0; i < n; i++)
      taps.forEach((list, position) => {
        for (const { at, tap } of list)
          for (let s = 0; s < a; s++)
            for (let t = 0; t < b; t++)
              f((i * inside + at) * a + s, (tap * a + s) * b + t, (i * positions + position) * b + t)
      })
  }
  const linear = zeros([n, rows, cols, b])
  each((i, j, o) => (linear.data[o]! += x!.data[i]! * kernel.data[j]!))
  const z = plusBias(asBefore(linear, x!), p['bias'] ? w('bias') : undefined)
  const f = activate(z, p['activation'], w)
  return {
    h: f.h,
    z,
    back(dh) {
      const d = f.dz(dh)
      const [dx, dw] = [zeros(x!.shape), zeros(kernel.shape)]
      each((i, j, o) => {
        dx.data[i]! += d.data[o]! * kernel.data[j]!
        dw.data[j]! += d.data[o]! * x!.data[i]!
      })
      return {
        z: d,
        inputs: [dx],
        weights: { kernel: dw, ...(p['bias'] ? { bias: columnSums(d) } : {}), ...f.weights(dh) }
      }
    }
  }
}
/**
 * @param share of what a window sees each value has in its output. @param whole one window over everything, and no axis
 *   left
 */
const pool =
  (share: (values: number[], counted?: number) => number[], whole = false): Kind =>
  (p, [x]) => {
    const picture = asPicture(x!)
    const [n, height, width, c] = picture.shape as [number, number, number, number]
    const size = p['size'] as number
    const { rows, cols, taps } = whole
      ? seen(picture, [height, width], [1, 1], ['valid', 'valid'])
      : seen(picture, along(x!, size), along(x!, (p['stride'] as number) || size), paddingOf(p, x!))
    // A mean counts the zeros around where they are symmetric.
    const counted = p['padding'] === 'symmetric' ? product(along(x!, size)) : undefined
    const shares: { from: number; to: number; share: number }[] = []
    for (let i = 0; i < n; i++)
      taps.forEach((list, position) => {
        for (let k = 0; k < c; k++) {
          const from = list.map(({ at }) => (i * height * width + at) * c + k)
          share(
            from.map((f) => x!.data[f]!),
            counted
          ).forEach((s, j) => shares.push({ from: from[j]!, to: (i * taps.length + position) * c + k, share: s }))
        }
      })
    const h = zeros([n, rows, cols, c])
    for (const s of shares) h.data[s.to]! += x!.data[s.from]! * s.share
    return {
      h: whole ? shaped(h, [n, c]) : asBefore(h, x!),
      back(dh) {
        const dx = zeros(x!.shape)
        for (const s of shares) dx.data[s.from]! += dh.data[s.to]! * s.share
        return { inputs: [dx], weights: {} }
      }
    }
  }
const equally = (values: number[], counted = values.length): number[] => values.map(() => 1 / counted)
const largest = (values: number[]): number[] =>
  values.map((_, i) => (i === values.indexOf(Math.max(...values)) ? 1 : 0))

/**
 * A cell over time. `step`: from the input and the states before (the first is h) to those behind, and the way back.
 */
type CellStep = (
  x: Nd,
  states: Nd[]
) => { states: Nd[]; z?: Nd; back(d: Nd[]): { dz: Nd; x: Nd; states: Nd[]; weights: Record<string, Nd> } }
function throughTime(p: Params, x: Nd, count: number, step: CellStep): Passed {
  const [n, T, features] = x.shape as [number, number, number]
  const units = p['units'] as number
  const k = p['truncate'] as number
  const all = p['returnSequences'] as boolean
  /** Row by row, of one time step: where it stands in [n, T, width]. */
  const place =
    (t: number, width: number) =>
    (i: number): number =>
      (Math.floor(i / width) * T + t) * width + (i % width)
  const slice = (v: Nd, t: number, width: number): Nd => ({
    shape: [n, width],
    data: Float64Array.from({ length: n * width }, (_, i) => v.data[place(t, width)(i)]!)
  })
  const steps: ReturnType<CellStep>[] = []
  for (let t = 0; t < T; t++)
    steps.push(
      step(slice(x, t, features), steps[t - 1]?.states ?? Array.from({ length: count }, () => zeros([n, units])))
    )
  const stacked = (parts: Nd[]): Nd => ({
    shape: [T, ...parts[0]!.shape],
    data: Float64Array.from(parts.flatMap((s) => [...s.data]))
  })
  const sequence = zeros([n, T, units])
  steps.forEach((s, t) => s.states[0]!.data.forEach((v, i) => (sequence.data[place(t, units)(i)] = v)))
  return {
    h: all ? sequence : steps[T - 1]!.states[0]!,
    ...(steps[0]!.z && { z: stacked(steps.map((s) => s.z!)) }),
    back(dh) {
      const dx = zeros(x.shape)
      const weights: Record<string, Nd> = {}
      const [states, dzs]: [Nd[], Nd[]] = [[], []]
      const none = (): Nd[] => Array.from({ length: count }, () => zeros([n, units]))
      let after = none()
      for (let t = T - 1; t >= 0; t--) {
        const own = all ? slice(dh, t, units) : t === T - 1 ? dh : zeros([n, units])
        const d = [sum(after[0]!, own), ...after.slice(1)]
        const made = steps[t]!.back(d)
        states[t] = d[0]!
        dzs[t] = made.dz
        made.x.data.forEach((v, i) => (dx.data[place(t, features)(i)] = v))
        for (const [name, g] of Object.entries(made.weights)) weights[name] = weights[name] ? sum(weights[name], g) : g
        // Cut: stretches of k steps, counted from the end.
        after = k && (T - t) % k === 0 ? none() : made.states
      }
      return { inputs: [dx], weights, states: stacked(states), ...(steps[0]!.z && { z: stacked(dzs) }) }
    }
  }
}

export const KINDS: Record<string, Kind> = {
  dense(p, [x], w) {
    const kernel = w('kernel')
    const z = plusBias(matMul(x!, kernel), p['bias'] ? w('bias') : undefined)
    const f = activate(z, p['activation'], w)
    return {
      h: f.h,
      z,
      back(dh) {
        const d = f.dz(dh)
        return {
          z: d,
          inputs: [matMul(d, turned(kernel))],
          weights: { kernel: outer(x!, d), ...(p['bias'] ? { bias: columnSums(d) } : {}), ...f.weights(dh) }
        }
      }
    }
  },
  activation(p, [x], w) {
    const f = activate(x!, p['activation'], w)
    return { h: f.h, z: x!, back: (dh) => ({ z: f.dz(dh), inputs: [f.dz(dh)], weights: f.weights(dh) }) }
  },
  /** Pieces of one unit side by side. */
  maxout(p, [x], w) {
    const kernel = w('kernel')
    const k = p['pieces'] as number
    const z = plusBias(matMul(x!, kernel), p['bias'] ? w('bias') : undefined)
    const top = map(z, (v, i) => (v === Math.max(...z.data.subarray(i - (i % k), i - (i % k) + k)) ? 1 : 0))
    const h = zeros([x!.shape[0]!, p['units'] as number])
    z.data.forEach((v, i) => (h.data[Math.floor(i / k)]! += v * top.data[i]!))
    return {
      h,
      back(dh) {
        const d = map(top, (t, i) => t * dh.data[Math.floor(i / k)]!)
        return {
          inputs: [matMul(d, turned(kernel))],
          weights: { kernel: outer(x!, d), ...(p['bias'] ? { bias: columnSums(d) } : {}) }
        }
      }
    }
  },
  batchNorm(p, [x], w) {
    const [gamma, beta] = [w('gamma'), w('beta')]
    const c = gamma.data.length
    const n = x!.data.length / c
    const { mean, variance } = momentsOf(x!)
    const scale = variance.map((v) => 1 / Math.sqrt(v + (p['epsilon'] as number)))
    const hat = map(x!, (v, i) => (v - mean[i % c]!) * scale[i % c]!)
    return {
      h: map(hat, (v, i) => v * gamma.data[i % c]! + beta.data[i % c]!),
      back(dh) {
        const dBeta = columnSums(dh)
        const dGamma = columnSums(times(dh, hat))
        return {
          inputs: [
            map(
              dh,
              (v, i) =>
                (gamma.data[i % c]! *
                  scale[i % c]! *
                  (n * v - dBeta.data[i % c]! - hat.data[i]! * dGamma.data[i % c]!)) /
                n
            )
          ],
          weights: { gamma: dGamma, beta: dBeta }
        }
      }
    }
  },
  /** Each row of the last axis by itself. */
  layerNorm(p, [x], w) {
    const [gamma, beta] = [w('gamma'), w('beta')]
    const c = gamma.data.length
    const rowMean = (a: Nd): ((i: number) => number) => {
      const sums = new Float64Array(a.data.length / c)
      a.data.forEach((v, i) => (sums[Math.floor(i / c)]! += v / c))
      return (i) => sums[Math.floor(i / c)]!
    }
    const mean = rowMean(x!)
    const centred = map(x!, (v, i) => v - mean(i))
    const variance = rowMean(times(centred, centred))
    const scale = (i: number): number => 1 / Math.sqrt(variance(i) + (p['epsilon'] as number))
    const hat = map(centred, (v, i) => v * scale(i))
    return {
      h: map(hat, (v, i) => v * gamma.data[i % c]! + beta.data[i % c]!),
      back(dh) {
        const g = map(dh, (v, i) => v * gamma.data[i % c]!)
        const [flat, along] = [rowMean(g), rowMean(times(g, hat))]
        return {
          inputs: [map(g, (v, i) => scale(i) * (v - flat(i) - hat.data[i]! * along(i)))],
          weights: { gamma: columnSums(times(dh, hat)), beta: columnSums(dh) }
        }
      }
    }
  },
  /** Kept where a uniform number reaches the rate. */
  dropout(p, [x], _w, noise) {
    const rate = p['rate'] as number
    const mask = map(noise('mask'), (u) => (u < rate ? 0 : 1 / (1 - rate)))
    return { h: times(x!, mask), back: (dh) => ({ inputs: [times(dh, mask)], weights: {} }) }
  },
  /**
   * Klambauer 2017: what is dropped becomes −λα, then a·x + b with a = (q + α′²q(1 − q))^−½, b = −a(1 − q)α′, α′ = −λα,
   * q = 1 − rate.
   */
  alphaDropout(p, [x], _w, noise) {
    const rate = p['rate'] as number
    const low = -1.0507009873554805 * 1.6732632423543772
    const a = (1 - rate + low * low * (1 - rate) * rate) ** -0.5
    const kept = map(noise('mask'), (u) => (u < rate ? 0 : 1))
    return {
      h: map(x!, (v, i) => a * (kept.data[i] ? v : low) - a * rate * low),
      back: (dh) => ({ inputs: [map(dh, (v, i) => a * v * kept.data[i]!)], weights: {} })
    }
  },
  add(p, [branch, ...rest], w) {
    const s = p['learnScale'] ? w('scale').data[0]! : (p['scale'] as number)
    const own = (dh: Nd): Record<string, Nd> =>
      p['learnScale']
        ? { scale: { shape: [], data: Float64Array.of(times(dh, branch!).data.reduce((a, b) => a + b, 0)) } }
        : {}
    return {
      h: rest.reduce(
        sum,
        map(branch!, (v) => s * v)
      ),
      back: (dh) => ({
        inputs: [map(dh, (v) => s * v), ...rest.map(() => dh)],
        weights: own(dh)
      })
    }
  },
  concatenate(_, xs) {
    const ends = xs.map((_, k) => xs.slice(0, k + 1).reduce((a, x) => a + x.shape.at(-1)!, 0))
    return {
      h: beside(...xs),
      back: (dh) => ({ inputs: xs.map((x, k) => columns(dh, ends[k]! - x.shape.at(-1)!, ends[k]!)), weights: {} })
    }
  },
  conv1d: conv,
  conv2d: conv,
  maxPool: pool(largest),
  averagePool: pool(equally),
  globalMaxPool: pool(largest, true),
  globalAveragePool: pool(equally, true),
  /** Row by the id; nothing goes back to the ids. */
  embedding(_p, [x], w) {
    const kernel = w('kernel')
    const [n, units] = kernel.shape as [number, number]
    const rows = [...x!.data].map((v) => Math.min(Math.max(Math.round(v), 0), n - 1))
    const h = zeros([x!.shape[0]!, x!.shape[1]!, units])
    return {
      h: map(h, (_, i) => kernel.data[rows[Math.floor(i / units)]! * units + (i % units)]!),
      back(dh) {
        const d = zeros(kernel.shape)
        dh.data.forEach((v, i) => (d.data[rows[Math.floor(i / units)]! * units + (i % units)]! += v))
        return { inputs: [zeros(x!.shape)], weights: { kernel: d } }
      }
    }
  },
  simpleRnn(p, [x], w) {
    const [kernel, recurrent, bias] = [w('kernel'), w('recurrent'), p['bias'] ? w('bias') : undefined]
    return throughTime(p, x!, 1, (xt, [h]) => {
      const z = plusBias(sum(matMul(xt, kernel), matMul(h!, recurrent)), bias)
      const f = activate(z, p['activation'], w)
      return {
        states: [f.h],
        z,
        back([d]) {
          const dz = f.dz(d!)
          return {
            dz,
            x: matMul(dz, turned(kernel)),
            states: [matMul(dz, turned(recurrent))],
            weights: { kernel: outer(xt, dz), recurrent: outer(h!, dz), ...(bias && { bias: columnSums(dz) }) }
          }
        }
      }
    })
  },
  /** Gates in the order i, g, f, o. */
  lstm(p, [x], w) {
    const [kernel, recurrent, bias] = [w('kernel'), w('recurrent'), p['bias'] ? w('bias') : undefined]
    const units = recurrent.shape[0]!
    return throughTime(p, x!, 2, (xt, [h, c]) => {
      const z = plusBias(sum(matMul(xt, kernel), matMul(h!, recurrent)), bias)
      const gate = (k: number): Nd => columns(z, k * units, (k + 1) * units)
      const [i, g, f, o] = [
        map(gate(0), sigmoid),
        map(gate(1), Math.tanh),
        map(gate(2), (v) => sigmoid(v + (p['forgetBias'] as number))),
        map(gate(3), sigmoid)
      ]
      const next = sum(times(f, c!), times(i, g))
      const bent = map(next, Math.tanh)
      const slope = (s: Nd): Nd => map(s, (v) => v * (1 - v))
      return {
        states: [times(o, bent), next],
        back([dh, dc]) {
          const d = sum(
            dc!,
            times(
              times(dh!, o),
              map(bent, (v) => 1 - v * v)
            )
          )
          const dz = beside(
            times(times(d, g), slope(i)),
            times(
              times(d, i),
              map(g, (v) => 1 - v * v)
            ),
            times(times(d, c!), slope(f)),
            times(times(dh!, bent), slope(o))
          )
          return {
            dz,
            x: matMul(dz, turned(kernel)),
            states: [matMul(dz, turned(recurrent)), times(d, f)],
            weights: { kernel: outer(xt, dz), recurrent: outer(h!, dz), ...(bias && { bias: columnSums(dz) }) }
          }
        }
      }
    })
  },
  /**
   * Gates in the order r, u, c; the reset gate acts on the state before the product (Cho 2014; in Keras reset_after =
   * false).
   */
  gru(p, [x], w) {
    const [kernel, recurrent, bias] = [w('kernel'), w('recurrent'), p['bias'] ? w('bias') : undefined]
    const units = recurrent.shape[0]!
    const [gates, own] = [columns(recurrent, 0, 2 * units), columns(recurrent, 2 * units, 3 * units)]
    return throughTime(p, x!, 1, (xt, [h]) => {
      const input = plusBias(matMul(xt, kernel), bias)
      const ru = map(sum(columns(input, 0, 2 * units), matMul(h!, gates)), sigmoid)
      const [r, u] = [columns(ru, 0, units), columns(ru, units, 2 * units)]
      const reset = times(r, h!)
      const c = map(sum(columns(input, 2 * units, 3 * units), matMul(reset, own)), Math.tanh)
      const slope = (s: Nd): Nd => map(s, (v) => v * (1 - v))
      return {
        states: [map(h!, (v, i) => u.data[i]! * v + (1 - u.data[i]!) * c.data[i]!)],
        back([d]) {
          const dc = map(c, (v, i) => d!.data[i]! * (1 - u.data[i]!) * (1 - v * v))
          const dReset = matMul(dc, turned(own))
          const du = map(slope(u), (v, i) => v * d!.data[i]! * (h!.data[i]! - c.data[i]!))
          const dr = map(slope(r), (v, i) => v * dReset.data[i]! * h!.data[i]!)
          const dGates = beside(dr, du)
          const dz = beside(dGates, dc)
          const before = map(
            matMul(dGates, turned(gates)),
            (v, i) => v + d!.data[i]! * u.data[i]! + dReset.data[i]! * r.data[i]!
          )
          return {
            dz,
            x: matMul(dz, turned(kernel)),
            states: [before],
            weights: {
              kernel: outer(xt, dz),
              recurrent: beside(outer(h!, dGates), outer(reset, dc)),
              ...(bias && { bias: columnSums(dz) })
            }
          }
        }
      }
    })
  },
  reshape(p, [x]) {
    const sizes = (p['shape'] as string).split(',').map(Number)
    const left = product(x!.shape.slice(1)) / Math.abs(product(sizes))
    const shape = [x!.shape[0]!, ...sizes.map((n) => (n < 0 ? left : n))]
    return { h: shaped(x!, shape), back: (dh) => ({ inputs: [shaped(dh, x!.shape)], weights: {} }) }
  },
  flatten: (_p, [x]) => ({
    h: shaped(x!, [x!.shape[0]!, product(x!.shape.slice(1))]),
    back: (dh) => ({ inputs: [shaped(dh, x!.shape)], weights: {} })
  })
}
/** Mean and biased variance of each channel over all else. */
export function momentsOf(x: Nd): { mean: Float64Array; variance: Float64Array; count: number } {
  const c = x.shape.at(-1)!
  const count = x.data.length / c
  const [mean, variance] = [new Float64Array(c), new Float64Array(c)]
  x.data.forEach((v, i) => (mean[i % c]! += v / count))
  x.data.forEach((v, i) => (variance[i % c]! += (v - mean[i % c]!) ** 2 / count))
  return { mean, variance, count }
}

export interface Step {
  loss: number
  /** By the names that the snapshot uses. */
  named: Map<string, Nd>
}
/** Softmax cross-entropy, mean over all rows (each time step is one), and its gradient. */
function crossEntropy(o: Nd, y: Nd): { loss: number; d: Nd } {
  const c = o.shape.at(-1)!
  const n = o.data.length / c
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
export function recompute(nodes: Node[], arrays: Arrays, kinds = KINDS): Step {
  const named = new Map<string, Nd>()
  const h = new Map<string, Nd>([['input', arrays('batch/x')]])
  const passed = nodes.map((n) => {
    const run = kinds[n.kind]!(
      n.params,
      n.inputs.map((i) => h.get(i)!),
      (weight) => arrays(`weights/${n.id}/${weight}`),
      (own) => arrays(`noise/${n.id}/${own}`)
    )
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
