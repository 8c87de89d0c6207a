import type { Template } from '@shared/clinic/templates'
import { language } from '@/i18n'
import { emptyExperiment, useProject } from '@/stores/project'

/** Opens a ready experiment beside those of the project, named in the language of the moment. */
export function openTemplate(template: Template): void {
  useProject().addExperiment({ ...template.make(), name: template.name[language()] })
}
/** A network without a layer, beside the others. */
export const openEmpty = (): void => useProject().addExperiment(emptyExperiment())
