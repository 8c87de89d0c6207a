import { identifier, isUnwritable, number } from '../../base/python'
import { sizeOf } from '../../base/sizeOf'
import { paramsOf, type Params, type Spec } from '../../base/params'
import { activations } from '../../catalog/activations'
import { initializers } from '../../catalog/initializers'
import type { TorchLayer, TorchSite, TorchWeight, WeightSpec } from '../../catalog/layers/types'
import type { PlanLayer } from '../../experiment'
import type { Classes } from '../classes'
import { refuseTorch as refuse } from '../refuse'

/** Where PyTorch keeps a weight: its name in the state, and for each of its axes the axis of ours. */
export interface Place {
  key: string
  axes?: number[]
  /** Its last axis are the outputs, not the first one. */
  outputsLast: boolean
}
/** A module that draws noise. */
export interface Noise {
  /** Its path in the model. */
  path: string
  /** Statements of its output, of `x` and `noise`. */
  output: string[]
  /** Name of the noise here, `layer/mask`. */
  name: string
  /** The noise has its channels last, the module behind the batch. */
  channelsFirst: boolean
}
/** Lines of a module. */
export interface Body {
  init: string[]
  forward: string[]
  places: Map<string, Place>
  noises: Noise[]
  /** Paths of modules that count batches. */
  counters: string[]
  /** Expression that makes each layer's module, by the layer's id. */
  makes: Map<string, string>
}
/** A value on its way through `forward`. */
interface Value {
  name: string
  rank: number
  channelsFirst: boolean
}

/** What `nn.Module` calls its own, so that no layer may be called so. */
const RESERVED =
  'training forward train eval to cpu cuda xpu ipu mtia type float double half bfloat16 parameters children modules apply compile add_module register_module register_buffer register_parameter state_dict load_state_dict buffers zero_grad requires_grad_ share_memory extra_repr dump_patches call_super_init named_parameters named_buffers named_children named_modules get_submodule set_submodule get_parameter get_buffer get_extra_state set_extra_state to_empty T_destination'.split(
    ' '
  )
/** Names that `forward` uses. */
const LOCAL = ['self', 'x', 'torch', 'nn', 'F', 'math']

/** Writes the layers of one module, in order. */
export class Scope {
  readonly body: Body = { init: [], forward: [], places: new Map(), noises: [], counters: [], makes: new Map() }
  private readonly fills: string[] = []
  private readonly attributes = new Set(RESERVED)
  private readonly locals = new Set(LOCAL)
  private readonly values = new Map<string, Value>()

  /**
   * @param readers how many layers of this module read a value, by its id
   * @param entering id of what enters as `x`
   */
  constructor(
    private readonly classes: Classes,
    private readonly readers: Map<string, number>,
    entering: string,
    rank: number,
    channelsFirst: boolean
  ) {
    this.values.set(entering, { name: 'x', rank, channelsFirst: channelsFirst && rank > 1 })
  }

  /** A free attribute. */
  attribute(text: string): string {
    return identifier(text, this.attributes)
  }
  /** `__init__` without its head: modules first, then how they start. */
  get init(): string[] {
    const { init } = this.body
    return this.fills.length ? [...init, '', ...this.fills] : init
  }
  /** Expression of a value with its channels where they are wanted. */
  read(id: string, channelsFirst: boolean | undefined): string {
    const v = this.values.get(id)!
    if (channelsFirst === undefined || v.rank < 2 || v.channelsFirst === channelsFirst) return v.name
    return `${v.name}.movedim(${channelsFirst ? '-1, 1' : '1, -1'})`
  }
  isFirst = (id: string): boolean => this.values.get(id)!.channelsFirst
  /** Takes one reading of each value; a value nobody reads any more gives its name free. */
  private spend(ids: readonly string[]): void {
    for (const id of ids) {
      const left = this.readers.get(id)! - 1
      this.readers.set(id, left)
      if (left <= 0) this.values.delete(id)
    }
  }
  /** Gives an expression a name, `x` where that is free. @param label what it may be called otherwise */
  assign(id: string, expression: string, reads: readonly string[], value: Omit<Value, 'name'>, label: string): void {
    this.spend(reads)
    const isFree = [...this.values.values()].every((v) => v.name !== 'x')
    const name = isFree ? 'x' : identifier(label, this.locals)
    if (expression !== name) this.body.forward.push(`${name} = ${expression}`)
    this.values.set(id, { ...value, name })
  }

