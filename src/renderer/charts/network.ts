import { captionElements, drawnOption, textStyle, textWidth, type Caption, type Option, type Size } from './plot'
import { themeOf } from './theme'

interface Point {
  x: number
  y: number
}
/** A layer or block as it stands on the canvas, in the canvas's coordinates. */
export interface NetworkBox extends Point {
  w: number
  h: number
  title: string
  lines: string[]
  /** What was measured of it, on its colour. */
  chip?: { text: string; fill: string; ink: string } | undefined
  /** Holds other boxes. */
  block?: boolean
}
/** The network as a picture of its own. */
export interface NetworkPicture {
  /** Blocks before what is in them. */
  boxes: NetworkBox[]
  /** Corners of each connection, from source to target. */
  wires: { corners: readonly Point[]; colour?: string | undefined }[]
  caption: Caption
  dark: boolean
}
const EDGE = 24
const HEAD = 48
const LINE = 17
const CHIP = 22

function boundsOf({ boxes, wires }: NetworkPicture): { x: number; y: number; w: number; h: number } {
  const points = [
    ...boxes.flatMap((b) => [b, { x: b.x + b.w, y: b.y + b.h }]),
    ...wires.flatMap((wire) => [...wire.corners])
  ]
  const [xs, ys] = [points.map((p) => p.x), points.map((p) => p.y)]
  const [x, y] = [Math.min(0, ...xs), Math.min(...ys)]
  return { x, y, w: Math.max(...xs) - x, h: Math.max(...ys) - y }
}
/** Room that the drawing takes at its own size, caption included. */
export function networkSize(m: NetworkPicture): Size {
  const { w, h } = boundsOf(m)
  return {
    width: Math.ceil(2 * EDGE + Math.max(w, textWidth(m.caption.title, 600, 12))),
    height: Math.ceil(HEAD + h + EDGE)
  }
}
/** Cut off at its end where it is too long for its box. */
function fitted(text: string, width: number, weight: number): string {
  if (textWidth(text, weight) <= width) return text
  let n = text.length
  while (n > 1 && textWidth(`${text.slice(0, n)}…`, weight) > width) n--
  return `${text.slice(0, n)}…`
}

/** ECharts option of the network: connections in the colours of what was measured, then boxes over them. */
export function networkOption(m: NetworkPicture, size: Size): Option {
  const t = themeOf(m.dark)
  const bounds = boundsOf(m)
  // A picture of another size holds all of it, drawn smaller.
  const own = networkSize(m)
  const scale = Math.min(1, size.width / own.width, (size.height - HEAD) / (own.height - HEAD))
  const [left, top] = [EDGE - bounds.x, HEAD - bounds.y]
  const boxElements = (b: NetworkBox): object[] => {
    const [x, y, room] = [left + b.x, top + b.y, b.w - 16]
    const small = b.w < 60
    const say = (text: string, at: number, ink: string, weight = 400): object => ({
      type: 'text',
      style: {
        text: small ? text : fitted(text, room, weight),
        x: small ? x + b.w / 2 : x + 8,
        y: at,
        align: small ? 'center' : 'left',
        verticalAlign: 'middle',
        ...textStyle(ink, weight)
      }
    })
    return [
      {
        type: 'rect',
        shape: { x, y, width: b.w, height: b.h, r: small ? b.w / 2 : 8 },
        style: { fill: b.block ? t.canvas : t.panel, stroke: t.control, lineWidth: 1 }
      },
      say(b.title, small ? y + b.h / 2 : y + 18, t.text, 600),
      ...b.lines.map((line, i) => say(line, y + 38 + LINE * i, t.text2)),
      ...(b.chip
        ? [
            {
              type: 'rect',
              shape: { x: x + 6, y: y + b.h - CHIP - 6, width: b.w - 12, height: CHIP, r: 4 },
              style: { fill: b.chip.fill }
            },
            say(b.chip.text, y + b.h - CHIP / 2 - 6, b.chip.ink, 600)
          ]
        : [])
    ]
  }
  const lines = m.wires.flatMap(({ corners, colour }) => {
    const points = corners.map((p) => [left + p.x, top + p.y])
    const line = (stroke: string, lineWidth: number): object => ({
      type: 'polyline',
      shape: { points },
      style: { stroke, fill: 'none', lineWidth, lineJoin: 'round' }
    })
    return [line(t.control, 5), ...(colour ? [line(colour, 4)] : [])]
  })
  const blocks = m.boxes.filter((b) => b.block).flatMap(boxElements)
  const layers = m.boxes.filter((b) => !b.block).flatMap(boxElements)
  const drawing = { type: 'group', scaleX: scale, scaleY: scale, originX: 0, originY: HEAD }
  return drawnOption(size, t.panel, [
    ...captionElements(m.caption, t, EDGE),
    { ...drawing, children: [...blocks, ...lines, ...layers] }
  ])
}
