import type { Text } from '../../shared/base/text'
import type { Tensor } from '../../shared/base/tf'
import type { Binding, NodeBackend, OpAttr, TensorInfo } from '../../shared/base/binding'

/** One TensorFlow op as it was run; tensors are known by the binding's numbers. */
export interface TracedOp {
  op: string
  attrs: OpAttr[]
  inputs: number[]
  outputs: TensorInfo[]
}
/** An attribute's value; undefined where the operation has none of this name. */
export const attributeOf = (o: TracedOp, name: string): unknown => o.attrs.find((a) => a.name === name)?.value

/** An attribute of whole numbers. */
export const intAttr = (binding: Binding, name: string, value: number | number[]): OpAttr => ({
  name,
  type: binding.TF_ATTR_INT,
  value
})

export interface TracedConstant {
  dtype: number
  shape: number[]
  data: ArrayBufferView
}
/** What a function of tensors did: enough to do it again without it. */
export interface Trace {
  ops: TracedOp[]
  /** Everything the ops read that they didn't make, but for the function's own inputs. */
  constants: Map<number, TracedConstant>
  /** Numbers of the inputs and results. */
  inputs: number[]
  results: number[]
}

/** Why a step can't be turned into a graph; it then runs eagerly. */
export class NotRecordable extends Error {
  constructor(readonly text: Text) {
    super(text.en)
    this.name = 'NotRecordable'
  }
}
const refuse = (en: string, zh: string): never => {
  throw new NotRecordable({ en, zh })
}

/** Ops that keep a generator of their own: replayed, they would not draw what the eager step draws. */
const STATEFUL =
  /^(Random|ParameterizedTruncatedNormal|TruncatedNormal|Multinomial|Variable|VarHandleOp|ReadVariable|Assign)/
/**
 * Type attributes that tfjs leaves out, by the input whose type they are. Eager TensorFlow infers them, a graph must
 * name them.
 */
const INFERRED: Record<string, readonly string[]> = { ExpandDims: ['T', 'Tdim'] }
const BYTES = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const

/**
 * Runs `f` eagerly and notes every op that reaches TensorFlow.
 * @param inputs the tensors that will be fed, or live in the session, when the trace is replayed.
 * @returns the trace, and what f returned. @throws NotRecordable
 */
