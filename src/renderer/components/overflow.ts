import { useResizeObserver } from '@vueuse/core'
import { nextTick, onMounted, ref, watch, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'

/**
 * How many groups of a row's members step back into its “…”, so that the others have room. A row is measured with the
 * fewest that fit, before it is painted.
 * @param row its members must not wrap; those that can shrink do so first
 * @param most groups there are
 * @param content what else changes how much room the members need
 */
export function useOverflow(row: Ref<HTMLElement | undefined>, most: number, content: () => unknown): Ref<number> {
  const { locale } = useI18n()
  const level = ref(0)
  async function settle(): Promise<void> {
    for (level.value = 0; ; level.value++) {
      await nextTick()
      const e = row.value
      if (!e || level.value === most || e.scrollWidth <= e.clientWidth) return
    }
  }
  let running: Promise<void> | undefined
  /** One at a time: two that count together would both go too far. */
  const measure = (): unknown => (running = (running ?? Promise.resolve()).then(settle))
  useResizeObserver(row, measure)
  watch([content, locale], measure, { flush: 'post' })
  onMounted(() => document.fonts.ready.then(measure))
  return level
}
