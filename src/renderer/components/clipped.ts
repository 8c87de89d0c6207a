import { useEventListener } from '@vueuse/core'

/** Text that is cut off with “…” tells the whole of it when it is pointed at, wherever in the window it stands. */
export function useClippedTitles(): void {
  useEventListener('pointerover', (e: PointerEvent) => {
    for (
      let el = e.target as HTMLElement | null, n = 0;
      el instanceof HTMLElement && n < 3;
      el = el.parentElement, n++
    ) {
      // A title of somebody else's stays.
      if (el.title && el.dataset['cut'] === undefined) return
      const cut = getComputedStyle(el).textOverflow === 'ellipsis' && el.scrollWidth > el.clientWidth
      if (cut) {
        el.title = el.textContent!.trim()
        el.dataset['cut'] = ''
        return
      }
      if (el.dataset['cut'] === undefined) continue
      el.removeAttribute('title')
      delete el.dataset['cut']
    }
  })
}
