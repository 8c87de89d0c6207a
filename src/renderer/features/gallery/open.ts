import type { Template } from '@shared/templates'
import { language } from '@/i18n'
import { useProject } from '@/stores/project'

/** Opens a ready experiment beside those of the project, named in the language of the moment. */
export function openTemplate(template: Template): void {
  useProject().addExperiment({ ...template.make(), name: template.name[language()] })
}
