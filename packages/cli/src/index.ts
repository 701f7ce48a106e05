export { copyConfigSchema } from './config/copy-config-schema.ts';
export { type CopyConfig, copyConfig } from './config/copy-config.ts';
