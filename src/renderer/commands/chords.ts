/** Names of keys on a cap; everything else is its letter or sign. */
const NAMES: Record<string, string> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Delete: 'Del',
  Escape: 'Esc',
  ' ': 'Space'
}
/** Signs for which Shift is how one gets at them, not part of the chord. */
const isSign = (key: string): boolean => key.length === 1 && !/[a-z0-9 ]/i.test(key)

/** The keys held down, as commands name them: `Ctrl+Shift+P`, `Alt+←`, `?`. ⌘ counts as Ctrl. */
export function chordOf(e: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): string {
  const key = NAMES[e.key] ?? (e.key.length === 1 ? e.key.toUpperCase() : e.key)
  return [(e.ctrlKey || e.metaKey) && 'Ctrl', e.altKey && 'Alt', e.shiftKey && !isSign(e.key) && 'Shift', key]
    .filter(Boolean)
    .join('+')
}

const MAC: Record<string, string> = { Ctrl: '⌘', Alt: '⌥', Shift: '⇧', Enter: '↩', Del: '⌫', Esc: '⎋' }
/** A chord as the keyboard of this system has it. */
export function shownChord(chord: string, mac = /Mac/.test(globalThis.navigator?.platform ?? '')): string {
  if (!mac) return chord
  return chord
    .split('+')
    .map((k) => MAC[k] ?? k)
    .join('')
}
