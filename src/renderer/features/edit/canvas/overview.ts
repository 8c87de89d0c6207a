import type { Rect } from './place'
import type { Point } from './layout'

/**
 * How the network lies in its overview: a place (x, y) of the canvas is at (left + x · across, top + y · down) there.
 */
export interface MapScale {
  left: number
  top: number
  across: number
  down: number
}
/** Room around the network in its overview, px. */
const PAD = 8
/** A long network is a strip at least this high there: a hair's breadth shows no colours. */
const STRIP = 20
/** The part in view is never smaller than this there, nor wholly beyond its edge. */
const LEAST = 6

/** Fits the network into its overview, stretched upwards when it is much longer than high. */
export function mapScale(network: Rect, frame: { w: number; h: number }): MapScale {
  const [w, h] = [frame.w - 2 * PAD, frame.h - 2 * PAD]
  const across = Math.min(w / network.w, h / network.h)
  const down = Math.min(h / network.h, Math.max(across, STRIP / network.h))
  return {
    across,
    down,
    left: frame.w / 2 - (network.x + network.w / 2) * across,
    top: frame.h / 2 - (network.y + network.h / 2) * down
  }
}
export const onMap = (r: Rect, s: MapScale): Rect => ({
  x: s.left + r.x * s.across,
  y: s.top + r.y * s.down,
  w: r.w * s.across,
  h: r.h * s.down
})
/** Where what is in view is in the overview. @param size of the canvas on screen, px. */
export function viewOnMap(
  viewport: Point & { zoom: number },
  size: { w: number; h: number },
  s: MapScale,
  frame: { w: number; h: number }
): Rect {
  const { zoom } = viewport
  const r = onMap({ x: -viewport.x / zoom, y: -viewport.y / zoom, w: size.w / zoom, h: size.h / zoom }, s)
  const [w, h] = [Math.max(LEAST, r.w), Math.max(LEAST, r.h)]
  const inside = (at: number, length: number, room: number): number =>
    Math.max(LEAST - length, Math.min(room - LEAST, at))
  return { x: inside(r.x, w, frame.w), y: inside(r.y, h, frame.h), w, h }
}
/** The viewport that has the place under a point of the overview in its middle. */
export function viewportAt(
  p: Point,
  zoom: number,
  size: { w: number; h: number },
  s: MapScale
): Point & { zoom: number } {
  return { zoom, x: size.w / 2 - ((p.x - s.left) / s.across) * zoom, y: size.h / 2 - ((p.y - s.top) / s.down) * zoom }
}
