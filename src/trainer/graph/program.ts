import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Binding, NodeBackend } from '../../shared/base/binding'
import { nativeOf } from '../../shared/base/native'
import { Attr, DType, GraphDef } from './graphdef'
import { fuse, simplify, type Own, type Rewritten, type Simplified } from './rewrite'
import { runsInTurn } from './turns'
import { NotRecordable, type Trace, type TracedOp } from './trace'

/** A node that no result depends on and that TensorFlow's optimizers keep: placeholders may be fed. */
const APART = 'apart'
/** What native/session.cc reads the executor of the next session from. */
const EXECUTOR = 'GRADIENT_CLINIC_EXECUTOR'

export interface Feed {
  name: string
  dtype: 'float' | 'int32'
  shape: number[]
}
/** A traced function of the variables and its feeds: `trace.inputs` are the variables, then the feeds. */
export interface TracedFunction {
  trace: Trace
  feeds: Feed[]
  /** What can be asked for: name → index among the results. Whatever is asked for, all assignments happen. */
  fetches: Record<string, number>
  /** Variables that get a new value: [index of variable, index of result]. */
  assigns: [number, number][]
  /**
   * Results that have another reader whatever is asked for. Else TensorFlow's optimizer fuses or reorders what leads to
   * them when nobody else reads them, and the last bits would depend on what is recorded.
   */
  anchors: number[]
}

/**
 * A TensorFlow session that holds variables and some functions over them, each of which runs as one native call.
 * Written as a SavedModel, the one form of a graph that the stock binding loads.
 */
export class Program {
  private readonly binding: Binding
  private readonly session: number
  /** Whether there are the product's own ops. */
  private readonly own: boolean
  /** Number of nodes in the graph. */
  readonly size: number
  private open = true

  /** @param variables shapes; all are float32. @throws NotRecordable when TensorFlow refuses the graph */
  constructor(
    backend: NodeBackend,
    private readonly variables: readonly number[][],
    functions: Record<string, TracedFunction>
  ) {
    this.binding = backend.binding
    this.own = nativeOf(backend).hasOwn
    const graph = new GraphDef()
    const float = Attr.type(DType.float)
    const reads = variables.map((shape, i) => {
      graph.node(
        'VarHandleOp',
        [],
        { dtype: float, shape: Attr.shape(shape), shared_name: Attr.string(`v${i}`) },
        `v${i}`
      )
      graph.placeholder(`v${i}_new`, DType.float, shape)
      graph.node('AssignVariableOp', [`v${i}`, `v${i}_new`], { dtype: float }, `v${i}_write`)
      return graph.node('ReadVariableOp', [`v${i}`], { dtype: float }, `v${i}_read`)
    })
    const one = graph.constant(DType.float, [], new Float32Array([1]))
    graph.node('PlaceholderWithDefault', [one], { dtype: float, shape: Attr.shape([]) }, APART)
    graph.node(
      'Identity',
      [one],
      { T: float },
      'written',
      variables.map((_, i) => `v${i}_write`)
    )
    const all = Object.entries(functions)
    const simple = all.map(([, f]) => this.simplify(f))
    const fused = (own: Own): Rewritten[] => simple.map((s) => fuse(this.binding, s, own))
    let list = fused(this.own ? 'inTurn' : 'none')
    const inTurn = this.own && runsInTurn(list)
    if (this.own && !inTurn) list = fused('several')
    all.forEach(([name, f], i) => this.add(graph, name, f, reads, list[i]!))
    this.size = graph.size
    const dir = mkdtempSync(join(tmpdir(), `gradient-clinic-graph-${process.pid}-`))
    try {
      writeFileSync(join(dir, 'saved_model.pb'), graph.savedModel())
      if (inTurn) process.env[EXECUTOR] = 'SINGLE_THREADED_EXECUTOR'
      this.session = this.binding.loadSavedModel(dir, 'serve')
    } catch (error) {
      const why = (error as Error).message.split('\n')[0]!
      throw new NotRecordable({
        en: `TensorFlow does not take the step as one graph (${why})`,
        zh: `TensorFlow 不接受由该训练步构成的计算图（${why}）`
      })
    } finally {
      delete process.env[EXECUTOR]
      rmSync(dir, { recursive: true, force: true })
    }
  }

