import { erfc, logistic } from '@shared/theory'
import type { TF, Tensor } from '@shared/base/tf'

/** A tensor of float64 numbers, row-major. */
export class Plain {
  readonly rank: number
  readonly size: number
  readonly dtype = 'float32'
  constructor(
    readonly shape: number[],
    readonly data: Float64Array
  ) {
    this.rank = shape.length
    this.size = data.length
  }
}
type Arg = Plain | number
const product = (s: number[]): number => s.reduce((a, b) => a * b, 1)
export const plain = (shape: number[], values: ArrayLike<number>): Plain => new Plain(shape, Float64Array.from(values))
const lift = (x: Arg): Plain => (typeof x === 'number' ? plain([], [x]) : x)
const make = (shape: number[], f: (i: number) => number): Plain =>
  new Plain(
    shape,
    Float64Array.from({ length: product(shape) }, (_, i) => f(i))
  )

/** Strides of `shape` seen as `out`: 0 along broadcast axes. */
function strides(shape: number[], out: number[]): number[] {
  const s = new Array<number>(out.length).fill(0)
  let step = 1
  for (let i = shape.length - 1; i >= 0; i--) {
    if (shape[i] !== 1) s[i + out.length - shape.length] = step
    step *= shape[i]!
  }
  return s
}
function binary(f: (a: number, b: number) => number): (a: Arg, b: Arg) => Plain {
  return (p, q) => {
    const [a, b] = [lift(p), lift(q)]
    const rank = Math.max(a.rank, b.rank)
    const dim = (s: number[], i: number): number => s[i - rank + s.length] ?? 1
    const out = Array.from({ length: rank }, (_, i) => {
      const [x, y] = [dim(a.shape, i), dim(b.shape, i)]
      if (x !== y && x !== 1 && y !== 1) throw new Error(`shapes [${a.shape}] and [${b.shape}] don't broadcast`)
      return Math.max(x, y)
    })
    const [sa, sb] = [strides(a.shape, out), strides(b.shape, out)]
    return make(out, (i) => {
      let [ia, ib] = [0, 0]
      for (let k = rank - 1, rest = i; k >= 0; k--) {
        const at = rest % out[k]!
        rest = (rest - at) / out[k]!
        ia += at * sa[k]!
        ib += at * sb[k]!
      }
      return f(a.data[ia]!, b.data[ib]!)
    })
  }
}
const unary =
  (f: (x: number) => number) =>
  (x: Arg): Plain =>
    make(lift(x).shape, (i) => f(lift(x).data[i]!))

