import '@shared/clinic/remedies'
import '@fontsource-variable/inter'
import './styles/tokens.css'
import './styles/base.css'
import './styles/forced.css'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { i18n } from './i18n'
import { useSettings } from './stores/settings'
import { shellMounted } from './timing/later'

const app = createApp(App)
app.use(createPinia()).use(i18n)
app.config.errorHandler = (error, _instance, where) => {
  console.error(error)
  const e = error as { stack?: string; message?: string }
  void window.clinic.log('error', `${where}: ${e?.stack ?? e?.message ?? JSON.stringify(error)}`.slice(0, 20000))
}
addEventListener(
  'unhandledrejection',
  (e) =>
    void window.clinic.log(
      'error',
      `unhandled: ${String((e.reason as Error)?.stack ?? JSON.stringify(e.reason))}`.slice(0, 20000)
    )
)

await useSettings().load()
app.mount('#app')
await shellMounted()
