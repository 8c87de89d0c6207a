import type { Page } from 'playwright'

/** Parts that a person needs at all times. */
const PARTS = [
  '.top',
  '[data-testid=palette]',
  '[data-testid=canvas]',
  '[data-testid=watch-dock]',
  '.panel.right',
  '[data-testid=status-line]'
]
/** Rows whose members stand side by side. */
const ROWS = ['.top', '[data-testid=status-line]', '[data-testid=watch-dock] .dh']
/** Controls that must be there whole. */
const CONTROLS = [
  'train',
  'stop',
  'undo',
  'project-menu',
  'page-build',
  'page-compare',
  'theme',
  'help',
  'watch-tab-gradients',
  'watch-tab-findings',
  'export-menu',
  'status-language',
  'palette-tab-gallery'
]

/**
 * What is wrong with where things stand: parts and controls out of the window, members of a row one over the other,
 * labels of buttons cut off. Nothing here can be scrolled, so that the document's own width says nothing. @returns a
 * line for each fault
 */
export function misplaced(page: Page): Promise<string[]> {
  return page.evaluate(
    ({ parts, rows, controls }) => {
      const faults: string[] = []
      const box = (e: Element): DOMRect => e.getBoundingClientRect()
      const seen = (e: Element): boolean =>
        box(e).width > 1 && box(e).height > 1 && getComputedStyle(e).visibility !== 'hidden'
      const show = (r: DOMRect): string =>
        `${Math.round(r.left)},${Math.round(r.top)} – ${Math.round(r.right)},${Math.round(r.bottom)}`
      const inside = (r: DOMRect): boolean =>
        r.left > -1 && r.top > -1 && r.right < innerWidth + 1 && r.bottom < innerHeight + 1
      const over = (a: DOMRect, b: DOMRect): boolean =>
        Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
        Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1
      const whole = (name: string, e: Element | null): void => {
        if (!e || !seen(e)) faults.push(`${name} is not there`)
        else if (!inside(box(e)))
          faults.push(`${name} is at ${show(box(e))} in a window of ${innerWidth} × ${innerHeight}`)
      }
      const apart = (where: string, all: Element[]): void =>
        all.forEach((a, i) =>
          all
            .slice(i + 1)
            .forEach(
              (b) =>
                over(box(a), box(b)) &&
                faults.push(
                  `${where}: “${a.textContent?.trim() ?? ''}” ${show(box(a))} and “${b.textContent?.trim() ?? ''}” ${show(box(b))} overlap`
                )
            )
        )
      const found = parts.map((p) => document.querySelector(p))
      parts.forEach((p, i) => whole(p, found[i]!))
      apart(
        'the window',
        found.filter((e): e is Element => !!e && seen(e))
      )
      for (const selector of rows) {
        const row = document.querySelector(selector)
        const members = [...(row?.children ?? [])].filter(seen).filter((e) => !e.classList.contains('vh'))
        if (members.length < 2) faults.push(`${selector} has ${members.length} members`)
        for (const m of members) whole(`${selector} “${m.textContent?.trim() ?? ''}”`, m)
        apart(selector, members)
        for (const b of row?.querySelectorAll('button') ?? [])
          if (seen(b) && !b.querySelector('.clip') && b.scrollWidth > b.clientWidth + 1)
            faults.push(`${selector}: “${b.textContent?.trim() ?? ''}” is cut off`)
      }
      for (const id of controls) whole(id, document.querySelector(`[data-testid=${id}]`))
      return faults
    },
    { parts: PARTS, rows: ROWS, controls: CONTROLS }
  )
}