/** Reduces some axes (default: all) of x; `start` and `step` fold, `end` finishes with the number of values. */
function reduce(
  start: number,
  step: (a: number, x: number) => number,
  end: (a: number, n: number) => number = (a) => a
) {
  return (x: Plain, axis?: number | number[], keepDims = false): Plain => {
    const axes = (axis === undefined ? x.shape.map((_, i) => i) : [axis].flat()).map((a) => (a < 0 ? a + x.rank : a))
    const kept = x.shape.map((d, i) => (axes.includes(i) ? 1 : d))
    const out = new Float64Array(product(kept)).fill(start)
    const s = strides(kept, x.shape)
    for (let i = 0; i < x.size; i++) {
      let at = 0
      for (let k = x.rank - 1, rest = i; k >= 0; k--) {
        const c = rest % x.shape[k]!
        rest = (rest - c) / x.shape[k]!
        at += c * s[k]!
      }
      out[at] = step(out[at]!, x.data[i]!)
    }
    const n = x.size / out.length
    return new Plain(
      keepDims ? kept : x.shape.filter((_, i) => !axes.includes(i)),
      out.map((v) => end(v, n))
    )
  }
}
function matMul(a: Plain, b: Plain, transposeA = false, transposeB = false): Plain {
  const at = (m: Plain, t: boolean, r: number, c: number): number =>
    m.data[t ? c * m.shape[1]! + r : r * m.shape[1]! + c]!
  const [rows, inner] = transposeA ? [a.shape[1]!, a.shape[0]!] : [a.shape[0]!, a.shape[1]!]
  const cols = transposeB ? b.shape[0]! : b.shape[1]!
  if ((transposeB ? b.shape[1] : b.shape[0]) !== inner) throw new Error(`cannot multiply [${a.shape}] by [${b.shape}]`)
  return make([rows, cols], (i) => {
    const [r, c] = [Math.floor(i / cols), i % cols]
    let sum = 0
    for (let k = 0; k < inner; k++) sum += at(a, transposeA, r, k) * at(b, transposeB, k, c)
    return sum
  })
}
/** Walks a window over [batch, height, width, channels] as TensorFlow places it; `see` gets each position inside. */
function walk(
  x: Plain,
  [kh, kw]: [number, number],
  [sh, sw]: [number, number],
  pad: 'same' | 'valid'
): {
  out: [number, number]
  each: (i: number, j: number, see: (y: number, x: number, dy: number, dx: number) => void) => void
} {
  const [, height, width] = x.shape as [number, number, number, number]
  const count = (n: number, k: number, s: number): number =>
    pad === 'same' ? Math.ceil(n / s) : Math.floor((n - k) / s) + 1
  const out: [number, number] = [count(height, kh, sh), count(width, kw, sw)]
  const before = (n: number, o: number, k: number, s: number): number =>
    pad === 'same' ? Math.floor(Math.max((o - 1) * s + k - n, 0) / 2) : 0
  const [top, left] = [before(height, out[0], kh, sh), before(width, out[1], kw, sw)]
  return {
    out,
    each(i, j, see) {
      for (let dy = 0; dy < kh; dy++)
        for (let dx = 0; dx < kw; dx++) {
          const [y, z] = [i * sh - top + dy, j * sw - left + dx]
          if (y >= 0 && y < height && z >= 0 && z < width) see(y, z, dy, dx)
        }
    }
  }
}
const pairOf = (v: number | [number, number]): [number, number] => (typeof v === 'number' ? [v, v] : v)
function conv2d(x: Plain, filter: Plain, stride: number | [number, number], pad: 'same' | 'valid'): Plain {
  const [batch, , width, inner] = x.shape as [number, number, number, number]
  const [kh, kw, depth, outer] = filter.shape as [number, number, number, number]
  if (depth !== inner) throw new Error(`a filter [${filter.shape}] cannot read [${x.shape}]`)
  const { out, each } = walk(x, [kh, kw], pairOf(stride), pad)
  const y = new Float64Array(batch * out[0] * out[1] * outer)
  for (let b = 0; b < batch; b++)
    for (let i = 0; i < out[0]; i++)
      for (let j = 0; j < out[1]; j++)
        each(i, j, (r, c, dy, dx) => {
          for (let k = 0; k < inner; k++) {
            const v = x.data[((b * x.shape[1]! + r) * width + c) * inner + k]!
            for (let o = 0; o < outer; o++)
              y[((b * out[0] + i) * out[1] + j) * outer + o]! +=
                v * filter.data[((dy * kw + dx) * inner + k) * outer + o]!
          }
        })
  return new Plain([batch, out[0], out[1], outer], y)
}
const pool =
  (end: (seen: number[]) => number) =>
  (x: Plain, size: number | [number, number], stride: number | [number, number], pad: 'same' | 'valid'): Plain => {
    const [batch, height, width, channels] = x.shape as [number, number, number, number]
    const { out, each } = walk(x, pairOf(size), pairOf(stride), pad)
    return make([batch, out[0], out[1], channels], (at) => {
      const c = at % channels
      const j = Math.floor(at / channels) % out[1]
      const i = Math.floor(at / channels / out[1]) % out[0]
      const b = Math.floor(at / channels / out[1] / out[0])
      const seen: number[] = []
      each(i, j, (r, q) => seen.push(x.data[((b * height + r) * width + q) * channels + c]!))
      return end(seen)
    })
  }
const sum = reduce(0, (a, x) => a + x)
const max = reduce(-Infinity, Math.max)
const sub = binary((a, b) => a - b)
const exp = unary(Math.exp)
const log = unary(Math.log)
const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))

