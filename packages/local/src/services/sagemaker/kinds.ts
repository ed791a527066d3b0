/** The kinds of SageMaker resources; each is the name of a table, and the resource type in its ARNs. */
export type Kind = keyof typeof nouns;
/** How messages name them. */
export const nouns = {
  domain: 'Domain',
  'user-profile': 'UserProfile',
  space: 'Space',
  app: 'App',
  image: 'Image',
  'image-version': 'ImageVersion',
  'app-image-config': 'AppImageConfig',
  'code-repository': 'CodeRepository',
  project: 'Project',
  'model-package-group': 'Model Package Group',
  'model-package': 'Model Package',
  model: 'Model',
  'endpoint-config': 'Endpoint configuration',
  endpoint: 'Endpoint',
} as const;
