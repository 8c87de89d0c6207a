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

/** What a layout places: a node, or what stands at an end. */
export interface Item {
  id: string
  rank: number
  w: number
  h: number
  mid: number
}
/** A scope laid out. */
export interface Box {
  w: number
  h: number
  /** Height of the line that the first row's ports stand on. */
  line: number
  places: Map<string, { x: number; y: number }>
  rises: Map<string, number>
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

/** Lays out one scope from left to right, ports in one line; long networks go on in further rows. */
export function layout(items: Item[], wires: Wire[], gap: number, wrap: boolean): Box {
  const columns: Item[][] = []
  for (const i of items) (columns[i.rank] ??= []).push(i)
  const width = (c: Item[] | undefined): number => Math.max(0, ...(c ?? []).map((i) => i.w))
  const tall = (c: Item[] | undefined): number => (c ?? []).reduce((a, i) => a + i.h + 24, -24)
  /** Above and below the line: one node has its ports on it, several are centred on it. */
  const above = (c: Item[] | undefined): number => (c?.length === 1 ? c[0]!.mid : tall(c) / 2)
  const below = (c: Item[] | undefined): number => tall(c) - above(c)
  const total = columns.reduce((a, c) => a + width(c) + gap, -gap)
  const high = Math.max(0, ...columns.map(tall))
  // Rows for a picture about twice as wide as high.
  const limit = wrap && total > 2600 ? Math.max(1500, Math.sqrt(total * (high + SIZE.rowGap) * 2.4)) : Infinity
  const rows: number[][] = [[]]
  let x = 0
  columns.forEach((c, k) => {
    if (x + width(c) > limit && rows[rows.length - 1]!.length) {
      rows.push([])
      x = 0
    }
    rows[rows.length - 1]!.push(k)
    x += width(c) + gap
  })
  const rankOf = new Map<string, number>(items.map((i) => [i.id, i.rank]))
  const rowOf = new Map<number, number>(rows.flatMap((r, n) => r.map((k) => [k, n] as [number, number])))
  const columnOf = (id: string | undefined): number => (id === undefined ? columns.length : (rankOf.get(id) ?? -1))
  const skips = wires.filter((w) => columnOf(w.target) - columnOf(w.source) > 1)
  const lane = lanesOf(skips.map((w) => ({ key: edgeKey(w), from: columnOf(w.source), to: columnOf(w.target) })))

  const places = new Map<string, { x: number; y: number }>()
  const rises = new Map<string, number>()
  let y = 0
  let w = 0
  let line = 0
  rows.forEach((row, n) => {
    const here = skips.filter((s) => (rowOf.get(Math.max(0, columnOf(s.source))) ?? 0) === n)
    let up = Math.max(0, ...row.map((k) => above(columns[k])))
    for (const s of here) {
      const between = row.filter((k) => k > columnOf(s.source) && k < columnOf(s.target))
      const rise = Math.max(0, ...between.map((k) => above(columns[k]))) + 16 + 12 * lane.get(edgeKey(s))!
      rises.set(edgeKey(s), rise)
      up = Math.max(up, rise + 8)
    }
    const middle = y + up
    if (n === 0) line = middle
    let left = 0
    for (const k of row) {
      const c = columns[k] ?? []
      let top = middle - above(c)
      for (const i of c) {
        places.set(i.id, { x: left + (width(c) - i.w) / 2, y: Math.round(top) })
        top += i.h + 24
      }
      left += width(c) + gap
    }
    w = Math.max(w, left - gap)
    y = middle + Math.max(0, ...row.map((k) => below(columns[k]))) + SIZE.rowGap
  })
  return { w, h: Math.max(0, y - SIZE.rowGap), line, places, rises }
}