const ops = {
  getBackend: () => 'float64',
  tidy: <T>(f: () => T): T => f(),
  /** Only the value: gradients are taken by finite differences. */
  customGrad:
    (f: (...args: unknown[]) => { value: Plain }) =>
    (...args: Plain[]): Plain =>
      f(...args, () => undefined).value,
  scalar: (v: number) => plain([], [v]),
  tensor1d: (v: number[]) => plain([v.length], v),
  zeros: (shape: number[]) => make(shape, () => 0),
  zerosLike: unary(() => 0),
  onesLike: unary(() => 1),
  identity: (x: Plain) => x,
  add: binary((a, b) => a + b),
  sub,
  mul: binary((a, b) => a * b),
  div: binary((a, b) => a / b),
  maximum: binary(Math.max),
  minimum: binary(Math.min),
  squaredDifference: binary((a, b) => (a - b) ** 2),
  neg: unary((x) => -x),
  abs: unary(Math.abs),
  square: unary((x) => x * x),
  sqrt: unary(Math.sqrt),
  rsqrt: unary((x) => 1 / Math.sqrt(x)),
  exp,
  expm1: unary(Math.expm1),
  log,
  floor: unary(Math.floor),
  sign: unary(Math.sign),
  sigmoid: unary(logistic),
  tanh: unary(Math.tanh),
  softplus: unary(softplus),
  erf: unary((x) => 1 - erfc(x)),
  relu: unary((x) => Math.max(x, 0)),
  relu6: unary((x) => Math.min(Math.max(x, 0), 6)),
  leakyRelu: (x: Plain, alpha = 0.2) => unary((v) => (v > 0 ? v : alpha * v))(x),
  prelu: binary((x, a) => (x > 0 ? x : a * x)),
  elu: unary((x) => (x > 0 ? x : Math.expm1(x))),
  selu: unary((x) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x))),
  matMul,
  conv2d,
  maxPool: pool((seen) => Math.max(...seen)),
  // Zeros around the picture don't count.
  avgPool: pool((seen) => seen.reduce((a, v) => a + v, 0) / seen.length),
  sum,
  mean: reduce(
    0,
    (a, x) => a + x,
    (a, n) => a / n
  ),
  max,
  logSoftmax(x: Plain): Plain {
    const shifted = sub(x, max(x, -1, true))
    return sub(shifted, log(sum(exp(shifted), -1, true)))
  },
  reshape(x: Plain, shape: number[]): Plain {
    const known = -product(shape)
    return new Plain(
      shape.map((d) => (d === -1 ? x.size / known : d)),
      x.data
    )
  },
  transpose(x: Plain, perm = x.shape.map((_, i) => x.rank - 1 - i)): Plain {
    const from = strides(x.shape, x.shape)
    const shape = perm.map((k) => x.shape[k]!)
    return make(shape, (i) => {
      let at = 0
      for (let k = shape.length - 1, rest = i; k >= 0; k--) {
        const c = rest % shape[k]!
        rest = (rest - c) / shape[k]!
        at += c * from[perm[k]!]!
      }
      return x.data[at]!
    })
  },
  pad(x: Plain, sides: [number, number][], value = 0): Plain {
    const from = strides(x.shape, x.shape)
    const shape = x.shape.map((d, i) => d + sides[i]![0] + sides[i]![1])
    return make(shape, (i) => {
      let at = 0
      for (let k = shape.length - 1, rest = i; k >= 0; k--) {
        const c = rest % shape[k]!
        rest = (rest - c) / shape[k]!
        const own = c - sides[k]![0]
        if (own < 0 || own >= x.shape[k]!) return value
        at += own * from[k]!
      }
      return x.data[at]!
    })
  },
  concat(parts: Plain[], axis = 0): Plain {
    const a = axis < 0 ? axis + parts[0]!.rank : axis
    const shape = parts[0]!.shape.map((d, i) => (i === a ? parts.reduce((s, p) => s + p.shape[a]!, 0) : d))
    const outer = product(shape.slice(0, a))
    const data: number[] = []
    for (let o = 0; o < outer; o++)
      for (const p of parts) data.push(...p.data.subarray((o * p.size) / outer, ((o + 1) * p.size) / outer))
    return plain(shape, data)
  },
  cast: (x: Plain) => x,
  gather: (table: Plain, ids: Plain) => {
    const width = table.shape[1]!
    return make([ids.size, width], (i) => table.data[ids.data[Math.floor(i / width)]! * width + (i % width)]!)
  },
  split(x: Plain, widths: number[], axis = 0): Plain[] {
    const a = axis < 0 ? axis + x.rank : axis
    const outer = product(x.shape.slice(0, a))
    const inner = product(x.shape.slice(a + 1))
    const row = x.shape[a]! * inner
    let from = 0
    return widths.map((w) => {
      const data: number[] = []
      for (let o = 0; o < outer; o++)
        data.push(...x.data.subarray(o * row + from * inner, o * row + (from + w) * inner))
      from += w
      return plain(
        x.shape.map((d, i) => (i === a ? w : d)),
        data
      )
    })
  },
  unstack(x: Plain, axis = 0): Plain[] {
    const parts = ops.split(x, new Array<number>(x.shape[axis]!).fill(1), axis)
    return parts.map((p) =>
      plain(
        p.shape.filter((_, i) => i !== axis),
        p.data
      )
    )
  },
  stack(parts: Plain[], axis = 0): Plain {
    const one = parts.map((p) => plain([...p.shape.slice(0, axis), 1, ...p.shape.slice(axis)], p.data))
    return ops.concat(one, axis)
  }
}

/**
 * tfjs's functions on float64 numbers: the reference that layers, activations and losses are run on. No gradients, no
 * native ops. A function that is missing says so: add it above.
 */
export const float64 = new Proxy(ops, {
  get(target, name) {
    if (name in target) return target[name as keyof typeof target]
    throw new Error(`tests/trainer/float64.ts has no tf.${String(name)} yet: add it there`)
  }
}) as unknown as TF
export const asTensor = (x: Plain): Tensor => x as unknown as Tensor
export const asPlain = (x: Tensor): Plain => x as unknown as Plain
