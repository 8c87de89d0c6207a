import { sizeOf } from '@shared/base/sizeOf'
import type { Data } from '@shared/catalog/datasets'
import { csvCell } from '@shared/run/csvCell'
import { float32Text } from '@shared/run/float32Text'
import type { Plane } from '@shared/run/types'
import { bytesOf } from '@/charts/png'
import { themeOf } from '@/charts/theme'
import { paintData, type Look } from './paint'

const EDGE = 12
/** The picture on its own ground, with some room around it. */
export async function dataPng(look: Look): Promise<Uint8Array> {
  const canvas = document.createElement('canvas')
  canvas.width = (look.w + 2 * EDGE) * look.ratio
  canvas.height = (look.h + 2 * EDGE) * look.ratio
  const ctx = canvas.getContext('2d')!
  ctx.fillStyle = themeOf(look.dark).panel
  ctx.fillRect(0, 0, canvas.width, canvas.height)
  ctx.setTransform(look.ratio, 0, 0, look.ratio, EDGE * look.ratio, EDGE * look.ratio)
  paintData(ctx, look)
  return bytesOf(canvas)
}
const bytes = (rows: (string | number)[][]): Uint8Array =>
  new TextEncoder().encode(rows.map((r) => r.join(',') + '\n').join(''))

/**
 * A critic's plane as a table: its output at every grid point, then the real and the generated points, which have none.
 */
export function planeCsv({ side, reach, values, real, generated }: Plane): Uint8Array {
  const at = (i: number): number => ((2 * i) / (side - 1) - 1) * reach
  const points = (kind: string, all: number[]): (string | number)[][] =>
    Array.from({ length: all.length / 2 }, (_, i) => [kind, all[2 * i]!, all[2 * i + 1]!, ''])
  return bytes([
    ['kind', 'x', 'y', 'critic'],
    // Rows from the upper left: y falls.
    ...values.map((v, i) => ['grid', at(i % side), -at(Math.floor(i / side)), v]),
    ...points('real', real),
    ...points('generated', generated)
  ])
}
/** The examples in view as a table: a line each, inputs by name where they have one, then targets. */
export function dataCsv(data: Data): Uint8Array {
  const [n, k] = [data.inputShape, data.targetShape].map((s) => sizeOf(s)) as [number, number]
  const names = Array.from({ length: n }, (_, i) =>
    n === data.featureNames?.length ? data.featureNames[i]! : `x_${i + 1}`
  )
  const cells = (from: ArrayLike<number>, at: number, size: number): string[] =>
    Array.from({ length: size }, (_, i) => float32Text(from[at * size + i]!))
  return bytes([
    [...names.map(csvCell), ...Array.from({ length: k }, (_, i) => (k > 1 ? `target_${i + 1}` : 'target'))],
    ...Array.from({ length: data.count }, (_, i) => [...cells(data.x, i, n), ...cells(data.y, i, k)])
  ])
}
