import type { CanvasEdge } from './model'
import type { Point } from './layout'

/** How far right of a layer, and left of the next one, a connection turns. */
const ASIDE = 14
/** A way that passes whole rows goes down left of them. */
const MARGIN = -20

/** The corners of a connection that goes on in another row; undefined of any other. */
export function turned({ turn, targetHandle, rise }: CanvasEdge, from: Point, to: Point): Point[] | undefined {
  if (!turn) return undefined
  const out = from.x + ASIDE + (rise ? 6 : 0)
  const down = [
    { x: out, y: from.y },
    { x: out, y: turn.under }
  ]
  if (turn.under !== turn.above) down.push({ x: MARGIN, y: turn.under }, { x: MARGIN, y: turn.above })
  const into =
    targetHandle === 'top'
      ? [
          { x: to.x, y: turn.above },
          { x: to.x, y: to.y - 3 }
        ]
      : [{ x: to.x - ASIDE, y: turn.above }, { x: to.x - ASIDE, y: to.y }, to]
  return [from, ...down, ...into]
}

/** A path through corners that are rounded by at most a radius. */
export function rounded(corners: readonly Point[], radius: number): string {
  const toward = (a: Point, b: Point, by: number): Point => {
    const length = Math.hypot(b.x - a.x, b.y - a.y)
    const share = length ? Math.min(0.5, by / length) : 0
    return { x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share }
  }
  return corners
    .map((p, i) => {
      const [before, after] = [corners[i - 1], corners[i + 1]]
      if (!before) return `M${p.x} ${p.y}`
      if (!after) return `L${p.x} ${p.y}`
      const [a, b] = [toward(p, before, radius), toward(p, after, radius)]
      return `L${a.x} ${a.y}Q${p.x} ${p.y} ${b.x} ${b.y}`
    })
    .join('')
}
