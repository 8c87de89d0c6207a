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

/**
 * What cannot be used where it stands: controls under another part, and controls cut off where nothing scrolls. The
 * network moves under what floats over it, and is not looked at.
 * @returns a line for each fault
 */
export function unreachable(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const faults: string[] = []
    const name = (e: Element): string =>
      (e as HTMLElement).dataset['testid'] ?? e.getAttribute('aria-label') ?? e.textContent?.trim() ?? e.tagName
    const controls = [
      ...document.querySelectorAll('button, input, select, textarea, [role=radio], [role=tab], [role=slider]')
    ].filter((e) => !e.closest('.vue-flow') && !e.closest('.vh') && getComputedStyle(e).visibility !== 'hidden')
    for (const e of controls) {
      const r = e.getBoundingClientRect()
      if (r.width < 2 || r.height < 2) continue
      let [left, top, right, bottom] = [r.left, r.top, r.right, r.bottom]
      let scrolls = false
      for (let p = e.parentElement; p; p = p.parentElement) {
        const style = getComputedStyle(p)
        if (style.overflowX === 'visible' && style.overflowY === 'visible') continue
        const b = p.getBoundingClientRect()
        if (/auto|scroll/.test(style.overflowX + style.overflowY)) {
          if (p.scrollHeight > p.clientHeight || p.scrollWidth > p.clientWidth) scrolls = true
        }
        ;[left, top] = [Math.max(left, b.left), Math.max(top, b.top)]
        ;[right, bottom] = [Math.min(right, b.right), Math.min(bottom, b.bottom)]
      }
      if (!scrolls && (right - left < r.width - 1 || bottom - top < r.height - 1)) {
        faults.push(`${name(e)} is cut off, and nothing scrolls`)
        continue
      }
      if (right - left < 4 || bottom - top < 4) continue
      const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2)
      const isMine = !!hit && (e.contains(hit) || hit.contains(e) || !!hit.closest('label')?.contains(e))
      if (!isMine) faults.push(`${name(e)} is under ${hit ? name(hit) : 'nothing'}`)
    }
    for (const [i, a] of controls.entries())
      for (const b of controls.slice(i + 1)) {
        const [x, y] = [a.getBoundingClientRect(), b.getBoundingClientRect()]
        const isApart =
          Math.min(x.right, y.right) - Math.max(x.left, y.left) < 2 ||
          Math.min(x.bottom, y.bottom) - Math.max(x.top, y.top) < 2
        const clip = a.closest('aside, .panel') !== b.closest('aside, .panel')
        if (!isApart && !clip && !a.contains(b) && !b.contains(a)) faults.push(`${name(a)} and ${name(b)} overlap`)
      }
    return faults
  })
}
