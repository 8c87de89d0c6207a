import { computed, shallowRef, type ComputedRef } from 'vue'
import type { findTerm } from '@shared/clinic/glossary'
import type { Term } from '@shared/clinic/glossary/types'
import { whole } from '@/timing/later'

const find = shallowRef<typeof findTerm>()
// Nothing that the window opens with waits for the words behind its words.
void whole.then(async () => (find.value = (await import('@shared/clinic/glossary')).findTerm))

/**
 * The glossary's term of an id, once the window is whole.
 * @param id may be that of no term, such as the id of a statistic
 */
export const useTerm = (id: () => string): ComputedRef<Term | undefined> => computed(() => find.value?.(id()))
