import { Judge } from '../clinic/judge'
import { bitsOf, MISSING } from '../run/frameTable'
import { RunHistory } from '../run/history'
import { eventText } from './events'
import type { RunEvent, RunSchema } from '../run/types'
import type { RunUpdate } from '../run/update'
import { type Chunk, Chunks, unreadable } from './chunks'
import { type Derived, mapRecorded, type Mapped, readRecorded, readStandings, standingOf } from './schema'
import { changeOf, isStill } from './standing'

/** Steps of a run, and events that are kept of it. */
const [MOST_STEPS, MOST_EVENTS] = [2 ** 31 - 1, 10_000]
/** Steps between two frames: rules look at each step that lies between. */
const MOST_BETWEEN = 1e6
const decoder = new TextDecoder()

/** What the recorder told of itself or of the training. */
interface Told {
  step: number
  kind: string
  text: string
}
function told(body: Uint8Array): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(decoder.decode(body))
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch {
    // Told below.
  }
  throw unreadable('has a piece that is not JSON', '含有不是 JSON 的段')
}
const isStep = (x: unknown): x is number => Number.isInteger(x) && (x as number) >= 0 && (x as number) <= MOST_STEPS

/**
 * Reads a recording of a training in another program, while it grows or as a whole, and judges it as a run of ours.
 * `push` takes the bytes of the file, in pieces of any size, and gives the updates of the run.
 */
export class RecordingReader {
  private readonly chunks = new Chunks()
  private run: (Mapped & { history: RunHistory; judge: Judge }) | undefined
  private lastStep = -1
  private events = 0
  private ended = false
  private told = { findings: '', verdict: '' }

  /** Whether the end of the training is in the file. */
  get isOver(): boolean {
    return this.ended
  }
  /** Frames so far. */
  get frames(): number {
    return this.run?.history.length ?? 0
  }
  /** Steps made, as far as the frames tell. */
  get step(): number {
    return this.lastStep + 1
  }
  /** Layers and columns of the run; undefined until they were read. */
  get schema(): RunSchema | undefined {
    return this.run?.schema
  }
  /** The run as rules see it; undefined until its schema was read. */
  get history(): RunHistory | undefined {
    return this.run?.history
  }
  /** Bytes of a chunk that is not whole: a cut end, once no more bytes come. */
  get waiting(): number {
    return this.chunks.waiting
  }

  /**
   * Takes the next bytes of the file.
   * @returns updates in the order of a run's stream; the findings and the verdict only where they have changed
   * @throws InputError when the bytes are no recording, or a damaged one. What was read before stays as it was
   */
  push(bytes: Uint8Array): RunUpdate[] {
    const updates: RunUpdate[] = []
    for (const chunk of this.chunks.push(bytes)) if (!this.ended) this.take(chunk, updates)
    if (updates.some((u) => u.kind === 'frames' || u.kind === 'done')) this.judgeNow(updates)
    return updates
  }
  /** No more bytes come: judges the last frame, and ends a run whose end was not recorded. */
  end(): RunUpdate[] {
    const updates: RunUpdate[] = []
    if (this.ended || !this.run) return updates
    this.ended = true
    this.run.judge.look(true)
    this.judgeNow(updates)
    updates.push({ kind: 'done', state: 'stopped', step: this.lastStep + 1 })
    return updates
  }

  private take({ kind, body, at }: Chunk, updates: RunUpdate[]): void {
    if (kind === 'SCHM') {
      if (this.run) throw unreadable(`has a second description at byte ${at}`, `在第 ${at} 字节处有第二份描述`)
      const mapped = mapRecorded(readRecorded(decoder.decode(body)))
      // Rules see modules as they are trained now; the run's own description stays as it was at first.
      const layers = mapped.schema.layers.map((l) => ({ ...l }))
      const history = new RunHistory({ ...mapped.schema, layers }, NaN)
      this.run = { ...mapped, history, judge: new Judge(history) }
      updates.push({ kind: 'schema', schema: mapped.schema })
      return
    }
    // A newer recorder may tell more.
    if (!['LOSS', 'FRAM', 'EVNT', 'STAT', 'DONE'].includes(kind)) return
    if (!this.run) throw unreadable('does not begin with its description', '开头没有描述')
    if (kind === 'LOSS') this.takeLosses(body, at)
    else if (kind === 'FRAM') updates.push(this.frameOf(body, at))
    else if (kind === 'STAT') this.takeStandings(told(body), updates)
    else if (kind === 'EVNT') this.takeEvent(told(body), updates)
    else this.takeEnd(told(body), updates)
  }
  private takeLosses(body: Uint8Array, at: number): void {
    const { history } = this.run!
    const view = new DataView(body.buffer, body.byteOffset, body.length)
    if (body.length < 4 || body.length % 4)
      throw unreadable(`has losses of a wrong size at byte ${at}`, `第 ${at} 字节处的损失长度有误`)
    const first = view.getInt32(0, true)
    for (let i = 0; i < body.length / 4 - 1; i++) {
      const step = first + i
      // Losses are a line without gaps, from the first one on.
      const isNext = history.lossAt(step - 1) !== undefined || (step >= 0 && !this.hasLosses)
      if (!isNext || history.lossAt(step) !== undefined)
        throw unreadable(`has losses out of order at byte ${at}`, `第 ${at} 字节处的损失顺序有误`)
      history.observe(step, view.getFloat32(4 * i + 4, true))
      this.hasLosses = true
    }
  }
  private hasLosses = false

