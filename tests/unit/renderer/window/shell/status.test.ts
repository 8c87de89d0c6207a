import { renderToString } from 'vue/server-renderer'
import { createPinia, setActivePinia } from 'pinia'
import { TooltipProvider } from 'reka-ui'
import { createSSRApp, h } from 'vue'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Text } from '@shared/base/text'
import StatusLine from '@/window/shell/StatusLine.vue'
import { i18n } from '@/i18n'
import { useRuns } from '@/stores/runs'
import { sampleRun } from '../../../shared/project/sample'

beforeEach(() => {
  vi.stubGlobal('window', {
    clinic: new Proxy({ on: () => () => undefined } as Record<string, unknown>, {
      get: (t, k: string) => t[k] ?? (async () => undefined)
    })
  })
  vi.stubGlobal('requestAnimationFrame', (f: () => void) => setTimeout(f, 0))
})
/** The status line's markup beside a run that was recorded like this. */
async function shown(compiled: true | Text, language: 'en' | 'zh'): Promise<string> {
  const pinia = createPinia()
  setActivePinia(pinia)
  i18n.global.locale.value = language
  const record = sampleRun()
  useRuns().fromRecords([{ ...record, schema: { ...record.schema!, compiled } }])
  useRuns().show(record.id)
  // Its terms have tooltips, for which App.vue sets the provider.
  const app = createSSRApp({ render: () => h(TooltipProvider, () => h(StatusLine)) })
  return renderToString(app.use(pinia).use(i18n))
}

describe('the status line', () => {
  const reason = { en: 'a value is read back', zh: '训练步执行中读取了张量的值' }
  it('says of a run that could not be recorded that it runs op by op, and why', async () => {
    expect(await shown(reason, 'en')).toMatch(
      /title="Each step runs operation by operation[^"]* a value is read back\."[^>]*data-testid="status-eager"[^>]*>op by op</
    )
    expect(await shown(reason, 'zh')).toMatch(
      /title="[^"]*训练步执行中读取了张量的值。"[^>]*data-testid="status-eager"[^>]*>逐算子执行</
    )
  })
  it('says nothing of a run whose step is one native call', async () => {
    expect(await shown(true, 'en')).not.toContain('status-eager')
  })
})
