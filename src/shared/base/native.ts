import type { Binding, NodeBackend } from './binding'
import type { TF, Tensor } from './tf'

/** An attribute of a TensorFlow op; a plain number is a float. */
export type Attribute =
  number | number[] | boolean | string | { type: 'float32' | 'float64' | 'int32' | 'bool' } | { int: number | number[] }

/** What tfjs-node's backend offers beyond tfjs's own kernels. */
export interface Native {
  /**
   * Runs a TensorFlow op by name and tracks its outputs like any tensor. `T` is float32 unless given.
   * A float64 output is a tensor that only further ops of this kind may read: tfjs has no such type.
   */
  run(name: string, inputs: Tensor[], attrs?: Record<string, Attribute>, outputs?: number): Tensor[]
  /** The same for an op with one output. */
  op(name: string, inputs: Tensor[], attrs?: Record<string, Attribute>): Tensor
  /** True when the library in use has the product's own ops (the folder native). */
  readonly hasOwn: boolean
}
/** TF_DOUBLE of TensorFlow's C API; the binding has no name for it. */
const TF_DOUBLE = 2
/** Ops whose attributes don't include `T`. */
const UNTYPED = /^(Cast|Clinic\w+|GatherV2)$/
const made = new WeakMap<object, Native>()

function make(backend: NodeBackend): Native {
  const run: Native['run'] = (name, inputs, attrs = {}, outputs = 1) => {
    // Read anew each time: a recorder may have put itself in the binding's place.
    const b = backend.binding
    const own: Record<string, Attribute> = UNTYPED.test(name) ? attrs : { T: { type: 'float32' }, ...attrs }
    const list = Object.entries(own).map(([key, v]) => {
      if (typeof v === 'number' || Array.isArray(v)) return { name: key, type: b.TF_ATTR_FLOAT, value: v }
      if (typeof v === 'boolean') return { name: key, type: b.TF_ATTR_BOOL, value: v }
      if (typeof v === 'string') return { name: key, type: b.TF_ATTR_STRING, value: v }
      if ('int' in v) return { name: key, type: b.TF_ATTR_INT, value: v.int }
      return {
        name: key,
        type: b.TF_ATTR_TYPE,
        value: { float32: b.TF_FLOAT, float64: TF_DOUBLE, int32: b.TF_INT32, bool: b.TF_BOOL }[v.type]
      }
    })
    const made = b.executeOp(name, list, backend.getInputTensorIds(inputs), outputs)
    return made.map((m) => backend.createOutputTensor(m.dtype === TF_DOUBLE ? { ...m, dtype: b.TF_FLOAT } : m))
  }
  return { run, op: (name, inputs, attrs) => run(name, inputs, attrs)[0]!, hasOwn: hasOwn(backend.binding) }
}

/** Whether they are there. Only a try can tell; it bypasses a recorder, whose tap inherits from the binding. */
function hasOwn(tapped: Binding): boolean {
  const under = Object.getPrototypeOf(tapped) as Partial<Binding> | null
  const b = under && typeof under.executeOp === 'function' ? (under as Binding) : tapped
  const x = b.createTensor([1], b.TF_FLOAT, Float32Array.of(1))
  try {
    const attrs = [
      { name: 'N', type: b.TF_ATTR_INT, value: 1 },
      { name: 'requests', type: b.TF_ATTR_INT, value: [0, 0, -1] },
      { name: 'bounds', type: b.TF_ATTR_FLOAT, value: [0, 0] }
    ]
    for (const out of b.executeOp('ClinicMeasure', attrs, [x], 1)) b.deleteTensor(out.id)
    return true
  } catch {
    return false
  } finally {
    b.deleteTensor(x)
  }
}

/**
 * TensorFlow's ops by name. @returns undefined where tfjs does not run on TensorFlow: callers then use plain tfjs ops
 */
export function native(tf: TF): Native | undefined {
  return tf.getBackend() === 'tensorflow' ? nativeOf(tf.backend() as unknown as NodeBackend) : undefined
}
/** TensorFlow's ops by name on its backend. */
export function nativeOf(backend: NodeBackend): Native {
  let n = made.get(backend)
  if (!n) made.set(backend, (n = make(backend)))
  return n
}

/**
 * A function of `inputs` with a gradient of its own.
 * @param forward computes the value. It must hand every tensor that `backward` reads to `keep`, or the tape's scope
 *   frees it.
 * @param backward ∂loss/∂inputs, one for each input, from ∂loss/∂value and the kept tensors in order
 */
export function withGradient(
  tf: TF,
  inputs: Tensor[],
  forward: (keep: (...tensors: Tensor[]) => void) => Tensor,
  backward: (dy: Tensor, kept: Tensor[]) => Tensor[]
): Tensor {
  return tf.customGrad((...args) => {
    const save = args[args.length - 1] as (tensors: Tensor[]) => void
    return { value: forward((...t) => save(t)), gradFunc: (dy: Tensor, kept: Tensor[]) => backward(dy, kept) }
  })(...inputs)
}

/**
 * ∂loss/∂x from ∂loss/∂f(x), for use inside a `backward`. It opens a gradient tape of its own. A recorded step does not
 * compute f(x) twice.
 * @param dy ∂loss/∂f(x)
 */
export function pullBack(tf: TF, f: (x: Tensor) => Tensor, x: Tensor, dy: Tensor): Tensor {
  const state = tf.engine().state as { activeTape?: unknown }
  // tfjs drops the outer tape when an inner one ends.
  const outer = state.activeTape
  try {
    return tf.grad((v: Tensor) => {
      const y = f(v)
      return y === v ? tf.clone(v) : y
    })(x, dy)
  } finally {
    state.activeTape = outer
  }
}

/**
 * An element-wise function with a gradient of its own.
 * @param gradient ∂loss/∂x from ∂loss/∂y, x and y
 * @param bend f″ on tensors, or 0 for piecewise linear functions. With it, the gradient can be differentiated again.
 */
export function elementwise(
  tf: TF,
  x: Tensor,
  forward: (x: Tensor) => Tensor,
  gradient: (dy: Tensor, x: Tensor, y: Tensor) => Tensor,
  bend?: 0 | ((x: Tensor) => Tensor)
): Tensor {
  // f′(x)·dy is linear in dy, so its derivative by dy is f′ again.
  const twice = (dy: Tensor, x: Tensor, y: Tensor): Tensor =>
    withGradient(
      tf,
      bend === 0 ? [dy] : [dy, x],
      (keep) => {
        keep(dy, x, y)
        return gradient(dy, x, y)
      },
      (g, [d, a, b]) => (bend ? [gradient(g, a!, b!), tf.mul(tf.mul(g, d!), bend(a!))] : [gradient(g, a!, b!)])
    )
  return withGradient(
    tf,
    [x],
    (keep) => {
      const y = forward(x)
      keep(x, y)
      return y
    },
    (dy, [a, b]) => [(bend === undefined ? gradient : twice)(dy, a!, b!)]
  )
}

/** x + b. @param x […, n] @param bias [n] */
export function addBias(tf: TF, x: Tensor, bias: Tensor): Tensor {
  const n = native(tf)
  if (!n) return tf.add(x, bias)
  // BiasAdd is what TensorFlow fuses with the product before it and the activation behind it.
  return withGradient(
    tf,
    [x, bias],
    () => n.op('BiasAdd', [x, bias]),
    (dy) => [dy, n.op('BiasAddGrad', [dy])]
  )
}