  /** Runs a value through a list of modules, each of which hands on what it gets in the same layout. */
  loop(list: string, from: string, to: string, rank: number, channelsFirst: boolean): void {
    const entering = this.read(from, channelsFirst)
    this.assign(to, entering, [from], { rank, channelsFirst: channelsFirst && rank > 1 }, list)
    const { name } = this.values.get(to)!
    this.body.forward.push(`for block in self.${list}:`, `    ${name} = block(${name})`)
  }
  /** Ends `forward` with a value. */
  finish(id: string, channelsFirst: boolean): void {
    const value = this.read(id, channelsFirst)
    const { forward } = this.body
    const last = forward[forward.length - 1]
    // The last statement needs no name.
    if (last?.startsWith(`${value} = `)) forward[forward.length - 1] = `return ${last.slice(value.length + 3)}`
    else forward.push(`return ${value}`)
  }

  /** Writes one layer. @param label its name within the module. @throws InputError when it can't be written */
  layer(l: PlanLayer, label: string): void {
    const { python } = l.kind
    const name = this.attribute(label)
    const path = `network.nodes.${l.node.replace(/\//g, '.body.')}`
    if (isUnwritable(python.torch)) refuse(path, l.kind.name, python.torch.why)
    const rank = l.outputShape.length
    const anyFirst = l.inputs.every((i, k) => this.isFirst(i) || l.inputShapes[k]!.length < 2)
    const wants = python.channels === 'any' ? anyFirst : python.channels === 'first'
    const x = l.inputs.map((i) => this.read(i, wants))
    const isFirst = wants && rank > 1 && l.inputShapes[0]!.length > 1
    const own = new Set<string>()
    const site = this.site(l, `self.${name}`, isFirst, own, path)
    const made = python.torch(l.params, site, x)
    if (isUnwritable(made)) refuse(path, l.kind.name, made.why)
    this.keep(l, name, made, own, isFirst)
    const flat = rank > 1 && isFirst
    this.assign(l.id, made.call, l.inputs, { rank, channelsFirst: flat }, label)
  }

  private site(l: PlanLayer, self: string, channelsFirst: boolean, own: Set<string>, path: string): TorchSite {
    const weight = (w: string): string => {
      own.add(w)
      return `${self}_${w}`
    }
    const apply = (field: string, z: string): string => {
      const { id, ...params } = l.params[field] as Spec
      const entry = activations.get(id)
      const { torch } = entry.python
      if (isUnwritable(torch)) return refuse(`${path}.params.${field}`, entry.name, torch.why)
      return torch(z, params as Params, { weight, channelsLast: !channelsFirst && l.outputShape.length > 1 })
    }
    return {
      self,
      inputs: l.inputShapes,
      output: l.outputShape,
      channelsFirst,
      weight,
      apply,
      activate: (z) => apply('activation', z),
      define: (stem, source) => this.classes.define(stem, source)
    }
  }
  /** Enters a layer's module and weights. */
  private keep(l: PlanLayer, name: string, made: TorchLayer, own: ReadonlySet<string>, isFirst: boolean): void {
    const { init, places, noises, counters, makes } = this.body
    if (made.make !== undefined) {
      init.push(`self.${name} = ${made.make}`)
      makes.set(l.id, made.make)
    }
    for (const spec of l.weights) {
      const listed = made.weights?.[spec.name]
      const at = listed ?? { at: spec.name }
      if (own.has(spec.name)) {
        const attribute = this.attribute(`${name}_${spec.name}`)
        init.push(`self.${attribute} = nn.Parameter(torch.empty(${tuple(spec.shape)}))`)
        places.set(`${l.id}/${spec.name}`, { key: attribute, outputsLast: true })
        this.fill(`self.${attribute}`, spec, at)
        continue
      }
      places.set(`${l.id}/${spec.name}`, {
        key: `${name}.${at.at}`,
        ...(at.axes && { axes: at.axes }),
        outputsLast: !at.axes
      })
      if (!at.isDefault) this.fill(`self.${name}.${at.at}`, spec, at)
    }
    if (l.weights.some((w) => made.weights?.[w.name]?.at === 'running_mean')) counters.push(name)
    if (made.recorded !== undefined)
      noises.push({ path: name, output: made.recorded, name: `${l.id}/mask`, channelsFirst: isFirst })
  }
  private fill(target: string, spec: WeightSpec, at: TorchWeight): void {
    const entry = initializers.get(spec.init.id)
    const { torch } = entry.python
    if (isUnwritable(torch)) return refuse('network', entry.name, torch.why)
    const site = {
      fanIn: spec.fanIn,
      fanOut: spec.fanOut,
      isStandard: !!at.isStandard,
      outputsFirst: !!at.axes,
      isPicture: spec.shape.length > 2
    }
    const write = (w: string): string => torch(w, paramsOf(spec.init), site)
    if ((spec.blocks ?? 1) === 1 || sizeOf(spec.shape) === 0) this.fills.push(write(target))
    else
      this.fills.push(
        `for gate in ${target}.data.chunk(${spec.blocks!}, dim=1):  # each gate by itself`,
        `    ${write('gate')}`
      )
  }
}

const tuple = (shape: readonly number[]): string => (shape.length ? shape.map(number).join(', ') : '()')
