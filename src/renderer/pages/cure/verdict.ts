import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { useText } from '@/i18n'
import { useCure } from '@/stores/cure'
import { useWords } from './words'

/** What a search has found so far, in one line; undefined without a search. Call in a component's setup. */
export function useCureLine() {
  const cure = useCure()
  const text = useText()
  const { t } = useI18n()
  const words = useWords()

  return computed(() => {
    const { state, prescription: found } = cure
    if (!state || state.failure)
      return state?.failure && { tone: 'bad', icon: 'warn', text: text(state.failure.message) }
    const best = found?.candidates.find((c) => c.rank === 1)
    if (state.state === 'running')
      return {
        tone: 'info',
        icon: 'info',
        text:
          found && best
            ? t('cure.status.leads', {
                name: words.nameOf(best),
                k: best.seeds.filter((s) => s.repaired).length,
                n: best.seeds.length,
                before: words.figure(found.goal, found.case.untreated.mean),
                after: words.figure(found.goal, best.mean)
              })
            : t(state.queue && state.queue.workers === undefined ? 'cure.connecting' : 'cure.status.racing')
      }
    if (!found) return undefined
    const { verdict } = found
    const isGood = verdict.state === 'cured' || verdict.state === 'healthy'
    const tone = isGood ? 'ok' : verdict.state === 'helped' ? 'info' : 'warn'
    return { tone, icon: tone, text: text(verdict.text), state: verdict.state }
  })
}
