import { pages } from '@/pages'

/**
 * Selectors of the window's parts in the order in which F6 visits them; those of a page that is not shown are passed
 * over.
 */
const PARTS = ['.top', ...pages.flatMap((p) => p.parts), '[data-testid=status-line]']
const FOCUSABLE = 'button:not(:disabled),input:not(:disabled),select,textarea,a[href],[tabindex]:not([tabindex="-1"])'

/**
 * Takes the keyboard to the first control of the next part of the window that is shown (1), or of the one before (-1).
 */
export function focusPart(by: 1 | -1): void {
  const shown = PARTS.map((s) => document.querySelector<HTMLElement>(s)).filter(
    (e): e is HTMLElement => !!e && e.getClientRects().length > 0
  )
  const at = shown.findIndex((e) => e.contains(document.activeElement))
  for (let n = 1; n <= shown.length; n++) {
    const part = shown[(at + by * n + (at < 0 && by < 0 ? 1 : 0) + 2 * shown.length) % shown.length]!
    const target = [...part.querySelectorAll<HTMLElement>(FOCUSABLE)].find((e) => e.getClientRects().length > 0)
    if (target) return target.focus()
  }
}
