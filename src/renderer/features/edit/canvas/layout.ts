import { join, type Wire } from '@shared/experiment/edit'
import { INPUT, type NetworkNode } from '@shared/experiment/types'

export const SIZE = {
  layer: { w: 136, h: 140 },
  /** Layers without a kernel have less to say. */
  small: { w: 120, h: 140 },
  sum: { w: 28, h: 28 },
  data: { w: 120, h: 140 },
  loss: { w: 104, h: 140 },
  /** Of a block: around its body. */
  pad: 16,
  head: 36,
  foot: 96,
  blockMin: 264,
  gap: 32,
  gapInBlock: 24,
  rowGap: 64
} as const
/** Where many layers must be legible at once, each says less and is lower. */
export const LOW = { h: 80, rowGap: 40 } as const
/** From this zoom on every word of a card can be read. */
export const LEGIBLE = 0.8
/** What a layout is to fit, in pixels at full size: about that of the canvas in a window of usual size. */
export const ROOM: Room = { w: 1100, h: 460 }
export interface Room {
  w: number
  h: number
}
/** The zoom at which something of a size fits, at most 1. */
export const zoomFor = (size: Room, room: Room): number => Math.min(1, room.w / size.w, room.h / size.h)

/** What a layout places: a node, or what stands at an end. */
export interface Item {
  id: string
  rank: number
  w: number
  h: number
  mid: number
}
export interface Point {
  x: number
  y: number
}
/** A scope laid out. */
export interface Box {
  w: number
  h: number
  /** Height of the line that the first row's ports stand on. */
  line: number
  places: Map<string, { x: number; y: number }>
  rises: Map<string, number>
  turns: Map<string, Turn>
}
/** A connection among those of its scope. */
export const edgeKey = (w: Wire): string => `${join(w.scope, w.source)}>${w.target ?? ''}.${w.index}`

/** Longest way from the input, by id: columns of the layout. */
export function ranksOf(nodes: NetworkNode[]): Map<string, number> {
  const rank = new Map<string, number>([[INPUT, -1]])
  // Nodes are kept in order, so one pass does; a broken order (a loop in a file) leaves ranks as they are after a few.
  for (let pass = 0; pass < 3; pass++)
    for (const n of nodes) rank.set(n.id, 1 + Math.max(-1, ...n.inputs.map((i) => rank.get(i) ?? -1)))
  return rank
}

/** Lanes for skips, so that overlapping ones run above one another: the shortest lowest. */
export function lanesOf(spans: { key: string; from: number; to: number }[]): Map<string, number> {
  const lanes: { from: number; to: number }[][] = []
  const out = new Map<string, number>()
  for (const s of [...spans].sort((a, b) => a.to - a.from - (b.to - b.from) || a.from - b.from)) {
    let lane = lanes.findIndex((l) => l.every((o) => o.to <= s.from || o.from >= s.to))
    if (lane < 0) lane = lanes.push([]) - 1
    lanes[lane]!.push(s)
    out.set(s.key, lane)
  }
  return out
}

/** A way from the end of a row to a row below: through the gap under the first and the one above the other. */
export interface Turn {
  under: number
  above: number
}

/** Splits columns into rows of at most a width, each row as the numbers of its columns. */
function rowsWithin(widths: readonly number[], gap: number, limit: number): number[][] {
  const rows: number[][] = [[]]
  let x = 0
  widths.forEach((w, k) => {
    if (x + w > limit && rows[rows.length - 1]!.length) {
      rows.push([])
      x = 0
    }
    rows[rows.length - 1]!.push(k)
    x += w + gap
  })
  return rows
}
/** The most even split into so many rows: the narrowest that needs no more. */
function evenRows(widths: readonly number[], gap: number, count: number): number[][] {
  let [no, yes] = [0, widths.reduce((a, w) => a + w + gap, 0)]
  while (yes - no > 1) {
    const limit = (no + yes) >> 1
    if (rowsWithin(widths, gap, limit).length > count) no = limit
    else yes = limit
  }
  return rowsWithin(widths, gap, yes)
}

/**
 * Lays out one scope from left to right, ports of a row in one line. One row is kept where it can be read; else there
 * are as many rows as make it largest.
 * @param room what it is to fit; without, it stays one row
 */
