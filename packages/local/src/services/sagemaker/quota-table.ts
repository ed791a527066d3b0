/**
 * The quotas of an account in a Region, and the unit in the error. The names are those of Service Quotas.
 * AWS begins with less (2 domains, 2 profiles, 6 spaces, 40 apps), which hardly any account in use still has. An
 * account's own value is an entry in the table `quotas`, by name.
 */
export const quotas = {
  'Total domains': { value: 5, unit: 'Domains' },
  'Maximum number of Studio user profiles allowed per account': { value: 60, unit: 'UserProfiles' },
  'Maximum number of Studio spaces allowed per account': { value: 100, unit: 'Spaces' },
  'Maximum number of running Studio apps allowed per account': { value: 40, unit: 'Apps' },
  'SageMakerImage images': { value: 250, unit: 'Images' },
} as const;
export type Quota = keyof typeof quotas;
