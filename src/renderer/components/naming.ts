import { nextTick } from 'vue'

/**
 * Gives the keyboard back to what was named, once it stands again where the field was: to the element with `data-named`
 * in the nearest element with `data-id` around the field.
 *
 * @param e of a key in the field
 * @param done takes the name over, or doesn't; the field goes away with it
 */
export async function backToNamed(e: KeyboardEvent, done: () => void): Promise<void> {
  const row = (e.currentTarget as HTMLElement).closest('[data-id]')
  // Else the key would press what has the keyboard then.
  e.preventDefault()
  done()
  await nextTick()
  row?.querySelector<HTMLElement>('[data-named]')?.focus()
}
