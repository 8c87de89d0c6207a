/** Parts of the window in the order in which F6 visits them; those of the other page are not shown. */
const PARTS = [
  '.top',
  '[data-testid=palette]',
  '[data-testid=canvas]',
  '[data-testid=watch-dock]',
  '[data-testid=inspector]',
  '[data-testid=remedies]',
  '[data-testid=compare-runs]',
  '[data-testid=compare-bar]',
  '[data-testid=compare-pictures]',
  '[data-testid=compare-plots]',
  '[data-testid=compare-tables-card]',
  '[data-testid=compare-page] .time',
  '[data-testid=status-line]'
]
const FOCUSABLE = 'button:not(:disabled),input:not(:disabled),select,textarea,a[href],[tabindex]:not([tabindex="-1"])'

/** Takes the keyboard to the first control of the next part of the window that is shown (1), or of the one before (-1). */
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