  private shapesOf(f: TracedFunction): number[][] {
    return [...this.variables, ...f.feeds.map((x) => x.shape)]
  }
  private simplify(f: TracedFunction): Simplified {
    const ids = (results: readonly number[]): number[] => results.map((r) => f.trace.results[r]!)
    return simplify(this.binding, f.trace, this.shapesOf(f), ids(resultsOf(f)), ids(f.anchors))
  }
  private add(
    graph: GraphDef,
    name: string,
    f: TracedFunction,
    reads: readonly string[],
    { ops, alias }: Rewritten
  ): void {
    const { trace } = f
    const there = new Set([
      ...trace.inputs,
      ...trace.constants.keys(),
      ...ops.flatMap((o) => o.outputs.map((x) => x.id))
    ])
    // Those that an operation of the product's own has taken in need no other reader.
    const kept = f.anchors.filter((r) => there.has(alias(trace.results[r]!)))
    const results = [...resultsOf(f), ...kept].map((r) => trace.results[r]!)
    const ref = new Map<number, string>()
    trace.inputs.forEach((id, i) => {
      if (i < reads.length) ref.set(id, reads[i]!)
      else {
        const feed = f.feeds[i - reads.length]!
        ref.set(id, graph.placeholder(`${name}_${feed.name}`, DType[feed.dtype], feed.shape))
      }
    })
    const at = (id: number): string => {
      const known = ref.get(alias(id))
      if (known) return known
      const c = trace.constants.get(alias(id))!
      const made = graph.constant(c.dtype, c.shape, c.data)
      ref.set(alias(id), made)
      return made
    }
    const shared = readMoreThanOnce(ops, results.map(alias))
    const parts = new Map(
      ops.flatMap((o) => (o.outputs.length > 1 ? o.outputs.map((out) => [out.id, out.shape] as const) : []))
    )
    for (const o of ops) {
      const inputs = o.inputs.map(at)
      // TensorFlow 2.15 with oneDNN computes the gradient of a convolution's bias with that of its kernel, where one
      // operation made what both read. It does not ask which output of it they read: of parallel branches, one would
      // get the gradient of another. The shape that the sum needs makes an operation of its own.
      const part = o.op === 'BiasAddGrad' ? parts.get(o.inputs[0]!) : undefined
      if (part) inputs[0] = flatten(graph, inputs[0]!, part[part.length - 1]!)
      // TensorFlow 2.15 with oneDNN folds a LeakyRelu into the convolution before it without asking whether others read
      // that one too, and then gives up every fusion of the graph. An operation with a control input it leaves alone.
      const apart = o.op === 'LeakyRelu' && shared.has(o.inputs[0]!) ? [APART] : []
      const node = graph.node(
        o.op,
        inputs,
        Object.fromEntries(o.attrs.map((a) => [a.name, this.attr(a.type, a.value)])),
        undefined,
        apart
      )
      o.outputs.forEach((out, k) => ref.set(out.id, k ? `${node}:${k}` : node))
    }
    const float = Attr.type(DType.float)
    // A variable is read before it is written, whether or not its new value depends on the old one.
    const done = f.assigns.map(([v, r]) =>
      graph.node('AssignVariableOp', [`v${v}`, at(trace.results[r]!)], { dtype: float }, `${name}_assign${v}`, [
        reads[v]!
      ])
    )
    const anchors = [...new Set(kept.map((r) => at(trace.results[r]!)))]
    for (const [fetch, r] of Object.entries(f.fetches)) {
      const all = [at(trace.results[r]!), ...anchors]
      graph.node('IdentityN', all, { T: Attr.types(all.map(() => DType.float)) }, `${name}_${fetch}`, done)
    }
  }