export function layout(items: Item[], wires: Wire[], gap: number, rowGap: number, room?: Room): Box {
  const columns: Item[][] = []
  for (const i of items) (columns[i.rank] ??= []).push(i)
  const one = inRows(columns, wires, gap, rowGap, [Array.from(columns, (_, k) => k)])
  if (!room || zoomFor(one, room) >= LEGIBLE) return one
  const widths = Array.from(columns, widthOf)
  let best = one
  for (let count = 2; count <= columns.length; count++) {
    const next = inRows(columns, wires, gap, rowGap, evenRows(widths, gap, count))
    if (zoomFor(next, room) > zoomFor(best, room)) best = next
    // From here on only the height grows.
    if (room.h / next.h < room.w / next.w) break
  }
  return best
}

const widthOf = (c: Item[] | undefined): number => Math.max(0, ...(c ?? []).map((i) => i.w))
const tall = (c: Item[] | undefined): number => (c ?? []).reduce((a, i) => a + i.h + 24, -24)
/** Above and below the line: one node has its ports on it, several are centred on it. */
const above = (c: Item[] | undefined): number => (c?.length === 1 ? c[0]!.mid : tall(c) / 2)
const below = (c: Item[] | undefined): number => tall(c) - above(c)

function inRows(columns: Item[][], wires: Wire[], gap: number, rowGap: number, rows: number[][]): Box {
  const rankOf = new Map<string, number>(columns.flatMap((c, k) => c.map((i) => [i.id, k] as [string, number])))
  const rowOf = new Map<number, number>(rows.flatMap((r, n) => r.map((k) => [k, n] as [number, number])))
  const columnOf = (id: string | undefined): number => (id === undefined ? columns.length : (rankOf.get(id) ?? -1))
  /** The row of a column; what leads in from outside or out belongs to the first or the last one. */
  const rowAt = (column: number): number => rowOf.get(Math.max(0, column)) ?? rows.length - 1
  const skips = wires.filter((w) => columnOf(w.target) - columnOf(w.source) > 1)
  const lane = lanesOf(skips.map((w) => ({ key: edgeKey(w), from: columnOf(w.source), to: columnOf(w.target) })))

  const places = new Map<string, { x: number; y: number }>()
  const rises = new Map<string, number>()
  /** Middles of the gaps below the rows. */
  const gaps: number[] = []
  let y = 0
  let w = 0
  let line = 0
  rows.forEach((row, n) => {
    let up = Math.max(0, ...row.map((k) => above(columns[k])))
    for (const s of skips) {
      if (rowAt(columnOf(s.source)) !== n) continue
      const between = row.filter((k) => k > columnOf(s.source) && k < columnOf(s.target))
      const rise = Math.max(0, ...between.map((k) => above(columns[k]))) + 16 + 12 * lane.get(edgeKey(s))!
      rises.set(edgeKey(s), rise)
      // One that ends in another row goes down, not up.
      if (rowAt(columnOf(s.target)) === n) up = Math.max(up, rise + 8)
    }
    const middle = y + up
    if (n === 0) line = middle
    let left = 0
    for (const k of row) {
      const c = columns[k] ?? []
      let top = middle - above(c)
      for (const i of c) {
        places.set(i.id, { x: left + (widthOf(c) - i.w) / 2, y: Math.round(top) })
        top += i.h + 24
      }
      left += widthOf(c) + gap
    }
    w = Math.max(w, left - gap)
    y = middle + Math.max(0, ...row.map((k) => below(columns[k]))) + rowGap
    gaps.push(y - rowGap / 2)
  })
  const turns = new Map<string, Turn>()
  for (const wire of wires) {
    const [from, to] = [rowAt(columnOf(wire.source)), rowAt(columnOf(wire.target))]
    if (to <= from) continue
    // Skips keep clear of the connection that goes on in the next row.
    const aside = lane.has(edgeKey(wire)) ? 8 + 4 * Math.min(2, lane.get(edgeKey(wire))!) : 0
    turns.set(edgeKey(wire), { under: gaps[from]! - aside, above: gaps[to - 1]! - aside })
  }
  return { w, h: Math.max(0, y - rowGap), line, places, rises, turns }
}
