export { type LocalCloud, type LocalCloudOptions, startLocalCloud } from './local.ts';
export { localArguments, readLocalArguments } from './options.ts';