  private attr(type: number, value: unknown): ReturnType<typeof Attr.int> {
    const b = this.binding
    const list = Array.isArray(value)
    switch (type) {
      case b.TF_ATTR_STRING:
        return Attr.string(value as string)
      case b.TF_ATTR_BOOL:
        return list ? Attr.bools(value as boolean[]) : Attr.bool(value as boolean)
      case b.TF_ATTR_TYPE:
        return Attr.type(value as number)
      case b.TF_ATTR_INT:
        return list ? Attr.ints(value as number[]) : Attr.int(value as number)
      case b.TF_ATTR_FLOAT:
        return list ? Attr.floats(value as number[]) : Attr.float(value as number)
      case b.TF_ATTR_SHAPE:
        return Attr.shape(value as number[])
      default:
        throw new NotRecordable({
          en: `an attribute of type ${type} has no place in a graph`,
          zh: `类型为 ${type} 的属性无法写入计算图`
        })
    }
  }

  /**
   * Calls a function. @param feeds numbers of native tensors, in the order of its feeds. @returns what was asked for,
   * flat.
   */
  run(call: Call, feeds: number[]): Float32Array {
    const [out] = this.binding.runSavedModel(this.session, feeds, call.feeds, call.fetch)
    const values = this.binding.tensorDataSync(out!.id) as Float32Array
    this.binding.deleteTensor(out!.id)
    return values
  }
  /** Names for `run`, made once. */
  call(name: string, f: TracedFunction, fetch: string): Call {
    return { feeds: f.feeds.map((x) => `${name}_${x.name}:0`).join(), fetch: `${name}_${fetch}:0` }
  }

  /** The variables' values. */
  read(): Float32Array[] {
    const out = this.binding.runSavedModel(this.session, [], '', this.variables.map((_, i) => `v${i}_read:0`).join())
    return out.map((t) => {
      const values = this.binding.tensorDataSync(t.id) as Float32Array
      this.binding.deleteTensor(t.id)
      return values
    })
  }
  /** Sets all variables. */
  write(values: readonly Float32Array[]): void {
    const b = this.binding
    const ids = values.map((v, i) => {
      const shared = b.createTensor(this.variables[i]! as number[], b.TF_FLOAT, v)
      // The session may keep the buffer and free it on a thread of its own, which must not be JavaScript's memory.
      const [own] = b.executeOp('DeepCopy', [{ name: 'T', type: b.TF_ATTR_TYPE, value: b.TF_FLOAT }], [shared], 1)
      b.deleteTensor(shared)
      return own!.id
    })
    const [out] = b.runSavedModel(this.session, ids, values.map((_, i) => `v${i}_new:0`).join(), 'written:0')
    for (const id of [...ids, out!.id]) b.deleteTensor(id)
  }
  /** Frees the session. */
  dispose(): void {
    if (this.open) this.binding.deleteSavedModel(this.session)
    this.open = false
  }
}
/** Indices of the results that can be asked for or become variables. */
const resultsOf = ({ fetches, assigns }: TracedFunction): number[] => [
  ...Object.values(fetches),
  ...assigns.map(([, r]) => r)
]
/** Tensors that have several readers among operations and results. */
function readMoreThanOnce(ops: readonly TracedOp[], results: readonly number[]): Set<number> {
  const once = new Set<number>()
  const more = new Set<number>()
  for (const id of [...ops.flatMap((o) => o.inputs), ...results]) (once.has(id) ? more : once).add(id)
  return more
}
/** A float tensor as a matrix with this many columns. */
function flatten(graph: GraphDef, node: string, columns: number): string {
  const shape = graph.constant(DType.int32, [2], Int32Array.of(-1, columns))
  return graph.node('Reshape', [node, shape], { T: Attr.type(DType.float), Tshape: Attr.type(DType.int32) })
}
/** Ready-made names of a function's feeds and of one fetch. */
export interface Call {
  feeds: string
  fetch: string
}
