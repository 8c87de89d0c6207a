import type { Locator, Page } from 'playwright'
import { until } from '../harness'

/** Palette and canvas. Nodes are named by their path: `dense1`, or `hidden/dense` inside a block. */
export class Builder {
  constructor(private readonly page: Page) {}

  node(path: string): Locator {
    return this.page.getByTestId(`node-${path}`)
  }
  /** Paths of the layers and blocks on the canvas, as one reads them: row by row, by where their inputs stand. */
  async nodes(): Promise<string[]> {
    return this.page
      .getByTestId('canvas')
      .locator('[data-testid^="node-"]')
      .evaluateAll((all) => {
        const row = (e: Element): number => Math.round((e.querySelector('.port') ?? e).getBoundingClientRect().top / 30)
        return all
          .filter((e) => !/^node-(data|loss|problem-.*|shape|params)$/.test(e.dataset['testid']!))
          .sort((a, b) => row(a) - row(b) || a.getBoundingClientRect().left - b.getBoundingClientRect().left)
          .map((e) => e.dataset['testid']!.slice(5))
      })
  }
  /** Waits until the view has followed the last edit: everything on the canvas is where it was for ten pictures. */
  private async settled(): Promise<void> {
    await this.page.getByTestId('canvas').evaluate(async (canvas) => {
      const places = (): string =>
        JSON.stringify(
          [...canvas.querySelectorAll('[data-testid^="node-"], [data-testid^="port-"]')].map((e) =>
            e.getBoundingClientRect()
          )
        )
      for (let [same, last] = [0, '']; same < 10;) {
        await new Promise(requestAnimationFrame)
        const now = places()
        same = now === last ? same + 1 : 0
        last = now
      }
    })
  }
  private paletteItem(kind: string): Locator {
    return this.page.getByTestId(`palette-${kind}`)
  }
  /** Drags a layer kind out of the palette onto something on the canvas. @returns the new node's path */
  async drag(kind: string, to: Locator): Promise<string> {
    await this.settled()
    const before = await this.nodes()
    await this.paletteItem(kind).scrollIntoViewIfNeeded()
    await this.paletteItem(kind).dragTo(to)
    return until(async () => (await this.nodes()).find((n) => !before.includes(n)), `a ${kind} has come`)
  }
  /** Drags a layer kind onto the connection between two nodes (`data` and `loss` are nodes too). */
  async dragBetween(kind: string, from: string, to: string): Promise<string> {
    await this.settled()
    const before = await this.nodes()
    const [a, b] = [(await this.port('out', from).boundingBox())!, (await this.port('in', to).boundingBox())!]
    const canvas = this.page.getByTestId('canvas')
    const box = (await canvas.boundingBox())!
    await this.paletteItem(kind).scrollIntoViewIfNeeded()
    await this.paletteItem(kind).dragTo(canvas, {
      targetPosition: { x: (a.x + a.width + b.x) / 2 - box.x, y: (a.y + a.height / 2 + b.y + b.height / 2) / 2 - box.y }
    })
    return until(async () => (await this.nodes()).find((n) => !before.includes(n)), `a ${kind} has come`)
  }
  /** What every node is called, whether that is in view, and how high letters and icon are on screen. */
  async labels(): Promise<{ name: string; inside: boolean; letters: number; icon: number }[]> {
    const canvas = (await this.page.getByTestId('canvas').boundingBox())!
    return this.page.locator('.node:not(.sum) > .h').evaluateAll(
      (all, c) =>
        all.map((h) => {
          const [name, icon] = [h.querySelector<HTMLElement>('.clip')!, h.querySelector('.ic')!]
          const scale = name.getBoundingClientRect().width / name.offsetWidth
          const r = h.getBoundingClientRect()
          return {
            name: getComputedStyle(name).visibility === 'visible' ? name.innerText : '',
            inside: r.left >= c.x && r.right <= c.x + c.width && r.top >= c.y && r.bottom <= c.y + c.height,
            letters: parseFloat(getComputedStyle(name).fontSize) * scale,
            icon: icon.getBoundingClientRect().height
          }
        }),
      canvas
    )
  }
  /** How many pixels on screen a handle can be missed by, upwards. */
  async reach(side: 'in' | 'out', path: string): Promise<number> {
    return this.port(side, path).evaluate((port) => {
      const r = port.getBoundingClientRect()
      const [x, y] = [r.left + r.width / 2, r.top + r.height / 2]
      let n = 0
      while (n < 40 && document.elementFromPoint(x, y - n) === port) n++
      return n
    })
  }
  port(side: 'in' | 'out', path: string): Locator {
    return this.page.getByTestId(`port-${side}-${path}`)
  }
  /** Draws a connection from one node's output to another's input with the mouse. */
  async connect(from: string, to: string): Promise<void> {
    await this.settled()
    const [a, b] = [(await this.port('out', from).boundingBox())!, (await this.port('in', to).boundingBox())!]
    await this.page.mouse.move(a.x + a.width / 2, a.y + a.height / 2)
    await this.page.mouse.down()
    await this.page.mouse.move((a.x + b.x) / 2, (a.y + b.y) / 2 - 30, { steps: 4 })
    await this.page.mouse.move(b.x + b.width / 2, b.y + b.height / 2, { steps: 4 })
    await this.page.mouse.up()
  }
  /** Connections that end at a node: where each comes from. */
  async inputsOf(path: string): Promise<string[]> {
    return this.page.locator('[data-testid^="edge-"]').evaluateAll(
      (all, path) =>
        all
          .map((e) => /^edge-[^:]*:(.*)>(.*)\.\d+$/.exec((e as HTMLElement).dataset['testid']!)!)
          .filter((m) => m[2] === path)
          .map((m) => m[1]!),
      path
    )
  }
  /** How far the connections inside a block reach out of it, in pixels on screen; below 0 they stay within. */
  async strays(block: string): Promise<number[]> {
    const box = (await this.node(block).boundingBox())!
    return this.page.locator(`[data-testid^="edge-${block}:"] .bed`).evaluateAll(
      (all, b) =>
        all.map((e) => {
          const r = e.getBoundingClientRect()
          return Math.max(b.x - r.left, r.right - b.x - b.width, b.y - r.top, r.bottom - b.y - b.height)
        }),
      box
    )
  }
  async move(path: string, dx: number, dy: number): Promise<void> {
    await this.settled()
    const b = (await this.node(path).boundingBox())!
    await this.page.mouse.move(b.x + 40, b.y + 12)
    await this.page.mouse.down()
    // A node comes along once it is clear that it is dragged: from there on it follows the pointer.
    await this.page.mouse.move(b.x + 44, b.y + 12)
    await this.page.mouse.move(b.x + 44 + dx, b.y + 12 + dy, { steps: 6 })
    await this.page.mouse.up()
  }
  /** Takes a node with the mouse and lets it go on the connection between two others. */
  async moveBetween(path: string, from: string, to: string): Promise<void> {
    await this.settled()
    const [own, a, b] = [
      (await this.node(path).boundingBox())!,
      (await this.port('out', from).boundingBox())!,
      (await this.port('in', to).boundingBox())!
    ]
    await this.move(
      path,
      (a.x + a.width + b.x) / 2 - own.x - own.width / 2,
      (a.y + a.height / 2 + b.y + b.height / 2) / 2 - own.y - own.height / 2
    )
  }
  /** Draws a rubber band from left of one node to right of another, around all that stands between them. */
  async band(first: string, last: string): Promise<void> {
    await this.settled()
    const [canvas, a, b] = [
      (await this.page.getByTestId('canvas').boundingBox())!,
      (await this.node(first).boundingBox())!,
      (await this.node(last).boundingBox())!
    ]
    await this.page.keyboard.down('Shift')
    await this.page.mouse.move(a.x - 6, canvas.y + 90)
    await this.page.mouse.down()
    await this.page.mouse.move(b.x + b.width + 6, canvas.y + canvas.height - 60, { steps: 6 })
    await this.page.mouse.up()
    await this.page.keyboard.up('Shift')
  }
  /** Paths of the selected nodes. */
  async selected(): Promise<string[]> {
    return this.page
      .locator('.node.selx, .block.selx')
      .evaluateAll((all) => all.map((e) => (e as HTMLElement).dataset['testid']!.slice(5)))
  }
  /** What a node says of itself. */
  async figures(path: string): Promise<{ shape: string; params: string; gain: number }> {
    const node = this.node(path)
    return {
      shape: await node.getByTestId('node-shape').innerText(),
      params: await node.getByTestId('node-params').innerText(),
      gain: Number(await node.getByTestId('expected-gain').getAttribute('data-gain'))
    }
  }
  /** Does something by the menu on the right mouse button. */
  async fromMenu(path: string, command: string): Promise<void> {
    await this.node(path).click({ button: 'right', position: { x: 40, y: 12 } })
    await this.page.getByTestId(`canvas-menu-${command}`).click()
  }
  /** What is said of the canvas to those who can't see it. */
  says(): Promise<string> {
    return this.page.getByTestId('canvas-says').innerText()
  }
  async select(path: string): Promise<void> {
    await this.node(path).click({ position: { x: 40, y: 12 } })
    await until(async () => (await this.node(path).getAttribute('class'))?.includes('selx'), `${path} is selected`)
  }
  async unselect(): Promise<void> {
    await this.page.getByTestId('canvas').click({ position: { x: 20, y: 100 } })
    await this.page.getByTestId('experiment-form').waitFor()
  }
  async remove(path: string): Promise<void> {
    await this.select(path)
    await this.page.keyboard.press('Delete')
    await this.node(path).waitFor({ state: 'detached' })
  }
  /** Moves a block's depth slider with the mouse, and the rest of the way with the arrow keys. */
  async setDepth(block: string, times: number): Promise<void> {
    await this.settled()
    const slider = this.page.getByTestId(`depth-${block}`)
    const box = (await slider.boundingBox())!
    const thumb = this.page.getByTestId(`depth-${block}-thumb`)
    const from = (await thumb.boundingBox())!
    await this.page.mouse.move(from.x + from.width / 2, from.y + from.height / 2)
    await this.page.mouse.down()
    await this.page.mouse.move(box.x + (box.width * (times - 1)) / 99, box.y + box.height / 2, { steps: 8 })
    await this.page.mouse.up()
    await thumb.focus()
    for (let left = 100; left > 0 && (await this.depth(block)) !== times; left--)
      await thumb.press((await this.depth(block)) < times ? 'ArrowRight' : 'ArrowLeft')
  }
  /** What the canvas calls a layer. */
  async name(path: string): Promise<string> {
    return (await this.node(path).locator('.h .clip').first().innerText()).trim()
  }
  async depth(block: string): Promise<number> {
    return Number(await this.node(block).getAttribute('data-times'))
  }
  summary(): Promise<string> {
    return this.page.getByTestId('summary').innerText()
  }
  async undo(): Promise<void> {
    await this.page.getByTestId('undo').click()
  }
  async redo(): Promise<void> {
    await this.page.getByTestId('redo').click()
  }
  /** A ready experiment from the gallery. */
  async openTemplate(id: string): Promise<void> {
    await this.page.getByTestId('palette-tab-gallery').click()
    await this.page.getByTestId(`template-${id}`).click()
    await this.page.getByTestId('palette-tab-layers').click()
  }
}
