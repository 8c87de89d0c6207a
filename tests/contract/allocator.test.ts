import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { ALLOCATOR } from '@shared/base/allocator'

it.each(['scripts/clinic.mjs', 'resources/package/clinic.sh'])(
  '%s has memory handed out to trainings as the app does',
  (file) => expect(readFileSync(file, 'utf8')).toContain(ALLOCATOR)
)
