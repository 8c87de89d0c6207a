import { CellBuffer, gridOf, type View } from '../painter'
import type { Size } from '../plot'
import { lookUpTable, specialPixels, zeroIsSpecial } from '../scales'
import type { HeatmapModel } from './model'

/** The cells as an image. Only pixel columns that changed are computed again as frames are appended. */
export class CellImage {
  readonly canvas = document.createElement('canvas')
  private readonly cells = new CellBuffer()
  private image: ImageData | undefined
  private pixels = new Uint32Array(0)
  private colours: Uint32Array | undefined
  private coloursKey = ''
  private paintKey = ''

  constructor(private readonly pixelRatio: number) {}

  /**
   * Paints what changed.
   * @param box size of the image, CSS pixels
   * @param shown number of frames to paint; the source may have more
   * @returns whether any pixel changed
   */
  paint(m: HeatmapModel | undefined, view: View, box: Size, shown: number): boolean {
    const width = Math.max(1, Math.round(box.width * this.pixelRatio))
    const height = Math.max(1, Math.round(box.height * this.pixelRatio))
    const context = this.canvas.getContext('2d')!
    if (!this.image || this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width
      this.canvas.height = height
      this.image = context.createImageData(width, height)
      this.pixels = new Uint32Array(this.image.data.buffer)
      this.paintKey = ''
    }
    if (!m) return false
    const coloursKey = `${m.scale} ${m.range} ${m.dark}`
    if (coloursKey !== this.coloursKey || !this.colours) {
      this.colours = lookUpTable(m.scale, m.range, m.dark)
      this.coloursKey = coloursKey
    }
    const grid = m.source
      ? gridOf(m.source.values, m.source.width, m.columns, m.source.steps.subarray(0, shown), m.source.gaps)
      : gridOf(new Float32Array(0), 0, m.columns, new Int32Array(0))
    // Vertical zoom and colours need new pixels, not new cells.
    const paintKey = `${coloursKey} ${view.bottom} ${view.top} ${view.from} ${view.to} ${m.columns.length}`
    let [first, last] = this.cells.update(grid, view, width, m.interval, m.scale === 'ratio', this.paintKey === '')
    if (paintKey !== this.paintKey) [first, last] = [0, width]
    this.paintKey = paintKey
    if (last <= first) return false
    const special = specialPixels(m.dark)
    const zero = zeroIsSpecial(m.scale)
    this.cells.paint(this.pixels, height, first, last, this.colours, special, this.pixelRatio, zero)
    context.putImageData(this.image, 0, 0, first, 0, last - first, height)
    return true
  }
}
