import type { Data } from '@shared/catalog/datasets'
import { classOf } from './points'

/** Sequences of numbers: [steps, features], and no picture. */
export const isSequence = (data: Pick<Data, 'inputShape' | 'picture'>): boolean =>
  data.inputShape.length === 2 && !data.picture
/** Features that have room, one below the other. */
export const MAX_STRIPS = 4
const MAX_LINES = 12
/** Without classes to tell them apart, or with little room, more would only cover each other. */
const FEW_LINES = 2

/** Some examples: of each class as many as of another, or else from all over the set. */
export function chosen(data: Data, most = MAX_LINES): number[] {
  const n = Math.min(most, FEW_LINES, data.count)
  if (!data.classes) return Array.from({ length: n }, (_, k) => Math.floor((k * data.count) / n))
  const classes = data.classes.length
  const each = Math.max(1, Math.floor(most / classes))
  const seen = new Map<number, number>()
  const out: number[] = []
  for (let i = 0; i < data.count && out.length < most; i++) {
    const k = classOf(data, i)
    const had = seen.get(k) ?? 0
    if (had >= each) continue
    seen.set(k, had + 1)
    out.push(i)
  }
  return out
}

/** A feature of some sequences over time, each feature in its own strip and scale; filling is left out. */
export function paintLines(
  ctx: CanvasRenderingContext2D,
  data: Data,
  w: number,
  h: number,
  colourOf: (k: number) => string
): void {
  const [steps, features] = data.inputShape as [number, number]
  const examples = chosen(data, h < 80 ? FEW_LINES : MAX_LINES)
  const strips = Math.min(features, MAX_STRIPS, Math.max(1, Math.floor(h / 30)))
  const gap = 4
  const height = (h - gap * (strips - 1)) / strips
  const own = (i: number): number => steps - (data.lengths?.[i] ?? steps)
  for (let f = 0; f < strips; f++) {
    let [low, high] = [Infinity, -Infinity]
    for (const i of examples)
      for (let t = own(i); t < steps; t++) {
        const v = data.x[(i * steps + t) * features + f]!
        low = Math.min(low, v)
        high = Math.max(high, v)
      }
    const top = f * (height + gap)
    const x = (t: number): number => 2 + ((w - 4) * t) / Math.max(1, steps - 1)
    const y = (v: number): number => top + height - 2 - (high > low ? (v - low) / (high - low) : 0.5) * (height - 4)
    ctx.lineWidth = 1
    ctx.globalAlpha = 0.75
    for (const i of examples) {
      ctx.strokeStyle = ctx.fillStyle = colourOf(classOf(data, i))
      ctx.beginPath()
      for (let t = own(i); t < steps; t++) ctx.lineTo(x(t), y(data.x[(i * steps + t) * features + f]!))
      ctx.stroke()
      // One step has no line.
      if (own(i) === steps - 1)
        ctx.fillRect(x(steps - 1) - 1, y(data.x[(i * steps + steps - 1) * features + f]!) - 1, 2, 2)
    }
    ctx.globalAlpha = 1
  }
}
