/** What the document of a project file calls itself. */
export const PROJECT_FORMAT = 'gradient-clinic/project'
/** The entry that holds the document. */
export const MANIFEST = 'project.json'