  private frameOf(body: Uint8Array, at: number): RunUpdate {
    const { schema, derived, history, judge } = this.run!
    const { layers } = history.schema
    const scalars = schema.scalars.length
    const measured = schema.columns.length - derived.length
    if (body.length !== 4 * (1 + scalars + measured))
      throw unreadable(
        `has a frame of ${body.length} bytes at byte ${at}, not ${4 * (1 + scalars + measured)}`,
        `第 ${at} 字节处的帧为 ${body.length} 字节，而不是 ${4 * (1 + scalars + measured)}`
      )
    const view = new DataView(body.buffer, body.byteOffset, body.length)
    const step = view.getInt32(0, true)
    if (!(step > this.lastStep))
      throw unreadable(
        `has step ${step} behind step ${this.lastStep} at byte ${at}`,
        `第 ${at} 字节处，第 ${step} 步排在第 ${this.lastStep} 步之后`
      )
    if (step - this.lastStep > MOST_BETWEEN)
      throw unreadable(
        `leaves out more than ${MOST_BETWEEN} steps before step ${step}`,
        `第 ${step} 步之前缺少超过 ${MOST_BETWEEN} 步`
      )
    this.lastStep = step
    const line = new Float32Array(scalars)
    const values = new Float32Array(schema.columns.length)
    // Whole numbers carry the bits of "not measured", which a number need not keep.
    const [lineBits, bits] = [bitsOf(line), bitsOf(values)]
    for (let i = 0; i < scalars; i++) lineBits[i] = view.getUint32(4 * (i + 1), true)
    for (let i = 0; i < measured; i++) {
      bits[i] = view.getUint32(4 * (i + 1 + scalars), true)
      // What is frozen is not updated: it has no ratio that could be too small.
      const { layer, statistic } = schema.columns[i]!
      if (values[i] === 0 && statistic === 'updateRatio' && isStill(layers[layer]!)) bits[i] = MISSING
    }
    derived.forEach((d, i) => derive(d, values, bits, measured + i))
    const rate = schema.scalars.indexOf('learningRate')
    if (rate >= 0) history.learningRate = line[rate]!
    history.append(step, values, line)
    judge.look()
    return { kind: 'frames', frames: { steps: Int32Array.of(step), values, scalars: line } }
  }
  private takeStandings(value: Record<string, unknown>, updates: RunUpdate[]): void {
    const { layers } = this.run!.history.schema
    const { step, modules } = readStandings(value, layers.length)
    const changed = modules.map(([index, now]) => {
      const layer = layers[index]!
      const was = isStill(layer)
      layer.recorded = { ...layer.recorded!, ...standingOf(now) }
      return { layer, was }
    })
    for (const text of changeOf(changed))
      if (this.events < MOST_EVENTS)
        updates.push({ kind: 'event', event: { step, kind: 'recorder', text }, index: this.events++ })
  }
  private takeEvent(value: Record<string, unknown>, updates: RunUpdate[]): void {
    const { step, kind, text } = value as Partial<Told>
    if (!isStep(step) || typeof kind !== 'string' || typeof text !== 'string')
      throw unreadable('has an event without step, kind and text', '含有缺少步号、种类或文字的事件')
    if (this.events >= MOST_EVENTS) return
    const said = text.slice(0, 1000)
    const event: RunEvent = { step, kind: 'recorder', text: eventText(kind, said, value) }
    updates.push({ kind: 'event', event, index: this.events++ })
  }
  private takeEnd({ step, state }: Record<string, unknown>, updates: RunUpdate[]): void {
    if (!isStep(step)) throw unreadable('has an end without a step', '结尾缺少步号')
    this.ended = true
    const { judge } = this.run!
    judge.look(true)
    this.judgeNow(updates)
    const isDiverged = judge.verdict().state === 'diverged'
    const how = isDiverged ? 'diverged' : state === 'finished' ? 'finished' : 'stopped'
    updates.push({ kind: 'done', state: how, step })
  }
  /** Findings and verdict, where they have changed. They come before the end of the run. */
  private judgeNow(updates: RunUpdate[]): void {
    if (updates.some((u) => u.kind === 'done')) return
    const { judge } = this.run!
    const [findings, verdict] = [judge.findings(), judge.verdict()]
    const now = { findings: textOf(findings), verdict: textOf(verdict) }
    if (now.findings !== this.told.findings) updates.push({ kind: 'findings', findings })
    if (now.verdict !== this.told.verdict) updates.push({ kind: 'verdict', verdict })
    this.told = now
  }
}
const textOf = (value: unknown): string =>
  JSON.stringify(value, (_k, x: unknown) => (typeof x === 'number' ? String(x) : x))

/** Puts a derived value in its place. */
function derive({ entry, own, next }: Derived, values: Float32Array, bits: Uint32Array, at: number): void {
  const read =
    (places: ReadonlyMap<string, number>) =>
    (statistic: string): number | undefined => {
      const place = places.get(statistic)
      return place === undefined || bits[place] === MISSING ? undefined : values[place]
    }
  const value = entry.derive!(read(own), read(next))
  if (value === undefined) bits[at] = MISSING
  else values[at] = value
}
