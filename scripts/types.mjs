/** `npm run types`: checks the types of every project. */
import { checkTypes } from './lib/types.mjs'
import { ensure } from './setup/ensure.mjs'
import { entry } from './setup/entry.mjs'

await entry(async () => {
  await ensure({ parts: ['npm'], quiet: true })
  const { ok, text } = await checkTypes()
  console.log(ok ? 'types: no errors' : text)
  return ok ? 0 : 1
})
