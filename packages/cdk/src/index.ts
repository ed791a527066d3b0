export * from './generated/index.ts';
export { StudioResourcesInstallation, type StudioResourcesInstallationProps } from './installation.ts';
export { type ProviderOptions, type ResourceName, StudioResourcesProvider } from './provider.ts';
export { StudioResource, type StudioResourceProps } from './studio-resource.ts';
// It takes the place of the generated one.
export { StudioUserProfile } from './studio-user-profile.ts';