export function trace<T>(
  backend: NodeBackend,
  inputs: Tensor[],
  f: () => T,
  results: (value: T) => Tensor[]
): { trace: Trace; value: T } {
  const real = backend.binding
  const ops: TracedOp[] = []
  const constants = new Map<number, TracedConstant>()
  const variable = new Set<number>(backend.getInputTensorIds(inputs))
  const inputIds = [...backend.getInputTensorIds(inputs)]
  const waiting: number[] = []
  const tensors = new Map<number, Tensor>()
  /** Types of what the ops made. */
  const types = new Map<number, number>()
  const typeOf = (id: number): number => {
    const dtype = tensors.get(id)?.dtype
    return (
      types.get(id) ??
      constants.get(id)?.dtype ??
      real[dtype === 'int32' ? 'TF_INT32' : dtype === 'bool' ? 'TF_BOOL' : 'TF_FLOAT']
    )
  }

  const constant = (id: number): void => {
    if (variable.has(id) || constants.has(id)) return
    const t = tensors.get(id)
    const known = t && (BYTES as Record<string, unknown>)[t.dtype]
    if (!t || !known)
      return refuse(
        `tensor ${id} of type ${t?.dtype ?? 'unknown'} comes from outside the step`,
        `张量 ${id}（类型 ${t?.dtype ?? '未知'}）来自训练步之外`
      )
    constants.set(id, {
      dtype: real[t.dtype === 'float32' ? 'TF_FLOAT' : t.dtype === 'int32' ? 'TF_INT32' : 'TF_BOOL'],
      shape: [...t.shape],
      data: real.tensorDataSync(id)
    })
  }
  const tap = Object.create(real) as Binding
  const define = <K extends keyof Binding>(name: K, value: Binding[K]): void =>
    void Object.defineProperty(tap, name, { value })
  define('executeOp', (op, attrs, ins, count) => {
    if (STATEFUL.test(op)) refuse(`the op ${op} keeps a state of its own`, `算子 ${op} 自带内部状态`)
    ins.forEach(constant)
    const outputs = real.executeOp(op, attrs, ins, count)
    for (const o of outputs) {
      variable.add(o.id)
      types.set(o.id, o.dtype)
    }
    const inferred = (INFERRED[op] ?? [])
      .map((name, i) => ({ name, type: real.TF_ATTR_TYPE, value: typeOf(ins[i]!) }))
      .filter(({ name }) => !attrs.some((a) => a.name === name))
    ops.push({ op, attrs: [...attrs, ...inferred], inputs: [...ins], outputs })
    return outputs
  })
  define('createTensor', (shape, dtype, data) => {
    if (!ArrayBuffer.isView(data)) return refuse('texts cannot be part of the step', '文本不能参与训练步')
    const id = real.createTensor(shape, dtype, data)
    constants.set(id, { dtype, shape: [...shape], data })
    return id
  })
  define('tensorDataSync', (id) => {
    if (variable.has(id)) refuse('a value is read back while the step runs', '训练步执行中读取了张量的值')
    return real.tensorDataSync(id)
  })
  // Numbers must stay valid until the trace is complete.
  define('deleteTensor', (id) => void waiting.push(id))

  const ids = backend.getInputTensorIds
  backend.binding = tap
  backend.getInputTensorIds = (list) => {
    const out = ids.call(backend, list)
    list.forEach((t, i) => t.shape && tensors.set(out[i]!, t))
    return out
  }
  try {
    const value = f()
    const made = backend.getInputTensorIds(results(value))
    made.forEach(constant)
    return { trace: { ops, constants, inputs: inputIds, results: made }, value }
  } finally {
    backend.binding = real
    delete (backend as Partial<NodeBackend>).getInputTensorIds
    for (const id of waiting) real.deleteTensor(id)
  }
}

const sameBytes = (a: ArrayBufferView, b: ArrayBufferView): boolean => {
  if (a.byteLength !== b.byteLength) return false
  const x = new Uint8Array(a.buffer, a.byteOffset, a.byteLength)
  const y = new Uint8Array(b.buffer, b.byteOffset, b.byteLength)
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return false
  return true
}

/**
 * Two traces of one function on different inputs must agree in everything but those inputs: a constant that differs was
 * not one (a random number drawn in JavaScript, a value computed from the step number).
 * @throws NotRecordable
 */
export function assertSameTrace(a: Trace, b: Trace): void {
  const name = new Map<number, number>()
  const match = (x: number, y: number): boolean => {
    if (name.has(x)) return name.get(x) === y
    const [c, d] = [a.constants.get(x), b.constants.get(y)]
    name.set(x, y)
    return !c || !d ? !c && !d : c.dtype === d.dtype && c.shape.join() === d.shape.join() && sameBytes(c.data, d.data)
  }
  if (a.ops.length !== b.ops.length)
    refuse('the step does not run the same operations each time', '每步执行的算子不一致')
  a.inputs.forEach((x, i) => name.set(x, b.inputs[i]!))
  a.ops.forEach((o, i) => {
    const p = b.ops[i]!
    const same =
      o.op === p.op && o.inputs.length === p.inputs.length && JSON.stringify(o.attrs) === JSON.stringify(p.attrs)
    if (!same) refuse('the step does not run the same operations each time', '每步执行的算子不一致')
    if (!o.inputs.every((x, k) => match(x, p.inputs[k]!)))
      refuse(
        `an input of ${o.op} is computed outside TensorFlow and changes from step to step`,
        `${o.op} 的一个输入在 TensorFlow 之外计算，且逐步变化`
      )
    o.outputs.forEach((x, k) => name.set(x.id, p.outputs[k]!.id))
  })
}
